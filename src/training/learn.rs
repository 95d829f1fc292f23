//! One order from beginning to end: what the page's trainer does.
//!
//! 1. Read the stage to begin from, and the votes as tokens.
//! 2. Hold back: fit reward heads to parts of the votes, and ask them about the rest.
//! 3. Fit the reward head to all votes.
//! 4. Move the policy by the votes themselves.
//! 5. Write its file, and go on with what the file says, rounding included.
//! 6. Sample fresh answers of the stage and of the new policy, reward them, and say how far the policy has moved.

use std::collections::HashMap;

use super::TrainingError;
use super::documents::{Document, in_shards};
use super::file::{weights, with_weights};
use super::network::generate::{Row, sample};
use super::network::{ModelShape, Pass, Shard};
use super::policy::{PolicyConfig, PolicyTraining};
use super::reward::{Features, RewardHead, features, held_back};
use crate::checksum::hex_sha256;
use crate::experiment::plan::MOST_NEW_TOKENS;
use crate::gguf::{Gguf, TensorType};
use crate::learning::{FreshPair, Lesson, News, Order, Step, Text};
use crate::text::Tokenizer;
use crate::units::{Temperature, TokenId};

/// Block format of the new file. Finer than Q4_0: sixty votes move weights by less than its steps.
const FORMAT: TensorType = TensorType::Q8_0;
/// Fresh answers are drawn from the policy as it is.
const FRESH_TEMPERATURE: Temperature = Temperature::Value(1.0);
/// Prompts whose fresh answers are drawn at a time, between two reports.
const PROMPTS_AT_A_TIME: usize = 4;

/// The stage to begin from.
struct Stage {
    tokenizer: Tokenizer,
    end: TokenId,
    shape: ModelShape,
    weights: Vec<f32>,
}

/// Carries an order out on the file of the stage to begin from. `tell` hears of the progress; the last news is returned.
///
/// # Errors
/// A file that is none of ours; texts that cannot be encoded; fewer than two votes that prefer something; numbers that are none.
pub fn learn(file: Vec<u8>, order: &Order, tell: &mut dyn FnMut(News)) -> Result<News, TrainingError> {
    let mut progress = |step: Step, done: usize, all: usize| {
        tell(News::Progress { step, done: done as u32, all: all as u32 });
    };

    // 1. The stage and the votes.
    let gguf = Gguf::parse(file)?;
    let tokenizer = Tokenizer::from_gguf(&gguf)?;
    let (shape, weights_before) = weights(&gguf)?;
    let end = tokenizer.end().ok_or(TrainingError::NoEnd)?;
    let stage = Stage { tokenizer, end, shape, weights: weights_before };
    let (pairs, margins) = stage.pairs(&order.lessons)?;
    if pairs.len() < 2 {
        return Err(TrainingError::TooFew(pairs.len()));
    }

    // 2. and 3. The reward head.
    progress(Step::HoldBack, 0, 1);
    let seed = u64::from(order.seed);
    let votes = stage.features_of(&pairs);
    let report = held_back(&votes, &margins, &groups(&pairs), seed, &mut |done, all| {
        progress(Step::HoldBack, done, all)
    })?;
    let head = RewardHead::fit(&votes, &margins)?;
    tell(News::Rewarded(report));

    // 4. The policy.
    let mut policy = stage.weights.clone();
    let mut training = PolicyTraining::new(&stage.shape, PolicyConfig::default(), &pairs, &policy, seed);
    while training.step(&mut policy)?.is_some() {
        let (done, all) = training.progress();
        tell(News::Progress { step: Step::Policy, done: done as u32, all: all as u32 });
    }
    drop(training);

    // 5. Its file.
    let file = with_weights(&gguf, &stage.shape, &policy, &order.name, FORMAT)?;
    let policy = weights(&Gguf::parse(file.clone())?)?.1;

    // 6. Fresh answers.
    let fresh = stage.fresh(order, &policy, &head, tell)?;
    let divergence = stage.divergence(&policy, &fresh)?;
    Ok(News::Learned {
        sha256: hex_sha256(&file),
        quantization: FORMAT.name().to_owned(),
        parameters: policy.len() as u64,
        file,
        fresh,
        divergence,
    })
}

/// A number for each vote: the same for those that share an answer to the same prompt, directly or through others.
fn groups(pairs: &[[Document; 2]]) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..pairs.len()).collect();
    let mut first_with: HashMap<&[TokenId], usize> = HashMap::new();
    for (vote, pair) in pairs.iter().enumerate() {
        for document in pair {
            let first = *first_with.entry(document.tokens.as_slice()).or_insert(vote);
            let (from, to) = (groups[vote], groups[first]);
            groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
        }
    }
    groups
}

impl Stage {
    fn document(&self, prompt: &str, answer: &str, is_complete: bool) -> Result<Document, TrainingError> {
        Document::new(&self.tokenizer, self.shape.context, prompt, answer, is_complete)
    }

    /// The lessons as tokens, chosen before rejected, and their margins. A prompt that leaves no room for an answer is left out.
    fn pairs(&self, lessons: &[Lesson]) -> Result<(Vec<[Document; 2]>, Vec<f32>), TrainingError> {
        let (mut pairs, mut margins) = (Vec::new(), Vec::new());
        for lesson in lessons {
            let document = |text: &Text| self.document(&lesson.prompt, &text.text, text.is_complete);
            let pair = [document(&lesson.chosen)?, document(&lesson.rejected)?];
            if pair.iter().all(|document| document.answer_tokens() > 0) {
                pairs.push(pair);
                margins.push(lesson.margin);
            }
        }
        Ok((pairs, margins))
    }

    fn features_of(&self, pairs: &[[Document; 2]]) -> Features {
        let documents: Vec<&Document> = pairs.iter().flatten().collect();
        let mut all = features(&self.shape, &self.weights, &documents).into_iter();
        pairs.iter().map(|_| [all.next().unwrap_or_default(), all.next().unwrap_or_default()]).collect()
    }

    /// Answers to the order's prompts before and after, each with its reward.
    fn fresh(
        &self,
        order: &Order,
        policy: &[f32],
        head: &RewardHead,
        tell: &mut dyn FnMut(News),
    ) -> Result<Vec<FreshPair>, TrainingError> {
        let mut fresh = Vec::new();
        let all = order.prompts.len() as u32;
        for prompts in order.prompts.chunks(PROMPTS_AT_A_TIME) {
            tell(News::Progress {
                step: Step::Answers,
                done: fresh.len() as u32 / order.answers.max(1),
                all,
            });
            let before = self.answers(order, &self.weights, prompts, fresh.len() as u32, 0)?;
            let after = self.answers(order, policy, prompts, fresh.len() as u32, 1)?;
            let asked = prompts.iter().flat_map(|prompt| std::iter::repeat_n(prompt, order.answers as usize));
            for ((before, after), prompt) in before.into_iter().zip(after).zip(asked) {
                let documents = [self.document(prompt, &before, true)?, self.document(prompt, &after, true)?];
                let found = features(&self.shape, &self.weights, &documents.each_ref());
                let reward = |answer: usize| found.get(answer).map_or(0.0, |features| head.reward(features));
                fresh.push(FreshPair {
                    prompt: prompt.clone(),
                    answers: [before, after],
                    rewards: [reward(0), reward(1)],
                });
            }
        }
        tell(News::Progress { step: Step::Answers, done: all, all });
        Ok(fresh)
    }

    /// The texts of as many answers to each prompt as the order says. `first_row` and `side` keep draws apart.
    fn answers(
        &self,
        order: &Order,
        weights: &[f32],
        prompts: &[String],
        first_row: u32,
        side: u32,
    ) -> Result<Vec<String>, TrainingError> {
        let mut rows = Vec::new();
        for prompt in prompts {
            let tokens = self.tokenizer.chat_prompt(prompt)?;
            for _ in 0..order.answers {
                let row = 2 * (first_row + rows.len() as u32) + side;
                rows.push(Row {
                    prompt: tokens.clone(),
                    row,
                    seed: order.seed,
                    temperature: FRESH_TEMPERATURE,
                });
            }
        }
        let sampled = sample(weights, &self.shape, &rows, self.end, MOST_NEW_TOKENS as usize, 1);
        let text = |tokens: &[TokenId]| {
            let words = tokens.strip_suffix(&[self.end]).unwrap_or(tokens);
            self.tokenizer.decode(words).trim().to_owned()
        };
        Ok(sampled.iter().map(|answer| text(&answer.tokens)).collect())
    }

    /// The mean of `ln policy / stage` over the policy's own answers, nats per answer: an estimate of the divergence.
    fn divergence(&self, policy: &[f32], fresh: &[FreshPair]) -> Result<f64, TrainingError> {
        let mut documents = Vec::with_capacity(fresh.len());
        for pair in fresh {
            documents.push(self.document(&pair.prompt, &pair.answers[1], true)?);
        }
        let mut pass = Pass::new(&self.shape);
        let mut sum = 0.0;
        for part in in_shards(&documents, |document| document.tokens.len()) {
            let mut shard = Shard::default();
            part.iter().for_each(|document| shard.push(&document.tokens, document.answer_from));
            let mut loss =
                |weights: &[f32]| pass.losses(weights, &shard).iter().map(|&l| f64::from(l)).sum::<f64>();
            sum += loss(&self.weights) - loss(policy);
        }
        Ok(sum / documents.len().max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_that_share_an_answer_are_one_group_through_others_too() {
        let document = |tokens: &[TokenId]| Document { tokens: tokens.to_vec(), answer_from: 1 };
        let pair = |a: TokenId, b: TokenId| [document(&[1, a]), document(&[1, b])];
        let found = groups(&[pair(2, 3), pair(4, 5), pair(6, 7), pair(3, 6), pair(8, 9)]);
        assert!(found[0] == found[2] && found[0] == found[3]);
        assert!(found[1] != found[0] && found[4] != found[0] && found[1] != found[4]);
    }
}
