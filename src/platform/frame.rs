//! Waiting for the next frame of the page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};

/// A hidden page draws no frames; then this is the pace.
const HIDDEN_PACE_MS: u32 = 100;
/// A page that is hidden while it waits for a frame waits no longer than this.
const PATIENCE_MS: u32 = 1_000;

/// Calls `then` before the next frame is drawn, or soon where none are drawn.
pub fn next_frame(then: impl FnOnce() + 'static) {
    let window = web_sys::window();
    let visible =
        window.as_ref().and_then(web_sys::Window::document).is_some_and(|document| !document.hidden());
    let Some(window) = window.filter(|_| visible) else {
        Timeout::new(HIDDEN_PACE_MS, then).forget();
        return;
    };
    // Whichever comes first, the frame or the end of the patience, calls it and takes the other's occasion away.
    let waiting = Rc::new(RefCell::new(None::<(Box<dyn FnOnce()>, Timeout)>));
    let call = {
        let waiting = Rc::clone(&waiting);
        move || {
            let due = waiting.borrow_mut().take();
            if let Some((then, timer)) = due {
                drop(timer);
                then();
            }
        }
    };
    let timer = Timeout::new(PATIENCE_MS, call.clone());
    *waiting.borrow_mut() = Some((Box::new(then), timer));
    let on_frame = Closure::once_into_js(call);
    // It fails only where the function is no function.
    let _ = window.request_animation_frame(on_frame.unchecked_ref());
}

/// Calls `then` once the next frame has been drawn, in a turn of its own: what it does delays that frame by nothing, and what it
/// changes is drawn with the frame after.
pub fn after_frame(then: impl FnOnce() + 'static) {
    next_frame(move || {
        Timeout::new(0, then).forget();
    });
}
