//! Moving the keyboard's focus.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, FocusOptions, HtmlElement};

use super::frame::after_frame;

/// Moves the focus to the element of that id, where there is one that can have it.
pub fn focus(id: &str) {
    let element = find(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
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

/// What has the focus within the element of that id.
#[must_use]
pub fn focused_in(id: &str) -> Option<Element> {
    let active = document()?.active_element()?;
    find(id)?.contains(Some(&active)).then_some(active)
}

/// The focus that an element lost because it went away goes to the first of those ids that is there and can be used, unless it went elsewhere
/// meanwhile. Nothing is scrolled for it.
pub fn inherit_focus<'a>(heirs: impl IntoIterator<Item = &'a str>) {
    let has_gone_elsewhere = document()
        .and_then(|document| document.active_element())
        .is_some_and(|active| active.tag_name() != "BODY");
    if has_gone_elsewhere {
        return;
    }
    let heir = heirs.into_iter().filter_map(find).find(|element| !element.has_attribute("disabled"));
    if let Some(heir) = heir {
        focus_in_place(heir);
    }
}

/// Moves the focus to the chapter of that id if it is in another: what is read and what is looked at stay the same. Nothing is scrolled for it.
pub fn focus_chapter(id: &str) {
    let chapter = document()
        .and_then(|document| document.active_element())
        .and_then(|active| active.closest("main > section").ok().flatten());
    if chapter.is_some_and(|chapter| chapter.id() != id)
        && let Some(element) = find(id)
    {
        focus_in_place(element);
    }
}

fn focus_in_place(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn find(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}
