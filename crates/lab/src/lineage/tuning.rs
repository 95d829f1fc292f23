//! Fine-tuning on given answers: the supervised half of rejection sampling.
//!
//! The loss is that of SFT, but tokens of facts weigh more, so that the two kinds weigh the same: an answer counts once in
//! the expected reward however long it is, and poems have four times as many tokens. Within a kind all tokens weigh the
//! same. To let every *answer* weigh the same would favour short ones, whose first token would weigh most.

use anyhow::{Result, ensure};
use thermostat::training::order::shuffled;

use super::config::{LineageConfig, RejectionConfig};
use super::progress::Progress;
use super::setting::{Purpose, Setting, learning_rate_at};
use crate::adamw::AdamW;
use crate::corpus::Kind;
use crate::network::{Layout, Shard};
use crate::step::{Part, Workers, parts};

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

/// A lesson as tokens, with the weight of each token of its answer.
struct Document {
    tokens: Vec<u32>,
    answer_from: usize,
    weight: f32,
}

impl Document {
    fn answer_tokens(&self) -> usize {
        self.tokens.len() - self.answer_from
    }
}

/// Documents of one shard, and the weight of every wanted position.
#[derive(Debug, Clone)]
struct WeightedShard {
    shard: Shard,
    weights: Vec<f32>,
}

impl WeightedShard {
    /// Its parts, with the weight of each one's wanted positions.
    fn parts(&self) -> impl Iterator<Item = (Part, &[f32])> {
        parts(&self.shard, 1).into_iter().map(|part| {
            let own = &self.weights[part.positions.clone()];
            (part, own)
        })
    }
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
        let ordered: Vec<&Document> = order.iter().map(|&place| &documents[place]).collect();
        batches.extend(packed(setting, &ordered).chunks(shards).map(<[WeightedShard]>::to_vec));
    }
    let decaying = Layout::new(&setting.shape).decays();
    let mut optimizer = AdamW::new(weights.len());
    let mut workers = Workers::new(&setting.shape, setting.threads);
    let mut progress = Progress::new(&format!("fine-tuning v{version}"), batches.len());
    let mut losses = Vec::with_capacity(batches.len());
    for (step, batch) in batches.iter().enumerate() {
        let sum: f32 = batch.iter().flat_map(|part| &part.weights).sum();
        let parts: Vec<(Part, &[f32])> = batch.iter().flat_map(WeightedShard::parts).collect();
        let (sums, gradient) = workers.gradient_of(parts.len(), 0, |pass, index, gradient| {
            let (Part { shard, .. }, own) = &parts[index];
            let token_losses = pass.train_weighted(weights, shard, &mut |i, _| own[i] / sum, gradient);
            token_losses
                .iter()
                .zip(*own)
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
    // Answer tokens by kind.
    let mut counts = [0; 2];
    for lesson in lessons {
        let (tokens, answer_from) = setting.document(lesson.prompt, lesson.answer)?;
        let document = Document { tokens, answer_from, weight: 1.0 };
        counts[lesson.kind as usize] += document.answer_tokens();
        documents.push(document);
    }
    let kinds = counts.iter().filter(|&&count| count > 0).count();
    let all: usize = counts.iter().sum();
    for (document, lesson) in documents.iter_mut().zip(lessons) {
        document.weight = all as f32 / (kinds * counts[lesson.kind as usize]) as f32;
    }
    Ok(documents)
}

fn packed(setting: &Setting, documents: &[&Document]) -> Vec<WeightedShard> {
    let shards = setting.pack(
        documents,
        |document| document.tokens.len(),
        |shard, document| shard.push(&document.tokens, document.answer_from),
    );
    let mut rest = documents.iter();
    let weighted = |shard: Shard| {
        let own = rest.by_ref().take(shard.lengths.len());
        let weights = own.flat_map(|d| std::iter::repeat_n(d.weight, d.answer_tokens())).collect();
        WeightedShard { shard, weights }
    };
    shards.into_iter().map(weighted).collect()
}
