//! Fine-tuning on given answers: the supervised half of rejection sampling. The loss is that of SFT.

use anyhow::{Result, ensure};

use super::config::{LineageConfig, RejectionConfig};
use super::progress::Progress;
use super::setting::{Purpose, Setting, learning_rate_at, shuffled};
use crate::adamw::AdamW;
use crate::network::{Layout, Shard};
use crate::step::Workers;

/// Trains `weights` on prompts and answers. Returns the mean loss of the last tenth of the steps, nats per answer token.
///
/// # Errors
/// A text that cannot be encoded; a loss that is not a number.
pub fn fine_tune(
    setting: &Setting,
    config: &LineageConfig,
    version: u32,
    answers: &[(&str, &str)],
    weights: &mut [f32],
) -> Result<f64> {
    let RejectionConfig { epochs, shards, learning_rate, .. } = config.rejection;
    let documents: Vec<(Vec<u32>, usize)> =
        answers.iter().map(|(prompt, answer)| setting.document(prompt, answer)).collect::<Result<_>>()?;
    let mut batches: Vec<Vec<Shard>> = Vec::new();
    for epoch in 0..epochs as u64 {
        let order = shuffled(documents.len(), setting.stream(Purpose::Order, version, 100 + epoch));
        let ordered: Vec<&(Vec<u32>, usize)> = order.iter().map(|&i| &documents[i]).collect();
        let packed = setting.pack(
            &ordered,
            |(tokens, _)| tokens.len(),
            |shard, (tokens, answer_from)| shard.push(tokens, *answer_from),
        );
        batches.extend(packed.chunks(shards).map(<[Shard]>::to_vec));
    }
    let decaying = Layout::new(&setting.shape).decays();
    let mut optimizer = AdamW::new(weights.len());
    let mut workers = Workers::new(&setting.shape, setting.threads, shards);
    let mut progress = Progress::new(&format!("fine-tuning v{version}"), batches.len());
    let mut losses = Vec::with_capacity(batches.len());
    for (step, batch) in batches.iter().enumerate() {
        let (batch_loss, gradient) = workers.gradient(weights, batch);
        ensure!(batch_loss.loss.is_finite(), "the loss is not a number at step {step}");
        losses.push(batch_loss.loss);
        let rate = learning_rate_at(learning_rate, step, batches.len());
        optimizer.step(&config.adam, rate, &decaying, gradient, weights);
        progress.at(step + 1, &format!("loss {:.3}", batch_loss.loss));
    }
    let last = &losses[losses.len() - losses.len().div_ceil(10)..];
    let loss = last.iter().sum::<f64>() / last.len().max(1) as f64;
    progress.finish(&format!("{} answers, loss {loss:.3}", answers.len()));
    Ok(loss)
}
