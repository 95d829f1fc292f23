//! Scoring answers with a reward model.
//!
//! The prompt runs once; the answers run beside each other as rows, each up to the token that ends it. The score is the
//! head's number for the state after that token, as in training (Touvron et al. 2023, section 3.2.2).

use super::batch::MOST_ROWS;
use super::{EngineError, LoadedModel};
use crate::protocol::ScoreJob;
use crate::units::TokenId;

/// Scores answers; one score each, in their order.
///
/// # Errors
/// A model that is no reward model, a text that cannot be encoded, prompt and answer too long for the model, scores that are
/// not numbers, or a device that fails.
pub async fn score(model: &LoadedModel, job: &ScoreJob) -> Result<Vec<f32>, EngineError> {
    let (true, Some(end)) = (model.decoder.gives_scores(), model.tokenizer.end()) else {
        return Err(EngineError::NoScores);
    };
    let prompt = model.encode(&job.prompt, job.chat)?;
    let context = model.decoder.config().context_length;
    let mut answers = Vec::with_capacity(job.answers.len());
    for answer in &job.answers {
        let mut tokens = model.tokenizer.encode_continuation(answer)?;
        tokens.push(end);
        if prompt.len() + tokens.len() > context {
            return Err(EngineError::AnswerTooLong { tokens: prompt.len() + tokens.len(), most: context });
        }
        answers.push(tokens);
    }
    let mut scores = vec![f32::NAN; answers.len()];
    for (answers, scores) in answers.chunks(MOST_ROWS).zip(scores.chunks_mut(MOST_ROWS)) {
        score_rows(model, &prompt, answers, scores).await?;
    }
    if scores.iter().all(|score| score.is_finite()) { Ok(scores) } else { Err(EngineError::BadScore) }
}

/// Scores answers that fit into one batch.
async fn score_rows(
    model: &LoadedModel,
    prompt: &[TokenId],
    answers: &[Vec<TokenId>],
    scores: &mut [f32],
) -> Result<(), EngineError> {
    let decoder = &model.decoder;
    let (prefix, _) = decoder.prefill(prompt)?;
    let mut own = decoder.row_cache(&prefix, answers.len())?;
    let mut live: Vec<usize> = (0..answers.len()).collect();
    for step in 0.. {
        if live.is_empty() {
            break;
        }
        let newest: Vec<TokenId> = live.iter().map(|&answer| answers[answer][step]).collect();
        let states = decoder.advance(&mut own, &newest)?;
        let goes_on = |answer: usize| step + 1 < answers[answer].len();
        if live.iter().all(|&answer| goes_on(answer)) {
            continue;
        }
        // All rows are scored, and the scores of those that go on are dropped: one small product either way.
        let all = decoder.scores(states).ok_or(EngineError::NoScores)?.read().await?;
        let mut kept = Vec::new();
        for (row, (&answer, &score)) in live.iter().zip(&all).enumerate() {
            if goes_on(answer) {
                kept.push(row);
            } else {
                scores[answer] = score;
            }
        }
        live = kept.iter().map(|&row| live[row]).collect();
        if !live.is_empty() {
            own.keep(&kept);
        }
    }
    Ok(())
}
