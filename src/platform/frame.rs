//! Waiting for the next frame of the page.

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};

/// A hidden page draws no frames; then this is the pace.
const HIDDEN_PACE_MS: u32 = 100;

/// Calls `then` before the next frame is drawn, or soon where none are drawn.
pub fn next_frame(then: impl FnOnce() + 'static) {
    let window = web_sys::window();
    let visible =
        window.as_ref().and_then(web_sys::Window::document).is_some_and(|document| !document.hidden());
    match window {
        Some(window) if visible => {
            let then = Closure::once_into_js(then);
            // It fails only where the function is no function.
            let _ = window.request_animation_frame(then.unchecked_ref());
        }
        _ => {
            Timeout::new(HIDDEN_PACE_MS, then).forget();
        }
    }
}

/// Calls `then` once the next frame has been drawn, in a turn of its own: what it does delays that frame by nothing, and what it
/// changes is drawn with the frame after.
pub fn after_frame(then: impl FnOnce() + 'static) {
    next_frame(move || {
        Timeout::new(0, then).forget();
    });
}
