//! Keeping a part of the page at the top of the window while the page around it still grows.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, closure::Closure};

use super::frame::next_frame;
use super::listener::{OfActs, WindowListener};

/// Moves of the window below this, in CSS pixels, are rounding.
const STILL: f64 = 2.0;

/// A part of the page that stays at the top of the window, whatever arrives above or below it, until the visitor does something or this
/// is dropped. The focus stays where it is.
pub struct Held {
    hold: Rc<Hold>,
    _on_acts: OfActs,
    _on_scrolling: WindowListener,
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
        // Not at once: what is shown anew may get another size, and a browser reports sizes that change while they are reported as an error.
        let on_size = Closure::<dyn FnMut()>::new(hold.when(|hold| {
            let hold = Rc::clone(hold);
            next_frame(move || hold.show());
        }));
        let observer = web_sys::ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(page)) = (&observer, page()) {
            observer.observe(&page);
        }
        Self {
            _on_acts: WindowListener::of_acts(hold.when(|hold| hold.over.set(true))),
            _on_scrolling: WindowListener::of_scrolling(hold.when(|hold| {
                if hold.was_moved() {
                    hold.over.set(true);
                }
            })),
            observer: observer.map(|observer| (observer, on_size)),
            hold,
        }
    }
}

impl Hold {
    /// A function for the browser to call, which does nothing once the part is no longer held.
    fn when(self: &Rc<Self>, then: impl Fn(&Rc<Self>) + Clone + 'static) -> impl Fn() + Clone + 'static {
        let hold = Rc::clone(self);
        move || {
            if !hold.over.get() {
                then(&hold);
            }
        }
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
    }
}

fn page() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}
