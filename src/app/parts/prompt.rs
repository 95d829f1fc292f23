//! Choosing a prompt: ten to pick from, or one's own.

use yew::prelude::*;

use super::picker::Picker;
use crate::app::language::use_words;
use crate::app::prompts::{BuiltIn, Side};
use crate::app::settings::{Change, MOST_PROMPT_CHARS, Prompt};
use crate::app::state::Action;

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
    let said = &use_words().prompts;
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
    entries.push((OWN.into(), said.own_entry.into()));
    let (picker_id, own_id) = (format!("prompt-{id}"), format!("own-{id}"));
    html! {
        <form class="prompt" {onsubmit}>
            <label class="hidden" for={picker_id.clone()}>{ said.picker[side.index()] }</label>
            <Picker id={picker_id} class="prompt-picker" english_but={OWN} {entries} {chosen} {on_pick} />
            if let Some(text) = own_text {
                <div class="own">
                    <label class="hidden" for={own_id.clone()}>{ said.own }</label>
                    <input ref={field} id={own_id} type="text" maxlength={MOST_PROMPT_CHARS.to_string()} value={text}
                        placeholder={said.type_here} autocomplete="off" enterkeyhint="go" onchange={on_own} />
                    <button id={format!("ask-{id}")} type="submit">{ said.ask }</button>
                </div>
                <p class="note">{ said.learned[side.index()] }</p>
            }
        </form>
    }
}
