//! The bars of the hills, to be pointed at, chosen and heard: behind each are its answers.

use std::rc::Rc;

use yew::prelude::*;

use super::state::Action;
use crate::app::language::{Words, use_words};
use crate::app::parts::reader::{is_by_keys, over, shares, stays};
use crate::experiment::rewards::{bins, edges};

/// Id of the element that bars are chosen with.
pub(super) const BARS: &str = "rewards-bars";

/// A stage's hill.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hill {
    /// The stage.
    pub label: String,
    /// Answers per bar, that of the lowest rewards first; empty before any answers.
    pub counts: Vec<usize>,
}

impl Hill {
    fn all(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// A bar in words.
pub(super) fn said(label: &str, bar: usize, count: usize, all: usize, words: &Words) -> String {
    let (from, to) = edges(bar);
    let [from, to] = [from, to].map(|edge| edge.map(|edge| words.signed(edge, 2)));
    let between = (words.rewards.between)(from.as_deref(), to.as_deref());
    (words.rewards.bar_holds)(label, &between, count, all)
}

/// An answer, in a few lines.
fn example(answer: String) -> Html {
    html! { <p class="answer-text" lang="en">{ for answer.lines().map(|line| html! { <span>{ line }</span> }) }</p> }
}

/// Properties of [`Bars`].
#[derive(Properties, PartialEq)]
pub(super) struct BarsProps {
    /// All hills, from above.
    pub hills: Rc<Vec<Hill>>,
    /// Where they stand in the drawing, as shares of its width and height: left, right, top, bottom.
    pub area: [f64; 4],
    /// Whose answers are listed, and those of which bar.
    pub chosen: (usize, Option<usize>),
    /// Some answers behind a bar: the hill, the bar.
    pub examples: Callback<(usize, usize), Vec<String>>,
    /// What to do.
    pub act: Callback<Action>,
}

/// Lies over the hills. A slider to whoever hears it: along a hill by left and right, to another by up and down.
#[component]
pub(super) fn Bars(props: &BarsProps) -> Html {
    let words = use_words();
    let element = use_node_ref();
    let pointed = use_state_eq(|| None::<(usize, usize)>);
    // By keys: a press of the mouse gives the focus, too, but what it chose is listed below, and need not cover the hills.
    let has_focus = use_state_eq(|| false);
    let rows = props.hills.len();
    let (listed, bar) = props.chosen;
    let Some(hill) = props.hills.get(listed) else { return Html::default() };
    // Keys begin at the highest bar.
    let highest = (0..hill.counts.len()).max_by_key(|bar| hill.counts[*bar]).unwrap_or(0);
    let here = (listed, bar.unwrap_or(highest));
    let at = {
        let element = element.clone();
        move |event: &PointerEvent| {
            let (across, down) = shares(event, &element)?;
            let place = |share: f64, all: usize| ((share * all as f64) as usize).min(all.saturating_sub(1));
            Some((place(down, rows), place(across, bins())))
        }
    };
    let onpointermove = {
        let pointed = pointed.clone();
        Callback::from(move |event: PointerEvent| pointed.set(at(&event)))
    };
    let onpointerleave = {
        let (pointed, element) = (pointed.clone(), element.clone());
        Callback::from(move |event: PointerEvent| {
            if !stays(&event, &element) {
                pointed.set(None);
            }
        })
    };
    let choose = {
        let (act, hills) = (props.act.clone(), Rc::clone(&props.hills));
        move |(entrant, bar): (usize, usize)| {
            if hills.get(entrant).is_some_and(|hill| !hill.counts.is_empty()) {
                act.emit(Action::Bar { entrant, bar });
            }
        }
    };
    let onclick = {
        let (choose, pointed) = (choose.clone(), pointed.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(place) = *pointed {
                choose(place);
            }
        })
    };
    let onpointerdown = onpointermove.clone();
    let onkeydown = {
        let (pointed, has_focus) = (pointed.clone(), has_focus.clone());
        Callback::from(move |event: KeyboardEvent| {
            let (row, bar) = here;
            let next = match event.key().as_str() {
                "ArrowRight" => (row, (bar + 1).min(bins() - 1)),
                "ArrowLeft" => (row, bar.saturating_sub(1)),
                "ArrowDown" => ((row + 1).min(rows - 1), bar),
                "ArrowUp" => (row.saturating_sub(1), bar),
                "Home" => (row, 0),
                "End" => (row, bins() - 1),
                "Enter" | " " => here,
                _ => return,
            };
            event.prevent_default();
            pointed.set(None);
            has_focus.set(true);
            choose(next);
        })
    };
    let (onfocus, onblur) = {
        let (on, off) = (has_focus.clone(), has_focus.clone());
        let pointed = pointed.clone();
        let leave = move |_: FocusEvent| {
            off.set(false);
            pointed.set(None);
        };
        let element = element.clone();
        (Callback::from(move |_: FocusEvent| on.set(is_by_keys(&element))), Callback::from(leave))
    };
    let text = |(row, bar): (usize, usize)| {
        let hill = props.hills.get(row)?;
        let count = hill.counts.get(bar)?;
        Some(said(&hill.label, bar, *count, hill.all(), words))
    };
    let cell = |(row, bar): (usize, usize), class: &'static str| {
        let share = |place: usize, all: usize| format!("{:.3}%", place as f64 / all as f64 * 100.0);
        let style = format!(
            "left: {}; top: {}; width: {}; height: {}",
            share(bar, bins()),
            share(row, rows),
            share(1, bins()),
            share(1, rows)
        );
        html! { <div {class} {style}></div> }
    };
    let shown = pointed.or_else(|| has_focus.then_some(here));
    html! {
        <div ref={element} id={BARS} class="reader bars-of-hills" style={over(props.area)} role="slider" tabindex="0" aria-label={words.rewards.choose_bar}
            aria-valuemin="0" aria-valuemax={(bins() - 1).to_string()} aria-valuenow={here.1.to_string()}
            aria-valuetext={text(here).unwrap_or_else(|| words.chart.read_nothing.to_owned())}
            {onpointermove} {onpointerdown} {onpointerleave} {onclick} {onfocus} {onblur} {onkeydown}>
            if let Some(bar) = bar {
                { cell((listed, bar), "bar-chosen") }
            }
            if let Some(place) = shown {
                { cell(place, "bar-pointed") }
                if let Some(text) = text(place) {
                    <div class={classes!("read-values", (place.1 * 2 > bins()).then_some("before"), (place.0 + 1 == rows).then_some("above"))}
                        style={format!("--rows: {rows}; --across: {:.4}; --down: {:.4}", (place.1 as f64 + 0.5) / bins() as f64, (place.0 as f64 + 1.0) / rows as f64)} aria-hidden="true">
                        { text }
                        { for props.examples.emit(place).into_iter().map(example) }
                    </div>
                }
            }
        </div>
    }
}
