//! What need not be drawn at once is drawn in turns, one after each frame: no turn is so long on a slow processor that what the
//! visitor does meanwhile has to wait for it.

use std::array;
use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::platform::frame::after_frame;
use crate::platform::listener::WindowListener;
use crate::platform::stillness::when_still;
use crate::platform::turn::in_turn;

/// The newest of some values, until it is acted on. Whoever acts on it takes it from those that still wait.
#[derive(Debug)]
pub struct Newest<Value>(Rc<RefCell<Option<Value>>>);

impl<Value> Default for Newest<Value> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<Value: 'static> Newest<Value> {
    /// Acts on a value: at once, or after the frame that shows the visitor what was done, unless a newer one has come by then.
    pub fn follow(&self, value: Value, at_once: bool, act: impl Fn(Value) + 'static) {
        let (_, follow) = self.put(value, act);
        if at_once { follow() } else { after_frame(follow) }
    }

    /// Acts on a value when the visitor is still, unless a newer one has come by then.
    pub fn follow_when_still(&self, value: Value, act: impl Fn(Value) + 'static) {
        let (is_awaited, follow) = self.put(value, act);
        if !is_awaited {
            when_still(Box::new(follow));
        }
    }

    /// Puts a value in place of what waited. Whether anything did, so that whoever was to act on that acts on this; and what acts on the
    /// newest, if nobody has meanwhile.
    fn put(&self, value: Value, act: impl Fn(Value) + 'static) -> (bool, impl FnOnce() + 'static) {
        let is_awaited = self.0.replace(Some(value)).is_some();
        let newest = Rc::clone(&self.0);
        (is_awaited, move || newest.take().into_iter().for_each(&act))
    }
}

/// How parts of the page follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as they can be made: for what is to be drawn together.
    AtOnce,
    /// One with every turn: for what somebody waits for who may do something meanwhile.
    InTurn,
    /// After a pause each, in milliseconds: for what nobody waits for.
    Pausing(u32),
}

/// How many of so many parts are there: none at first. There may be more of them later. Each is made in a task of its own.
#[hook]
pub fn use_arrival(parts: usize, pace: Pace) -> usize {
    let arrived = use_state_eq(|| 0_usize);
    let setter = arrived.setter();
    use_effect_with((*arrived, parts, pace), move |&(arrived, parts, pace)| {
        let come = move || setter.set(arrived + 1);
        let timer = match pace {
            _ if arrived >= parts => None,
            Pace::AtOnce => Some(Timeout::new(0, come)),
            Pace::Pausing(pause_ms) => Some(Timeout::new(pause_ms, come)),
            Pace::InTurn => {
                in_turn(come);
                None
            }
        };
        move || drop(timer)
    });
    *arrived
}

/// Whether the visitor has done anything, or `from_the_start`.
#[hook]
pub fn use_acted(from_the_start: bool) -> bool {
    let acted = use_state_eq(|| from_the_start);
    let setter = acted.setter();
    use_effect_with(*acted || from_the_start, move |&acted| {
        let waits = (!acted).then(|| {
            let act = move || setter.set(true);
            (WindowListener::of_acts(act.clone()), WindowListener::of_scrolling(act))
        });
        move || drop(waits)
    });
    *acted || from_the_start
}

/// Whether so much time has passed since the page began.
#[hook]
pub fn use_passed(time_ms: u32) -> bool {
    let passed = use_state_eq(|| false);
    let setter = passed.setter();
    use_effect_with(time_ms, move |&time_ms| {
        let timer = Timeout::new(time_ms, move || setter.set(true));
        move || drop(timer)
    });
    *passed
}

/// A value as each of several parts has it: when it changes they follow one after the other, in their order.
#[hook]
pub fn use_following<Value: Clone + PartialEq + 'static, const PARTS: usize>(value: Value) -> [Value; PARTS] {
    use_following_patiently(value, false)
}

/// The same; each waits until the visitor is still where that can wait, because it comes by itself.
#[hook]
pub fn use_following_patiently<Value: Clone + PartialEq + 'static, const PARTS: usize>(
    value: Value,
    can_wait: bool,
) -> [Value; PARTS] {
    let parts = use_state_eq(|| array::from_fn::<_, PARTS, _>(|_| value.clone()));
    let newest = use_mut_ref(|| value.clone());
    let is_under_way = use_mut_ref(|| false);
    let setter = parts.setter();
    use_effect_with((value, (*parts).clone()), move |(value, parts)| {
        newest.borrow_mut().clone_from(value);
        let behind = parts.iter().position(|part| part != value);
        let Some(behind) = behind.filter(|_| !is_under_way.replace(true)) else { return };
        let mut parts = parts.clone();
        let follow: Box<dyn FnOnce()> = Box::new(move || {
            is_under_way.replace(false);
            parts[behind].clone_from(&newest.borrow());
            setter.set(parts);
        });
        in_turn(move || if can_wait { when_still(follow) } else { follow() });
    });
    (*parts).clone()
}

/// A value that a control moves by itself: where the control stands, and what it calls when it moves. The control moves at once; whoever
/// keeps the value is told where it is after the frame that shows it there, and has a turn to hand it back.
#[hook]
pub fn use_ahead<Value: Copy + PartialEq + 'static>(
    kept: Value,
    tell: Callback<Value>,
) -> (Value, Callback<Value>) {
    let ahead = use_state_eq(|| None::<Value>);
    let untold = use_mut_ref(|| None::<Value>);
    let moves = use_mut_ref(|| 0_u32);
    let setter = ahead.setter();
    let on_move = Callback::from(move |value: Value| {
        setter.set(Some(value));
        *moves.borrow_mut() += 1;
        if untold.replace(Some(value)).is_some() {
            return;
        }
        let (untold, moves) = (Rc::clone(&untold), Rc::clone(&moves));
        let (tell, setter) = (tell.clone(), setter.clone());
        after_frame(move || {
            let told_at = *moves.borrow();
            if let Some(value) = untold.take() {
                tell.emit(value);
            }
            let let_go = move || {
                if *moves.borrow() == told_at {
                    setter.set(None);
                }
            };
            // By then it has had a turn to hand the value back.
            in_turn(move || in_turn(let_go));
        });
    });
    ((*ahead).unwrap_or(kept), on_move)
}

/// A value as it was until the frame that shows its change has been drawn.
#[hook]
pub fn use_late<Value: Clone + PartialEq + 'static>(value: Value) -> Value {
    let [late] = use_following(value);
    late
}
