//! What is pressed acts when it is let go. Till then what can wait does so: or whoever lets go finds the page at work.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;

type Waiting = Vec<Box<dyn FnOnce()>>;

/// Nothing waits longer than this for something to be let go, in milliseconds: what is held longer is seldom meant as a click.
const LONGEST_MS: u32 = 300;

thread_local! {
    /// The timer that ends the wait; none while nothing is pressed.
    static END: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    static WAITING: RefCell<Waiting> = const { RefCell::new(Vec::new()) };
}

/// Something was pressed that acts when it is let go.
pub fn pressed() {
    END.set(Some(Timeout::new(LONGEST_MS, let_go)));
}

/// It was let go, or nothing comes of it any more.
pub fn let_go() {
    END.take();
    WAITING.take().into_iter().for_each(|then| then());
}

/// Whether something is pressed, and not for long.
#[must_use]
pub fn is_pressed() -> bool {
    END.with_borrow(Option::is_some)
}

/// Calls `then` when nothing is pressed: at once, or before what was pressed acts.
pub fn when_let_go(then: impl FnOnce() + 'static) {
    if is_pressed() {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(then)));
    } else {
        then();
    }
}
