//! The numbers behind the chapter's charts.

use yew::prelude::*;

use super::state::Results;
use crate::app::language::Words;
use crate::experiment::plan::ANSWERS_PER_PROMPT;

/// Numbers of answers of which the best has a column.
const BEST_OF: [usize; 3] = [1, 5, 25];

/// A line per entrant: how its rewards are distributed, the best of N, and the best of all at every temperature of a sweep. Folded.
pub(super) fn numbers(results: &[Results<'_>], prompts: &str, words: &Words) -> Html {
    let said = &words.rewards;
    let name = (said.ridges)(prompts);
    let mut swept: Vec<u8> =
        results.iter().flat_map(|result| &result.by_temperature).map(|(tenths, _)| *tenths).collect();
    swept.sort_unstable();
    swept.dedup();
    if swept.len() < 2 {
        swept.clear(); // at one temperature it is the best of all, which has its column
    }
    let cell = |value: Option<f64>| html! { <td>{ value.map_or_else(|| "–".to_owned(), |value| words.signed(value, 2)) }</td> };
    let line = |(row, result): (usize, &Results<'_>)| {
        let found = result.distribution.as_ref();
        let at = |tenths: &u8| {
            result.by_temperature.iter().find(|(here, _)| here == tenths).map(|(_, reward)| *reward)
        };
        html! {
            <tr key={row}>
                <th scope="row">{ words.stage_label(&result.entrant.label).to_owned() }</th>
                { cell(found.map(|found| found.mean)) }
                { cell(found.map(|found| found.worst_tenth)) }
                { for BEST_OF.map(|n| cell(result.best_of.get(n - 1).copied())) }
                { for swept.iter().map(|tenths| cell(at(tenths))) }
            </tr>
        }
    };
    let column = |text: String| html! { <th scope="col">{ text }</th> };
    html! {
        <details id="rewards-numbers" class="numbers">
            <summary>{ words.experiment.tables }</summary>
            <div class="table-box" tabindex="0" role="region" aria-label={name.clone()}>
                <table>
                    <caption>{ name }</caption>
                    <thead>
                        <tr>
                            { column(words.compare.leaderboard.stage.to_owned()) }
                            { for said.columns.map(|name| column(name.to_owned())) }
                            { for BEST_OF.map(|n| column((said.column_best)(n))) }
                            { for swept.iter().map(|tenths| column((said.column_best_at)(ANSWERS_PER_PROMPT, &words.tenths(*tenths)))) }
                        </tr>
                    </thead>
                    <tbody>{ for results.iter().enumerate().map(line) }</tbody>
                </table>
            </div>
        </details>
    }
}
