//! Events of the window.

use wasm_bindgen::{JsCast, closure::Closure};

/// Calls a function at each of the window's events of one kind. Stops when dropped.
pub struct WindowListener {
    event: &'static str,
    on_event: Closure<dyn FnMut()>,
}

impl WindowListener {
    /// Whenever the visitor changes the fragment: back, forward, a pasted link.
    pub fn of_fragment(then: impl FnMut() + 'static) -> Self {
        Self::of("hashchange", then)
    }

    /// When the browser finds a network again.
    pub fn of_network(then: impl FnMut() + 'static) -> Self {
        Self::of("online", then)
    }

    /// When the window is scrolled, by whatever.
    pub fn of_scrolling(then: impl FnMut() + 'static) -> Self {
        Self::of("scroll", then)
    }

    /// Whatever a visitor does that may move the page.
    pub fn of_acts(then: impl Fn() + Clone + 'static) -> [Self; 4] {
        ["wheel", "touchmove", "pointerdown", "keydown"].map(|event| Self::of(event, then.clone()))
    }

    fn of(event: &'static str, then: impl FnMut() + 'static) -> Self {
        let on_event = Closure::<dyn FnMut()>::new(then);
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
