//! A button that copies a text, or shows it where the browser does not let the page copy.

use gloo_timers::callback::Timeout;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::language::use_words;
use crate::platform::clipboard;

/// How long "copied" is shown.
const COPIED_MS: u32 = 4_000;

/// What became of copying.
#[derive(Debug, Clone, PartialEq)]
enum Copied {
    Not,
    Done,
    Refused(String),
}

/// Properties of [`Copy`].
#[derive(Properties, PartialEq)]
pub struct CopyProps {
    /// Its id.
    pub id: &'static str,
    /// What it says, before and after it has copied.
    pub labels: [&'static str; 2],
    /// What it says of itself on hover.
    #[prop_or_default]
    pub title: Option<&'static str>,
    /// What it copies.
    pub text: Callback<(), String>,
}

/// The button.
#[component]
pub fn Copy(props: &CopyProps) -> Html {
    let by_hand = use_words().controls.copy_by_hand;
    let [label, done] = props.labels;
    let copied = use_state_eq(|| Copied::Not);
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, text) = (copied.clone(), text.emit(()));
            spawn_local(async move {
                if clipboard::copy(&text).await {
                    copied.set(Copied::Done);
                    Timeout::new(COPIED_MS, move || copied.set(Copied::Not)).forget();
                } else {
                    copied.set(Copied::Refused(text));
                }
            });
        })
    };
    html! {
        <>
            <button id={props.id} type="button" {onclick} title={props.title}>
                { if *copied == Copied::Done { done } else { label } }
            </button>
            <span class="hidden" role="status">{ if *copied == Copied::Done { done } else { "" } }</span>
            if let Copied::Refused(text) = &*copied {
                <label class="copy-by-hand">
                    { by_hand }
                    <textarea readonly=true rows={text.lines().count().to_string()} value={text.clone()} />
                </label>
            }
        </>
    }
}
