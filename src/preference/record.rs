//! The record of one vote, as it is stored, exported and sent.

use serde::{Deserialize, Serialize};

use super::RandomKey;
use crate::units::{Seed, Temperature, TokenId};

/// Version of the record that this program writes. Any change to a field's name, type or meaning raises it.
pub const SCHEMA: u32 = 1;

/// One person's judgement of two answers to one prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// [`SCHEMA`] of the program that wrote it.
    pub schema: u32,
    /// Names this vote, here and wherever it is sent.
    pub id: RandomKey,
    /// What was asked, without template.
    pub prompt: String,
    /// The answer shown as A: on the left, or above where there is no room beside.
    pub answer_a: Answer,
    /// The answer shown as B: on the right, or below.
    pub answer_b: Answer,
    /// The judgement.
    pub choice: Choice,
    /// When, in milliseconds since 1970, by the browser's clock.
    pub time_unix_ms: u64,
    /// Names the browser, not the person; drawn at its first vote.
    pub client: RandomKey,
    /// Version of the page.
    pub app_version: String,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// As it was shown.
    pub text: String,
    /// The sampled tokens, without the end-of-answer token.
    pub token_ids: Vec<TokenId>,
    /// Whether the model ended it; false where a limit cut it off.
    pub is_complete: bool,
    /// Where it came from.
    pub source: Source,
}

/// Where an answer came from: enough to sample it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Training stage, by its id in the manifest.
    pub stage: String,
    /// SHA-256 of the model file, in lower-case hex.
    pub model_sha256: String,
    /// Sampling temperature; written as a number, 0 for greedy.
    #[serde(with = "temperature_as_number")]
    pub temperature: Temperature,
    /// Truncation to so many tokens, if any.
    pub top_k: Option<u32>,
    /// Truncation to this probability, if any.
    pub top_p: Option<f32>,
    /// Key of the random draws.
    pub seed: Seed,
    /// Row of the random draws.
    pub row: u32,
    /// Limit of tokens.
    pub max_new_tokens: u32,
    /// Where the model ran.
    pub device: Device,
}

/// Where a model ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// The graphics card, through WebGPU.
    WebGpu,
    /// The processor.
    Cpu,
}

/// One of the two answers, by the place where it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// On the left, or above.
    A,
    /// On the right, or below.
    B,
}

/// The judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// One answer is better. The choice is forced: the unsure choose a side too, with the least strength.
    Prefer {
        /// Which.
        side: Side,
        /// By how much.
        strength: Strength,
    },
    /// Neither is any good.
    BothBad,
    /// No judgement.
    Skip,
}

/// How much better, in the four points of Touvron et al. 2023, section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Significantly better.
    SignificantlyBetter,
    /// Better.
    Better,
    /// Slightly better.
    SlightlyBetter,
    /// Negligibly better or unsure.
    NegligiblyBetterOrUnsure,
}

impl Strength {
    /// All, from strong to weak.
    pub const ALL: [Self; 4] =
        [Self::SignificantlyBetter, Self::Better, Self::SlightlyBetter, Self::NegligiblyBetterOrUnsure];

    /// Margin of the reward model's loss: the paper's small one.
    #[must_use]
    pub fn margin(self) -> f64 {
        match self {
            Self::SignificantlyBetter => 1.0,
            Self::Better => 2.0 / 3.0,
            Self::SlightlyBetter => 1.0 / 3.0,
            Self::NegligiblyBetterOrUnsure => 0.0,
        }
    }
}

impl Side {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// `A` or `B`.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl Vote {
    /// The answer on a side.
    #[must_use]
    pub fn answer(&self, side: Side) -> &Answer {
        match side {
            Side::A => &self.answer_a,
            Side::B => &self.answer_b,
        }
    }
}

/// A column of numbers is what every reader of JSON lines understands.
mod temperature_as_number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::units::Temperature;

    pub fn serialize<S: Serializer>(temperature: &Temperature, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f32(match *temperature {
            Temperature::Greedy => 0.0,
            Temperature::Value(value) => value,
        })
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Temperature, D::Error> {
        let value = f32::deserialize(deserializer)?;
        if value == 0.0 { Ok(Temperature::Greedy) } else { Temperature::new(value).map_err(D::Error::custom) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::vote;
    use super::*;

    /// The exact shape of schema 1. If this test must change, raise [`SCHEMA`].
    #[test]
    fn shape_of_schema_1_is_fixed() {
        let written = serde_json::to_string(&vote()).expect("writes");
        let source = |temperature: &str, row: u32| {
            format!(
                r#"{{"stage":"sft","model_sha256":"{}","temperature":{temperature},"top_k":null,"top_p":null,"seed":7,"row":{row},"max_new_tokens":96,"device":"cpu"}}"#,
                "ab".repeat(32)
            )
        };
        let expected = format!(
            r#"{{"schema":1,"id":"000102030405060708090a0b0c0d0e0f","prompt":"What is the capital of France?","answer_a":{{"text":"It is Paris.","token_ids":[5,6,7],"is_complete":true,"source":{}}},"answer_b":{{"text":"Lyon,\n<b>surely</b>.","token_ids":[8,9],"is_complete":false,"source":{}}},"choice":{{"prefer":{{"side":"a","strength":"significantly_better"}}}},"time_unix_ms":1764000000000,"client":"ffffffffffffffffffffffffffffffff","app_version":"0.1.0"}}"#,
            source("0.7", 0),
            source("1.3", 4),
        );
        assert_eq!(written, expected);
    }

    #[test]
    fn greedy_is_written_as_zero() {
        let mut source = vote().answer_a.source;
        source.temperature = Temperature::Greedy;
        let written = serde_json::to_string(&source).expect("writes");
        assert!(written.contains(r#""temperature":0.0"#), "{written}");
        assert_eq!(serde_json::from_str::<Source>(&written).expect("reads"), source);
    }

    #[test]
    fn margins_fall_with_the_strength() {
        let margins = Strength::ALL.map(Strength::margin);
        assert!(margins.windows(2).all(|pair| pair[0] > pair[1]));
        assert_eq!((margins[0], margins[3]), (1.0, 0.0));
    }
}
