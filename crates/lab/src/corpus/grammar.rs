//! Small grammar: endings of verbs, articles, capitals. Only for the regular words of the lexicon.

/// The form after `it` (singular) or `they`. Takes a verb with or without a particle.
pub(crate) fn present(verb: &str, plural: bool) -> String {
    if plural {
        return verb.to_owned();
    }
    let (head, tail) = verb.split_once(' ').map_or((verb, ""), |(head, tail)| (head, tail));
    let ending = if ["sh", "ch", "ss", "x", "z", "o"].iter().any(|end| head.ends_with(end)) {
        format!("{head}es")
    } else if let Some(stem) = head.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
        format!("{stem}ies")
    } else {
        format!("{head}s")
    };
    if tail.is_empty() { ending } else { format!("{ending} {tail}") }
}

/// The form in -ing.
pub(crate) fn progressive(verb: &str) -> String {
    let letters: Vec<char> = verb.chars().collect();
    if let Some(stem) = verb.strip_suffix('e').filter(|stem| !stem.ends_with('e')) {
        return format!("{stem}ing");
    }
    if let [.., first, middle, last] = letters.as_slice() {
        let short = !is_vowel(*first) && is_vowel(*middle) && !is_vowel(*last) && !"wxy".contains(*last);
        if short {
            return format!("{verb}{last}ing");
        }
    }
    format!("{verb}ing")
}

/// The plural of a noun of the lexicon.
pub(crate) fn plural(noun: &str) -> String {
    match noun {
        "mouse" => "mice".to_owned(),
        "leaf" => "leaves".to_owned(),
        "child" => "children".to_owned(),
        "bus" => "buses".to_owned(),
        "sheep" | "fish" => noun.to_owned(),
        // A verb after `it` takes the same endings.
        _ => present(noun, false),
    }
}

/// Whether a noun of the lexicon is a mass, which takes no `a`: some rain, but a moon.
pub(crate) fn is_mass(noun: &str) -> bool {
    const MASSES: [&str; 19] = [
        "foam", "sand", "rain", "thunder", "snow", "frost", "fog", "mist", "ice", "grass", "tea", "coffee",
        "bread", "soup", "honey", "cheese", "dew", "clover", "time",
    ];
    MASSES.contains(&noun)
}

/// `an` before a vowel, else `a`.
pub(crate) fn article(next: &str) -> &'static str {
    if next.starts_with(is_vowel) || next.starts_with("honest") { "an" } else { "a" }
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn is_vowel(letter: char) -> bool {
    "aeiou".contains(letter)
}
