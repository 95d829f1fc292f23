//! An answer of the visitor's own, to be read like any other.

use yew::prelude::*;

use super::subject::Subject;
use crate::app::language::use_words;
use crate::app::settings::MOST_PROMPT_CHARS;

/// Longest answer of the visitor's own, in characters.
const MOST_ANSWER_CHARS: usize = 300;

/// Properties of [`OwnAnswer`].
#[derive(Properties, PartialEq)]
pub struct OwnAnswerProps {
    /// What stands in the prompt's field at first.
    pub prompt: String,
    /// What to do with it.
    pub on_look: Callback<Subject>,
}

/// Two fields and a button.
#[component]
pub fn OwnAnswer(props: &OwnAnswerProps) -> Html {
    let said = &use_words().inside;
    let (prompt, answer) = (use_node_ref(), use_node_ref());
    let onsubmit = {
        let (prompt, answer, on_look) = (prompt.clone(), answer.clone(), props.on_look.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = |field: &NodeRef| field.cast::<web_sys::HtmlInputElement>().map(|field| field.value());
            if let Some(subject) = text(&prompt).zip(text(&answer)).and_then(|(p, a)| Subject::typed(&p, &a))
            {
                on_look.emit(subject);
            }
        })
    };
    html! {
        <form class="own-answer" {onsubmit}>
            <div class="field">
                <label for="inside-own-prompt">{ said.prompt }</label>
                <input ref={prompt} id="inside-own-prompt" type="text" required={true} maxlength={MOST_PROMPT_CHARS.to_string()}
                    value={props.prompt.clone()} autocomplete="off" />
            </div>
            <div class="field">
                <label for="inside-own-answer">{ said.answer }</label>
                <input ref={answer} id="inside-own-answer" type="text" required={true} maxlength={MOST_ANSWER_CHARS.to_string()}
                    placeholder={said.type_here} autocomplete="off" enterkeyhint="go" />
            </div>
            <button id="inside-own-read" type="submit">{ said.read }</button>
        </form>
    }
}
