//! How to cite the page, in BibTeX: where it stands, and which models it shows.

use super::facts::short;
use crate::manifest::Stage;

/// The source of the finding, which is to be cited too.
const PAPER: &str = "\
@misc{touvron2023llama2,
  title = {Llama 2: Open Foundation and Fine-Tuned Chat Models},
  author = {Touvron, Hugo and others},
  year = {2023},
  eprint = {2307.09288},
  archiveprefix = {arXiv}
}";

/// The page at an address, and the paper. Models: those of one lineage, by any of its stages.
#[must_use]
pub fn citation(address: &str, stage: Option<&Stage>) -> String {
    let [date, commit] = stage.map_or(["", ""], |stage| [&stage.trained_on, &stage.commit]);
    format!("{}\n\n{PAPER}", page(address, date, commit))
}

fn page(address: &str, date: &str, commit: &str) -> String {
    // The settings of the moment are not what is cited.
    let address = address.split(['#', '?']).next().unwrap_or_default();
    let [address, date, commit] = [address, date, commit].map(plain);
    let mut fields = vec![
        "title = {Thermostat: an RLHF lineage in miniature that rescales its own temperature}".to_owned(),
        "author = {{The Thermostat contributors}}".to_owned(),
    ];
    if let Some(year) = date.split('-').next().filter(|year| !year.is_empty()) {
        fields.push(format!("year = {{{year}}}"));
        fields.push(format!("note = {{Models trained on {date}, code {}}}", short(&commit)));
    }
    if !address.is_empty() {
        fields.push(format!("howpublished = {{\\url{{{address}}}}}"));
    }
    format!("@misc{{thermostat,\n  {}\n}}", fields.join(",\n  "))
}

/// What comes from outside, without what would end a field.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '{' | '}' | '\\' | '\n' | '\r')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_cited_without_its_settings_and_with_its_models() {
        let cited = page("https://example.org/heat/#v=1&t=0.7", "2026-11-26", "93dbf77f0e64d749a86eb8b8");
        assert_eq!(
            cited,
            "@misc{thermostat,\n  title = {Thermostat: an RLHF lineage in miniature that rescales its own temperature},\n  \
             author = {{The Thermostat contributors}},\n  year = {2026},\n  note = {Models trained on 2026-11-26, code 93dbf77f0e64},\n  \
             howpublished = {\\url{https://example.org/heat/}}\n}"
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let cited = page("", "", "");
        assert!(
            !cited.contains("year") && !cited.contains("note") && !cited.contains("howpublished"),
            "{cited}"
        );
        assert!(citation("", None).ends_with(PAPER));
    }

    #[test]
    fn nothing_from_outside_ends_a_field() {
        let cited = page("https://example.org/}},\\input{x", "2026}\n\\input{y}", "}}abc");
        assert_eq!(cited.matches('{').count(), cited.matches('}').count());
        assert!(!cited.contains("\\input"), "{cited}");
    }
}
