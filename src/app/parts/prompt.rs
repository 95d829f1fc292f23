//! Choosing a prompt: ten to pick from, or one's own.

use yew::prelude::*;

use super::value_of;
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
    let onchange = {
        let (act, current) = (props.act.clone(), props.prompt.text().to_owned());
        Callback::from(move |event: Event| {
            let prompt = match value_of(&event) {
                Some(name) if name == OWN => Some(Prompt::Own(current.clone())),
                Some(name) => Prompt::named(side, &name),
                None => None,
            };
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
    let option = |prompt: &'static BuiltIn| {
        let selected = props.prompt == Prompt::BuiltIn(prompt);
        html! { <option value={prompt.name} {selected}>{ prompt.text }</option> }
    };
    let (picker_id, own_id) = (format!("prompt-{id}"), format!("own-{id}"));
    html! {
        <form class="prompt" {onsubmit}>
            <label class="hidden" for={picker_id.clone()}>{ format!("{} prompt", words::side_title(side)) }</label>
            <select id={picker_id} class="prompt-picker" {onchange}>
                { for side.prompts().iter().map(option) }
                <option value={OWN} selected={own_text.is_some()}>{ "Your own prompt …" }</option>
            </select>
            if let Some(text) = own_text {
                <div class="own">
                    <label class="hidden" for={own_id.clone()}>{ "Your own prompt" }</label>
                    <input ref={field} id={own_id} type="text" maxlength={MOST_PROMPT_CHARS.to_string()} value={text}
                        placeholder="Type a prompt" autocomplete="off" enterkeyhint="go" onchange={on_own} />
                    <button id={format!("ask-{id}")} type="submit">{ "Ask" }</button>
                </div>
                <p class="note">
                    { "This model learned short poems and a few kinds of facts. Other prompts get an answer too, seldom a good one." }
                </p>
            }
        </form>
    }
}
