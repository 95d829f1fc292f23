//! Settings in the URL's fragment, and back.
//!
//! `#v=1&stage=sft&t=0.7&n=8&seed=1&c=sea&f=france`: short enough to read aloud. `&with=rlhf-v5` puts another stage beside,
//! `&at=experiment` opens at a chapter, `&view=lecture` leaves out the prose, `&lang=de` is German. Parsing never fails: each part that is
//! missing, broken or out of range keeps its default, so that old and mangled links still open.

use super::chapter::Chapter;
use super::language::Language;
use super::prompts::Side;
use super::settings::{Change, DeviceWish, MOST_TENTHS, Prompt, Settings, tenths};

/// Version of the format. A later version that gives a key another meaning must raise it.
const VERSION: u32 = 1;
/// Name of the lecture view.
const LECTURE: &str = "lecture";
/// Longest stage id that is accepted.
const MOST_STAGE_BYTES: usize = 32;

/// The fragment, with its `#`.
#[must_use]
pub fn to_fragment(settings: &Settings) -> String {
    let mut parts = vec![
        format!("v={VERSION}"),
        format!("stage={}", encode(&settings.stage)),
        format!("t={}", tenths(settings.temperature_tenths)),
        format!("n={}", settings.answers),
        format!("seed={}", settings.seed),
    ];
    for side in Side::ALL {
        parts.push(match &settings.prompts[side.index()] {
            Prompt::BuiltIn(prompt) => format!("{}={}", key(side), prompt.name),
            Prompt::Own(text) => format!("{}t={}", key(side), encode(text)),
        });
    }
    if let Some(beside) = &settings.beside {
        parts.insert(2, format!("with={}", encode(beside)));
    }
    if let Some(k) = settings.top_k {
        parts.push(format!("k={k}"));
    }
    if let Some(p) = settings.top_p_hundredths {
        parts.push(format!("p=0.{p:02}"));
    }
    if settings.device != DeviceWish::Auto {
        parts.push(format!("device={}", settings.device.id()));
    }
    if settings.chapter != Chapter::default() {
        parts.push(format!("at={}", settings.chapter.id()));
    }
    if settings.lecture {
        parts.push(format!("view={LECTURE}"));
    }
    if let Some(language) = settings.language {
        parts.push(format!("lang={}", language.tag()));
    }
    format!("#{}", parts.join("&"))
}

/// Reads a fragment, with or without its `#`.
#[must_use]
pub fn from_fragment(fragment: &str) -> Settings {
    let mut settings = Settings::default();
    for part in fragment.trim_start_matches('#').split('&') {
        let Some((name, value)) = part.split_once('=') else { continue };
        if let Some(change) = change(name, value) {
            settings.apply(change);
        }
    }
    settings
}

/// What one part of a link changes; nothing where it makes no sense.
fn change(name: &str, value: &str) -> Option<Change> {
    Some(match name {
        "stage" => Change::Stage(stage(&decode(value))?),
        "with" => Change::Beside(Some(stage(&decode(value))?)),
        "t" => Change::Temperature(scaled(value, 10.0, MOST_TENTHS)?),
        "n" => Change::Answers(value.parse().ok().filter(|n| *n > 0)?),
        "seed" => Change::Seed(value.parse().ok()?),
        "k" => Change::TopK(Some(value.parse().ok()?)),
        "p" => Change::TopP(Some(scaled(value, 100.0, 99)?)),
        "at" => Change::Chapter(Chapter::named(value)?),
        "view" => Change::Lecture(value == LECTURE),
        "lang" => Change::Language(Language::tagged(value)?),
        "device" => Change::Device(DeviceWish::ALL.into_iter().find(|d| d.id() == value)?),
        _ => {
            let side = Side::ALL.into_iter().find(|side| name.strip_prefix(key(*side)).is_some())?;
            match &name[1..] {
                "" => Change::Prompt(side, Prompt::named(side, value)?),
                "t" => Change::Prompt(side, Prompt::own(&decode(value))),
                _ => return None,
            }
        }
    })
}

fn key(side: Side) -> &'static str {
    match side {
        Side::Creative => "c",
        Side::Factual => "f",
    }
}

fn stage(id: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    (!id.is_empty() && id.len() <= MOST_STAGE_BYTES && id.bytes().all(plain)).then(|| id.to_owned())
}

/// A decimal as a whole number of `1 / scale`, from 1 to `most`.
fn scaled(value: &str, scale: f32, most: u8) -> Option<u8> {
    let scaled = (value.parse::<f32>().ok()? * scale).round();
    // In range and whole, so the conversion is exact.
    (scaled >= 1.0 && scaled <= f32::from(most)).then_some(scaled as u8)
}

/// Percent-encodes all but what is safe everywhere; a space becomes `+`.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte as char),
            b' ' => encoded.push('+'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Undoes [`encode`]; what is not valid percent-encoding stays as it is, and what is not UTF-8 is replaced.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|hex| {
            let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
            Some(digit(hex[0])? * 16 + digit(hex[1])?)
        });
        match (bytes[i], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                i += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_prompt(side: Side) -> impl Strategy<Value = Prompt> {
        prop_oneof![
            (0..10_usize).prop_map(move |i| Prompt::BuiltIn(&side.prompts()[i])),
            any::<String>().prop_map(|text| Prompt::own(&text)),
        ]
    }

    prop_compose! {
        fn any_settings()(
            creative in any_prompt(Side::Creative),
            factual in any_prompt(Side::Factual),
            temperature_tenths in 1..=MOST_TENTHS,
            stage in "[a-z0-9._-]{1,32}",
            beside in proptest::option::of("[a-z0-9._-]{1,32}"),
            answers in 1..=25_u8,
            seed in any::<u32>(),
            top_k in proptest::option::of(1..=u32::MAX),
            top_p_hundredths in proptest::option::of(1..=99_u8),
            device in proptest::sample::select(DeviceWish::ALL.to_vec()),
            chapter in proptest::sample::select(Chapter::ALL.to_vec()),
            lecture in any::<bool>(),
            language in proptest::option::of(proptest::sample::select(Language::ALL.to_vec())),
        ) -> Settings {
            let prompts = [creative, factual];
            let beside = beside.filter(|beside| *beside != stage);
            Settings {
                prompts,
                temperature_tenths,
                stage,
                beside,
                answers,
                seed,
                top_k,
                top_p_hundredths,
                device,
                chapter,
                lecture,
                language,
            }
        }
    }

    proptest! {
        #[test]
        fn every_setting_survives_a_link(settings in any_settings()) {
            let fragment = to_fragment(&settings);
            prop_assert!(fragment.is_ascii());
            prop_assert_eq!(from_fragment(&fragment), settings);
        }

        #[test]
        fn no_fragment_panics(fragment in any::<String>()) {
            let settings = from_fragment(&fragment);
            prop_assert_eq!(from_fragment(&to_fragment(&settings)), settings);
        }

        #[test]
        fn no_mangled_value_panics(name in "(v|stage|with|t|n|seed|k|p|device|at|view|lang|c|f|ct|ft)", value in any::<String>()) {
            let settings = from_fragment(&format!("#v=1&{name}={value}"));
            prop_assert!((1..=MOST_TENTHS).contains(&settings.temperature_tenths));
            prop_assert!((1..=25).contains(&settings.answers));
        }
    }

    #[test]
    fn an_empty_fragment_is_the_default() {
        assert_eq!(from_fragment(""), Settings::default());
        assert_eq!(from_fragment("#"), Settings::default());
    }

    #[test]
    fn broken_parts_do_not_spoil_the_others() {
        let settings = from_fragment(
            "#v=9&t=hot&n=0&seed=-1&c=nothing&f=japan&x&=&k=&p=7&device=toaster&lang=klingon&n=25",
        );
        let japan = Prompt::named(Side::Factual, "japan").expect("built in");
        let mut expected = Settings { answers: 25, ..Settings::default() };
        expected.prompts[1] = japan;
        assert_eq!(settings, expected);
    }
}
