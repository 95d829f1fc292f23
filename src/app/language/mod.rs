//! Everything that a visitor reads, once per language.
//!
//! [`words`] says what there is to say: structs of texts and of functions that make texts, one file for each chapter. `english`
//! and `german` say it. A text that is missing does not compile. How a text or a language is added: `ARCHITECTURE.md`.
//!
//! What is not here is the same in every language: prompts and answers (the models know English alone), names of stages
//! and files, and the technical part of errors.

mod english;
mod german;
mod numbers;
pub mod words;

#[cfg(feature = "app")]
mod context;

#[cfg(feature = "app")]
pub use context::{LanguageProvider, use_words};
pub use words::Words;

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag (BCP 47), also its name in links.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// All that is said in it.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::German => &german::WORDS,
        }
    }

    /// The language of a tag: `de`, `de-AT` and `DE` are all German.
    #[must_use]
    pub fn tagged(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The language to begin with: what the link names, or else what the visitor chose before, or else the first of the browser's
    /// that there is, or else English.
    #[must_use]
    pub fn chosen(
        linked: Option<Self>,
        kept: Option<&str>,
        browsers: impl IntoIterator<Item = String>,
    ) -> Self {
        linked
            .or_else(|| Self::tagged(kept?))
            .or_else(|| browsers.into_iter().find_map(|tag| Self::tagged(&tag)))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
