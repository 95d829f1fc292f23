//! The answers of a column as cards.

use std::rc::Rc;

use yew::prelude::*;

use super::heat;
use crate::app::column::{Card, Column, Phase, gather};
use crate::app::inside::subject::Subject;
use crate::app::language::use_words;
use crate::app::prompts::Side;
use crate::app::slot::Slot;

/// Poems that a phone shows before the visitor asks for more: below them, the facts are a screen away.
const FIRST: usize = 4;

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
    let Slot { side, place } = props.slot;
    let cards = gather(&column.rows, still);
    let is_unfolded = use_state_eq(|| false);
    // How many answers a narrow window folds away.
    let more = if side == Side::Creative { cards.len().saturating_sub(FIRST) } else { 0 };
    let total = column.rows.len();
    let heat = column.shown.as_ref().map(|plan| heat(plan.temperature_tenths));
    let at = column.shown.as_ref().map(|plan| words.tenths(plan.temperature_tenths));
    let name = (words.instrument.answers)(props.stage.as_deref(), side, at.as_deref());
    // The same for every card in every state of the column: a card that did not change is not drawn anew.
    let newest = use_mut_ref(|| Rc::clone(column));
    newest.replace(Rc::clone(column));
    let on_look = use_callback((side, props.on_look.clone()), move |row: u32, (side, on_look)| {
        if let Some(subject) = Subject::of_row(*side, &newest.borrow(), row as usize) {
            on_look.emit(subject);
        }
    });
    let id = AttrValue::from(format!("answers-{}{}", side.id(), place.suffix()));
    let card = |card: Card| {
        let (id, key) = (id.clone(), card.rows[0]);
        let has_look = !card.finished || !column.rows[key as usize].tokens.is_empty();
        let has_tally = card.finished && (side == Side::Factual || card.rows.len() > 1);
        html! { <CardView {key} {id} {card} {total} {has_tally} {has_look} on_look={on_look.clone()} /> }
    };
    let class = classes!(
        "cards",
        side.id(),
        column.is_stale().then_some("stale"),
        (!still).then_some("streaming"),
        (more > 0 && !*is_unfolded).then_some("folded"),
    );
    let unfold = {
        let is_unfolded = is_unfolded.clone();
        Callback::from(move |_: MouseEvent| is_unfolded.set(!*is_unfolded))
    };
    html! {
        <>
            <span id={format!("{id}-of")} hidden=true>{ words.answers.of_answer }</span>
            <ol id={id.clone()} {class} style={heat} role="list" aria-label={name} aria-busy={(column.phase == Phase::Running).to_string()}>
                { for cards.into_iter().map(card) }
            </ol>
            if more > 0 {
                <button id={format!("{id}-more")} type="button" class="small unfold" aria-expanded={is_unfolded.to_string()} aria-controls={id} onclick={unfold}>
                    { if *is_unfolded { words.answers.fewer.to_owned() } else { (words.answers.more)(more) } }
                </button>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    /// The id of the list that it is in.
    id: AttrValue,
    card: Card,
    total: usize,
    /// Whether it says how often this answer was given.
    has_tally: bool,
    /// Whether there is something to look into, now or when the answer has come. Out of sight till then, and in its place: when all
    /// answers of a column have come, nothing is laid out anew.
    has_look: bool,
    /// Looks into the answer of a row.
    on_look: Callback<u32>,
}

#[component]
fn CardView(props: &CardProps) -> Html {
    let words = &use_words().answers;
    let card = &props.card;
    let count = card.rows.len();
    let rows = card.rows.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let share = format!("--share: {:.4}", count as f64 / props.total.max(1) as f64);
    let class = classes!("card", (!card.finished).then_some("growing"), (count > 1).then_some("many"));
    let onclick = {
        let (on_look, row) = (props.on_look.clone(), card.rows[0]);
        Callback::from(move |_: MouseEvent| on_look.emit(row))
    };
    // What is heard of the button is what is written on it and the answer, which is English and says so. None of it stands there twice.
    let (text, look) =
        (format!("{}-{}-text", props.id, card.rows[0]), format!("{}-{}-look", props.id, card.rows[0]));
    let name = format!("{look} {}-of {text}", props.id);
    html! {
        <li {class} style={share} data-count={count.to_string()} data-rows={rows} data-finished={card.finished.to_string()}>
            if card.finished && card.text.is_empty() {
                <p id={text} class="answer-text empty">{ words.empty }</p>
            } else {
                <p id={text} class="answer-text" lang="en">{ for card.text.lines().enumerate().map(|(place, line)| html! { <span key={place}>{ line }</span> }) }</p>
            }
            if card.cut {
                <p class="cut">{ words.cut }</p>
            }
            if props.has_tally {
                <p class="tally">
                    <span aria-hidden="true">{ format!("×{count}") }</span>
                    <span class="hidden">{ (words.given)(count) }</span>
                </p>
            }
            if props.has_look {
                <button id={look} type="button" class="look" aria-labelledby={name} {onclick}>{ words.tokens }</button>
            }
        </li>
    }
}
