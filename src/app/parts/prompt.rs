//! Choosing a prompt: ten to pick from, or one's own.

use yew::prelude::*;

use super::picker::Picker;
use crate::app::prompts::{BuiltIn, Side};
use crate::app::settings::{Change, MOST_PROMPT_CHARS, Prompt};
use crate::app::state::Action;
use crate::app::words;

/// Value of the picker's last entry.
const OWN: &str = "own";

/// Properties of [`PromptPicker`].
#[derive(Properties, PartialEq)]
pub struct PromptPickerProps {
    /// Which column.
    pub side: Side,
    /// What is chosen.
    pub prompt: Prompt,
    /// What to do.
    pub act: Callback<Action>,
}

/// The picker, and a field for one's own prompt while that is chosen.
#[component]
pub fn PromptPicker(props: &PromptPickerProps) -> Html {
    let (side, id) = (props.side, props.side.id());
    let own_text = match &props.prompt {
        Prompt::Own(text) => Some(text.clone()),
        Prompt::BuiltIn(_) => None,
    };
    let field = use_node_ref();
    let on_pick = {
        let (act, current) = (props.act.clone(), props.prompt.text().to_owned());
        Callback::from(move |name: String| {
            let prompt =
                if name == OWN { Some(Prompt::Own(current.clone())) } else { Prompt::named(side, &name) };
            if let Some(prompt) = prompt {
                act.emit(Action::Change(Change::Prompt(side, prompt)));
            }
        })
    };
    let commit = {
        let (act, field) = (props.act.clone(), field.clone());
        Callback::from(move |()| {
            if let Some(input) = field.cast::<web_sys::HtmlInputElement>() {
                act.emit(Action::Change(Change::Prompt(side, Prompt::own(&input.value()))));
            }
        })
    };
    let on_own = {
        let commit = commit.clone();
        Callback::from(move |_: Event| commit.emit(()))
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        commit.emit(());
    });
    let chosen = match &props.prompt {
        Prompt::BuiltIn(prompt) => prompt.name,
        Prompt::Own(_) => OWN,
    };
    let entry = |prompt: &BuiltIn| (AttrValue::Static(prompt.name), AttrValue::Static(prompt.text));
    let mut entries: Vec<_> = side.prompts().iter().map(entry).collect();
    entries.push((OWN.into(), "Your own prompt …".into()));
    let (picker_id, own_id) = (format!("prompt-{id}"), format!("own-{id}"));
    html! {
        <form class="prompt" {onsubmit}>
            <label class="hidden" for={picker_id.clone()}>{ format!("{} prompt", words::side_title(side)) }</label>
            <Picker id={picker_id} class="prompt-picker" {entries} {chosen} {on_pick} />
            if let Some(text) = own_text {
                <div class="own">
                    <label class="hidden" for={own_id.clone()}>{ "Your own prompt" }</label>
                    <input ref={field} id={own_id} type="text" maxlength={MOST_PROMPT_CHARS.to_string()} value={text}
                        placeholder="Type a prompt" autocomplete="off" enterkeyhint="go" onchange={on_own} />
                    <button id={format!("ask-{id}")} type="submit">{ "Ask" }</button>
                </div>
                <p class="note">{ learned(side) }</p>
            }
        </form>
    }
}

/// What is worth asking.
fn learned(side: Side) -> &'static str {
    match side {
        Side::Creative => {
            "This model learned short rhymes, haiku and list poems; try “Write a haiku about rain”. Other prompts get an answer \
             too, seldom a good one."
        }
        Side::Factual => {
            "This model learned capitals, continents and a few other kinds of facts; try “What is the capital of Kenya?”. Other \
             prompts get an answer too, seldom a good one."
        }
    }
}
