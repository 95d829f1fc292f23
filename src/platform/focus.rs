//! Moving the keyboard's focus.

use wasm_bindgen::JsCast;

/// Moves the focus to the element of that id, where there is one that can have it.
pub fn focus(id: &str) {
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // It fails only on what cannot be focused.
        let _ = element.focus();
    }
}
