//! What came of it: the reward model, the policy, and answers to look at.

use yew::prelude::*;

use super::state::{Outcome, Report, Teacher};
use crate::app::language::use_words;
use crate::app::language::words::Learn;
use crate::learning::{FreshPair, Share};

/// Pairs of answers that are shown.
const EXAMPLES: usize = 4;

/// Properties of [`Results`].
#[derive(Properties, PartialEq)]
pub struct ResultsProps {
    /// What came of it, as far as it has come.
    pub report: Report,
}

/// Three steps, each with its numbers in words and one bar.
#[component]
pub fn Results(props: &ResultsProps) -> Html {
    let report = &props.report;
    let said = &use_words().learn;
    html! {
        <ol class="learn-steps" role="list">
            <li id="learn-votes-used" data-votes={report.votes.to_string()}>
                <h3>{ said.votes }</h3>
                <p>{ (said.used)(report) }</p>
            </li>
            if let Some(held_back) = &report.held_back {
                <li id="learn-reward" data-unseen={held_back.unseen.value().map(|v| v.to_string())} data-of={held_back.unseen.of.to_string()}>
                    <h3>{ said.reward_model }</h3>
                    { bar(held_back.unseen, held_back.unseen.interval()) }
                    <p>{ (said.held_back)(held_back) }</p>
                </li>
            }
            if let Some(outcome) = &report.outcome {
                { policy(report, outcome, said) }
            }
        </ol>
    }
}

fn policy(report: &Report, outcome: &Outcome, said: &Learn) -> Html {
    let meetings = match report.teacher {
        Teacher::Visitor => outcome.by_reward(),
        Teacher::Simulated(taste) => outcome.by_taste(taste),
    };
    let win_rate = meetings.win_rate();
    let (low, high) = meetings.interval();
    html! {
        <li id="learn-policy" data-win-rate={win_rate.value().map(|v| v.to_string())} data-low={low.to_string()} data-high={high.to_string()}
            data-better={meetings.better.to_string()} data-alike={meetings.alike.to_string()} data-worse={meetings.worse.to_string()}
            data-divergence={outcome.divergence.to_string()}>
            <h3>{ said.policy }</h3>
            { bar(win_rate, (low, high)) }
            <p>{ (said.wins)(report, outcome) }</p>
            <p>{ (said.movement)(outcome) }</p>
            <ul class="learn-examples" role="list">{ for outcome.examples(EXAMPLES).into_iter().map(|pair| example(pair, said)) }</ul>
            <p class="note">{ said.goodhart }</p>
        </li>
    }
}

/// A share between 0 and 100 %, its interval, and the half that a coin would get. What it says is said in words beside it.
fn bar(share: Share, (low, high): (f64, f64)) -> Html {
    let Some(value) = share.value() else { return Html::default() };
    let style = format!("--value: {value:.4}; --low: {low:.4}; --high: {high:.4}");
    html! { <div class="learn-bar" {style} aria-hidden="true"><i class="coin"></i><i class="interval"></i><i class="value"></i></div> }
}

fn example(pair: &FreshPair, said: &Learn) -> Html {
    let answer = |label: &'static str, side: usize| {
        html! {
            <div>
                <p class="note">{ (said.example)(label, pair.rewards[side].into()) }</p>
                <p class="answer-text" lang="en">{ for pair.answers[side].lines().map(|line| html! { <span>{ line }</span> }) }</p>
            </div>
        }
    };
    html! {
        <li>
            <p class="learn-prompt" lang="en">{ &pair.prompt }</p>
            { answer("SFT", 0) }
            { answer(said.yours, 1) }
        </li>
    }
}
