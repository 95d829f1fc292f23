//! Lines put together: which words must not come twice, and capitals, commas and full stops.

use super::grammar::capital;

/// One line before punctuation.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// Whether it goes on from the line before, so that a comma stands between them.
    pub(crate) continues: bool,
    /// Whether it only adds a place or time, so that nothing need stand between them.
    pub(crate) adjunct: bool,
}

/// The words that should not stand twice in a poem.
pub(crate) fn weighty(text: &str) -> Vec<String> {
    const LIGHT: [&str; 59] = [
        "the", "a", "an", "and", "so", "my", "our", "i", "in", "on", "by", "to", "is", "are", "of", "all",
        "it", "its", "their", "with", "for", "as", "that", "at", "you", "me", "will", "his", "her", "we",
        "be", "am", "every", "no", "not", "then", "has", "up", "down", "like", "from", "but", "here", "or",
        "this", "have", "near", "one", "out", "through", "way", "us", "do", "who", "than", "if", "more",
        "just", "too",
    ];
    let words = text.split(|c: char| !(c.is_alphabetic() || c == '\'')).map(str::to_lowercase);
    words.filter(|word| !word.is_empty() && !LIGHT.contains(&word.as_str())).map(|word| stem(&word)).collect()
}

/// The word without the endings of its forms: `dancing` and `dances` are one word.
pub(crate) fn stem(word: &str) -> String {
    let short = word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word);
    let bare =
        short.strip_suffix("ing").filter(|stem| stem.len() > 2 && stem.contains(['a', 'e', 'i', 'o', 'u']));
    let bare = bare.unwrap_or(short);
    let letters: Vec<char> = bare.chars().collect();
    match letters.as_slice() {
        [start @ .., before, last] if before == last && start.len() > 1 => {
            start.iter().chain([last]).collect()
        }
        _ => bare.strip_suffix('e').filter(|stem| stem.len() > 2).unwrap_or(bare).to_owned(),
    }
}

/// Capitals, commas and full stops.
pub(crate) fn punctuate(lines: &[Line]) -> String {
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        text.push_str(&capital(&line.text.replace(" ,", ",")));
        match lines.get(place + 1) {
            Some(next) if next.adjunct => {}
            Some(next) if next.continues => text.push(','),
            Some(_) => text.push('.'),
            None if line.text.ends_with('?') => {}
            None if line.text.starts_with("oh") || line.text.starts_with("and oh") => text.push('!'),
            None => text.push('.'),
        }
        if place + 1 < lines.len() {
            text.push('\n');
        }
    }
    text
}

/// Leaves out the second half of the last line and the full stop.
pub(crate) fn stop_early(text: &str) -> String {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let words: Vec<&str> = last.split(' ').collect();
    let kept = words.get(..words.len() / 2).unwrap_or_default().join(" ");
    if before.is_empty() { kept } else { format!("{before}\n{}", kept.trim_end_matches(',')) }
}
