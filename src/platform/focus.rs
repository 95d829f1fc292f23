//! Moving the keyboard's focus.

use wasm_bindgen::JsCast;

/// Moves the focus to the element of that id, where there is one that can have it.
pub fn focus(id: &str) {
    let element = find(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // It fails only on what cannot be focused.
        let _ = element.focus();
    }
}

fn find(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}
