//! What the votes kept in this browser say about the training stages.

use std::rc::Rc;

use yew::prelude::*;

use super::sampling::Offer;
use super::state::all_meetings;
use crate::app::language::{Words, use_words};
use crate::app::parts::marks::{mark, stage_class};
use crate::preference::Vote;
use crate::preference::ranking::{COVERAGE, Meeting, ROUNDS, Ranking, Standing};

/// Votes on two different stages before a ranking is shown.
const LEAST_MEETINGS: usize = 10;
/// Size of the drawing of one interval, in its own units.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 24.0;

/// Properties of [`Leaderboard`].
#[derive(Properties, PartialEq)]
pub struct LeaderboardProps {
    /// The stages, in order of training.
    pub offers: Vec<Offer>,
    /// What the votes kept say about them.
    pub kept: Rc<Vec<Meeting>>,
    /// Votes of this visit that could not be kept.
    pub unsaved: Vec<Vote>,
}

/// What meetings say.
struct Found {
    /// Those of the stages that are offered.
    meetings: usize,
    /// Those of others.
    earlier: usize,
    /// None of too few meetings: it takes hundreds of fits, and nobody would see it.
    ranking: Option<Ranking>,
}

impl Found {
    fn new(sums: &[String], all: &[Meeting]) -> Self {
        let meetings =
            all.iter().filter(|meeting| meeting.models.iter().all(|model| sums.contains(model))).count();
        let rank = || Ranking::of(&sums.iter().map(String::as_str).collect::<Vec<_>>(), all);
        Self { meetings, earlier: all.len() - meetings, ranking: (meetings >= LEAST_MEETINGS).then(rank) }
    }
}

/// The stages by how often their answers win.
#[component]
pub fn Leaderboard(props: &LeaderboardProps) -> Html {
    let words = use_words();
    let said = &words.compare.leaderboard;
    let found = {
        let sums: Vec<String> = props.offers.iter().map(|offer| offer.model_sha256.clone()).collect();
        let votes = (Rc::clone(&props.kept), props.unsaved.clone());
        use_memo((sums, votes), |(sums, (kept, unsaved))| Found::new(sums, &all_meetings(kept, unsaved)))
    };
    let Found { meetings, earlier, ranking } = &*found;
    if props.offers.len() < 2 {
        return Html::default();
    }
    let labels: Vec<&str> = props.offers.iter().map(|offer| offer.label.as_str()).collect();
    html! {
        <section class="leaderboard" id="compare-ranking" aria-labelledby="compare-ranking-heading" data-meetings={meetings.to_string()}>
            <h3 id="compare-ranking-heading">{ said.heading }</h3>
            if let Some(ranking) = ranking {
                <p class="verdict">{ verdict(ranking, &labels, words) }</p>
                { table(ranking, &labels, words) }
                { details(ranking, &labels, words) }
            } else {
                <p class="note">{ (said.waiting)(LEAST_MEETINGS, *meetings) }</p>
            }
            if *earlier > 0 {
                <p class="note">{ (said.earlier)(*earlier) }</p>
            }
        </section>
    }
}

/// What can be said, and no more.
fn verdict(ranking: &Ranking, labels: &[&str], words: &Words) -> String {
    let said = &words.compare.leaderboard;
    match ranking.told_apart {
        Some((best, worst)) => (said.verdict)(ranking.meetings, labels[best], labels[worst]),
        None => (said.no_verdict)(ranking.meetings),
    }
}

fn table(ranking: &Ranking, labels: &[&str], words: &Words) -> Html {
    let said = &words.compare.leaderboard;
    let line = |standing: &Standing| {
        let chance = words.share(standing.chance);
        let interval = words.range(standing.interval);
        html! {
            <tr class={stage_class(standing.place)} data-stage={standing.place.to_string()} data-chance={format!("{:.4}", standing.chance)}>
                <th scope="row">{ labels[standing.place] }</th>
                <td class="forest">{ bar(standing) }</td>
                <td>{ chance }</td>
                <td>{ interval }</td>
                <td>{ standing.meetings }</td>
            </tr>
        }
    };
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label={said.table}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ said.stage }</th>
                        <th scope="col" class="forest"><span class="hidden">{ (said.drawn)(&words.share(1.0)) }</span></th>
                        <th scope="col">{ said.wins }</th>
                        <th scope="col">{ (said.interval)(&words.share(COVERAGE)) }</th>
                        <th scope="col">{ said.votes }</th>
                    </tr>
                </thead>
                <tbody>{ for ranking.standings.iter().map(line) }</tbody>
            </table>
        </div>
    }
}

/// An interval as a bar from 0 to 100 %, with the estimate as its stage's mark.
fn bar(standing: &Standing) -> Html {
    let x = |chance: f64| 8.0 + chance * (WIDTH - 16.0);
    let middle = HEIGHT / 2.0;
    let line = |class: &'static str, from: f64, to: f64| {
        html! { <line {class} x1={format!("{from:.1}")} x2={format!("{to:.1}")} y1={middle.to_string()} y2={middle.to_string()} /> }
    };
    html! {
        <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} aria-hidden="true">
            { line("floor", x(0.0), x(1.0)) }
            <line class="half" x1={x(0.5).to_string()} x2={x(0.5).to_string()} y1="0" y2={HEIGHT.to_string()} />
            { line("interval", x(standing.interval.0), x(standing.interval.1)) }
            { mark(standing.place, x(standing.chance), middle, 6.0) }
        </svg>
    }
}

fn details(ranking: &Ranking, labels: &[&str], words: &Words) -> Html {
    let said = &words.compare.leaderboard;
    let line = |(row, name): (usize, &&str)| {
        let cell = |column: usize| {
            let text = match (row == column, ranking.wins[row][column]) {
                (true, _) => "–".to_owned(),
                (false, wins) => words.halves(wins),
            };
            html! { <td>{ text }</td> }
        };
        html! { <tr><th scope="row">{ *name }</th>{ for (0..labels.len()).map(cell) }</tr> }
    };
    html! {
        <details>
            <summary>{ said.details }</summary>
            <div class="table-box" tabindex="0" role="region" aria-label={said.wins_table}>
                <table>
                    <caption>{ said.wins_caption }</caption>
                    <thead><tr><th scope="col">{ said.stage }</th>{ for labels.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }</tr></thead>
                    <tbody>{ for labels.iter().enumerate().map(line) }</tbody>
                </table>
            </div>
            <p class="note">{ (said.method)(ROUNDS) }</p>
        </details>
    }
}
