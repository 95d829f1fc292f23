//! The engine on the graphics card, as a web worker.

fn main() {
    register();
    thermostat::worker::host::start(thermostat::worker::host::Backend::Gpu);
}

/// Lets cubecl's crates register what they compile, which they do in static constructors (`inventory`).
///
/// A linker that sees nobody call these puts a call before every function that JavaScript may call, and wasm-bindgen calls
/// several for each value that crosses: some hundreds of constructors then ran a thousand times for each prompt, and took
/// nine tenths of its time. So they are called here, once.
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the linker's own function, which is declared nowhere")]
fn register() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: it takes nothing and gives nothing, and nothing else has run yet.
    unsafe { __wasm_call_ctors() }
}

#[cfg(not(target_family = "wasm"))]
fn register() {}
