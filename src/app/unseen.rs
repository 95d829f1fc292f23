//! What nobody sees is not drawn anew: the page would lay out and paint it all the same, and a click would wait for it.

use yew::prelude::*;

use super::turns::Newest;
use crate::platform::nearness::{Margin, Nearness};

/// Whether the element is in the window or near it; before that is known, and where browsers do not tell, it is.
#[hook]
pub fn use_near(element: &NodeRef) -> bool {
    use_within(element, Margin::HalfAWindow)
}

/// The same of an element in the window itself.
#[hook]
pub fn use_in_sight(element: &NodeRef) -> bool {
    use_within(element, Margin::None)
}

#[hook]
fn use_within(element: &NodeRef, margin: Margin) -> bool {
    let near = use_state_eq(|| true);
    let (element, setter) = (element.clone(), near.setter());
    use_effect_with((), move |()| {
        let element = element.cast::<web_sys::Element>();
        let watched =
            element.and_then(|element| Nearness::of(&element, margin, move |is_near| setter.set(is_near)));
        move || drop(watched)
    });
    *near
}

/// The value; while nobody sees it, as it was seen last.
#[hook]
pub fn use_seen<Value: Clone + 'static>(value: Value, is_seen: bool) -> Value {
    let last = use_mut_ref(|| value.clone());
    if is_seen {
        last.replace(value);
    }
    last.borrow().clone()
}

/// The value; where it `is_near` at once, and elsewhere when the visitor is still.
#[hook]
pub fn use_once_still<Value: Clone + PartialEq + 'static>(value: Value, is_near: bool) -> Value {
    let due = use_state_eq(|| None::<Value>);
    let newest = use_memo((), |()| Newest::default());
    let shown = use_seen(value.clone(), is_near || due.as_ref() == Some(&value));
    let setter = due.setter();
    use_effect_with((value, shown.clone()), move |(value, shown)| {
        if value != shown {
            newest.follow_when_still(value.clone(), move |value| setter.set(Some(value)));
        }
    });
    shown
}

/// A value that a `<details>` shows: while that is closed and more will come, as it was seen last; and what the `<details>` must
/// call when it is opened or closed (`ontoggle`).
#[hook]
pub fn use_unfolded<Value: Clone + 'static>(value: Value, more_will_come: bool) -> (Value, Callback<Event>) {
    let is_open = use_state_eq(|| false);
    let setter = is_open.setter();
    let on_toggle = use_callback((), move |event: Event, ()| {
        setter.set(event.target_unchecked_into::<web_sys::Element>().has_attribute("open"));
    });
    (use_seen(value, *is_open || !more_will_come), on_toggle)
}
