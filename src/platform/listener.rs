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

    fn of(event: &'static str, then: impl FnMut() + 'static) -> Self {
        let on_event = Closure::<dyn FnMut()>::new(then);
        if let Some(window) = web_sys::window() {
            // A window takes every listener that is a function.
            let _ = window.add_event_listener_with_callback(event, on_event.as_ref().unchecked_ref());
        }
        Self { event, on_event }
    }
}

impl Drop for WindowListener {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let _ = window
                .remove_event_listener_with_callback(self.event, self.on_event.as_ref().unchecked_ref());
        }
    }
}
