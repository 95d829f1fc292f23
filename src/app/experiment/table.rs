//! The numbers behind the chart.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::language::use_words;
use crate::app::prompts::side;
use crate::app::unseen::use_unfolded;
use crate::experiment::live::Experiment;
use crate::experiment::plan::Kind;

/// Properties of [`Tables`].
#[derive(Properties, PartialEq)]
pub(super) struct TablesProps {
    /// What was measured.
    pub experiment: Rc<Experiment>,
    /// Whether more will come. Meanwhile the tables follow only where they are seen.
    pub is_running: bool,
}

/// One table per kind, behind their heading.
#[component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let words = use_words();
    let (experiment, ontoggle) = use_unfolded(Rc::clone(&props.experiment), props.is_running);
    html! {
        <details {ontoggle}>
            <summary>{ words.experiment.tables }</summary>
            <div class="figure-tables">{ for Kind::ALL.map(|kind| html! { <Table experiment={Rc::clone(&experiment)} {kind} /> }) }</div>
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    experiment: Rc<Experiment>,
    kind: Kind,
}

/// A line per temperature, a column per stage.
#[component]
fn Table(TableProps { experiment, kind }: &TableProps) -> Html {
    let words = use_words();
    let curves: Vec<_> = (0..experiment.stages.len()).map(|stage| experiment.curve(stage, *kind)).collect();
    let cell = |stage: usize, t: usize| {
        let text = curves[stage].get(t).map_or_else(
            || "–".to_owned(),
            |point| format!("{} ± {}", words.number(point.mean, 2), words.number(point.deviation, 2)),
        );
        html! { <td>{ text }</td> }
    };
    let line = |(t, temperature): (usize, &f32)| {
        html! {
            <tr>
                <th scope="row">{ words.number(f64::from(*temperature), 1) }</th>
                { for (0..curves.len()).map(|stage| cell(stage, t)) }
            </tr>
        }
    };
    let name = (words.experiment.table)(side(*kind));
    html! {
        // A wide table scrolls by itself, by keyboard too.
        <div class="table-box" tabindex="0" role="region" aria-label={name.clone()}>
            <table>
                <caption>{ name }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "T" }</th>
                        { for experiment.stages.iter().map(|stage| html! { <th scope="col">{ words.stage_label(&stage.label) }</th> }) }
                    </tr>
                </thead>
                <tbody>{ for experiment.protocol.temperatures.iter().enumerate().map(line) }</tbody>
            </table>
        </div>
    }
}
