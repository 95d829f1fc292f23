//! What an experiment asks: the paper's protocol, whole or in short, cut into blocks that run one after another.

use serde::{Deserialize, Serialize};

use super::recorded::Protocol;
use crate::protocol::{GenerateJob, RowSpec};
use crate::units::{Seed, Temperature, Truncation};

/// Answers per prompt and temperature, as in the paper. Self-BLEU depends on the number, so it is the same at any length.
pub const ANSWERS_PER_PROMPT: u32 = 25;
/// Most tokens in one answer, everywhere on the page and in the recorded curves: four lines of a poem with room to spare.
pub const MOST_NEW_TOKENS: u32 = 96;
/// Prompts of each kind in the quick experiment.
const QUICK_PROMPTS: usize = 3;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Three prompts of each kind, every second temperature.
    Quick,
    /// The paper's: ten prompts of each kind, T = 0.1 to 1.5 by 0.1.
    Full,
}

/// Kind of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Many answers are good.
    Creative,
    /// One answer is right.
    Factual,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Creative, Self::Factual];

    /// The prompts of this kind.
    #[must_use]
    pub fn prompts(self, protocol: &Protocol) -> &[String] {
        match self {
            Self::Creative => &protocol.creative_prompts,
            Self::Factual => &protocol.factual_prompts,
        }
    }
}

/// The protocol of a length.
#[must_use]
pub fn protocol(length: Length, creative: &[&str], factual: &[&str], seed: Seed) -> Protocol {
    let (prompts, step) = match length {
        Length::Quick => (QUICK_PROMPTS, 2),
        Length::Full => (usize::MAX, 1),
    };
    let first = |all: &[&str]| all.iter().take(prompts).map(|prompt| (*prompt).to_owned()).collect();
    Protocol {
        answers_per_prompt: ANSWERS_PER_PROMPT,
        temperatures: (1..=15_u8).step_by(step).map(|tenths| f32::from(tenths) / 10.0).collect(),
        creative_prompts: first(creative),
        factual_prompts: first(factual),
        seed,
    }
}

/// One prompt to one stage at every temperature: the piece in which an experiment advances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Block {
    /// Place of the prompt in its kind.
    pub prompt: u16,
    /// Kind of the prompt.
    pub kind: Kind,
    /// Place of the stage.
    pub stage: u16,
}

/// All blocks, in the order in which they run: every stage answers the first prompt of either kind before any answers the
/// second, so that all curves are there early and grow steadier together.
#[must_use]
pub fn blocks(protocol: &Protocol, stages: usize) -> Vec<Block> {
    let most = Kind::ALL.map(|kind| kind.prompts(protocol).len()).into_iter().max().unwrap_or(0);
    let mut blocks = Vec::new();
    for prompt in 0..most {
        for kind in Kind::ALL {
            if prompt < kind.prompts(protocol).len() {
                let block = |stage| Block { prompt: prompt as u16, kind, stage: stage as u16 };
                blocks.extend((0..stages).map(block));
            }
        }
    }
    blocks
}

/// What the engine is asked for a block. `model`: key of the stage's model. Row `t * answers_per_prompt + i` is answer `i`
/// at temperature `t` of the protocol. Every prompt has a seed of its own.
#[must_use]
pub fn job(protocol: &Protocol, block: Block, model: &str) -> Option<GenerateJob> {
    let prompt = block.kind.prompts(protocol).get(usize::from(block.prompt))?;
    let answers = protocol.answers_per_prompt;
    let rows = protocol.temperatures.iter().zip(0_u32..).flat_map(|(&temperature, t)| {
        (0..answers).map(move |answer| RowSpec {
            row: t * answers + answer,
            seed: protocol
                .seed
                .wrapping_add(u32::from(block.prompt) * 2 + u32::from(block.kind == Kind::Factual)),
            temperature: Temperature::Value(temperature),
            truncation: Truncation::default(),
        })
    });
    Some(GenerateJob {
        model: model.to_owned(),
        prompt: prompt.clone(),
        chat: true,
        rows: rows.collect(),
        max_new_tokens: MOST_NEW_TOKENS,
        patient: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(length: Length) -> Protocol {
        let prompts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        protocol(length, &prompts, &prompts, 7)
    }

    #[test]
    fn the_full_protocol_is_the_papers() {
        let full = of(Length::Full);
        assert_eq!(full.temperatures.len(), 15);
        assert_eq!((full.temperatures[0], full.temperatures[14]), (0.1, 1.5));
        assert_eq!(
            (full.creative_prompts.len(), full.factual_prompts.len(), full.answers_per_prompt),
            (10, 10, 25)
        );
        assert_eq!(blocks(&full, 6).len(), 120);
        let job = job(&full, blocks(&full, 6)[0], "m").expect("a job");
        assert_eq!(job.rows.len(), 375);
    }

    #[test]
    fn the_quick_one_is_a_part_of_it() {
        let (quick, full) = (of(Length::Quick), of(Length::Full));
        assert!(quick.temperatures.iter().all(|t| full.temperatures.contains(t)));
        assert_eq!(quick.temperatures.last(), full.temperatures.last());
        assert_eq!(quick.creative_prompts, full.creative_prompts[..3]);
        assert_eq!(quick.answers_per_prompt, full.answers_per_prompt, "Self-BLEU depends on it");
    }

    #[test]
    fn every_stage_answers_a_prompt_before_any_answers_the_next() {
        let all = blocks(&of(Length::Quick), 2);
        let order: Vec<_> = all.iter().map(|b| (b.prompt, b.kind, b.stage)).take(5).collect();
        use Kind::{Creative, Factual};
        assert_eq!(
            order,
            [(0, Creative, 0), (0, Creative, 1), (0, Factual, 0), (0, Factual, 1), (1, Creative, 0)]
        );
    }

    #[test]
    fn prompts_have_seeds_of_their_own_and_stages_share_them() {
        let full = of(Length::Full);
        let seed =
            |prompt, kind, stage| job(&full, Block { prompt, kind, stage }, "m").map(|job| job.rows[0].seed);
        assert_eq!(seed(0, Kind::Creative, 0), seed(0, Kind::Creative, 5));
        let mut all: Vec<_> =
            (0..10).flat_map(|prompt| Kind::ALL.map(|kind| seed(prompt, kind, 0))).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 20);
        assert_eq!(seed(10, Kind::Creative, 0), None, "there is no such prompt");
    }
}
