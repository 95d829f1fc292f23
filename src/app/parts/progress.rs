//! Progress, errors and announcements.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::column::{Column, Phase};
use crate::app::language::{Words, use_words};
use crate::app::slot::{Place, Slot};
use crate::app::state::{Action, Engine};
use crate::platform::clock::now_ms;
use crate::platform::focus::focus;
use crate::protocol::VisitorError;

/// Speeds measured over less than this say nothing.
const LEAST_MEASURED_MS: f64 = 150.0;

/// Properties of the parts in this file.
#[derive(Properties, PartialEq)]
pub struct ProgressProps {
    /// Where the engine stands.
    pub engine: Engine,
    /// The columns on the page.
    pub columns: Vec<Rc<Column>>,
    /// What to do.
    pub act: Callback<Action>,
}

/// One line: what is loading or how far the answers are. Its height never changes.
#[component]
pub fn RunProgress(props: &ProgressProps) -> Html {
    let words = use_words();
    let said = &words.progress;
    let began = use_mut_ref(|| (Vec::<u32>::new(), 0.0_f64));
    let running: Vec<&Rc<Column>> =
        props.columns.iter().filter(|column| column.phase == Phase::Running).collect();
    let tokens: u32 = running.iter().map(|column| column.tokens()).sum();
    let runs: Vec<u32> = props.columns.iter().map(|column| column.run).collect();
    let mut began = began.borrow_mut();
    if began.0 != runs || tokens == 0 {
        *began = (runs, now_ms());
    }
    let elapsed_ms = now_ms() - began.1;
    let loading = !matches!(props.engine, Engine::Ready | Engine::Failed(_));
    let (value, most, text) = match &props.engine {
        Engine::Starting => (None, 1.0, said.starting.to_owned()),
        Engine::Loading { stage, received_bytes, total_bytes: Some(total) } => (
            Some(*received_bytes as f64),
            (*total).max(1) as f64,
            (said.loading)(stage, &words.bytes(*received_bytes), Some(&words.bytes(*total))),
        ),
        Engine::Loading { stage, received_bytes, total_bytes: None } => {
            (None, 1.0, (said.loading)(stage, &words.bytes(*received_bytes), None))
        }
        Engine::Stopped => (Some(0.0), 1.0, said.stopped.to_owned()),
        Engine::Failed(_) => (Some(0.0), 1.0, String::new()),
        Engine::Ready if !running.is_empty() => {
            let wanted: usize =
                running.iter().filter_map(|c| c.plan.as_ref()).map(|p| usize::from(p.answers)).sum();
            let finished: usize = running.iter().map(|column| column.finished_rows()).sum();
            let speed = if elapsed_ms >= LEAST_MEASURED_MS {
                (said.speed)(&words.number(f64::from(tokens) / elapsed_ms * 1e3, 0))
            } else {
                String::new()
            };
            (Some(finished as f64), wanted.max(1) as f64, (said.answers)(finished, wanted) + &speed)
        }
        Engine::Ready => (Some(1.0), 1.0, summary(&props.columns, words)),
    };
    let stop = {
        let act = props.act.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Cancel);
            focus("instrument"); // the button goes away
        })
    };
    let shown = loading && props.engine != Engine::Stopped || !running.is_empty();
    html! {
        <div class={classes!("progress", shown.then_some("shown"))}>
            <progress id="progress" aria-label={said.bar} max={most.to_string()} value={value.map(|value| value.to_string())}
                hidden={!shown}></progress>
            <span id="progress-text">{ text }</span>
            if loading && props.engine != Engine::Stopped {
                <button id="stop-loading" type="button" class="small" onclick={stop}>{ said.stop }</button>
            }
        </div>
    }
}

/// What the last runs took.
fn summary(columns: &[Rc<Column>], words: &Words) -> String {
    let stats: Vec<_> = columns.iter().filter_map(|column| column.stats).collect();
    if stats.is_empty() {
        let cancelled = columns.iter().any(|column| column.phase == Phase::Cancelled);
        return if cancelled { words.progress.cancelled.to_owned() } else { String::new() };
    }
    let tokens: u32 = stats.iter().map(|stats| stats.sampled_tokens).sum();
    let longest_ms = stats.iter().map(|stats| stats.prefill_ms + stats.decode_ms).fold(0.0, f64::max);
    let answers: usize = columns.iter().filter(|c| c.stats.is_some()).map(|c| c.rows.len()).sum();
    (words.progress.done)(answers, tokens, &words.number(longest_ms / 1e3, 1))
}

/// What went wrong, what to do, and a button to try again.
#[component]
pub fn Notice(props: &ProgressProps) -> Html {
    let words = use_words();
    let said = &words.progress;
    let retry = {
        let act = props.act.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(Action::Retry);
            focus("instrument"); // the button goes away
        })
    };
    let error = match &props.engine {
        Engine::Failed(error) => Some(error.clone()),
        Engine::Stopped => None,
        _ => props.columns.iter().find_map(|column| match &column.phase {
            Phase::Failed(error) => Some(error.clone()),
            _ => None,
        }),
    };
    let body = |error: VisitorError| {
        let fault = (words.faults.fault)(&error);
        html! {
            <>
                <p class="notice-message">{ fault.message }</p>
                <p>{ fault.remedy }</p>
                <button id="retry" type="button" class="primary" onclick={retry.clone()}>{ said.retry }</button>
            </>
        }
    };
    // The element is always there: screen readers announce what appears in an alert, less surely an alert that appears.
    let class = classes!("notice", error.is_some().then_some("shown"));
    html! {
        <>
            <div id="notice" {class} role="alert">{ error.map(body).unwrap_or_default() }</div>
            if props.engine == Engine::Stopped {
                <div class="notice quiet shown">
                    <p>{ said.you_stopped }</p>
                    <button id="retry" type="button" class="primary" onclick={retry}>{ said.start_again }</button>
                </div>
            }
        </>
    }
}

/// Properties of [`Announcement`].
#[derive(Properties, PartialEq)]
pub struct AnnouncementProps {
    /// Where the engine stands.
    pub engine: &'static str,
    /// The columns on the page, in the order of the slots.
    pub columns: Vec<Rc<Column>>,
    /// Names of both stages, where two stand side by side.
    pub stages: Option<[String; 2]>,
}

/// Tells screen readers, politely, when answers begin and what came of them; never each token.
#[component]
pub fn Announcement(props: &AnnouncementProps) -> Html {
    let words = use_words();
    let running = props.columns.iter().any(|column| column.phase == Phase::Running);
    let text = if props.engine != "ready" {
        String::new()
    } else if running {
        words.progress.answering.to_owned()
    } else {
        let sentence = |(slot, column): (Slot, &Rc<Column>)| {
            let stage = props.stages.as_ref().map(|names| match slot.place {
                Place::Chosen => names[0].as_str(),
                Place::Beside => names[1].as_str(),
            });
            column.dials.as_ref().map(|dials| {
                let self_bleu = dials.self_bleu.map(|value| words.number(value, 2));
                (words.dials.sentence)(stage, slot.side, dials.distinct, dials.answers, self_bleu.as_deref())
            })
        };
        Slot::ALL.into_iter().zip(&props.columns).filter_map(sentence).collect::<Vec<_>>().join(" ")
    };
    html! { <p id="status" class="hidden" role="status" aria-live="polite">{ text }</p> }
}
