//! What an experiment that is done says to its question: do factual curves flatten with RLHF while creative ones keep falling?

use super::live::Experiment;
use super::plan::Kind;

/// How the first stage and the last RLHF stage differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Where the two stand among the experiment's stages.
    pub stages: [usize; 2],
    /// The lowest and the highest temperature.
    pub temperatures: [f32; 2],
    /// By how much Self-BLEU falls between them, by kind.
    pub falls: [Fall; 2],
    /// The temperature closest to 1, where the odds are as learned.
    pub middle: f32,
    /// Mean Self-BLEU of creative answers there, of the two stages.
    pub creative: [f64; 2],
}

/// By how much Self-BLEU of one kind falls from the lowest temperature to the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fall {
    /// Means over prompts, of the two stages.
    pub means: [f64; 2],
    /// Mean of the difference between them, prompt by prompt, and its standard error; that is none for a single prompt.
    pub difference: (f64, Option<f64>),
    /// Prompts of which it falls less with the second stage, and all.
    pub less: (usize, usize),
}

impl Fall {
    /// Whether it is smaller with the second stage by more than two standard errors.
    #[must_use]
    pub fn is_smaller(&self) -> bool {
        matches!(self.difference, (mean, Some(error)) if mean + 2.0 * error < 0.0)
    }
}

impl Verdict {
    /// Of an experiment that is done; none while something is left, or without an RLHF stage to hold against the first.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Option<Self> {
        let (done, all) = experiment.progress();
        let last = experiment
            .stages
            .iter()
            .rposition(|stage| stage.id.starts_with("rlhf"))
            .filter(|last| *last > 0)?;
        let temperatures = &experiment.protocol.temperatures;
        let (lowest, highest) = (*temperatures.first()?, *temperatures.last()?);
        if done != all || temperatures.len() < 2 {
            return None;
        }
        let stages = [0, last];
        let [creative_fall, factual_fall] =
            [Kind::Creative, Kind::Factual].map(|kind| fall(experiment, kind, stages));
        let middle = (0..temperatures.len())
            .min_by(|a, b| (temperatures[*a] - 1.0).abs().total_cmp(&(temperatures[*b] - 1.0).abs()))?;
        Some(Self {
            stages,
            temperatures: [lowest, highest],
            falls: [creative_fall?, factual_fall?],
            middle: temperatures[middle],
            creative: stages.map(|stage| {
                experiment.curve(stage, Kind::Creative).get(middle).map_or(0.0, |point| point.mean)
            }),
        })
    }
}

fn fall(experiment: &Experiment, kind: Kind, stages: [usize; 2]) -> Option<Fall> {
    let of = |stage: usize, prompt: usize| {
        let measured = experiment.of_prompt(stage, kind, prompt)?;
        Some(measured.self_bleu.first()? - measured.self_bleu.last()?)
    };
    let pairs: Vec<[f64; 2]> = (0..kind.prompts(&experiment.protocol).len())
        .map(|prompt| Some([of(stages[0], prompt)?, of(stages[1], prompt)?]))
        .collect::<Option<_>>()?;
    if pairs.is_empty() {
        return None;
    }
    let count = pairs.len() as f64;
    let mean = |of: &dyn Fn(&[f64; 2]) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let difference = mean(&|[first, last]| last - first);
    let square = mean(&|[first, last]| (last - first - difference).powi(2)) * count / (count - 1.0);
    Some(Fall {
        means: [mean(&|pair| pair[0]), mean(&|pair| pair[1])],
        difference: (difference, (pairs.len() > 1).then(|| (square / count).sqrt())),
        less: (pairs.iter().filter(|[first, last]| last < first).count(), pairs.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::live::{EXPERIMENT_VERSION, ExperimentStage, Measured};
    use crate::experiment::plan::{Length, blocks, protocol};

    /// Falls of two stages, by kind and prompt.
    fn experiment(ids: [&str; 2], creative: &[[f64; 2]], factual: &[[f64; 2]]) -> Experiment {
        let names: Vec<String> = (0..creative.len()).map(|place| place.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let protocol = protocol(Length::Quick, &names, &names, 1);
        let stage =
            |id: &str| ExperimentStage { id: id.to_owned(), label: id.to_owned(), sha256: String::new() };
        let temperatures = protocol.temperatures.len();
        let measured = |block: crate::experiment::plan::Block| {
            let falls = if block.kind == Kind::Creative { creative } else { factual };
            let fall = falls[usize::from(block.prompt)][usize::from(block.stage)];
            let mut self_bleu = vec![0.9; temperatures];
            self_bleu[temperatures - 1] = 0.9 - fall;
            Measured { block, self_bleu, distinct: vec![3; temperatures] }
        };
        let done = blocks(&protocol, 2).into_iter().map(measured).collect();
        Experiment {
            version: EXPERIMENT_VERSION,
            began_unix_ms: 1,
            length: Length::Quick,
            protocol,
            engine: String::new(),
            stages: ids.map(stage).to_vec(),
            done,
        }
    }

    #[test]
    fn falls_are_held_against_each_other_prompt_by_prompt() {
        let creative = [[0.8, 0.9], [0.7, 0.6], [0.8, 0.8]];
        let factual = [[0.5, 0.2], [0.6, 0.2], [0.7, 0.2]];
        let verdict = Verdict::of(&experiment(["sft", "rlhf-v1"], &creative, &factual)).expect("a verdict");
        assert_eq!((verdict.stages, verdict.temperatures), ([0, 1], [0.1, 1.5]));
        let [creative, factual] = verdict.falls;
        assert!((factual.means[0] - 0.6).abs() < 1e-12 && (factual.means[1] - 0.2).abs() < 1e-12);
        let (difference, error) = factual.difference;
        // Differences -0.3, -0.4, -0.5: deviation 0.1 of a sample of three.
        assert!(
            (difference + 0.4).abs() < 1e-12
                && (error.expect("an error") - 0.1 / 3.0_f64.sqrt()).abs() < 1e-12
        );
        assert!(factual.is_smaller() && !creative.is_smaller());
        assert_eq!((creative.less, factual.less), ((1, 3), (3, 3)));
        assert!(
            (verdict.middle - 0.9).abs() < 1e-6 || (verdict.middle - 1.1).abs() < 1e-6,
            "{}",
            verdict.middle
        );
        assert_eq!(verdict.creative, [0.9; 2]);
    }

    #[test]
    fn one_prompt_proves_nothing() {
        let verdict =
            Verdict::of(&experiment(["sft", "rlhf-v1"], &[[0.8, 0.1]], &[[0.8, 0.1]])).expect("a verdict");
        assert!(verdict.falls.iter().all(|fall| !fall.is_smaller() && fall.difference.1.is_none()));
    }

    #[test]
    fn without_an_end_or_a_stage_to_compare_there_is_none() {
        let falls = [[0.5, 0.4], [0.5, 0.4]];
        assert_eq!(Verdict::of(&experiment(["sft", "own"], &falls, &falls)), None);
        assert_eq!(Verdict::of(&experiment(["rlhf-v1", "sft"], &falls, &falls)), None);
        let mut undone = experiment(["sft", "rlhf-v1"], &falls, &falls);
        undone.done.pop();
        assert_eq!(Verdict::of(&undone), None);
    }
}
