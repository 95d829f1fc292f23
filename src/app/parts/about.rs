//! The prose: what temperature is, what to try, what is miniature about this, the sources, and how to cite.

use std::rc::Rc;

use yew::prelude::*;

use super::copy::Copy;
use crate::app::citation::citation;
use crate::app::facts::line_of;
use crate::app::language::{Words, use_words};
use crate::app::models::MODELS_URL;
use crate::manifest::{Manifest, Stage};
use crate::platform::address::address;

/// What to know while playing.
#[component]
pub fn Reading() -> Html {
    let words = use_words();
    let said = &words.reading;
    let part = |heading: &'static str, body: Html| html! { <div><h3>{ heading }</h3>{ body }</div> };
    let paragraph = |text: &'static str| html! { <p>{ text }</p> };
    let [temperature, what_it_is] = said.temperature;
    let [self_bleu, what_that_is] = said.self_bleu;
    let [paper, found, others_found] = said.paper;
    html! {
        <section class="reading" lang={words.language.tag()} aria-labelledby="reading-heading">
            <h2 id="reading-heading">{ said.heading }</h2>
            <div class="reading-columns">
                { part(temperature, paragraph(what_it_is)) }
                { part(said.to_try, html! { <ul>{ for said.tries.map(|text| html! { <li>{ text }</li> }) }</ul> }) }
                { part(self_bleu, paragraph(what_that_is)) }
                { part(paper, html! { <>{ paragraph(found) }{ paragraph(others_found) }</> }) }
            </div>
        </section>
    }
}

/// Properties of [`About`].
#[derive(Properties, PartialEq)]
pub struct AboutProps {
    /// The published models.
    pub manifest: Option<Rc<Manifest>>,
}

/// The foot of the page: simplifications, measured numbers, sources, how to cite.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let words = use_words();
    let said = &words.about;
    let [before_card, card, after_card] = said.card;
    let manifest = props.manifest.iter();
    let stages: Vec<&Stage> =
        manifest.flat_map(|manifest| manifest.stages.iter().chain(&manifest.demonstrations)).collect();
    let cited = citation(&address(), stages.first().copied());
    html! {
        <footer id="about" class="about" lang={words.language.tag()}>
            <section aria-labelledby="miniature-heading">
                <h2 id="miniature-heading">{ said.miniature }</h2>
                <p>
                    if let Some(stage) = stages.first() {
                        { (said.size)(&words.count(stage.parameters)) }
                    }
                    { said.training }
                </p>
                <dl class="simpler">
                    { for said.simpler.map(|[what, how]| html! { <><dt>{ what }</dt><dd>{ how }</dd></> }) }
                </dl>
                if !stages.is_empty() {
                    { record(&stages, words) }
                    <p>{ before_card }<a href={format!("{MODELS_URL}MODEL_CARD.md")} hreflang="en">{ card }</a>{ after_card }</p>
                }
            </section>
            <section aria-labelledby="sources-heading">
                <h2 id="sources-heading">{ said.sources }</h2>
                <ul class="sources">
                    <li>{ "H. Touvron et al. 2023. " }<cite lang="en">{ "Llama 2: Open Foundation and Fine-Tuned Chat Models" }</cite>
                        { said.section }{ paper("2307.09288") }</li>
                    <li>{ "Y. Zhu et al. 2018. " }<cite lang="en">{ "Texygen: A Benchmarking Platform for Text Generation Models" }</cite>
                        { " (Self-BLEU). " }{ paper("1802.01886") }</li>
                    <li>{ "R. Kirk et al. 2023. " }<cite lang="en">{ "Understanding the Effects of RLHF on LLM Generalisation and Diversity" }</cite>
                        { ". " }{ paper("2310.06452") }</li>
                    <li>{ "A. Shypula et al. 2025. " }<cite lang="en">{ "Evaluating the Diversity and Quality of LLM Generated Content" }</cite>
                        { ". " }{ paper("2504.12522") }</li>
                </ul>
            </section>
            <section class="cite" aria-labelledby="cite-heading">
                <h2 id="cite-heading">{ said.cite }</h2>
                <p>{ said.cite_what }</p>
                <pre id="citation" tabindex="0" role="region" aria-label={said.cite_name} lang="en"><code>{ &cited }</code></pre>
                <div class="buttons"><Copy id="copy-citation" labels={said.cite_copy} text={Callback::from(move |()| cited.clone())} /></div>
            </section>
        </footer>
    }
}

fn paper(number: &str) -> Html {
    let label = format!("arXiv {number}");
    html! { <a href={format!("https://arxiv.org/abs/{number}")} rel="noopener">{ label }</a> }
}

/// What was measured of each stage when it was trained.
fn record(stages: &[&Stage], words: &Words) -> Html {
    let said = &words.about;
    let line = |stage: &&Stage| {
        let line = line_of(stage, words);
        html! {
            <tr>
                <th scope="row">{ line.label }</th>
                { for line.measures.into_iter().map(|value| html! { <td>{ value }</td> }) }
                <td class="origin">{ line.origin }</td>
            </tr>
        }
    };
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label={said.table}>
            <table class="record">
                <caption>{ said.caption }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ said.stage }</th>
                        { for said.measures.map(|name| html! { <th scope="col">{ name }</th> }) }
                        <th scope="col" class="origin">{ said.trained }</th>
                    </tr>
                </thead>
                <tbody>{ for stages.iter().map(line) }</tbody>
            </table>
        </div>
    }
}
