//! The prose: what temperature is, what to try, what is miniature about this, and the sources.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::facts::{MEASURES, line_of};
use crate::app::models::MODELS_URL;
use crate::app::words;
use crate::manifest::{Manifest, Stage};

/// What to know while playing.
#[component]
pub fn Reading() -> Html {
    html! {
        <section class="reading" aria-labelledby="reading-heading">
            <h2 id="reading-heading">{ "What you are looking at" }</h2>
            <div class="reading-columns">
                <div>
                    <h3>{ "What temperature is" }</h3>
                    <p>
                        { "A language model writes one token (a word or a piece of one) at a time. For each it gives every token in its " }
                        { "vocabulary a score, and the scores become odds. Temperature divides the scores first: below 1 the favourites " }
                        { "grow stronger, above 1 the odds even out. At 1 they are what the model learned." }
                    </p>
                </div>
                <div>
                    <h3>{ "What to try" }</h3>
                    <ul>
                        <li>{ "Turn it up from 0.2 to 1.5. When do the poems start to differ? When do the facts?" }</li>
                        <li>{ "Choose the last training stage and compare it with the first. Which column did training change?" }</li>
                        <li>{ "Turn it down again: the same seed brings back the very same answers." }</li>
                        <li>{ "Ask for 25 answers, and see how many are left when equal ones share a card." }</li>
                        <li>{ "Pick a fact that the model knows badly. Does heat change its mind?" }</li>
                    </ul>
                </div>
                <div>
                    <h3>{ "What Self-BLEU is" }</h3>
                    <p>
                        { "Take one answer, and count how many of its runs of one to four words also occur in the other answers. Do so " }
                        { "for each answer and take the mean (Zhu et al. 2018). High means that the answers are alike, low that they differ. " }
                        { "It grows with the number of answers, so compare like with like. Of an answer shorter than four words, only the " }
                        { "runs that it has are counted." }
                    </p>
                </div>
                <div>
                    <h3>{ "What the paper found" }</h3>
                    <p>
                        { "Touvron et al. (2023, section 5.1) raised the temperature of Llama 2. Creative answers grew more varied at every " }
                        { "training stage. Factual answers did so before RLHF, and less and less with each round of it: the model had " }
                        { "learned to rescale its own temperature by context." }
                    </p>
                    <p>
                        { "It is not the whole story. Kirk et al. (2023) find that RLHF makes answers less diverse overall; Shypula et al. " }
                        { "(2025) find that among answers of good quality, preference-tuned models can be the more diverse ones." }
                    </p>
                </div>
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

/// The foot of the page: simplifications, measured numbers, sources.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let manifest = props.manifest.iter();
    let stages: Vec<&Stage> =
        manifest.flat_map(|manifest| manifest.stages.iter().chain(&manifest.demonstrations)).collect();
    html! {
        <footer id="about" class="about">
            <section aria-labelledby="miniature-heading">
                <h2 id="miniature-heading">{ "What is miniature about this" }</h2>
                <p>
                    if let Some(stage) = stages.first() {
                        { format!("Llama 2 has 7 to 70 billion parameters; the model here has {}. ", words::count(stage.parameters)) }
                    }
                    { "It was trained by this project, on poems and facts that a program of this project wrote, with simulated annotators of " }
                    { "varying skill in place of people. It knows short poems and a few kinds of facts, and gets some of them wrong, as its " }
                    { "teachers did. Whatever its answers show comes from that training; nothing about them is written into this page." }
                </p>
                if !stages.is_empty() {
                    { record(&stages) }
                    <p>{ "Much more, and the limits, are in the " }<a href={format!("{MODELS_URL}MODEL_CARD.md")}>{ "model card" }</a>{ "." }</p>
                }
            </section>
            <section aria-labelledby="sources-heading">
                <h2 id="sources-heading">{ "Sources" }</h2>
                <ul class="sources">
                    <li>{ "H. Touvron et al. 2023. " }<cite>{ "Llama 2: Open Foundation and Fine-Tuned Chat Models" }</cite>
                        { ", section 5.1 and Figure 21. " }{ paper("2307.09288") }</li>
                    <li>{ "Y. Zhu et al. 2018. " }<cite>{ "Texygen: A Benchmarking Platform for Text Generation Models" }</cite>
                        { " (Self-BLEU). " }{ paper("1802.01886") }</li>
                    <li>{ "R. Kirk et al. 2023. " }<cite>{ "Understanding the Effects of RLHF on LLM Generalisation and Diversity" }</cite>
                        { ". " }{ paper("2310.06452") }</li>
                    <li>{ "A. Shypula et al. 2025. " }<cite>{ "Evaluating the Diversity and Quality of LLM Generated Content" }</cite>
                        { ". " }{ paper("2504.12522") }</li>
                </ul>
            </section>
        </footer>
    }
}

fn paper(number: &str) -> Html {
    let label = format!("arXiv {number}");
    html! { <a href={format!("https://arxiv.org/abs/{number}")} rel="noopener">{ label }</a> }
}

/// What was measured of each stage when it was trained.
fn record(stages: &[&Stage]) -> Html {
    let line = |stage: &&Stage| {
        let line = line_of(stage);
        html! {
            <tr>
                <th scope="row">{ line.label }</th>
                { for line.measures.into_iter().map(|value| html! { <td>{ value }</td> }) }
                <td class="origin">{ line.origin }</td>
            </tr>
        }
    };
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label="The stages, as recorded when they were trained">
            <table class="record">
                <caption>{ "Recorded when the stages were trained, at T = 1. “Held out” are subjects that RLHF never asked for." }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Stage" }</th>
                        { for MEASURES.map(|(name, _)| html! { <th scope="col">{ name }</th> }) }
                        <th scope="col" class="origin">{ "Trained" }</th>
                    </tr>
                </thead>
                <tbody>{ for stages.iter().map(line) }</tbody>
            </table>
        </div>
    }
}
