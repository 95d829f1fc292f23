//! Figure 21: diversity against temperature, by stage.
//!
//! The paper's protocol (Touvron et al. 2023, section 5.1): 10 creative and 10 factual prompts, 25 answers each, T = 0.1,
//! 0.2 ... 1.5, Self-BLEU of the 25, mean and standard deviation over the prompts. Beside Self-BLEU: different answers,
//! EAD over the model's tokens, and the Vendi score, all defined in `thermostat::metrics`; and what is true of the answers
//! at each temperature, because alike is worth nothing where it is wrong.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use thermostat::engine::LoadedModel;
use thermostat::experiment::recorded::{
    Point, Protocol as RecordedProtocol, RECORDED_VERSION, RecordedExperiment, RecordedStage,
};
use thermostat::metrics::{distinct_answers, expectation_adjusted_distinct, self_bleu, vendi_score, words};

use super::sampling::{PromptSet, Protocol, StageFile, sample};
use super::statistics::Spread;
use crate::answers::{Answer, Answerer};
use crate::corpus::Kind;
use crate::panel::Oracle;

/// The curves of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure21 {
    /// The stage's id in the manifest.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// Its lower-case hex SHA-256.
    pub sha256: String,
    /// How it was asked.
    pub protocol: Protocol,
    /// On the page's prompts.
    pub page: Curves,
    /// On prompts held out from training.
    pub held_out: Option<Curves>,
}

/// The curves on some prompts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    /// The prompts.
    pub prompts: PromptSet,
    /// One point per temperature, over creative prompts.
    pub creative: Vec<DiversityPoint>,
    /// One point per temperature, over factual prompts.
    pub factual: Vec<DiversityPoint>,
}

/// One temperature: mean and deviation over prompts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DiversityPoint {
    /// Temperature.
    pub temperature: f32,
    /// Self-BLEU, 0 to 1; higher is more alike.
    pub self_bleu: Spread,
    /// Different answers, 1 to the number of answers.
    pub distinct: Spread,
    /// Expectation-adjusted distinct tokens; none where no answer has a token.
    pub expectation_adjusted_distinct: Option<Spread>,
    /// Vendi score, 1 to the number of answers.
    pub vendi: Spread,
    /// True quality by the oracle, 0 to 1.
    pub quality: Spread,
    /// Share of answers that the model ended itself.
    pub ended: f64,
}

impl Curves {
    /// The points of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> &[DiversityPoint] {
        match kind {
            Kind::Creative => &self.creative,
            Kind::Factual => &self.factual,
        }
    }

    /// The point at a temperature.
    #[must_use]
    pub fn at(&self, kind: Kind, temperature: f32) -> Option<&DiversityPoint> {
        self.of(kind).iter().find(|point| (point.temperature - temperature).abs() < 1e-4)
    }
}

/// Measures a file on the page's prompts, and on held-out ones if there are any.
///
/// # Errors
/// A file that the engine refuses; a prompt that does not fit.
pub fn figure_21(
    stage: &StageFile<'_>,
    held_out: Option<&PromptSet>,
    protocol: &Protocol,
    threads: usize,
) -> Result<Figure21> {
    let answerer = Answerer::load(stage.bytes.to_vec())?;
    let LoadedModel { info, .. } = answerer.model();
    let measure = |prompts: &PromptSet| curves(stage, prompts, protocol, info.vocabulary, threads);
    Ok(Figure21 {
        id: stage.id.to_owned(),
        file: stage.file.to_owned(),
        sha256: info.sha256.clone(),
        protocol: protocol.clone(),
        page: measure(&PromptSet::of_the_page())?,
        held_out: held_out.map(measure).transpose()?,
    })
}

fn curves(
    stage: &StageFile<'_>,
    prompts: &PromptSet,
    protocol: &Protocol,
    vocabulary: u32,
    threads: usize,
) -> Result<Curves> {
    let answers = sample(stage, prompts, protocol, threads)?;
    let (asked, oracle) = (prompts.all(), Oracle::new());
    let points = |wanted: Kind| -> Vec<DiversityPoint> {
        let at = |(index, &temperature): (usize, &f32)| {
            let groups: Vec<Group<'_>> = (asked.iter().zip(&answers))
                .filter(|((kind, _), _)| *kind == wanted)
                .filter_map(|((kind, prompt), groups)| {
                    let answers = groups.get(index)?;
                    let quality = |a: &Answer| oracle.quality(*kind, prompt, &a.text).score;
                    Some(Group { answers, qualities: answers.iter().map(quality).collect() })
                })
                .collect();
            point(temperature, &groups, vocabulary)
        };
        protocol.temperatures.iter().enumerate().filter_map(at).collect()
    };
    Ok(Curves { prompts: prompts.clone(), creative: points(Kind::Creative), factual: points(Kind::Factual) })
}

/// The answers to one prompt at one temperature, and their true quality.
struct Group<'a> {
    answers: &'a [Answer],
    qualities: Vec<f64>,
}

/// The point of some groups, one per prompt; `None` where nothing can be measured (no prompts, or a single answer each).
fn point(temperature: f32, groups: &[Group<'_>], vocabulary: u32) -> Option<DiversityPoint> {
    let over = |measure: &dyn Fn(&Group<'_>) -> Option<f64>| {
        Spread::of(&groups.iter().filter_map(measure).collect::<Vec<_>>())
    };
    let tokens =
        |group: &Group<'_>| -> Vec<Vec<String>> { group.answers.iter().map(|a| words(&a.text)).collect() };
    let texts = |group: &Group<'_>| -> Vec<String> { group.answers.iter().map(|a| a.text.clone()).collect() };
    let ids = |group: &Group<'_>| -> Vec<Vec<u32>> {
        group.answers.iter().map(|a| a.tokens.iter().map(|token| token.id).collect()).collect()
    };
    let all: usize = groups.iter().map(|group| group.answers.len()).sum();
    let ended = groups.iter().flat_map(|group| group.answers).filter(|answer| answer.ended).count();
    Some(DiversityPoint {
        temperature,
        self_bleu: over(&|group| self_bleu(&tokens(group)))?,
        distinct: over(&|group| Some(distinct_answers(&texts(group)) as f64))?,
        expectation_adjusted_distinct: over(&|group| expectation_adjusted_distinct(&ids(group), vocabulary)),
        vendi: over(&|group| vendi_score(&tokens(group)))?,
        quality: over(&|group| Spread::of(&group.qualities).map(|spread| spread.mean))?,
        ended: ended as f64 / all.max(1) as f64,
    })
}

/// What the page draws behind its live points: the curves on its own prompts, of stages in their order.
#[must_use]
pub fn recorded_experiment(
    stages: &[Figure21],
    recorded_on: &str,
    commit: &str,
) -> Option<RecordedExperiment> {
    let Figure21 { protocol, page, .. } = stages.first()?;
    Some(RecordedExperiment {
        version: RECORDED_VERSION,
        recorded_on: recorded_on.to_owned(),
        commit: commit.to_owned(),
        protocol: RecordedProtocol {
            answers_per_prompt: protocol.answers_per_prompt,
            temperatures: protocol.temperatures.clone(),
            creative_prompts: page.prompts.creative.clone(),
            factual_prompts: page.prompts.factual.clone(),
            seed: protocol.seed,
        },
        stages: stages.iter().map(RecordedStage::from).collect(),
    })
}

impl From<&Figure21> for RecordedStage {
    fn from(figure: &Figure21) -> Self {
        let points = |kind: Kind| {
            let points = figure.page.of(kind).iter().map(|point| Point {
                temperature: point.temperature,
                self_bleu_mean: point.self_bleu.mean.clamp(0.0, 1.0),
                self_bleu_deviation: point.self_bleu.deviation,
                distinct_mean: point.distinct.mean,
            });
            points.collect()
        };
        Self {
            id: figure.id.clone(),
            file: figure.file.clone(),
            sha256: figure.sha256.clone(),
            creative: points(Kind::Creative),
            factual: points(Kind::Factual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use thermostat::protocol::SampledToken;

    fn answers(texts: &[&str]) -> Vec<Answer> {
        let token = SampledToken { id: 1, log_prob: 0.0, entropy: 0.0 };
        let answer = |text: &&str| Answer { text: (*text).to_owned(), tokens: vec![token], ended: true };
        texts.iter().map(answer).collect()
    }

    #[test]
    fn a_point_is_the_mean_over_prompts() {
        let alike = answers(&["it is paris now", "it is paris now"]);
        let different = answers(&["one two three four", "five six seven eight"]);
        let groups = [
            Group { answers: &alike, qualities: vec![1.0, 1.0] },
            Group { answers: &different, qualities: vec![0.0, 1.0] },
        ];
        let point = point(0.5, &groups, 10).expect("two groups");
        let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        close(point.self_bleu.mean, 0.5);
        close(point.self_bleu.deviation, 0.5_f64.sqrt());
        close(point.distinct.mean, 1.5);
        close(point.vendi.mean, 1.5);
        close(point.quality.mean, 0.75);
        close(point.ended, 1.0);
    }

    #[test]
    fn nothing_measured_is_no_point() {
        assert_eq!(point(0.5, &[], 10), None);
        let alone = answers(&["alone"]);
        assert_eq!(point(0.5, &[Group { answers: &alone, qualities: vec![1.0] }], 10), None);
    }
}
