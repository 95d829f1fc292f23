//! How sure the published reward model is of the visitor's votes, and how often it is right.

use std::rc::Rc;

use yew::platform::spawn_local;
use yew::prelude::*;

use super::judge;
use super::judging::{Action, Judging, MOST_JUDGED};
use crate::app::language::{Words, use_words};
use crate::app::parts::emit;
use crate::learning::{Bin, Calibration as Found};
use crate::platform::store::VoteStore;
use crate::protocol::ModelSource;
use crate::worker::client::Client;

impl Reducible for Judging {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Calibration`].
#[derive(Properties, PartialEq)]
pub struct CalibrationProps {
    /// The engine.
    pub engine: Client,
    /// The reward model.
    pub judge: ModelSource,
    /// Nats of its raw score in one unit of its rewards.
    pub deviation: f64,
    /// Votes kept; when their number changes they are read.
    pub kept: Option<u32>,
}

/// A button, then a sentence and a table.
#[component]
pub fn Calibration(props: &CalibrationProps) -> Html {
    let words = use_words();
    let said = &words.compare.calibration;
    let state = use_reducer_eq(Judging::default);
    {
        let dispatcher = state.dispatcher();
        use_effect_with(props.kept, move |_| {
            spawn_local(async move {
                // Where votes cannot be read the chapter says so elsewhere.
                if let Ok(kept) = VoteStore::default().votes().await {
                    dispatcher.dispatch(Action::Read(kept.votes));
                }
            });
        });
    }
    {
        let (dispatcher, engine, judge) = (state.dispatcher(), props.engine.clone(), props.judge.clone());
        use_effect_with(state.next().cloned(), move |vote| {
            let request = vote.as_ref().map(|vote| {
                let id = vote.id;
                judge::ask(&engine, &judge, vote, move |rewards| {
                    dispatcher.dispatch(Action::Scored(id, rewards));
                })
            });
            move || {
                if let Some(request) = request {
                    engine.cancel(request); // one that has ended takes no notice
                }
            }
        });
    }
    let on_ask = {
        let dispatcher = state.dispatcher();
        let act = Callback::from(move |action: Action| dispatcher.dispatch(action));
        emit(&act, Action::Ask)
    };
    let (done, all) = state.progress();
    let found = state.calibration(props.deviation).filter(|_| done == all);
    html! {
        <section class="leaderboard" id="compare-calibration" aria-labelledby="compare-calibration-heading" data-judged={done.to_string()} data-votes={all.to_string()}>
            <h3 id="compare-calibration-heading">{ said.heading }</h3>
            <p class="note">{ said.question }</p>
            if all == 0 {
                <p class="note">{ said.no_votes }</p>
            } else if state.is_offered() {
                <div class="buttons"><button id="compare-calibration-ask" type="button" onclick={on_ask}>{ (said.ask)(all) }</button></div>
            } else if state.has_failed {
                <div class="buttons" role="alert">
                    <span>{ said.failed }</span>
                    <button id="compare-calibration-retry" type="button" onclick={on_ask}>{ said.retry }</button>
                </div>
            }
            <div role="status">
                if let Some(found) = &found {
                    <p class="verdict">{ (said.verdict)(found) }</p>
                } else if !state.is_offered() && done < all {
                    <p class="note">{ (said.progress)(done, all) }</p>
                }
            </div>
            if let Some(found) = &found {
                { table(found, words) }
            }
        </section>
    }
}

fn table(found: &Found, words: &Words) -> Html {
    let said = &words.compare.calibration;
    let line = |bin: &Bin| {
        html! {
            <tr data-predicted={format!("{:.4}", bin.predicted)} data-agreed={bin.agreed.hits.to_string()} data-of={bin.agreed.of.to_string()}>
                <th scope="row">{ (said.bin)(bin) }</th>
                <td>{ words.share(bin.predicted) }</td>
                <td>{ bin.agreed.value().map(|share| words.share(share)) }</td>
                <td>{ words.range(bin.agreed.interval()) }</td>
                <td>{ bin.agreed.of }</td>
            </tr>
        }
    };
    html! {
        <>
            <div class="table-box" tabindex="0" role="region" aria-label={said.table}>
                <table>
                    <thead>
                        <tr>
                            { for [said.sure, said.average, said.agreed, said.interval, said.votes].map(|head| html! { <th scope="col">{ head }</th> }) }
                        </tr>
                    </thead>
                    <tbody>{ for found.bins.iter().map(line) }</tbody>
                </table>
            </div>
            <details>
                <summary>{ said.how }</summary>
                <p class="note">{ (said.method)(MOST_JUDGED) }</p>
            </details>
        </>
    }
}
