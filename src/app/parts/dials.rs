//! The diversity dials of a column.

use yew::prelude::*;

use crate::app::dials::Dials;
use crate::app::language::use_words;
use crate::app::slot::Slot;

/// Properties of [`DialsView`].
#[derive(Properties, PartialEq)]
pub struct DialsProps {
    /// Where the answers stand.
    pub slot: Slot,
    /// What was measured; none while answers stream.
    pub dials: Option<Dials>,
}

/// Three numbers, each with its bar and a line on what it means.
#[component]
pub fn DialsView(props: &DialsProps) -> Html {
    let words = use_words();
    let said = &words.dials;
    let dials = props.dials;
    let self_bleu = dials.and_then(|dials| dials.self_bleu);
    let distinct = dials.map(|dials| dials.distinct as f64);
    let entropy = dials.map(|dials| dials.entropy_bits);
    let of = dials.map(|dials| (said.of)(dials.answers)).unwrap_or_default();
    let most = dials.map_or(0.0, |dials| dials.most_entropy_bits());
    let most_text = (most > 0.0).then(|| words.number(most, 1));
    let meaning = (said.entropy_meaning)(most_text.as_deref());
    html! {
        <dl class="dials" id={format!("dials-{}{}", props.slot.side.id(), props.slot.place.suffix())}>
            <Dial id="self-bleu" name="Self-BLEU" value={self_bleu} share={self_bleu} text={self_bleu.map(|v| words.number(v, 2))}
                meaning={said.self_bleu} />
            <Dial id="distinct" name={said.distinct} value={distinct}
                share={dials.map(|dials| dials.distinct as f64 / dials.answers.max(1) as f64)}
                text={distinct.map(|v| format!("{v:.0}"))} unit={of} meaning={said.distinct_meaning} />
            <Dial id="entropy" name={said.entropy} value={entropy} share={entropy.map(|v| if most > 0.0 { v / most } else { 0.0 })}
                text={entropy.map(|v| words.number(v, 1))} unit={said.bits}
                meaning={meaning} />
        </dl>
    }
}

#[derive(Properties, PartialEq)]
struct DialProps {
    id: &'static str,
    name: &'static str,
    value: Option<f64>,
    /// Length of the bar, 0 to 1.
    share: Option<f64>,
    text: Option<String>,
    #[prop_or_default]
    unit: AttrValue,
    meaning: AttrValue,
}

#[component]
fn Dial(props: &DialProps) -> Html {
    let value = props.value.map(|value| format!("{value:.4}")).unwrap_or_default();
    let share = format!("--share: {:.4}", props.share.unwrap_or(0.0).clamp(0.0, 1.0));
    html! {
        <div class="dial" data-dial={props.id} data-value={value}>
            <dt>{ props.name }</dt>
            <dd class="dial-value">
                if let Some(text) = &props.text {
                    { text }<small>{ format!(" {}", props.unit) }</small>
                } else {
                    { "–" }
                }
            </dd>
            <dd class="dial-bar" aria-hidden="true"><span style={share}></span></dd>
            <dd class="dial-meaning">{ &props.meaning }</dd>
        </div>
    }
}
