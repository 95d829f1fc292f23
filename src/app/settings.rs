//! What the visitor has chosen: all that a link carries, and all that the answers of the first chapter depend on.

use super::chapter::Chapter;
use super::language::Language;
use super::prompts::{BuiltIn, Side};
use super::slot::{Place, Slot};
use crate::experiment::plan::MOST_NEW_TOKENS;
use crate::protocol::{GenerateJob, RowSpec};
use crate::units::{Seed, Temperature, Truncation};

/// Longest prompt of the visitor's own, in characters; the models' contexts are short.
pub const MOST_PROMPT_CHARS: usize = 200;
/// Most answers per column, as in Figure 21.
pub const MOST_ANSWERS: u8 = 25;
/// Upper end of the slider, in tenths, as in Figure 21.
pub const USUAL_TENTHS: u8 = 15;
/// Upper end of the slider under "advanced", in tenths.
pub const MOST_TENTHS: u8 = 20;

/// A prompt: one of the page's, or the visitor's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// From the picker.
    BuiltIn(&'static BuiltIn),
    /// Typed freely.
    Own(String),
}

impl Prompt {
    /// The visitor's own words: trimmed, on one line, at most [`MOST_PROMPT_CHARS`] long.
    #[must_use]
    pub fn own(text: &str) -> Self {
        let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Self::Own(one_line.trim().chars().take(MOST_PROMPT_CHARS).collect::<String>().trim_end().to_owned())
    }

    /// The built-in prompt of that name.
    #[must_use]
    pub fn named(side: Side, name: &str) -> Option<Self> {
        side.prompts().iter().find(|p| p.name == name).map(Self::BuiltIn)
    }

    /// What the model is asked.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::BuiltIn(prompt) => prompt.text,
            Self::Own(text) => text,
        }
    }
}

/// Where the visitor wants the model to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceWish {
    /// Begin on the processor, move to a real graphics card when it is proven.
    #[default]
    Auto,
    /// Stay on the processor.
    Cpu,
    /// Move to any WebGPU adapter that passes the self-test, software ones too.
    Gpu,
}

impl DeviceWish {
    /// All, in the order of the picker.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cpu, Self::Gpu];

    /// Short name in links.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// Everything that the visitor can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// One prompt per [`Side`].
    pub prompts: [Prompt; 2],
    /// Sampling temperature in tenths, 1 to [`MOST_TENTHS`].
    pub temperature_tenths: u8,
    /// Stage of the manifest, by id.
    pub stage: String,
    /// The stage that stands beside it, if any; never the same.
    pub beside: Option<String>,
    /// Answers per column, 1 to [`MOST_ANSWERS`].
    pub answers: u8,
    /// Key of the random draws.
    pub seed: Seed,
    /// Keep only so many tokens.
    pub top_k: Option<u32>,
    /// Keep only the likeliest tokens up to this probability, in hundredths, 1 to 99.
    pub top_p_hundredths: Option<u8>,
    /// Where to run.
    pub device: DeviceWish,
    /// Where on the page.
    pub chapter: Chapter,
    /// Whether the prose is left out and the rest is large: for a lecture.
    pub lecture: bool,
    /// The page's language, if it was chosen; or else it is the browser's.
    pub language: Option<Language>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prompts: Side::ALL.map(|side| Prompt::BuiltIn(&side.prompts()[0])),
            temperature_tenths: 7,
            stage: "sft".to_owned(),
            beside: None,
            answers: 8,
            seed: 1,
            top_k: None,
            top_p_hundredths: None,
            device: DeviceWish::Auto,
            chapter: Chapter::Instrument,
            lecture: false,
            language: None,
        }
    }
}

/// One thing that the visitor changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another prompt.
    Prompt(Side, Prompt),
    /// Another temperature, in tenths.
    Temperature(u8),
    /// Another training stage, by id.
    Stage(String),
    /// Another training stage beside it, by id, or none.
    Beside(Option<String>),
    /// Another number of answers.
    Answers(u8),
    /// Another seed.
    Seed(Seed),
    /// Another top-k.
    TopK(Option<u32>),
    /// Another top-p, in hundredths.
    TopP(Option<u8>),
    /// Another device.
    Device(DeviceWish),
    /// Another place on the page.
    Chapter(Chapter),
    /// With or without prose.
    Lecture(bool),
    /// Another language.
    Language(Language),
}

impl Settings {
    /// Applies a change; values outside their range are brought to its edge.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Prompt(side, prompt) => self.prompts[side.index()] = prompt,
            Change::Temperature(tenths) => self.temperature_tenths = tenths.clamp(1, MOST_TENTHS),
            Change::Stage(stage) => {
                let before = std::mem::replace(&mut self.stage, stage);
                // Choosing the stage that stood beside makes the two change places.
                if self.beside.as_ref() == Some(&self.stage) {
                    self.beside = Some(before).filter(|before| *before != self.stage);
                }
            }
            Change::Beside(stage) => self.beside = stage.filter(|stage| *stage != self.stage),
            Change::Answers(answers) => self.answers = answers.clamp(1, MOST_ANSWERS),
            Change::Seed(seed) => self.seed = seed,
            Change::TopK(top_k) => self.top_k = top_k.filter(|k| *k > 0),
            Change::TopP(top_p) => self.top_p_hundredths = top_p.filter(|p| (1..100).contains(p)),
            Change::Device(device) => self.device = device,
            Change::Chapter(chapter) => self.chapter = chapter,
            Change::Lecture(lecture) => self.lecture = lecture,
            Change::Language(language) => self.language = Some(language),
        }
    }

    /// Whether other settings are these with the slider somewhere else, or where it was.
    #[must_use]
    pub fn is_moved_to(&self, other: &Self) -> bool {
        Self { temperature_tenths: other.temperature_tenths, ..self.clone() } == *other
    }

    /// What the chosen stage is to answer.
    #[must_use]
    pub fn plan(&self, side: Side) -> Plan {
        self.plan_of(&self.stage, side)
    }

    /// What a slot is to answer; nothing where no stage stands.
    #[must_use]
    pub fn plan_at(&self, slot: Slot) -> Option<Plan> {
        match slot.place {
            Place::Chosen => Some(self.plan(slot.side)),
            Place::Beside => Some(self.plan_of(self.beside.as_ref()?, slot.side)),
        }
    }

    /// What some stage would answer to everything else that is chosen.
    #[must_use]
    pub fn plan_of(&self, stage: &str, side: Side) -> Plan {
        Plan {
            prompt: self.prompts[side.index()].text().to_owned(),
            temperature_tenths: self.temperature_tenths,
            stage: stage.to_owned(),
            answers: self.answers,
            seed: self.seed,
            top_k: self.top_k,
            top_p_hundredths: self.top_p_hundredths,
        }
    }
}

/// What one column answers: equal plans give equal answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the model is asked.
    pub prompt: String,
    /// Temperature in tenths.
    pub temperature_tenths: u8,
    /// Stage of the manifest.
    pub stage: String,
    /// Number of answers.
    pub answers: u8,
    /// Key of the random draws.
    pub seed: Seed,
    /// As in [`Settings`].
    pub top_k: Option<u32>,
    /// As in [`Settings`].
    pub top_p_hundredths: Option<u8>,
}

impl Plan {
    /// The request for the worker. `model` is the key of a loaded model.
    #[must_use]
    pub fn job(&self, model: &str) -> GenerateJob {
        let temperature = Temperature::Value(f32::from(self.temperature_tenths.max(1)) / 10.0);
        let top_p = self.top_p_hundredths.map(|p| f32::from(p) / 100.0);
        let truncation = Truncation { top_k: self.top_k, top_p };
        let row = |row| RowSpec { row, seed: self.seed, temperature, truncation };
        GenerateJob {
            model: model.to_owned(),
            prompt: self.prompt.clone(),
            chat: true,
            rows: (0..u32::from(self.answers)).map(row).collect(),
            max_new_tokens: MOST_NEW_TOKENS,
            patient: false,
        }
    }

    /// The plan without its temperature: what must stay the same for two temperatures to be compared.
    #[must_use]
    pub fn apart_from_temperature(&self) -> Self {
        Self { temperature_tenths: 0, ..self.clone() }
    }
}

/// Tenths as people write them: `0.7`.
#[must_use]
pub fn tenths(tenths: u8) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stay_in_range() {
        let mut settings = Settings::default();
        for change in
            [Change::Temperature(0), Change::Answers(200), Change::TopK(Some(0)), Change::TopP(Some(100))]
        {
            settings.apply(change);
        }
        assert_eq!((settings.temperature_tenths, settings.answers), (1, MOST_ANSWERS));
        assert_eq!((settings.top_k, settings.top_p_hundredths), (None, None));
    }

    #[test]
    fn only_the_slider_moves_them() {
        let settings = Settings::default();
        let after = |change| {
            let mut after = settings.clone();
            after.apply(change);
            after
        };
        assert!(settings.is_moved_to(&settings));
        assert!(settings.is_moved_to(&after(Change::Temperature(12))));
        for change in [Change::Seed(2), Change::Stage("rlhf-v1".to_owned()), Change::Lecture(true)] {
            assert!(!settings.is_moved_to(&after(change)));
        }
    }

    #[test]
    fn a_stage_never_stands_beside_itself() {
        let mut settings = Settings::default();
        settings.apply(Change::Beside(Some("sft".to_owned())));
        assert_eq!(settings.beside, None);
        settings.apply(Change::Beside(Some("rlhf-v1".to_owned())));
        settings.apply(Change::Stage("rlhf-v1".to_owned()));
        assert_eq!((settings.stage.as_str(), settings.beside.as_deref()), ("rlhf-v1", Some("sft")));
        settings.apply(Change::Stage("rlhf-v2".to_owned()));
        assert_eq!(settings.beside.as_deref(), Some("sft"));
    }

    #[test]
    fn stages_side_by_side_differ_in_their_stage_alone() {
        let settings = Settings { beside: Some("rlhf-v1".to_owned()), ..Settings::default() };
        for side in Side::ALL {
            let [chosen, beside] =
                Place::ALL.map(|place| settings.plan_at(Slot { side, place }).expect("a plan"));
            assert_eq!(Plan { stage: chosen.stage.clone(), ..beside.clone() }, chosen);
            assert_ne!(chosen, beside);
        }
    }

    #[test]
    fn all_answers_of_a_plan_share_the_seed_and_differ_in_their_row() {
        let job = Settings::default().plan(Side::Creative).job("m");
        assert_eq!(job.rows.len(), 8);
        assert!(job.rows.iter().enumerate().all(|(i, r)| r.row as usize == i && r.seed == 1));
    }

    #[test]
    fn own_prompts_are_one_trimmed_line_of_limited_length() {
        assert_eq!(Prompt::own("  a\nb\t").text(), "a b");
        assert_eq!(Prompt::own(&"ä".repeat(500)).text().chars().count(), MOST_PROMPT_CHARS);
    }
}
