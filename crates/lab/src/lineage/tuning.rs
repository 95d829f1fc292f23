//! Fine-tuning on given answers: the supervised half of rejection sampling.
//!
//! The loss is that of SFT, but tokens of facts weigh more, so that the two kinds weigh the same: an answer counts once in
//! the expected reward however long it is, and poems have four times as many tokens. Within a kind all tokens weigh the
//! same. To let every *answer* weigh the same would favour short ones, whose first token would weigh most.

use anyhow::{Result, ensure};

use super::config::{LineageConfig, RejectionConfig};
use super::progress::Progress;
use super::setting::{Purpose, Setting, learning_rate_at, shuffled};
use crate::adamw::AdamW;
use crate::corpus::Kind;
use crate::network::{Layout, Shard};
use crate::step::Workers;

/// An answer to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson<'a> {
    /// Poem or fact.
    pub kind: Kind,
    /// The prompt.
    pub prompt: &'a str,
    /// The answer.
    pub answer: &'a str,
}

/// A document ready to be packed, with the weight of each of its answer tokens.
struct Document {
    tokens: Vec<u32>,
    answer_from: usize,
    weight: f32,
}

/// Documents of one shard, and the weight of every wanted position.
#[derive(Debug, Clone, Default)]
struct WeightedShard {
    shard: Shard,
    weights: Vec<f32>,
}

/// Trains `weights` on lessons. Returns the mean loss of the last tenth of the steps, nats per answer token, both kinds
/// weighing the same.
///
/// # Errors
/// A text that cannot be encoded; a loss that is not a number.
pub fn fine_tune(
    setting: &Setting,
    config: &LineageConfig,
    version: u32,
    lessons: &[Lesson<'_>],
    weights: &mut [f32],
) -> Result<f64> {
    let RejectionConfig { epochs, shards, learning_rate, .. } = config.rejection;
    let documents = documents(setting, lessons)?;
    let mut batches: Vec<Vec<WeightedShard>> = Vec::new();
    for epoch in 0..epochs as u64 {
        let order = shuffled(documents.len(), setting.stream(Purpose::Order, version, 100 + epoch));
        let packed = packed(setting, order.iter().map(|&place| &documents[place]));
        batches.extend(packed.chunks(shards).map(<[WeightedShard]>::to_vec));
    }
    let decaying = Layout::new(&setting.shape).decays();
    let mut optimizer = AdamW::new(weights.len());
    let mut workers = Workers::new(&setting.shape, setting.threads, shards);
    let mut progress = Progress::new(&format!("fine-tuning v{version}"), batches.len());
    let mut losses = Vec::with_capacity(batches.len());
    for (step, batch) in batches.iter().enumerate() {
        let sum: f32 = batch.iter().flat_map(|part| &part.weights).sum();
        let (sums, gradient) = workers.gradient_of(batch.len(), 0, |pass, index, gradient| {
            let WeightedShard { shard, weights: own } = &batch[index];
            let token_losses = pass.train_weighted(weights, shard, &mut |i, _| own[i] / sum, gradient);
            token_losses
                .iter()
                .zip(own)
                .map(|(&loss, &own)| f64::from(loss) * f64::from(own / sum))
                .sum::<f64>()
        });
        let loss: f64 = sums.iter().sum();
        ensure!(loss.is_finite(), "the loss is not a number at step {step}");
        losses.push(loss);
        let rate = learning_rate_at(learning_rate, step, batches.len());
        optimizer.step(&config.adam, rate, &decaying, gradient, weights);
        progress.at(step + 1, &format!("loss {loss:.3}"));
    }
    let last = &losses[losses.len() - losses.len().div_ceil(10)..];
    let loss = last.iter().sum::<f64>() / last.len().max(1) as f64;
    progress.finish(&format!("{} answers, loss {loss:.3}", lessons.len()));
    Ok(loss)
}

/// Lessons as tokens; the answer tokens of each kind have the same sum of weights, and 1 is the mean weight.
fn documents(setting: &Setting, lessons: &[Lesson<'_>]) -> Result<Vec<Document>> {
    let mut documents = Vec::with_capacity(lessons.len());
    let mut counts: Vec<(Kind, usize)> = Vec::new();
    for lesson in lessons {
        let (tokens, answer_from) = setting.document(lesson.prompt, lesson.answer)?;
        let count = tokens.len() - answer_from;
        match counts.iter_mut().find(|(kind, _)| *kind == lesson.kind) {
            Some((_, sum)) => *sum += count,
            None => counts.push((lesson.kind, count)),
        }
        documents.push(Document { tokens, answer_from, weight: 1.0 });
    }
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    for (document, lesson) in documents.iter_mut().zip(lessons) {
        if let Some((_, count)) = counts.iter().find(|(kind, _)| *kind == lesson.kind) {
            document.weight = all as f32 / (counts.len() * count) as f32;
        }
    }
    Ok(documents)
}

fn packed<'a>(setting: &Setting, documents: impl Iterator<Item = &'a Document>) -> Vec<WeightedShard> {
    let mut shards: Vec<WeightedShard> = Vec::new();
    for Document { tokens, answer_from, weight } in documents {
        if shards.last().is_none_or(|s| s.shard.tokens.len() + tokens.len() > setting.shard_tokens) {
            shards.push(WeightedShard::default());
        }
        if let Some(WeightedShard { shard, weights }) = shards.last_mut() {
            shard.push(tokens, *answer_from);
            weights.resize(shard.positions.len(), *weight);
        }
    }
    shards
}
