//! The chapter as a whole: state, effects and layout.

use std::rc::Rc;

use yew::prelude::*;

use super::bars::{self, BARS, Bars};
use super::chart::{best_by_temperature, best_of_n, legend, ridges};
use super::desk::Desk;
use super::numbers::numbers;
use super::state::{Action, PROMPTS, Phase, SWEEP, State};
use crate::app::chapter::Chapter;
use crate::app::heirs::use_heirs;
use crate::app::language::{Words, use_words};
use crate::app::parts::emit;
use crate::app::prompts::side;
use crate::app::temperature::use_tenths;
use crate::experiment::plan::{ANSWERS_PER_PROMPT, Kind};
use crate::experiment::rewards::ScoredAnswer;
use crate::manifest::Manifest;
use crate::platform::focus::focus;
use crate::worker::client::Client;

/// Answers that are shown of a bar that is pointed at.
const EXAMPLES: usize = 2;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Rewards`].
#[derive(Properties, PartialEq)]
pub struct RewardsProps {
    /// The engine.
    pub engine: Client,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
}

/// The chapter; nothing where no reward model is published.
#[component]
pub fn Rewards(props: &RewardsProps) -> Html {
    let words = use_words();
    let said = &words.rewards;
    let state = use_reducer_eq(State::default);
    let desk = {
        let dispatcher = state.dispatcher();
        use_memo(props.engine.clone(), move |client| Desk::new(client.clone(), dispatcher))
    };
    {
        let dispatcher = state.dispatcher();
        use_effect_with(props.manifest.clone(), move |manifest| {
            if let Some(manifest) = manifest {
                dispatcher.dispatch(Action::Offered(Rc::clone(manifest)));
            }
        });
    }
    {
        let (desk, current) = (Rc::clone(&desk), (*state).clone());
        use_effect_with(state.phase.clone(), move |_| desk.follow(&current));
    }
    use_heirs(Chapter::Rewards, &["rewards-stop"]);
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    if props.manifest.is_some() && state.judge.is_none() && !state.entrants.is_empty() {
        return Html::default();
    }
    let is_running = matches!(state.phase, Phase::Running { .. });
    let prompts = words.prompts_of(side(state.kind()));
    let results = state.results();
    let over_hills = |hills, area| {
        let (chosen, current) = ((state.listed, state.bar), Rc::new((*state).clone()));
        let examples = Callback::from(move |(entrant, bar): (usize, usize)| {
            let answers = current.behind(entrant, bar);
            gathered(&answers).into_iter().take(EXAMPLES).map(|(answer, _)| answer.answer.clone()).collect()
        });
        html! { <Bars {hills} {area} {chosen} {examples} act={act.clone()} /> }
    };
    html! {
        <section id="rewards" class="chapter rewards" lang={words.language.tag()} tabindex="-1" aria-labelledby="rewards-heading"
            data-phase={if is_running { "running" } else { "resting" }} data-done={state.done().to_string()} data-all={state.all().to_string()}>
            <h2 id="rewards-heading">{ words.chapter(Chapter::Rewards) }</h2>
            <p class="lede">{ said.lede }</p>
            { controls(&state, &act, words) }
            if let Some(problem) = state.problem.as_ref().map(words.faults.fault) {
                <div class="notice shown" role="alert">
                    <p class="notice-message">{ problem.message }</p>
                    <p>{ problem.remedy }</p>
                </div>
            }
            if !state.temperatures().is_empty() {
                <div class="rewards-choices">{ kinds(&state, &act, words) }{ temperatures(&state, &act, words) }</div>
                <figure class="figure-21 memory">
                    <div class="figure-panels rewards-panels">
                        <div>
                            { ridges(&results, &(said.ridges)(prompts), over_hills, words) }
                            if state.temperatures().len() > 1 {
                                { best_by_temperature(&results, &(said.best_by_temperature)(prompts, ANSWERS_PER_PROMPT), words) }
                            }
                        </div>
                        <div>
                            { best_of_n(&results, &(said.best_of_n)(prompts), words) }
                            { legend(&results, words) }
                        </div>
                    </div>
                    <figcaption class="note">{ (said.caption)(&words.tenths(state.temperature_tenths)) }</figcaption>
                </figure>
                { numbers(&results, prompts, words) }
                { listing(&state, &act, words) }
            }
            <p class="hidden" role="status">{ if is_running { said.running } else if state.done() > 0 { said.is_done } else { "" } }</p>
        </section>
    }
}

fn controls(state: &State, act: &Callback<Action>, words: &Words) -> Html {
    let said = &words.rewards;
    let (done, all) = (state.done(), state.all());
    let size: u64 = state.sources().filter_map(|source| source.size_bytes).sum();
    if let Phase::Running { .. } = state.phase {
        return html! {
            <div key="running" class="experiment-progress">
                <button id="rewards-stop" type="button" class="primary" onclick={emit(act, Action::Stop)}>{ said.stop }</button>
                <progress max={all.to_string()} value={done.to_string()} aria-label={said.bar} />
                <span>{ (said.part)(done, all, ANSWERS_PER_PROMPT) }</span>
            </div>
        };
    }
    html! {
        <div key="resting" class="experiment-progress">
            <Begin is_disabled={!state.can_begin()} act={act.clone()} />
            <button id="rewards-sweep" type="button" disabled={!state.can_begin()} onclick={emit(act, Action::Sweep)}>
                { (said.sweep)(SWEEP.len()) }</button>
            if state.temperatures().is_empty() {
                <span>{ (said.plan)(PROMPTS, ANSWERS_PER_PROMPT, &words.bytes(size)) }</span>
            } else if done < all {
                <span>{ (said.stopped)(done, all) }</span>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct BeginProps {
    is_disabled: bool,
    act: Callback<Action>,
}

/// Begins at the slider's temperature.
#[component]
fn Begin(props: &BeginProps) -> Html {
    let words = use_words();
    let tenths = use_tenths();
    html! {
        <button id="rewards-begin" type="button" class="primary" disabled={props.is_disabled}
            onclick={emit(&props.act, Action::Begin(tenths))}>{ (words.rewards.begin)(&words.tenths(tenths)) }</button>
    }
}

/// Which temperature's answers are shown, where there are several.
fn temperatures(state: &State, act: &Callback<Action>, words: &Words) -> Html {
    let all = state.temperatures();
    if all.len() < 2 || matches!(state.phase, Phase::Running { .. }) {
        return Html::default();
    }
    let button = |t: u8| {
        html! {
            <button type="button" aria-pressed={(state.temperature_tenths == t).to_string()} onclick={emit(act, Action::At(t))}>
                { words.tenths(t) }</button>
        }
    };
    html! { <div class="buttons toggles" role="group" aria-label={words.instrument.temperature}>{ for all.into_iter().map(button) }</div> }
}

/// Which kind of prompts is shown.
fn kinds(state: &State, act: &Callback<Action>, words: &Words) -> Html {
    let button = |kind: Kind| {
        html! {
            <button id={format!("rewards-{}", side(kind).id())} type="button" aria-pressed={(state.kind() == kind).to_string()}
                onclick={emit(act, Action::Show(kind))}>{ words.prompts_of(side(kind)) }</button>
        }
    };
    html! { <div class="buttons toggles" role="group" aria-label={words.rewards.prompts}>{ for Kind::ALL.map(button) }</div> }
}

/// Answers of a bar that are listed.
const MOST_OF_BAR: usize = 12;

/// The answers behind the chosen bar.
fn behind_bar(state: &State, bar: usize, act: &Callback<Action>, words: &Words) -> Html {
    let said = &words.rewards;
    let answers = state.behind(state.listed, bar);
    let label = state.entrants.get(state.listed).map_or("", |entrant| words.stage_label(&entrant.label));
    let heading = bars::said(label, bar, answers.len(), state.scored(state.listed).len(), words);
    let listed = gathered(&answers);
    let leave = {
        let (act, entrant) = (act.clone(), state.listed);
        Callback::from(move |_: MouseEvent| {
            // The button goes: the keys go on at the bars.
            focus(BARS);
            act.emit(Action::List(entrant));
        })
    };
    let unlisted: usize = listed.iter().skip(MOST_OF_BAR).map(|(_, count)| count).sum();
    html! {
        <div id="rewards-bar" data-answers={answers.len().to_string()}>
            <div class="buttons">
                <h3>{ heading }</h3>
                <button id="rewards-leave-bar" type="button" class="small" onclick={leave}>{ said.leave_bar }</button>
            </div>
            <ul class="scored of-bar" role="list">{ for listed.iter().take(MOST_OF_BAR).map(|(answer, count)| answer_view(answer, *count, words)) }</ul>
            if unlisted > 0 {
                <p class="note">{ (said.unlisted)(unlisted) }</p>
            }
        </div>
    }
}

/// The answers of one stage: those behind a bar, or the worst, some from the middle, the best.
fn listing(state: &State, act: &Callback<Action>, words: &Words) -> Html {
    let button = |(place, entrant): (usize, &super::state::Entrant)| {
        html! {
            <button type="button" class="small" aria-pressed={(state.listed == place).to_string()} onclick={emit(act, state.bar.map_or(Action::List(place), |bar| Action::Bar { entrant: place, bar }))}>
                { words.stage_label(&entrant.label) }
            </button>
        }
    };
    let scored = gathered(&state.scored(state.listed));
    let middle = scored.len() / 2;
    let ranges = [
        0..scored.len().min(3),
        middle.saturating_sub(1).min(scored.len())..(middle + 2).min(scored.len()),
        scored.len().saturating_sub(3)..scored.len(),
    ];
    let parts = words.rewards.parts.into_iter().zip(ranges);
    let part = |(title, range): (&'static str, std::ops::Range<usize>)| {
        html! {
            <div>
                <h3>{ title }</h3>
                <ul class="scored" role="list">{ for scored[range].iter().map(|(answer, count)| answer_view(answer, *count, words)) }</ul>
            </div>
        }
    };
    html! {
        <div class="rewards-answers">
            <div class="buttons toggles" role="group" aria-label={words.rewards.answers_of}>{ for state.entrants.iter().enumerate().map(button) }</div>
            if let Some(bar) = state.bar {
                { behind_bar(state, bar, act, words) }
            } else {
                <div class="rewards-parts">{ for parts.map(part) }</div>
            }
        </div>
    }
}

/// Equal answers to one prompt once, with their number. They have the same reward, so they stand together.
fn gathered<'a>(answers: &[&'a ScoredAnswer]) -> Vec<(&'a ScoredAnswer, usize)> {
    let mut gathered: Vec<(&ScoredAnswer, usize)> = Vec::new();
    for answer in answers {
        let same = |(known, _): &&mut (&ScoredAnswer, usize)| {
            (&known.prompt, &known.answer) == (&answer.prompt, &answer.answer)
        };
        match gathered.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => gathered.push((answer, 1)),
        }
    }
    gathered
}

fn answer_view(answer: &ScoredAnswer, count: usize, words: &Words) -> Html {
    let times = if count > 1 { format!(" · ×{count}") } else { String::new() };
    html! {
        <li>
            <p class="reward">{ words.signed(answer.reward, 1) }</p>
            <div>
                <p class="note" lang="en">{ format!("{}{times}", answer.prompt) }</p>
                if answer.answer.is_empty() {
                    <p class="answer-text empty">{ words.answers.empty }</p>
                } else {
                    <p class="answer-text" lang="en">{ for answer.answer.lines().map(|line| html! { <span>{ line }</span> }) }</p>
                }
            </div>
        </li>
    }
}
