//! The language of the page, for its parts.

use yew::prelude::*;

use super::{Language, Words};

/// What gives the parts below it their language.
pub type LanguageProvider = ContextProvider<Language>;

/// What is said in the page's language. A part that calls this is drawn anew when the language changes.
#[hook]
pub fn use_words() -> &'static Words {
    use_context::<Language>().unwrap_or_default().words()
}
