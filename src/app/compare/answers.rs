//! The two answers side by side: bare before the vote, with their sources after it.

use yew::prelude::*;

use crate::preference::{Choice, Side, Vote};
use crate::units::Temperature;

/// Properties of [`PairView`].
#[derive(Properties, PartialEq)]
pub struct PairViewProps {
    /// What was asked.
    pub prompt: String,
    /// Texts of A and B, and whether the model ended them itself.
    pub texts: [(String, bool); 2],
    /// After the vote: the vote, and the names of the stages of A and B.
    #[prop_or_default]
    pub revealed: Option<(Vote, [String; 2])>,
}

/// Both answers. Texts are text nodes, whatever is in them.
#[component]
pub fn PairView(props: &PairViewProps) -> Html {
    html! {
        <>
            <p class="compare-prompt"><span class="hidden">{ "Prompt: " }</span>{ &props.prompt }</p>
            <div class="compare-pair">{ for Side::ALL.map(|side| answer_view(props, side)) }</div>
        </>
    }
}

fn answer_view(props: &PairViewProps, side: Side) -> Html {
    let index = usize::from(side == Side::B);
    let (text, is_complete) = &props.texts[index];
    let revealed = props.revealed.as_ref().map(|(vote, labels)| (vote, &labels[index]));
    let is_chosen = revealed.is_some_and(
        |(vote, _)| matches!(vote.choice, Choice::Prefer { side: chosen, .. } if chosen == side),
    );
    let heat = revealed.map(|(vote, _)| format!("--heat: {:.3}", heat(vote.answer(side).source.temperature)));
    let class = classes!("compare-answer", revealed.map(|_| "revealed"), is_chosen.then_some("chosen"));
    let id = format!("compare-answer-{}", side.letter().to_lowercase());
    html! {
        <article {class} style={heat} aria-labelledby={id.clone()} data-side={side.letter().to_lowercase()}>
            <h3 {id}>{ format!("Answer {}", side.letter()) }</h3>
            <p class="answer-text">{ for text.lines().map(|line| html! { <span>{ line }</span> }) }</p>
            if !is_complete {
                <p class="cut">{ "cut off at the length limit" }</p>
            }
            if let Some((vote, label)) = revealed {
                { source_view(vote, side, label) }
            }
        </article>
    }
}

fn source_view(vote: &Vote, side: Side, label: &str) -> Html {
    let judgement = match vote.choice {
        Choice::Prefer { side: chosen, strength } if chosen == side => Some(strength.words()),
        Choice::BothBad => Some("both bad"),
        Choice::Prefer { .. } | Choice::Skip => None,
    };
    html! {
        <dl class="compare-source">
            <div><dt>{ "Temperature" }</dt><dd data-temperature="">{ temperature_in_words(vote.answer(side).source.temperature) }</dd></div>
            <div><dt>{ "Stage" }</dt><dd data-stage="">{ label }</dd></div>
            if let Some(judgement) = judgement {
                <div><dt>{ "You said" }</dt><dd>{ judgement }</dd></div>
            }
        </dl>
    }
}

fn temperature_in_words(temperature: Temperature) -> String {
    match temperature {
        Temperature::Greedy => "greedy".to_owned(),
        Temperature::Value(value) => format!("{value:.1}"),
    }
}

/// From 0 (cold) to 1 (hot), as on the slider of the first chapter.
fn heat(temperature: Temperature) -> f32 {
    match temperature {
        Temperature::Greedy => 0.0,
        Temperature::Value(value) => ((value - 0.1) / 1.4).clamp(0.0, 1.0),
    }
}
