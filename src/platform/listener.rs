//! Events of the window.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

/// What can be pressed.
const PRESSABLE: &str = "a, button, input, select, summary, label, [role='radio']";
/// What does nothing before it is let go.
const ACTS_WHEN_LET_GO: &str =
    "a, button, input:is([type='radio'], [type='checkbox'], [type='file']), summary, label, [role='radio']";

/// Listeners to whatever a visitor does.
pub type OfActs = [WindowListener; 5];

/// Calls a function at each of the window's events of one kind. Stops when dropped.
pub struct WindowListener {
    event: &'static str,
    on_event: Closure<dyn FnMut(Event)>,
}

impl WindowListener {
    /// Whenever the visitor changes the fragment: back, forward, a pasted link.
    pub fn of_fragment(mut then: impl FnMut() + 'static) -> Self {
        Self::of("hashchange", move |_| then())
    }

    /// When the browser finds a network again.
    pub fn of_network(mut then: impl FnMut() + 'static) -> Self {
        Self::of("online", move |_| then())
    }

    /// When the window is scrolled, by whatever.
    pub fn of_scrolling(mut then: impl FnMut() + 'static) -> Self {
        Self::of("scroll", move |_| then())
    }

    /// Whatever a visitor does that may move the page.
    pub fn of_acts(then: impl Fn() + Clone + 'static) -> OfActs {
        ["wheel", "touchmove", "pointerdown", "pointerup", "keydown"].map(|event| {
            let then = then.clone();
            Self::of(event, move |_| then())
        })
    }

    /// A key that is held presses a button once: by the time it repeats itself another one may stand there and have the focus.
    pub fn of_held_keys() -> Self {
        Self::of("keydown", |event| {
            let is_held = event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|event| event.repeat() && event.key() == "Enter");
            if is_held && is_in(&event, "button") {
                event.prevent_default();
            }
        })
    }

    /// When a pointer comes to something that can be pressed: often enough it is. Not when that comes to the pointer.
    pub fn of_pointing(mut then: impl FnMut() + 'static) -> Self {
        let mut last = (i32::MIN, i32::MIN);
        Self::of("pointerover", move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
            let now = (event.screen_x(), event.screen_y());
            let has_moved = std::mem::replace(&mut last, now) != now;
            if has_moved && is_in(event, PRESSABLE) {
                then();
            }
        })
    }

    /// When something is pressed that acts when it is let go, and when that acts or nothing comes of it.
    pub fn of_presses(pressed: impl Fn() + 'static, let_go: impl Fn() + Clone + 'static) -> [Self; 3] {
        let on_press = move |event: Event| {
            if is_in(&event, ACTS_WHEN_LET_GO) {
                pressed();
            }
        };
        let on_end = |event| {
            let let_go = let_go.clone();
            Self::of(event, move |_| let_go())
        };
        [Self::of("pointerdown", on_press), on_end("click"), on_end("pointercancel")]
    }

    fn of(event: &'static str, then: impl FnMut(Event) + 'static) -> Self {
        let on_event = Closure::<dyn FnMut(Event)>::new(then);
        if let Some(window) = web_sys::window() {
            // Before any part of the page hears of it and may stop it on its way. A window takes every listener that is a function.
            let function = on_event.as_ref().unchecked_ref();
            let _ = window.add_event_listener_with_callback_and_bool(event, function, true);
        }
        Self { event, on_event }
    }
}

/// Whether an event comes from something that fits a selector, or from within.
fn is_in(event: &Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
}

impl Drop for WindowListener {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let function = self.on_event.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback_and_bool(self.event, function, true);
        }
    }
}
