//! The diversity dials of a column.

use yew::prelude::*;

use crate::app::dials::Dials;
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
    let dials = props.dials;
    let self_bleu = dials.and_then(|dials| dials.self_bleu);
    let distinct = dials.map(|dials| dials.distinct as f64);
    let entropy = dials.map(|dials| dials.entropy_bits);
    let of = dials.map(|dials| format!("of {}", dials.answers)).unwrap_or_default();
    let most = dials.map_or(0.0, |dials| dials.most_entropy_bits());
    let meaning = if most > 0.0 {
        format!("Spread: 0 is all the same, {most:.1} all different.")
    } else {
        "Spread: 0 is all the same.".to_owned()
    };
    html! {
        <dl class="dials" id={format!("dials-{}{}", props.slot.side.id(), props.slot.place.suffix())}>
            <Dial id="self-bleu" name="Self-BLEU" value={self_bleu} share={self_bleu} text={self_bleu.map(|v| format!("{v:.2}"))}
                meaning="Likeness of wording: 1 is identical." />
            <Dial id="distinct" name="Distinct" value={distinct}
                share={dials.map(|dials| dials.distinct as f64 / dials.answers.max(1) as f64)}
                text={distinct.map(|v| format!("{v:.0}"))} unit={of} meaning="Number of different answers." />
            <Dial id="entropy" name="Entropy" value={entropy} share={entropy.map(|v| if most > 0.0 { v / most } else { 0.0 })}
                text={entropy.map(|v| format!("{v:.1}"))} unit="bits"
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
