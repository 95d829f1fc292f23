//! Asking the published reward model about a pair that was voted on.

use crate::preference::Vote;
use crate::protocol::{ModelSource, RequestId, ScoreJob};
use crate::worker::client::Client;
use crate::worker::switchboard::Update;

/// Asks for its rewards of answers A and B, whitened; its file is fetched if need be. `hear` gets them, or none where it could not be
/// asked; nothing if the request is cancelled.
pub fn ask(
    client: &Client,
    judge: &ModelSource,
    vote: &Vote,
    hear: impl Fn(Option<[f32; 2]>) + 'static,
) -> RequestId {
    client.want(judge.clone());
    let job = ScoreJob {
        model: judge.key.clone(),
        prompt: vote.prompt.clone(),
        chat: true,
        answers: [&vote.answer_a, &vote.answer_b].map(|answer| answer.text.clone()).to_vec(),
    };
    client.score(job, move |update| match update {
        Update::Scored(scores) => hear(<[f32; 2]>::try_from(scores).ok()),
        Update::Failed(_) => hear(None),
        _ => {}
    })
}
