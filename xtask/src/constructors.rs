//! Whether what JavaScript calls in a built module runs static constructors each time.
//!
//! wasm-ld does that to every exported function of a module that has such constructors and calls them nowhere itself, under the
//! name `FUNCTION.command_export`. wasm-bindgen calls exported functions for nearly every value that crosses: the GPU worker
//! took ten times as long for a prompt. `src/bin/worker_gpu.rs` calls them once.

use std::fs;

use anyhow::{Context, Result, bail};
use xtask::shell::target_folder;

/// What names such a function.
const WRAPPER: &[u8] = b".command_export";

/// Looks at a module as the linker wrote it, in the folder of its cargo profile.
///
/// # Errors
/// When it has such functions, or cannot be read.
pub fn check(profile: &str, module: &str) -> Result<()> {
    let path = target_folder().join("wasm32-unknown-unknown").join(profile).join(format!("{module}.wasm"));
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    if has_wrappers(&bytes) {
        bail!(
            "{module} runs its static constructors at every call from JavaScript. Call `__wasm_call_ctors` once in its `main`, as \
             `src/bin/worker_gpu.rs` does."
        );
    }
    Ok(())
}

fn has_wrappers(module: &[u8]) -> bool {
    module.windows(WRAPPER.len()).any(|bytes| bytes == WRAPPER)
}

#[cfg(test)]
mod tests {
    use super::has_wrappers;

    #[test]
    fn the_linkers_name_for_them_is_found_wherever_it_stands() {
        assert!(has_wrappers(b"\0asm\x01 name __externref_table_alloc.command_export \0"));
        assert!(!has_wrappers(b"\0asm\x01 name __externref_table_alloc main \0"));
        assert!(!has_wrappers(b""));
    }
}
