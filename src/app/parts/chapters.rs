//! The way to the chapters. Links move the focus themselves, because the fragment of the address holds the settings.

use yew::prelude::*;

use crate::platform::focus::focus;

/// Ids of the chapters' sections, and their short names.
const CHAPTERS: [(&str, &str); 5] = [
    ("instrument", "Turn up the heat"),
    ("inside", "Inside one token"),
    ("experiment", "The experiment"),
    ("rewards", "Beyond supervision"),
    ("compare", "You are the annotator"),
];

/// One link per chapter.
#[component]
pub fn Chapters() -> Html {
    let link = |(id, name): (&'static str, &'static str)| {
        let onclick = Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            focus(id);
        });
        html! { <li><a href={format!("#{id}")} {onclick}>{ name }</a></li> }
    };
    html! { <nav class="chapters" aria-label="Chapters"><ol role="list">{ for CHAPTERS.map(link) }</ol></nav> }
}
