//! What is seen in each phase.

use std::rc::Rc;

use yew::prelude::*;

use super::answers::PairView;
use super::ballot::Ballot;
use super::desk::{Desk, Export};
use super::state::{Action, Phase, State};
use crate::app::parts::emit;
use crate::app::words::bytes;
use crate::preference::{Choice, Vote};

/// Hands out a file of all votes.
pub fn on_export(desk: &Rc<Desk>, state: &State) -> Callback<Export> {
    let (desk, unsaved) = (Rc::clone(desk), state.unsaved.clone());
    Callback::from(move |export| desk.export(export, unsaved.clone()))
}

/// The phase's part of the document.
pub fn phase_view(
    state: &State,
    engine_phase: &str,
    act: &Callback<Action>,
    choose: &Callback<Choice>,
    desk: &Rc<Desk>,
) -> Html {
    match &state.phase {
        Phase::Idle => html! {},
        Phase::Sampling(sampling) => {
            let (done, all) = sampling.progress();
            html! {
                <div class="progress shown">
                    <progress aria-label="Answers sampled" max={all.to_string()} value={done.to_string()}></progress>
                    <span>{ sampling_in_words(engine_phase, done, all) }</span>
                    <button id="compare-cancel" type="button" onclick={emit(act, Action::Cancel)}>{ "Cancel" }</button>
                </div>
            }
        }
        Phase::Blind(pair) => html! {
            <>
                <PairView prompt={pair.prompt.clone()} texts={pair.answers.clone().map(|a| (a.text, a.is_complete))} />
                <Ballot on_choose={choose.clone()} />
            </>
        },
        Phase::Saving { vote, .. } => html! {
            <>
                { blind_view(vote) }
                <p class="compare-result">{ "Keeping your vote …" }</p>
            </>
        },
        Phase::Saved(vote) => {
            let (desk, id) = (Rc::clone(desk), vote.id);
            let on_undo = Callback::from(move |_: MouseEvent| desk.undo(id));
            html! {
                <>
                    { revealed_view(state, vote) }
                    <div class="compare-result">
                        <p>{ "Saved in this browser. Thank you." }</p>
                        <button id="compare-undo" type="button" onclick={on_undo}>{ "Take this vote back" }</button>
                    </div>
                    { opinion_view(state, vote) }
                </>
            }
        }
        Phase::Unsaved(vote, trouble) => {
            let export = on_export(desk, state);
            let on_download = Callback::from(move |_: MouseEvent| export.emit(Export::Records));
            html! {
                <>
                    { revealed_view(state, vote) }
                    <div class="notice shown" role="alert">
                        <p class="notice-message">{ format!("Your vote is not saved. {}", trouble.what) }</p>
                        <p>{ &trouble.remedy }</p>
                        <div class="buttons">
                            <button id="compare-retry" type="button" onclick={emit(act, Action::SaveAgain)}>{ "Try to save again" }</button>
                            <button id="compare-rescue" type="button" onclick={on_download}>{ "Download instead" }</button>
                        </div>
                    </div>
                </>
            }
        }
        Phase::Alike => html! {
            <p class="compare-result">
                { "The model gave the same answer every time, cold or hot, so there is nothing to compare. Try another prompt." }
            </p>
        },
        Phase::Failed(error) => html! {
            <div class="notice shown" role="alert">
                <p class="notice-message">{ &error.message }</p>
                <p>{ &error.remedy }</p>
            </div>
        },
    }
}

/// What the reward model thinks; nothing where there is none.
fn opinion_view(state: &State, vote: &Vote) -> Html {
    let Some(judge) = &state.opinion.judge else { return Html::default() };
    let (is_known, words) = match state.opinion.in_words(vote.id) {
        Some(words) => (true, words),
        None => {
            let size = judge
                .size_bytes
                .map(|size| format!(" ({}, the first time)", bytes(size)))
                .unwrap_or_default();
            (false, format!("Asking the reward model{size} …"))
        }
    };
    html! { <p class="compare-opinion" data-known={is_known.to_string()} role="status">{ words }</p> }
}

fn blind_view(vote: &Vote) -> Html {
    let texts = [&vote.answer_a, &vote.answer_b].map(|answer| (answer.text.clone(), answer.is_complete));
    html! { <PairView prompt={vote.prompt.clone()} {texts} /> }
}

fn revealed_view(state: &State, vote: &Vote) -> Html {
    let texts = [&vote.answer_a, &vote.answer_b].map(|answer| (answer.text.clone(), answer.is_complete));
    let labels = [&vote.answer_a, &vote.answer_b].map(|answer| state.stage_label(&answer.source.stage));
    html! { <PairView prompt={vote.prompt.clone()} {texts} revealed={Some((vote.clone(), labels))} /> }
}

/// For screen readers: what has just happened.
#[must_use]
pub fn status(phase: &Phase) -> &'static str {
    match phase {
        Phase::Sampling(_) => "Two answers are being sampled.",
        Phase::Blind(_) => "Two answers are here. Vote with the buttons, or with the keys 1 to 9 and 0.",
        Phase::Saved(_) => "Your vote is saved. The sources of both answers are shown.",
        Phase::Alike => "There is nothing to compare. Try another prompt.",
        Phase::Idle | Phase::Saving { .. } | Phase::Unsaved(..) | Phase::Failed(_) => "",
    }
}

fn sampling_in_words(engine_phase: &str, done: usize, all: usize) -> String {
    match engine_phase {
        "failed" | "stopped" => "The engine is not running; the top of the page says why.".to_owned(),
        "starting" | "loading" => "Waiting for the engine …".to_owned(),
        _ => format!("{done} of {all} candidate answers"),
    }
}
