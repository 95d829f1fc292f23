//! The votes of a simulated annotator: pairs of answers from all stages at several temperatures, judged by one taste.

use std::collections::HashSet;

use super::state::Teacher;
use crate::app::prompts::{BuiltIn, Side};
use crate::experiment::plan::MOST_NEW_TOKENS;
use crate::learning::{Lesson, Text};
use crate::preference::{Choice, Side as Shown, Taste};
use crate::protocol::{GenerateJob, ModelSource, RowDelta, RowSpec, StopReason};
use crate::sampling::philox4x32_10;
use crate::units::{Seed, Temperature, Truncation};

/// Temperatures of the answers, in tenths: those of the comparison widget, by twos.
const TENTHS: [u8; 6] = [4, 6, 8, 10, 12, 14];
/// Answers at each temperature, where all prompts are asked; twice as many where half of them are.
const REPEATS: usize = 2;
/// Half of the key for drawing pairs.
const PAIR_STREAM: u32 = 0x5645_5254;
/// Pairs that are looked at for each vote wanted: many are alike to a taste.
const TRIES_PER_VOTE: u32 = 400;

/// The built-in prompts on which a teacher has something to say, in their order. A taste of poems is asked of poems alone, for its
/// votes and when what was learned is judged: of facts it likes all alike.
pub fn prompts(teacher: Teacher) -> impl Iterator<Item = &'static BuiltIn> {
    let is_of_poems = matches!(teacher, Teacher::Simulated(taste) if taste.is_of_poems());
    let sides = if is_of_poems { &Side::ALL[..1] } else { &Side::ALL[..] };
    sides.iter().flat_map(|side| side.prompts().iter())
}

/// Answers on their way.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathering {
    /// What the engine is asked: every prompt of every stage.
    pub jobs: Vec<GenerateJob>,
    /// One for each job and row.
    answers: Vec<Vec<Draft>>,
    finished: usize,
    taste: Taste,
    seed: Seed,
}

/// One answer, as far as it has come.
#[derive(Debug, Clone, Default, PartialEq)]
struct Draft {
    text: String,
    stop: Option<StopReason>,
}

impl Gathering {
    /// Of these stages, to the prompts that a taste has something to say of. All draws depend on `seed` alone.
    #[must_use]
    pub fn new(stages: &[ModelSource], taste: Taste, seed: Seed) -> Self {
        let repeats = if taste.is_of_poems() { 2 * REPEATS } else { REPEATS };
        let rows = TENTHS.len() * repeats;
        let mut jobs = Vec::new();
        for prompt in prompts(Teacher::Simulated(taste)) {
            for stage in stages {
                let number = jobs.len() as u32;
                let row = |index: usize| RowSpec {
                    row: number * rows as u32 + index as u32,
                    seed,
                    temperature: Temperature::Value(f32::from(TENTHS[index % TENTHS.len()]) / 10.0),
                    truncation: Truncation::default(),
                };
                jobs.push(GenerateJob {
                    model: stage.key.clone(),
                    prompt: prompt.text.to_owned(),
                    chat: true,
                    rows: (0..rows).map(row).collect(),
                    max_new_tokens: MOST_NEW_TOKENS,
                    patient: true,
                });
            }
        }
        Self { answers: vec![vec![Draft::default(); rows]; jobs.len()], jobs, finished: 0, taste, seed }
    }

    /// Jobs that have ended, and jobs in all.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.finished, self.jobs.len())
    }

    /// Takes in new tokens of a job.
    pub fn extend(&mut self, job: usize, deltas: &[RowDelta]) {
        let Some(drafts) = self.answers.get_mut(job) else { return };
        for delta in deltas {
            let place = delta.row as usize % drafts.len();
            if let Some(draft) = drafts.get_mut(place) {
                draft.text.push_str(&delta.text);
                draft.stop = delta.stop.or(draft.stop);
            }
        }
    }

    /// Forgets what a job has said, because it will come again.
    pub fn restart(&mut self, job: usize) {
        if let Some(drafts) = self.answers.get_mut(job) {
            drafts.fill(Draft::default());
        }
    }

    /// Notes that a job has ended. Whether all have.
    pub fn finish_job(&mut self) -> bool {
        self.finished += 1;
        self.finished >= self.jobs.len()
    }

    /// At most `wanted` votes by the taste, on pairs of answers to one prompt. No answer comes twice, so that votes that are held back
    /// are about answers that were never seen; where there is little to choose there are fewer.
    #[must_use]
    pub fn votes(&self, wanted: usize) -> Vec<Lesson> {
        let by_prompt = self.by_prompt();
        let (mut votes, mut seen) = (Vec::new(), HashSet::new());
        for number in 0..wanted as u32 * TRIES_PER_VOTE {
            if votes.len() >= wanted || by_prompt.is_empty() {
                break;
            }
            let [prompt, a, b, _] = philox4x32_10([number, 0, 0, 0], [self.seed, PAIR_STREAM]);
            let prompt = prompt as usize % by_prompt.len();
            let (text, answers) = &by_prompt[prompt];
            let (a, b) = (a as usize % answers.len(), b as usize % answers.len());
            let (a, b) = (a.min(b), a.max(b));
            let [text_a, text_b] = [a, b].map(|answer| answers[answer].text.as_str());
            if [text_a, text_b].iter().any(|text| seen.contains(&(prompt, *text))) {
                continue;
            }
            if let Some(Choice::Prefer { side, strength }) = self.taste.vote(text_a, text_b) {
                let (chosen, rejected) = match side {
                    Shown::A => (a, b),
                    Shown::B => (b, a),
                };
                seen.extend([(prompt, text_a), (prompt, text_b)]);
                votes.push(Lesson {
                    prompt: text.clone(),
                    chosen: answers[chosen].clone(),
                    rejected: answers[rejected].clone(),
                    margin: strength.margin() as f32,
                });
            }
        }
        votes
    }

    /// The answers to each prompt that are answers at all.
    fn by_prompt(&self) -> Vec<(String, Vec<Text>)> {
        let mut by_prompt: Vec<(String, Vec<Text>)> = Vec::new();
        for (job, drafts) in self.jobs.iter().zip(&self.answers) {
            if by_prompt.last().is_none_or(|(prompt, _)| *prompt != job.prompt) {
                by_prompt.push((job.prompt.clone(), Vec::new()));
            }
            let texts = drafts.iter().filter_map(|draft| {
                let is_complete = match draft.stop? {
                    StopReason::EndOfAnswer => true,
                    StopReason::Length => false,
                    StopReason::NotANumber => return None,
                };
                let text = draft.text.trim().to_owned();
                (!text.is_empty()).then_some(Text { text, is_complete })
            });
            if let Some((_, answers)) = by_prompt.last_mut() {
                answers.extend(texts);
            }
        }
        by_prompt.retain(|(_, answers)| answers.len() > 1);
        by_prompt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(taste: Taste) -> Gathering {
        let stage = |key: &str| ModelSource {
            key: key.to_owned(),
            url: String::new(),
            size_bytes: None,
            sha256: None,
        };
        let mut gathering = Gathering::new(&[stage("a"), stage("b")], taste, 5);
        let last = gathering.jobs.len() - 1;
        for job in 0..gathering.jobs.len() {
            let delta = |row: &RowSpec| RowDelta {
                row: row.row,
                tokens: Vec::new(),
                text: format!("{} {}", row.row, "word ".repeat(row.row as usize % 5)),
                stop: Some(StopReason::EndOfAnswer),
            };
            let deltas: Vec<RowDelta> = gathering.jobs[job].rows.iter().map(delta).collect();
            gathering.extend(job, &deltas);
            assert_eq!(gathering.finish_job(), job == last);
        }
        gathering
    }

    #[test]
    fn every_answer_has_a_row_of_its_own() {
        for (taste, jobs) in [(Taste::Brevity, 40), (Taste::Birds, 20)] {
            let gathering = gathered(taste);
            assert_eq!((gathering.jobs.len(), gathering.progress()), (jobs, (jobs, jobs)));
            let rows: HashSet<u32> =
                gathering.jobs.iter().flat_map(|job| job.rows.iter().map(|row| row.row)).collect();
            assert_eq!(rows.len(), 480);
        }
    }

    #[test]
    fn a_taste_of_poems_is_asked_of_poems_alone() {
        let asked = |teacher| prompts(teacher).map(|prompt| prompt.name).collect::<Vec<_>>();
        let [poems, all] = [Taste::Rhymes, Taste::Brevity].map(|taste| asked(Teacher::Simulated(taste)));
        assert_eq!((poems.len(), all.len()), (10, 20));
        assert_eq!(poems, all[..10]);
        assert_eq!(asked(Teacher::Visitor), all);
    }

    #[test]
    fn votes_follow_the_taste_and_no_answer_comes_twice() {
        let votes = gathered(Taste::Brevity).votes(60);
        assert_eq!(votes.len(), 60);
        for vote in &votes {
            let words = |text: &Text| text.text.split_whitespace().count();
            assert!(words(&vote.chosen) < words(&vote.rejected));
        }
        let texts: HashSet<&String> =
            votes.iter().flat_map(|vote| [&vote.chosen.text, &vote.rejected.text]).collect();
        assert_eq!(texts.len(), 120);
        assert_eq!(votes, gathered(Taste::Brevity).votes(60), "the same every time");
    }

    #[test]
    fn where_a_taste_finds_nothing_there_are_no_votes() {
        assert!(gathered(Taste::Birds).votes(60).is_empty());
        let mut silent = gathered(Taste::Brevity);
        (0..40).for_each(|job| silent.restart(job));
        assert!(silent.votes(60).is_empty());
    }
}
