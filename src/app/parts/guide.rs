//! The tour as it is seen: a bar at the foot of the window.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::language::use_words;
use crate::app::own::OWN_ID;
use crate::app::state::Action;
use crate::app::tour::STOPS;
use crate::manifest::Manifest;
use crate::platform::focus::focus_after_frame;
use crate::platform::turn::in_turn;

/// Id of the button that has the focus when the tour begins.
const NEXT_BUTTON: &str = "tour-next";

/// Properties of [`Guide`].
#[derive(Properties, PartialEq)]
pub struct GuideProps {
    /// The stop; none while there is no tour.
    pub stop: Option<usize>,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
    /// Goes to a stop, or ends the tour.
    pub on_stop: Callback<Option<usize>>,
    /// What to do.
    pub act: Callback<Action>,
}

/// The stop's sentences and the ways on.
#[component]
pub fn Guide(props: &GuideProps) -> Html {
    let words = use_words();
    let said = &words.tour;
    {
        let (act, manifest) = (props.act.clone(), props.manifest.clone());
        let was_known = use_mut_ref(|| None::<usize>);
        // Once more when the stages become known.
        use_effect_with((props.stop, props.manifest.is_some()), move |(stop, _)| {
            let before = was_known.replace(*stop);
            let Some(stop) = stop.and_then(|place| STOPS.get(place)) else { return };
            let stages = manifest.as_ref().map_or(&[][..], |manifest| &manifest.stages);
            // What the tour says is true of the published stages.
            let published = stages.iter().filter(|stage| stage.id != OWN_ID);
            let ids: Vec<String> = published.map(|stage| stage.id.clone()).collect();
            let changes = stop.changes(&ids);
            in_turn(move || changes.into_iter().for_each(|change| act.emit(Action::Change(change))));
            // Later stops keep the focus where it is: on the button that was pressed.
            if before.is_none() {
                focus_after_frame(NEXT_BUTTON);
            }
        });
    }
    let Some((place, stop)) = props.stop.and_then(|place| Some((place, STOPS.get(place)?))) else {
        return Html::default();
    };
    let go = |to: Option<usize>| {
        let on_stop = props.on_stop.clone();
        Callback::from(move |_: MouseEvent| on_stop.emit(to))
    };
    let onkeydown = {
        let on_stop = props.on_stop.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                on_stop.emit(None);
            }
        })
    };
    // "Back" is never disabled: it has the focus when the first stop is reached by it.
    let is_last = place + 1 == STOPS.len();
    html! {
        <aside id="tour" class="tour" aria-label={said.name} data-stop={place.to_string()} {onkeydown}>
            <p class="tour-place">{ (said.place)(place + 1, STOPS.len(), words.chapter(stop.chapter)) }</p>
            <p class="tour-text" role="status">{ said.stops[place] }</p>
            <div class="buttons">
                <button id="tour-back" type="button" aria-disabled={(place == 0).to_string()} onclick={go(Some(place.saturating_sub(1)))}>{ said.back }</button>
                <button id={NEXT_BUTTON} type="button" class="primary" onclick={go((!is_last).then_some(place + 1))}>
                    { if is_last { said.finish } else { said.next } }</button>
                <button id="tour-end" type="button" onclick={go(None)}>{ said.end }</button>
            </div>
        </aside>
    }
}
