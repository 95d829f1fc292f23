//! What is seen in each phase.

use std::rc::Rc;

use yew::prelude::*;

use super::answers::PairView;
use super::ballot::Ballot;
use super::desk::{Desk, Export};
use super::state::{Action, Phase, State};
use crate::app::language::Words;
use crate::app::parts::emit;
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
    words: &Words,
) -> Html {
    let said = &words.compare;
    match &state.phase {
        Phase::Idle => html! {},
        Phase::Sampling(sampling) => {
            let (done, all) = sampling.progress();
            html! {
                <div class="progress shown">
                    <progress aria-label={said.bar} max={all.to_string()} value={done.to_string()}></progress>
                    <span>{ sampling_in_words(engine_phase, done, all, words) }</span>
                    <button id="compare-cancel" type="button" onclick={emit(act, Action::Cancel)}>{ said.cancel }</button>
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
                <p class="compare-result">{ said.keeping }</p>
            </>
        },
        Phase::Saved(vote) => {
            let (desk, id) = (Rc::clone(desk), vote.id);
            let on_undo = Callback::from(move |_: MouseEvent| desk.undo(id));
            html! {
                <>
                    { revealed_view(state, vote) }
                    <div class="compare-result">
                        <p>{ said.saved }</p>
                        <button id="compare-undo" type="button" onclick={on_undo}>{ said.undo }</button>
                    </div>
                    { opinion_view(state, vote, words) }
                </>
            }
        }
        Phase::Unsaved(vote, error) => {
            let export = on_export(desk, state);
            let on_download = Callback::from(move |_: MouseEvent| export.emit(Export::Records));
            html! {
                <>
                    { revealed_view(state, vote) }
                    <div class="notice shown" role="alert">
                        <p class="notice-message">{ (said.unsaved)(error) }</p>
                        <p>{ (said.remedy)(error) }</p>
                        <div class="buttons">
                            <button id="compare-retry" type="button" onclick={emit(act, Action::SaveAgain)}>{ said.save_again }</button>
                            <button id="compare-rescue" type="button" onclick={on_download}>{ said.download }</button>
                        </div>
                    </div>
                </>
            }
        }
        Phase::Alike => html! {
            <p class="compare-result">{ said.alike }</p>
        },
        Phase::Failed(error) => {
            let fault = (words.faults.fault)(error);
            html! {
                <div class="notice shown" role="alert">
                    <p class="notice-message">{ fault.message }</p>
                    <p>{ fault.remedy }</p>
                </div>
            }
        }
    }
}

/// What the reward model thinks; nothing where there is none.
fn opinion_view(state: &State, vote: &Vote, words: &Words) -> Html {
    let Some(judge) = &state.opinion.judge else { return Html::default() };
    let opinion = &words.compare.opinion;
    let (is_known, text) = match state.opinion.view(vote.id) {
        Some(view) => {
            let rewards = state.opinion.of(vote.id).map_or([0.0; 2], |verdict| verdict.rewards);
            let [a, b] = rewards.map(|reward| words.signed(f64::from(reward), 1));
            (true, (opinion.view)(&view, [&a, &b]))
        }
        None => {
            let size = judge.size_bytes.map(|size| words.bytes(size));
            (false, (opinion.asking)(size.as_deref()))
        }
    };
    html! { <p class="compare-opinion" data-known={is_known.to_string()} role="status">{ text }</p> }
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
pub fn status(phase: &Phase, words: &Words) -> &'static str {
    let [sampling, blind, saved, alike] = words.compare.status;
    match phase {
        Phase::Sampling(_) => sampling,
        Phase::Blind(_) => blind,
        Phase::Saved(_) => saved,
        Phase::Alike => alike,
        Phase::Idle | Phase::Saving { .. } | Phase::Unsaved(..) | Phase::Failed(_) => "",
    }
}

fn sampling_in_words(engine_phase: &str, done: usize, all: usize, words: &Words) -> String {
    match engine_phase {
        "failed" | "stopped" => words.compare.no_engine.to_owned(),
        "starting" | "loading" => words.compare.waiting.to_owned(),
        _ => (words.compare.sampling)(done, all),
    }
}
