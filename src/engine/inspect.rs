//! Reading an answer: the distribution of the next token before each of its tokens, and after the last.
//!
//! One forward pass over prompt and answer, so an answer costs about as much as a prompt of its length. The logits are
//! those that sampling would see at T = 1; what a temperature makes of them is for the one who asked.

use super::{EngineError, LoadedModel};
use crate::model::ModelError;
use crate::protocol::{InspectJob, Inspection, ReadAnswer, TokenText};
use crate::units::TokenId;

/// So many of the likeliest tokens are named at each place.
const LIKELIEST: usize = 12;

/// Reads an answer. An empty one is read too: its one place is the first token.
///
/// # Errors
/// A text that cannot be encoded, unknown tokens, prompt and answer too long for the model, logits that are not numbers,
/// or a device that fails.
pub async fn inspect(model: &LoadedModel, job: &InspectJob) -> Result<Inspection, EngineError> {
    let mut text = model.encode(&job.prompt, job.chat)?;
    let before = text.len();
    let answer = match &job.answer {
        ReadAnswer::Tokens(tokens) => tokens.clone(),
        ReadAnswer::Text(answer) => model.tokenizer.encode_continuation(answer)?,
    };
    if before == 0 {
        return Err(ModelError::EmptyPrompt.into());
    }
    text.extend(&answer);
    let context = model.decoder.config().context_length;
    if text.len() > context {
        return Err(EngineError::AnswerTooLong { tokens: text.len(), most: context });
    }
    let logits = model.decoder.all_logits(&text)?;
    let [_, vocabulary] = logits.dims();
    let logits = logits.rows(before - 1, answer.len() + 1).read().await?;
    if let Some(place) = logits.iter().position(|logit| !logit.is_finite()) {
        return Err(EngineError::NotANumber { place: place / vocabulary + 1 });
    }
    let mut stream = model.tokenizer.stream_decoder();
    let tokens = answer.iter().map(|&id| TokenText { id, text: stream.push(&model.tokenizer, id) }).collect();
    Ok(Inspection {
        tokens,
        vocabulary: vocabulary as u32,
        likeliest: logits.chunks_exact(vocabulary).map(|logits| likeliest(model, logits)).collect(),
        logits: logits.iter().flat_map(|logit| logit.to_le_bytes()).collect(),
        end: model.tokenizer.end(),
    })
}

/// The likeliest tokens of a place, best first; ties by id, as sampling breaks them.
#[inline(never)]
fn likeliest(model: &LoadedModel, logits: &[f32]) -> Vec<TokenText> {
    let mut best: Vec<usize> = Vec::with_capacity(LIKELIEST + 1);
    for (token, &logit) in logits.iter().enumerate() {
        let place = best.partition_point(|&better| logits[better] >= logit);
        if place < LIKELIEST {
            best.insert(place, token);
            best.truncate(LIKELIEST);
        }
    }
    let text = |id: TokenId| String::from_utf8_lossy(model.tokenizer.bytes_of(id)).into_owned();
    best.into_iter().map(|token| TokenText { id: token as TokenId, text: text(token as TokenId) }).collect()
}
