//! Who has the keyboard's focus after a button that goes away when it has been pressed. Without an heir the focus would be nowhere: the next
//! key would start from the top of the page, and a screen reader with it.

use yew::prelude::*;

use super::chapter::Chapter;
use crate::platform::focus::{focused_in, inherit_focus};
use crate::platform::frame::after_frame;

/// When what has the focus in a chapter is taken out of the page by a drawing of this component, the focus goes to the first of the heirs
/// that is there by then, or else to the chapter.
#[hook]
pub fn use_heirs(chapter: Chapter, heirs: &'static [&'static str]) {
    let focused = focused_in(chapter.id());
    use_effect(move || {
        if focused.is_some_and(|element| !element.is_connected()) {
            // To move it makes a browser lay out at once what has changed, and the visitor would see the press later for it.
            after_frame(move || inherit_focus(heirs.iter().copied().chain([chapter.id()])));
        }
    });
}
