//! What need not be drawn at once is drawn in turns, one after each frame: no turn is so long on a slow processor that what the
//! visitor does meanwhile has to wait for it.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::platform::frame::after_frame;
use crate::platform::listener::WindowListener;

/// How many of so many parts are there: none at first, and one more with every turn. There may be more of them later.
#[hook]
pub fn use_arrival(parts: usize) -> usize {
    let arrived = use_state_eq(|| 0_usize);
    let setter = arrived.setter();
    use_effect_with((*arrived, parts), move |&(arrived, parts)| {
        if arrived < parts {
            after_frame(move || setter.set(arrived + 1));
        }
    });
    *arrived
}

/// Whether what lies below the window is wanted: from the start, as soon as the visitor does anything, or after `patience_ms`.
#[hook]
pub fn use_wanted(from_the_start: bool, patience_ms: u32) -> bool {
    let wanted = use_state_eq(|| from_the_start);
    let setter = wanted.setter();
    use_effect_with(*wanted || from_the_start, move |&wanted| {
        let waits = (!wanted).then(|| {
            let want = move || setter.set(true);
            let timer = Timeout::new(patience_ms, want.clone());
            (WindowListener::of_acts(want.clone()), WindowListener::of_scrolling(want), timer)
        });
        move || drop(waits)
    });
    *wanted || from_the_start
}

/// A value as each of several parts has it: when it changes they follow one after the other, in their order.
#[hook]
pub fn use_following<Value: Copy + PartialEq + 'static, const PARTS: usize>(value: Value) -> [Value; PARTS] {
    let parts = use_state_eq(|| [value; PARTS]);
    let newest = use_mut_ref(|| value);
    let is_under_way = use_mut_ref(|| false);
    let setter = parts.setter();
    use_effect_with((value, *parts), move |&(value, parts)| {
        *newest.borrow_mut() = value;
        let behind = parts.iter().position(|part| *part != value);
        let Some(behind) = behind.filter(|_| !is_under_way.replace(true)) else { return };
        after_frame(move || {
            is_under_way.replace(false);
            let mut parts = parts;
            parts[behind] = *newest.borrow();
            setter.set(parts);
        });
    });
    *parts
}

/// A value as it was until the frame that shows its change has been drawn.
#[hook]
pub fn use_late<Value: Copy + PartialEq + 'static>(value: Value) -> Value {
    let [late] = use_following(value);
    late
}
