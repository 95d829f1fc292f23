//! The chapter's effects: answers are sampled, and the reward model scores them.

use std::cell::RefCell;
use std::rc::Rc;

use yew::UseReducerDispatcher;

use super::state::{Action, Phase, State, prompt};
use crate::app::errand::Errand;
use crate::experiment::plan::ANSWERS_PER_PROMPT;
use crate::experiment::rewards::ScoredAnswer;
use crate::protocol::ScoreJob;
use crate::worker::client::Client;
use crate::worker::switchboard::Update;

/// Does what the state asks for.
pub struct Desk {
    client: Client,
    dispatch: UseReducerDispatcher<State>,
    /// The step under way: first its answers, then their scores.
    errand: Rc<Errand>,
}

impl Desk {
    /// A desk that does nothing yet.
    pub fn new(client: Client, dispatch: UseReducerDispatcher<State>) -> Self {
        Self { errand: Rc::new(Errand::new(client.clone())), client, dispatch }
    }

    /// Begins what a state asks for, and ends what it does not ask for any more.
    pub fn follow(&self, state: &State) {
        let wanted = match state.phase {
            Phase::Running { ticket, step } => Some((ticket, step)),
            Phase::Resting => None,
        };
        let is_new = self.errand.turn_to(wanted.map(|(ticket, _)| ticket));
        let Some((ticket, step)) = wanted.filter(|_| is_new) else { return };
        let (Some((job, source)), Some(judge), Some(prompt)) =
            (state.job(), state.judge.clone(), prompt(step))
        else {
            return;
        };
        if state.done() == 0 {
            // All at once, so that no step waits for a file.
            state.sources().for_each(|source| self.client.want(source.clone()));
        }
        self.client.want(source);
        let texts = RefCell::new(vec![String::new(); ANSWERS_PER_PROMPT as usize]);
        let (client, dispatch, errand) =
            (self.client.clone(), self.dispatch.clone(), Rc::clone(&self.errand));
        let hear = move |update| match update {
            Update::Tokens(deltas) => {
                for delta in deltas {
                    if let Some(text) = texts.borrow_mut().get_mut(delta.row as usize) {
                        text.push_str(&delta.text);
                    }
                }
            }
            Update::Restarted => texts.borrow_mut().iter_mut().for_each(String::clear),
            Update::Finished(_) => {
                let answers: Vec<String> = texts.take().iter().map(|text| text.trim().to_owned()).collect();
                let job = ScoreJob {
                    model: judge.key.clone(),
                    prompt: prompt.to_owned(),
                    chat: true,
                    answers: answers.clone(),
                };
                client.want(judge.clone());
                let dispatch = dispatch.clone();
                let request =
                    client.score(job, move |update| scored(&dispatch, ticket, prompt, &answers, update));
                errand.asked(ticket, request);
            }
            Update::Failed(error) => dispatch.dispatch(Action::Failed { ticket, error }),
            Update::Cancelled | Update::Inspected(_) | Update::Scored(_) => {}
        };
        self.errand.asked(ticket, self.client.generate(job, hear));
    }
}

fn scored(
    dispatch: &UseReducerDispatcher<State>,
    ticket: u32,
    prompt: &str,
    answers: &[String],
    update: Update,
) {
    match update {
        Update::Scored(rewards) => {
            let pair = |(answer, reward): (&String, f32)| ScoredAnswer {
                prompt: prompt.to_owned(),
                answer: answer.clone(),
                reward: f64::from(reward),
            };
            let answers = answers.iter().zip(rewards).map(pair).collect();
            dispatch.dispatch(Action::Scored { ticket, answers });
        }
        Update::Failed(error) => dispatch.dispatch(Action::Failed { ticket, error }),
        _ => {}
    }
}
