//! Lets a built page draw its first words before it asks for its program, which is large, and which on a slow line would come in their way,
//! and has the program's script compiled when it comes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// How trunk starts the program.
const START: &str =
    "import init from './app.js';\nconst wasm = await init({ module_or_path: './app_bg.wasm' });";
/// How it is started here: after a frame, where frames are drawn, and both of its files at once.
const START_AFTER: &str = "if (!document.hidden) await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));\n\
    const program = fetch('./app_bg.wasm');\n\
    const { default: init } = await import('./app.js');\n\
    const wasm = await init({ module_or_path: program });";
/// First line of the program's script: nearly all of its functions are called when the page begins, and browsers that know the line (Chromium)
/// compile them beside the page, while the script comes, and not one after the other when they are called.
const COMPILE_ALL: &str = "//# allFunctionsCalledOnLoad\n";
/// What would fetch it earlier, up to its end.
const EARLY: [&str; 2] =
    ["<link rel=\"modulepreload\" href=\"./app.js\"", "<link rel=\"preload\" href=\"./app_bg.wasm\""];

/// Changes the page of a build so.
///
/// # Errors
/// When the page cannot be read or written, or does not start its program as trunk's pages do.
pub fn come_first(dist: &Path) -> Result<()> {
    let path = dist.join("index.html");
    let index = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(&path, changed(&index)?).with_context(|| format!("cannot write {}", path.display()))?;
    let path = dist.join("app.js");
    let script = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(&path, format!("{COMPILE_ALL}{script}"))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn changed(index: &str) -> Result<String> {
    ensure!(
        index.contains(START),
        "index.html does not start the program as trunk {} does",
        crate::tools::TRUNK
    );
    let mut text = index.replacen(START, START_AFTER, 1);
    for early in EARLY {
        let place = text.find(early).with_context(|| format!("index.html lacks {early}"))?;
        let length = text[place..].find('>').context("a link has no end")?;
        text.replace_range(place..=place + length, "");
    }
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn nothing_asks_for_the_program_before_a_frame_is_drawn() {
        let index = format!(
            "<head><script type=\"module\">\n{START}\n</script>{} crossorigin>{} as=\"fetch\" /><b></head>",
            EARLY[0], EARLY[1]
        );
        let text = changed(&index).unwrap();
        let (before, after) = text.split_once("requestAnimationFrame").unwrap();
        assert!(
            !before.contains("app")
                && after.contains("fetch('./app_bg.wasm')")
                && after.contains("import('./app.js')")
        );
        assert!(text.ends_with("</script><b></head>"), "{text}");
        assert!(changed("<head></head>").is_err());
    }
}
