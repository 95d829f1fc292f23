//! Keeping a part of the page at the top of the window while the page around it still grows.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, closure::Closure};

use super::frame::next_frame;

/// What a visitor does that may move the page: from then on it is theirs.
const ACTS: [&str; 4] = ["wheel", "touchmove", "pointerdown", "keydown"];
/// Moves of the window below this, in CSS pixels, are rounding.
const STILL: f64 = 2.0;

/// A part of the page that stays at the top of the window, whatever arrives above or below it, until the visitor does something or this
/// is dropped. The focus stays where it is.
pub struct Held {
    hold: Rc<Hold>,
    on_act: Closure<dyn FnMut()>,
    on_scroll: Closure<dyn FnMut()>,
    observer: Option<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>,
}

struct Hold {
    id: &'static str,
    over: Cell<bool>,
    /// The height of the page and the part's distance to the top of the window when it was last brought there.
    left_at: Cell<Option<(i32, f64)>>,
}

impl Held {
    /// Brings the element of that id to the top now or as soon as there is one, and keeps it there.
    #[must_use]
    pub fn at_top(id: &'static str) -> Self {
        let hold = Rc::new(Hold { id, over: Cell::new(false), left_at: Cell::new(None) });
        hold.show();
        let on_act = hold.when(|hold| hold.over.set(true));
        let on_scroll = hold.when(|hold| {
            if hold.was_moved() {
                hold.over.set(true);
            }
        });
        // Not at once: what is shown anew may get another size, and a browser reports sizes that change while they are reported as an error.
        let on_size = hold.when(|hold| {
            let hold = Rc::clone(hold);
            next_frame(move || hold.show());
        });
        if let Some(window) = web_sys::window() {
            // Before anybody else hears of it and may stop it on its way.
            for act in ACTS {
                let _ = window.add_event_listener_with_callback_and_bool(
                    act,
                    on_act.as_ref().unchecked_ref(),
                    true,
                );
            }
            let _ = window.add_event_listener_with_callback("scroll", on_scroll.as_ref().unchecked_ref());
        }
        let observer = web_sys::ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(page)) = (&observer, page()) {
            observer.observe(&page);
        }
        Self { hold, on_act, on_scroll, observer: observer.map(|observer| (observer, on_size)) }
    }
}

impl Hold {
    /// A function for the browser to call, which does nothing once the part is no longer held.
    fn when(self: &Rc<Self>, then: impl Fn(&Rc<Self>) + 'static) -> Closure<dyn FnMut()> {
        let hold = Rc::clone(self);
        Closure::new(move || {
            if !hold.over.get() {
                then(&hold);
            }
        })
    }

    fn show(&self) {
        if self.over.get() {
            return;
        }
        if let (Some(element), Some(page)) = (self.element(), page()) {
            element.scroll_into_view();
            self.left_at.set(Some((page.scroll_height(), element.get_bounding_client_rect().top())));
        }
    }

    /// Whether somebody moved the window: the part stands elsewhere though the page is as high as it was. Dragging a scroll bar, a search
    /// and some screen readers give no other sign.
    fn was_moved(&self) -> bool {
        let (Some((height, top)), Some(element), Some(page)) = (self.left_at.get(), self.element(), page())
        else {
            return false;
        };
        page.scroll_height() == height && (element.get_bounding_client_rect().top() - top).abs() > STILL
    }

    fn element(&self) -> Option<web_sys::Element> {
        web_sys::window()?.document()?.get_element_by_id(self.id)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // A frame that has been asked for may still come.
        self.hold.over.set(true);
        if let Some((observer, _)) = &self.observer {
            observer.disconnect();
        }
        if let Some(window) = web_sys::window() {
            for act in ACTS {
                let _ = window.remove_event_listener_with_callback_and_bool(
                    act,
                    self.on_act.as_ref().unchecked_ref(),
                    true,
                );
            }
            let _ =
                window.remove_event_listener_with_callback("scroll", self.on_scroll.as_ref().unchecked_ref());
        }
    }
}

fn page() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}
