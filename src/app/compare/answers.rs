//! The two answers side by side: bare before the vote, with their sources after it.

use yew::prelude::*;

use crate::app::language::{Words, use_words};
use crate::preference::{Choice, Side, Strength, Vote};
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
    let words = use_words();
    html! {
        <>
            <p class="compare-prompt"><span class="hidden">{ words.compare.prompt_spoken }</span><span lang="en">{ &props.prompt }</span></p>
            <div class="compare-pair">{ for Side::ALL.map(|side| answer_view(props, side, words)) }</div>
        </>
    }
}

fn answer_view(props: &PairViewProps, side: Side, words: &Words) -> Html {
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
            <h3 {id}>{ (words.compare.answer)(side) }</h3>
            <p class="answer-text" lang="en">{ for text.lines().map(|line| html! { <span>{ line }</span> }) }</p>
            if !is_complete {
                <p class="cut">{ words.answers.cut }</p>
            }
            if let Some((vote, label)) = revealed {
                { source_view(vote, side, label, words) }
            }
        </article>
    }
}

fn source_view(vote: &Vote, side: Side, label: &str, words: &Words) -> Html {
    let judgement = match vote.choice {
        Choice::Prefer { side: chosen, strength } if chosen == side => {
            Some(strength_in_words(strength, words))
        }
        Choice::BothBad => Some(words.compare.both_bad),
        Choice::Prefer { .. } | Choice::Skip => None,
    };
    html! {
        <dl class="compare-source">
            <div><dt>{ words.instrument.temperature }</dt><dd data-temperature="">{ temperature_in_words(vote.answer(side).source.temperature, words) }</dd></div>
            <div><dt>{ words.compare.stage }</dt><dd data-stage="">{ label }</dd></div>
            if let Some(judgement) = judgement {
                <div><dt>{ words.compare.you_said }</dt><dd>{ judgement }</dd></div>
            }
        </dl>
    }
}

/// How much better, as it is said.
pub(super) fn strength_in_words(strength: Strength, words: &Words) -> &'static str {
    let place = Strength::ALL.iter().position(|known| *known == strength);
    place.map_or("", |place| words.compare.strengths[place])
}

fn temperature_in_words(temperature: Temperature, words: &Words) -> String {
    match temperature {
        Temperature::Greedy => words.compare.greedy.to_owned(),
        Temperature::Value(value) => words.number(f64::from(value), 1),
    }
}

/// From 0 (cold) to 1 (hot), as on the slider of the first chapter.
fn heat(temperature: Temperature) -> f32 {
    match temperature {
        Temperature::Greedy => 0.0,
        Temperature::Value(value) => ((value - 0.1) / 1.4).clamp(0.0, 1.0),
    }
}
