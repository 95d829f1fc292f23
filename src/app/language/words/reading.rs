//! The prose, and the foot of the page.

/// The prose.
pub struct Reading {
    /// Its heading.
    pub heading: &'static str,
    /// On temperature: heading, text.
    pub temperature: [&'static str; 2],
    /// What to try: heading.
    pub to_try: &'static str,
    /// What to try.
    pub tries: [&'static str; 5],
    /// On Self-BLEU: heading, text.
    pub self_bleu: [&'static str; 2],
    /// On the paper: heading, what it found, what others found.
    pub paper: [&'static str; 3],
}

/// The foot of the page.
pub struct About {
    /// Heading: what is small about it.
    pub miniature: &'static str,
    /// The model's size against Llama 2's.
    pub size: fn(&str) -> String,
    /// Where its answers come from.
    pub training: &'static str,
    /// What else is simpler than in the paper: of what, and how.
    pub simpler: [[&'static str; 2]; 10],
    /// Before, in and after the link to the model card.
    pub card: [&'static str; 3],
    /// Name of the table, for screen readers.
    pub table: &'static str,
    /// Its caption.
    pub caption: &'static str,
    /// Column: stage.
    pub stage: &'static str,
    /// Columns: facts right, those of held-out subjects, poems that rhyme, poems on topic, quality of poems.
    pub measures: [&'static str; 5],
    /// Column: when it was trained.
    pub trained: &'static str,
    /// When and with which code a stage was trained: date, commit; size, kind and checksum of its file.
    pub origin: fn(&str, &str, Option<[&str; 3]>) -> String,
    /// Heading: sources.
    pub sources: &'static str,
    /// Which part of the first source.
    pub section: &'static str,
    /// Heading: how to cite.
    pub cite: &'static str,
    /// What to cite for what.
    pub cite_what: &'static str,
    /// Name of the entries, for screen readers.
    pub cite_name: &'static str,
    /// Button: copy the entries, before and after.
    pub cite_copy: [&'static str; 2],
}
