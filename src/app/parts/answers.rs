//! The answers of a column as cards.

use std::rc::Rc;

use yew::prelude::*;

use super::heat;
use crate::app::column::{Card, Column, Phase, gather};
use crate::app::inside::subject::Subject;
use crate::app::language::use_words;
use crate::app::slot::Slot;

/// Properties of [`Answers`].
#[derive(Properties, PartialEq)]
pub struct AnswersProps {
    /// Where they stand.
    pub slot: Slot,
    /// Name of their stage, where two stand side by side.
    #[prop_or_default]
    pub stage: Option<AttrValue>,
    /// Its answers.
    pub column: Rc<Column>,
    /// Looks into an answer.
    pub on_look: Callback<Subject>,
}

/// All cards of a column. While answers stream each keeps its place; when all have come, the most frequent lead.
#[component]
pub fn Answers(props: &AnswersProps) -> Html {
    let words = use_words();
    let column = &props.column;
    let still = column.phase != Phase::Running || column.is_stale();
    let cards = gather(&column.rows, still);
    let total = column.rows.len();
    let heat = column.shown.as_ref().map(|plan| heat(plan.temperature_tenths));
    let Slot { side, place } = props.slot;
    let at = column.shown.as_ref().map(|plan| words.tenths(plan.temperature_tenths));
    let name = (words.instrument.answers)(props.stage.as_deref(), side, at.as_deref());
    let card = |card: Card| {
        let key = card.rows[0];
        let subject = Subject::of_row(side, column, card.rows[0] as usize).filter(|_| still);
        html! { <CardView {key} {card} {total} {subject} on_look={props.on_look.clone()} /> }
    };
    let class = classes!("cards", side.id(), column.is_stale().then_some("stale"));
    html! {
        <ol id={format!("answers-{}{}", side.id(), place.suffix())} {class} style={heat} role="list" aria-label={name}
            aria-busy={(column.phase == Phase::Running).to_string()}>
            { for cards.into_iter().map(card) }
        </ol>
    }
}

fn look(subject: Subject, on_look: &Callback<Subject>) -> Callback<MouseEvent> {
    let on_look = on_look.clone();
    Callback::from(move |_: MouseEvent| on_look.emit(subject.clone()))
}

#[derive(Properties, PartialEq)]
struct CardProps {
    card: Card,
    total: usize,
    /// As the next chapter takes it; none while answers stream.
    subject: Option<Subject>,
    on_look: Callback<Subject>,
}

#[component]
fn CardView(props: &CardProps) -> Html {
    let words = &use_words().answers;
    let card = &props.card;
    let count = card.rows.len();
    let rows = card.rows.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let share = format!("--share: {:.4}", count as f64 / props.total.max(1) as f64);
    let class = classes!("card", (!card.finished).then_some("growing"), (count > 1).then_some("many"));
    html! {
        <li {class} style={share} data-count={count.to_string()} data-rows={rows} data-finished={card.finished.to_string()}>
            if card.finished && card.text.is_empty() {
                <p class="answer-text empty">{ words.empty }</p>
            } else {
                <p class="answer-text" lang="en">{ for card.text.lines().enumerate().map(|(place, line)| html! { <span key={place}>{ line }</span> }) }</p>
            }
            if card.cut {
                <p class="cut">{ words.cut }</p>
            }
            if card.finished {
                <p class="tally">
                    <span aria-hidden="true">{ format!("×{count}") }</span>
                    <span class="hidden">{ (words.given)(count) }</span>
                </p>
            }
            if let Some(subject) = props.subject.clone() {
                <button type="button" class="look" onclick={look(subject, &props.on_look)}>
                    { words.tokens }<span class="hidden">{ words.of_answer }<span lang="en">{ &card.text }</span></span>
                </button>
            }
        </li>
    }
}
