//! The widget as a whole: state, effects, layout, focus and keys.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::calibration::Calibration;
use super::desk::Desk;
use super::keys::choice_of_key;
use super::leaderboard::Leaderboard;
use super::phases::{on_export, phase_view, status};
use super::sampling::Offer;
use super::sending::panel::Panel;
use super::shelf::Shelf;
use super::state::{Action, Phase, PromptWish, State};
use crate::app::chapter::Chapter;
use crate::app::language::{Words, use_words};
use crate::app::models::{deviation_of, source_of};
use crate::app::own::OWN_ID;
use crate::app::parts::emit;
use crate::app::prompts::{BuiltIn, Side as PromptSide};
use crate::manifest::Manifest;
use crate::platform::address::collector;
use crate::platform::random::random_bytes;
use crate::preference::{Choice, Device, RandomKey};
use crate::protocol::{DeviceKind, DeviceReport};
use crate::worker::client::Client;

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new((*self).clone().after(action))
    }
}

/// Properties of [`Compare`].
#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// The engine.
    pub engine: Client,
    /// The published models, once known.
    pub manifest: Option<Rc<Manifest>>,
    /// The device in use, once known.
    pub device: Option<DeviceReport>,
    /// Where the engine stands, as [`Engine::id`](crate::app::state::Engine::id) names it.
    pub engine_phase: &'static str,
    /// Hears how many votes are kept.
    pub on_kept: Callback<Option<u32>>,
}

/// The widget.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let words = use_words();
    let said = &words.compare;
    let state = use_reducer_eq(|| {
        // Without a random source every visit draws the same pairs, and the first vote says why it cannot be named.
        let bytes = random_bytes().unwrap_or_default();
        State::new(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]), RandomKey::new(bytes))
    });
    let desk = {
        let dispatcher = state.dispatcher();
        use_memo(props.engine.clone(), move |client| Desk::new(client.clone(), dispatcher))
    };
    use_offers(&state, props);
    {
        let (desk, current) = (Rc::clone(&desk), (*state).clone());
        use_effect_with(state.phase.clone(), move |_| desk.follow(&current));
    }
    {
        let desk = Rc::clone(&desk);
        use_effect_with((), move |()| {
            desk.count();
            move || desk.cancel()
        });
    }
    {
        let (desk, on_kept) = (Rc::clone(&desk), props.on_kept.clone());
        use_effect_with(state.kept, move |kept| {
            if kept.is_some() {
                desk.read();
            }
            on_kept.emit(*kept);
        });
    }
    let collector = use_memo((), |()| collector().map(AttrValue::from));
    let is_sending = use_state_eq(|| false);
    let on_agree = {
        let is_sending = is_sending.setter();
        use_callback((), move |agrees: bool, ()| is_sending.set(agrees))
    };
    let place = use_node_ref();
    let next = use_node_ref();
    use_focus(&state.phase, &place, &next);

    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let choose = {
        let desk = Rc::clone(&desk);
        Callback::from(move |choice: Choice| desk.choose(choice))
    };
    let onkeydown = {
        let (act, choose, phase) = (act.clone(), choose.clone(), state.phase.id());
        Callback::from(move |event: KeyboardEvent| on_key(&event, phase, &act, &choose))
    };
    let judge = props.manifest.as_ref().and_then(|manifest| {
        let reward_model = manifest.reward_models.first()?;
        Some((source_of(reward_model)?, deviation_of(reward_model)?))
    });
    let on_next = emit(&act, Action::Next);
    let next_label = match state.phase {
        Phase::Idle => said.first,
        Phase::Failed(_) => said.retry,
        _ => said.next,
    };
    html! {
        <section id="compare" class="chapter compare" lang={words.language.tag()} tabindex="-1" aria-labelledby="compare-heading" data-phase={state.phase.id()} {onkeydown}>
            <h2 id="compare-heading">{ words.chapter(Chapter::Compare) }</h2>
            <p class="lede">{ lede(state.offers.len(), words) }</p>
            <div class="compare-controls">
                <PromptWishPicker wish={state.wish} act={act.clone()} />
                <button ref={next} id="compare-next" type="button" class="primary" onclick={on_next} disabled={!state.can_ask()}
                    aria-keyshortcuts="n">{ next_label }</button>
            </div>
            <div ref={place} class="compare-place" tabindex="-1" role="group" aria-label={said.place}>
                { phase_view(&state, props.engine_phase, &act, &choose, &desk, words) }
            </div>
            <Shelf kept={state.kept} unsaved={state.unsaved.len()} notice={state.notice.clone()} is_confirming={state.is_confirming} is_sending={*is_sending}
                act={act.clone()} on_export={on_export(&desk, &state)} on_delete={on_delete(&desk)} on_import={on_import(&desk)} />
            if let Some(url) = &*collector {
                <Panel {url} kept={state.kept} {on_agree} />
            }
            <Leaderboard offers={state.offers.clone()} kept={Rc::clone(&state.meetings)} unsaved={state.unsaved.clone()} />
            if let Some((judge, deviation)) = judge {
                <Calibration engine={props.engine.clone()} {judge} {deviation} kept={state.kept} />
            }
            <p id="compare-status" class="hidden" role="status">{ status(&state.phase, words) }</p>
        </section>
    }
}

/// What is hidden depends on how many stages there are to draw from.
fn lede(stages: usize, words: &Words) -> &'static str {
    if stages > 1 { words.compare.lede } else { words.compare.lede_of_one }
}

/// Tells the state which stages and which device there are.
#[hook]
fn use_offers(state: &UseReducerHandle<State>, props: &CompareProps) {
    let dispatcher = state.dispatcher();
    let device = props.device.as_ref().map(|report| match report.device {
        DeviceKind::WebGpu => Device::WebGpu,
        DeviceKind::Cpu => Device::Cpu,
    });
    use_effect_with((props.manifest.clone(), device), move |(manifest, device)| {
        let stages = manifest.as_ref().map_or(&[][..], |manifest| &manifest.stages);
        let mut offers = Vec::new();
        // Votes are about models that others can have too.
        for stage in stages.iter().filter(|stage| stage.id != OWN_ID) {
            let (Some(source), Some(file)) = (source_of(stage), stage.files.first()) else { continue };
            offers.push(Offer {
                stage: stage.id.clone(),
                label: stage.label.clone(),
                source,
                model_sha256: file.sha256.clone(),
            });
        }
        dispatcher.dispatch(Action::Offered(offers, *device));
        let judge = manifest.as_ref().and_then(|manifest| source_of(manifest.reward_models.first()?));
        dispatcher.dispatch(Action::Judge(judge));
    });
}

/// Keeps the focus where the next step is, as long as it is inside the widget: it is never taken from elsewhere.
#[hook]
fn use_focus(phase: &Phase, place: &NodeRef, next: &NodeRef) {
    let (place, next) = (place.clone(), next.clone());
    let is_first = use_mut_ref(|| true);
    use_effect_with(phase.id(), move |phase| {
        let active = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.active_element());
        let is_inside = active
            .as_ref()
            .is_some_and(|active| active.closest("#compare").is_ok_and(|place| place.is_some()));
        // A button that was pressed and is gone leaves the focus nowhere. News of the engine do not follow a press.
        let is_lost = active.is_none_or(|active| active.tag_name() == "BODY");
        let follows_press = !is_first.replace(false) && !matches!(*phase, "blind" | "alike" | "failed");
        let target = match *phase {
            "sampling" | "blind" | "saving" | "unsaved" => place,
            _ => next,
        };
        if (is_inside || is_lost && follows_press)
            && let Some(element) = target.cast::<HtmlElement>()
        {
            // Focus fails only on what cannot be focused.
            let _ = element.focus();
        }
    });
}

/// Keys work while the focus is inside the widget, and not in its picker.
fn on_key(event: &KeyboardEvent, phase: &str, act: &Callback<Action>, choose: &Callback<Choice>) {
    let is_typing = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "SELECT" | "INPUT" | "TEXTAREA"));
    if is_typing || event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() {
        return;
    }
    let key = event.key();
    if phase == "blind"
        && let Some(choice) = choice_of_key(&key)
    {
        event.prevent_default();
        choose.emit(choice);
    } else if key == "n" && phase != "blind" {
        event.prevent_default();
        act.emit(Action::Next);
    }
}

fn on_import(desk: &Rc<Desk>) -> Callback<web_sys::File> {
    let desk = Rc::clone(desk);
    Callback::from(move |file| desk.import(file))
}

fn on_delete(desk: &Rc<Desk>) -> Callback<()> {
    let desk = Rc::clone(desk);
    Callback::from(move |()| desk.delete_all())
}

#[derive(Properties, PartialEq)]
struct PromptWishPickerProps {
    wish: PromptWish,
    act: Callback<Action>,
}

/// The same prompts as in the first chapter, or any of them.
#[component]
fn PromptWishPicker(props: &PromptWishPickerProps) -> Html {
    let words = use_words();
    let onchange = {
        let act = props.act.clone();
        Callback::from(move |event: Event| {
            let picker =
                event.target().and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok());
            if let Some(picker) = picker {
                act.emit(Action::Wish(PromptWish::named(&picker.value())));
            }
        })
    };
    let option = |prompt: &'static BuiltIn| {
        let selected = props.wish == PromptWish::This(prompt);
        html! { <option value={prompt.name} {selected} lang="en">{ prompt.text }</option> }
    };
    let group = |side: PromptSide| {
        let label = words.side(side);
        html! { <optgroup {label}>{ for side.prompts().iter().map(option) }</optgroup> }
    };
    html! {
        <div class="field">
            <label for="compare-prompt">{ words.compare.prompt }</label>
            <select id="compare-prompt" {onchange}>
                <option value="any" selected={props.wish == PromptWish::Any}>{ words.compare.any }</option>
                { for PromptSide::ALL.map(group) }
            </select>
        </div>
    }
}
