//! Moving the keyboard's focus.

use wasm_bindgen::JsCast;

use super::frame::after_frame;

/// Moves the focus to the element of that id, where there is one that can have it.
pub fn focus(id: &str) {
    let element = find(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // It fails only on what cannot be focused.
        let _ = element.focus();
    }
}

/// The same once the frame that shows what the visitor did has been drawn. To move the focus makes a browser lay out at once what has changed;
/// where much has changed that delays the frame, and on a slow processor the visitor sees the press later for it.
pub fn focus_after_frame(id: &'static str) {
    after_frame(move || focus(id));
}

fn find(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}
