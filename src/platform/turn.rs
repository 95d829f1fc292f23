//! Turns: of what may wait a little, a little after each frame, first come, first served. Things that come together on a slow processor
//! would make one long frame, and what the visitor does would wait for its end.

use std::cell::RefCell;
use std::collections::VecDeque;

use gloo_timers::callback::Timeout;

use super::clock::now_ms;
use super::frame::after_frame;

/// What took less than this leaves the frame to the next: a frame costs something even where little is drawn.
const SHORT_MS: f64 = 4.0;

type Task = Box<dyn FnOnce()>;

thread_local! {
    static WAITING: RefCell<VecDeque<Task>> = const { RefCell::new(VecDeque::new()) };
}

/// Calls `then` after a frame, when it is its turn.
pub fn in_turn(then: impl FnOnce() + 'static) {
    let is_first = WAITING.with_borrow_mut(|waiting| {
        waiting.push_back(Box::new(then));
        waiting.len() == 1
    });
    if is_first {
        after_frame(|| take_turns(now_ms()));
    }
}

/// Takes the first turn of those that came after the frame, or another. The first in the queue stays there until it is done, so that
/// whatever it adds does not call for a second round.
fn take_turns(begun_ms: f64) {
    let task = WAITING
        .with_borrow_mut(|waiting| waiting.front_mut().map(|task| std::mem::replace(task, Box::new(|| ()))));
    if let Some(task) = task {
        task();
    }
    let is_over = WAITING.with_borrow_mut(|waiting| {
        waiting.pop_front();
        waiting.is_empty()
    });
    if is_over {
        return;
    }
    // What it changed is drawn up as soon as this returns, and counts too.
    Timeout::new(0, move || {
        let took_ms = now_ms() - begun_ms;
        if (0.0..SHORT_MS).contains(&took_ms) {
            take_turns(begun_ms);
        } else {
            after_frame(|| take_turns(now_ms()));
        }
    })
    .forget();
}
