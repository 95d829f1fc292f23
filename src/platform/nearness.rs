//! Whether a part of the page is in the window, or will soon be scrolled there.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far above or below the window something is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margin {
    /// Nowhere: only what is in the window.
    None,
    /// Half the window's height.
    HalfAWindow,
}

/// Watches an element, until it is dropped.
pub struct Nearness {
    observer: IntersectionObserver,
    _on_change: Closure<dyn FnMut(js_sys::Array)>,
}

impl Nearness {
    /// Tells soon whether the element is near, and then whenever that changes. None where the browser does not watch.
    pub fn of(element: &web_sys::Element, margin: Margin, tell: impl Fn(bool) + 'static) -> Option<Self> {
        let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if let Some(entry) = last.dyn_ref::<IntersectionObserverEntry>() {
                tell(entry.is_intersecting());
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(match margin {
            Margin::None => "0px",
            Margin::HalfAWindow => "50% 0px",
        });
        let on_change_function = on_change.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(on_change_function, &options).ok()?;
        observer.observe(element);
        Some(Self { observer, _on_change: on_change })
    }
}

impl Drop for Nearness {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
