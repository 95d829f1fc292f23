//! A picker whose choice follows the state.
//!
//! The `selected` attribute alone will not do: a browser ignores it on an entry that the visitor has picked before, so
//! going back in the history would leave the picker behind.

use yew::prelude::*;

use super::value_of;

/// Properties of [`Picker`].
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// Id of the element.
    pub id: AttrValue,
    /// Classes of the element.
    #[prop_or_default]
    pub class: Classes,
    /// Id of the element that explains it.
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    /// Value and label of each entry.
    pub entries: Vec<(AttrValue, AttrValue)>,
    /// Value of the chosen entry.
    pub chosen: AttrValue,
    /// Where all labels but that of this value are English, whatever the page's language: the value.
    #[prop_or_default]
    pub english_but: Option<AttrValue>,
    /// Called with the value that the visitor picks.
    pub on_pick: Callback<String>,
}

/// A `select` element.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_with((props.chosen.clone(), props.entries.clone()), move |(chosen, _)| {
            if let Some(select) = element.cast::<web_sys::HtmlSelectElement>() {
                select.set_value(chosen);
            }
        });
    }
    let onchange = {
        let on_pick = props.on_pick.clone();
        Callback::from(move |event: Event| {
            if let Some(value) = value_of(&event) {
                on_pick.emit(value);
            }
        })
    };
    let entry = |(value, label): &(AttrValue, AttrValue)| {
        let language = props.english_but.as_ref().filter(|other| *other != value).map(|_| "en");
        html! { <option value={value.clone()} selected={*value == props.chosen} lang={language}>{ label }</option> }
    };
    html! {
        <select ref={element} id={props.id.clone()} class={props.class.clone()}
            aria-describedby={props.described_by.clone()} {onchange}>
            { for props.entries.iter().map(entry) }
        </select>
    }
}
