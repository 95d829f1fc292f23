//! Events of the window.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, PointerEvent};

/// What can be pressed.
const PRESSABLE: &str = "a, button, input, select, summary, label, [role='radio']";

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
    pub fn of_acts(then: impl Fn() + Clone + 'static) -> [Self; 4] {
        ["wheel", "touchmove", "pointerdown", "keydown"].map(|event| {
            let then = then.clone();
            Self::of(event, move |_| then())
        })
    }

    /// When a pointer comes to something that can be pressed: often enough it is. Not when that comes to the pointer.
    pub fn of_pointing(mut then: impl FnMut() + 'static) -> Self {
        let mut last = (i32::MIN, i32::MIN);
        Self::of("pointerover", move |event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
            let now = (event.screen_x(), event.screen_y());
            let has_moved = std::mem::replace(&mut last, now) != now;
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if has_moved && target.is_some_and(|target| matches!(target.closest(PRESSABLE), Ok(Some(_)))) {
                then();
            }
        })
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

impl Drop for WindowListener {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let function = self.on_event.as_ref().unchecked_ref();
            let _ = window.remove_event_listener_with_callback_and_bool(self.event, function, true);
        }
    }
}
