//! An experiment under way or done: what was asked, of which files, and what was measured. It is also the file that people
//! download, bring back and compare.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::plan::{Block, Kind, Length, blocks};
use super::recorded::Protocol;

/// Version of the schema.
pub const EXPERIMENT_VERSION: u32 = 1;
/// Largest file that is read: the full protocol with a dozen stages takes a tenth.
pub const MOST_BYTES: u32 = 4 << 20;
/// Most of anything that a file may list.
const MOST_ENTRIES: usize = 100;

/// An experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// [`EXPERIMENT_VERSION`].
    pub version: u32,
    /// When it began, in milliseconds since 1970.
    pub began_unix_ms: u64,
    /// How much is asked.
    pub length: Length,
    /// What is asked.
    pub protocol: Protocol,
    /// Where it ran, in a few words; both where it began on the processor and went on on the graphics card.
    pub engine: String,
    /// The stages, in the order of the page.
    pub stages: Vec<ExperimentStage>,
    /// The blocks that are done, in any order.
    pub done: Vec<Measured>,
}

/// No number that is measured or read is NaN. So two handles of one experiment are equal without a look at its numbers.
impl Eq for Experiment {}

/// A stage that takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentStage {
    /// Its id in the manifest.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Lower-case hex SHA-256 of the model file.
    pub sha256: String,
}

/// One block that is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Which.
    pub block: Block,
    /// Self-BLEU by temperature of the protocol, 0 to 1.
    pub self_bleu: Vec<f64>,
    /// Number of different answers by temperature, 1 to the number of answers.
    pub distinct: Vec<u32>,
}

/// One point of a curve: mean and standard deviation over prompts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Temperature.
    pub temperature: f32,
    /// Mean Self-BLEU.
    pub mean: f64,
    /// Standard deviation over the prompts, of a sample (with n - 1) as the recorded curves have it; 0 for one prompt.
    pub deviation: f64,
    /// Mean number of different answers.
    pub distinct: f64,
    /// Prompts so far.
    pub prompts: usize,
}

/// Why a file is no experiment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExperimentError {
    /// Not JSON of this shape.
    #[error("this file is not an experiment of this page: {0}")]
    Unreadable(String),
    /// Another version.
    #[error("this file has version {0}; this page reads version {EXPERIMENT_VERSION}")]
    Version(u32),
    /// Too large.
    #[error("this file is larger than any experiment")]
    TooLarge,
    /// Parts that contradict each other, or numbers that cannot be.
    #[error("this file contradicts itself: {0}")]
    Inconsistent(&'static str),
}

impl Experiment {
    /// The blocks that are still to do, in their order.
    #[must_use]
    pub fn remaining(&self) -> Vec<Block> {
        let mut all = blocks(&self.protocol, self.stages.len());
        all.retain(|block| self.done.iter().all(|measured| measured.block != *block));
        all
    }

    /// Blocks done, and blocks in all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done.len(), blocks(&self.protocol, self.stages.len()).len())
    }

    /// Takes in a block; one that is done already, or that does not belong here, is left out.
    pub fn take_in(&mut self, measured: Measured) {
        if self.remaining().contains(&measured.block) && self.fits(&measured).is_ok() {
            self.done.push(measured);
        }
    }

    /// The curve of a stage, by rising temperature; empty before its first block is done.
    #[must_use]
    pub fn curve(&self, stage: usize, kind: Kind) -> Vec<CurvePoint> {
        let of: Vec<&Measured> = (self.done.iter())
            .filter(|m| usize::from(m.block.stage) == stage && m.block.kind == kind)
            .collect();
        if of.is_empty() {
            return Vec::new();
        }
        let count = of.len() as f64;
        let point = |(t, &temperature): (usize, &f32)| {
            let mean = of.iter().map(|m| m.self_bleu[t]).sum::<f64>() / count;
            let square =
                of.iter().map(|m| (m.self_bleu[t] - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
            let distinct = of.iter().map(|m| f64::from(m.distinct[t])).sum::<f64>() / count;
            CurvePoint { temperature, mean, deviation: square.sqrt(), distinct, prompts: of.len() }
        };
        self.protocol.temperatures.iter().enumerate().map(point).collect()
    }

    /// What was measured of one stage on one prompt of a kind, once it is done.
    #[must_use]
    pub fn of_prompt(&self, stage: usize, kind: Kind, prompt: usize) -> Option<&Measured> {
        let is_it = |block: &Block| {
            usize::from(block.stage) == stage && block.kind == kind && usize::from(block.prompt) == prompt
        };
        self.done.iter().find(|measured| is_it(&measured.block))
    }

    /// Reads a file and checks it once.
    ///
    /// # Errors
    /// [`ExperimentError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ExperimentError> {
        /// The version alone, so that a file of another version is named as one.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        if bytes.len() > MOST_BYTES as usize {
            return Err(ExperimentError::TooLarge);
        }
        let unreadable = |error: serde_json::Error| ExperimentError::Unreadable(error.to_string());
        let version = serde_json::from_slice::<Versioned>(bytes).map_err(unreadable)?.version;
        if version != EXPERIMENT_VERSION {
            return Err(ExperimentError::Version(version));
        }
        let read: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        read.check().map_err(ExperimentError::Inconsistent)?;
        Ok(read)
    }

    fn check(&self) -> Result<(), &'static str> {
        let Protocol { answers_per_prompt, temperatures, creative_prompts, factual_prompts, .. } =
            &self.protocol;
        let most = [temperatures.len(), creative_prompts.len(), factual_prompts.len(), self.stages.len()];
        if most.into_iter().any(|count| count > MOST_ENTRIES) || *answers_per_prompt > 1000 {
            return Err("it lists more than any experiment has");
        }
        let rising = temperatures.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || temperatures.iter().any(|t| !(t.is_finite() && *t > 0.0)) {
            return Err("its temperatures do not rise from above 0");
        }
        let mut counts: BTreeMap<Block, usize> =
            blocks(&self.protocol, self.stages.len()).into_iter().map(|block| (block, 0)).collect();
        for measured in &self.done {
            self.fits(measured)?;
            match counts.get_mut(&measured.block) {
                Some(count) if *count == 0 => *count = 1,
                Some(_) => return Err("it measured the same twice"),
                None => return Err("it measured what was not asked"),
            }
        }
        Ok(())
    }

    fn fits(&self, measured: &Measured) -> Result<(), &'static str> {
        let temperatures = self.protocol.temperatures.len();
        if measured.self_bleu.len() != temperatures || measured.distinct.len() != temperatures {
            return Err("a block has more or fewer temperatures than were asked");
        }
        let sound = measured.self_bleu.iter().all(|value| (0.0..=1.0).contains(value))
            && measured.distinct.iter().all(|count| *count <= self.protocol.answers_per_prompt);
        if sound { Ok(()) } else { Err("a number cannot be") }
    }

    /// All points as CSV, one line each, with a heading.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut csv = String::from(
            "stage,model_sha256,kind,temperature,self_bleu_mean,self_bleu_deviation,distinct_mean,prompts,answers_per_prompt,seed\n",
        );
        for (place, stage) in self.stages.iter().enumerate() {
            for kind in Kind::ALL {
                for point in self.curve(place, kind) {
                    let kind = match kind {
                        Kind::Creative => "creative",
                        Kind::Factual => "factual",
                    };
                    csv.push_str(&format!(
                        "{},{},{kind},{},{:.6},{:.6},{:.3},{},{},{}\n",
                        quoted(&stage.id),
                        quoted(&stage.sha256),
                        point.temperature,
                        point.mean,
                        point.deviation,
                        point.distinct,
                        point.prompts,
                        self.protocol.answers_per_prompt,
                        self.protocol.seed,
                    ));
                }
            }
        }
        csv
    }
}

/// A field of CSV (RFC 4180); one that a spreadsheet would take for a formula is made text.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::super::plan::protocol;
    use super::*;

    fn experiment() -> Experiment {
        let stage = |id: &str| ExperimentStage {
            id: id.to_owned(),
            label: id.to_uppercase(),
            sha256: "ab".to_owned(),
        };
        Experiment {
            version: EXPERIMENT_VERSION,
            began_unix_ms: 1,
            length: Length::Quick,
            protocol: protocol(Length::Quick, &["a", "b"], &["c"], 7),
            engine: "CPU".to_owned(),
            stages: vec![stage("sft"), stage("rlhf-v1")],
            done: Vec::new(),
        }
    }

    fn measured(prompt: u16, kind: Kind, stage: u16, value: f64) -> Measured {
        Measured { block: Block { prompt, kind, stage }, self_bleu: vec![value; 8], distinct: vec![5; 8] }
    }

    #[test]
    fn curves_are_means_over_the_prompts_so_far() {
        let mut experiment = experiment();
        assert_eq!(experiment.curve(0, Kind::Creative), []);
        experiment.take_in(measured(0, Kind::Creative, 0, 0.2));
        experiment.take_in(measured(0, Kind::Creative, 1, 0.9));
        experiment.take_in(measured(1, Kind::Creative, 0, 0.4));
        let curve = experiment.curve(0, Kind::Creative);
        assert_eq!(curve.len(), 8);
        assert!((curve[0].mean - 0.3).abs() < 1e-12 && (curve[0].deviation - 0.02_f64.sqrt()).abs() < 1e-12);
        assert_eq!((curve[0].prompts, curve[0].distinct, curve[0].temperature), (2, 5.0, 0.1));
    }

    #[test]
    fn what_is_done_is_not_done_again() {
        let mut experiment = experiment();
        assert_eq!(experiment.progress(), (0, 6));
        let first = experiment.remaining()[0];
        experiment.take_in(measured(first.prompt, first.kind, first.stage, 0.5));
        experiment.take_in(measured(first.prompt, first.kind, first.stage, 0.9));
        experiment.take_in(measured(9, Kind::Factual, 0, 0.9));
        experiment.take_in(Measured { self_bleu: vec![0.5], ..measured(1, Kind::Creative, 0, 0.5) });
        assert_eq!(experiment.progress(), (1, 6));
        assert!(!experiment.remaining().contains(&first));
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let mut experiment = experiment();
        experiment.take_in(measured(0, Kind::Factual, 1, 0.75));
        let bytes = serde_json::to_vec(&experiment).expect("JSON");
        assert_eq!(Experiment::read(&bytes), Ok(experiment));
    }

    #[test]
    fn files_that_cannot_be_are_refused_with_a_reason() {
        let spoilt = |spoil: fn(&mut Experiment)| {
            let mut experiment = experiment();
            experiment.take_in(measured(0, Kind::Factual, 1, 0.75));
            spoil(&mut experiment);
            Experiment::read(&serde_json::to_vec(&experiment).expect("JSON"))
        };
        assert!(spoilt(|_| {}).is_ok());
        for spoil in [
            (|e: &mut Experiment| e.done[0].self_bleu[0] = 1.5) as fn(&mut Experiment),
            |e| e.done[0].self_bleu.truncate(2),
            |e| e.done[0].distinct[0] = 26,
            |e| e.done[0].block.stage = 7,
            |e| e.done.push(e.done[0].clone()),
            |e| e.protocol.temperatures.reverse(),
            |e| e.protocol.temperatures[0] = 0.0,
            |e| e.stages = vec![e.stages[0].clone(); 101],
        ] {
            assert!(matches!(spoilt(spoil), Err(ExperimentError::Inconsistent(_))));
        }
        assert_eq!(spoilt(|e| e.version = 2), Err(ExperimentError::Version(2)));
        assert!(matches!(Experiment::read(b"<html>"), Err(ExperimentError::Unreadable(_))));
        assert_eq!(Experiment::read(&vec![b' '; MOST_BYTES as usize + 1]), Err(ExperimentError::TooLarge));
    }

    #[test]
    fn csv_has_a_line_per_point_and_no_formulas() {
        let mut experiment = experiment();
        experiment.stages[0].id = "=cmd,\"x\"".to_owned();
        experiment.take_in(measured(0, Kind::Creative, 0, 0.25));
        let csv = experiment.csv();
        assert_eq!(csv.lines().count(), 9);
        assert!(
            csv.lines().nth(1).is_some_and(|line| {
                line.starts_with("\"'=cmd,\"\"x\"\"\",ab,creative,0.1,0.250000,0.000000,5.000,1,25,7")
            }),
            "{csv}"
        );
    }
}
