//! Puts the styles of a build into its page: the first words are drawn as soon as the page is there, without waiting for another file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

const LINK: (&str, &str) = ("<link rel=\"stylesheet\" href=\"./", "\"/>");

/// Moves all style sheets that a built page links to into the page, in their order, at the place of the first.
///
/// # Errors
/// When one cannot be read or removed, or holds what would end it early.
pub fn take_in(dist: &Path) -> Result<()> {
    let path = dist.join("index.html");
    let index = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut rest, mut styles, mut pieces) = (index.as_str(), String::new(), Vec::new());
    while let Some((before, after)) = rest.split_once(LINK.0) {
        let (name, after) =
            after.split_once(LINK.1).context("index.html has a style sheet without an end")?;
        let file = dist.join(name);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if text.contains("</") {
            bail!("{name} holds `</`, which would end it inside the page");
        }
        styles.push_str(&small(&text));
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        pieces.push(before);
        rest = after;
    }
    let [first, others @ ..] = pieces.as_slice() else { return Ok(()) };
    let whole = format!("{first}<style>\n{styles}</style>{}{rest}", others.concat());
    fs::write(&path, whole).with_context(|| format!("cannot write {}", path.display()))
}

/// A style sheet without comments, indentation and empty lines. (None of ours has a comment's sign in a text.)
fn small(css: &str) -> String {
    let mut bare = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn styles_stand_in_the_page_in_their_order() {
        let dist = std::env::temp_dir().join(format!("thermostat-styles-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let link = |name: &str| format!("{}{name}{}", LINK.0, LINK.1);
        let html = format!("<head>{}\n<meta>{}<b></head>", link("a.css"), link("b.css"));
        fs::write(dist.join("index.html"), html).unwrap();
        fs::write(dist.join("a.css"), "/* why:\n b */\n\na {\n  color: red; /* x */\n}\n").unwrap();
        fs::write(dist.join("b.css"), "b { content: \"▸\" / \"\" }").unwrap();
        take_in(&dist).unwrap();
        let html = fs::read_to_string(dist.join("index.html")).unwrap();
        assert_eq!(
            html,
            "<head><style>\na {\ncolor: red;\n}\nb { content: \"▸\" / \"\" }\n</style>\n<meta><b></head>"
        );
        assert!(!dist.join("a.css").exists() && !dist.join("b.css").exists());
        take_in(&dist).unwrap();
        assert_eq!(fs::read_to_string(dist.join("index.html")).unwrap(), html, "nothing is left to do");
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn every_style_of_the_page_can_be_taken_in() {
        for entry in fs::read_dir(crate::shell::root().join("www/styles")).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let bare = small(&text);
            assert!(!bare.contains("/*") && !bare.contains("</"), "{}", path.display());
            let count = |sign: char| bare.matches(sign).count();
            assert!(count('{') > 0 && count('{') == count('}'), "{}", path.display());
        }
    }
}
