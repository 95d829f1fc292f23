//! Turns: of what may wait a little, one thing after each frame, first come, first served. Things that come together on a slow processor
//! would make one long frame, and what the visitor does would wait for its end.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::frame::after_frame;
use super::press::{is_pressed, when_let_go};

type Task = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Task>> = const { RefCell::new(VecDeque::new()) };
}

/// Calls `then` after a frame, when it is its turn. Nobody has a turn while something is pressed.
pub fn in_turn(then: impl FnOnce() + 'static) {
    let is_first = WAITING.with_borrow_mut(|waiting| {
        waiting.push_back(Box::new(then));
        waiting.len() == 1
    });
    if is_first {
        after_frame(take_turns);
    }
}

/// The first in the queue stays there until it is done, so that whatever it adds does not call for a second round.
fn take_turns() {
    if is_pressed() {
        return when_let_go(|| after_frame(take_turns));
    }
    let task = WAITING
        .with_borrow_mut(|waiting| waiting.front_mut().map(|task| std::mem::replace(task, Box::new(|| ()))));
    if let Some(task) = task {
        task();
    }
    let is_over = WAITING.with_borrow_mut(|waiting| {
        waiting.pop_front();
        waiting.is_empty()
    });
    if !is_over {
        after_frame(take_turns);
    }
}
