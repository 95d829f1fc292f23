//! What the page does unasked waits until the visitor is still: a click that finds the page at work is seen later for it.

use std::cell::Cell;

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;

use super::clock::now_ms;
use super::pause::Pause;
use crate::protocol::rest::left_ms;

thread_local! {
    static ACTED_AT_MS: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// The visitor did something.
pub fn visitor_acted() {
    ACTED_AT_MS.set(now_ms());
}

/// In how many milliseconds the visitor will have been still for long enough; 0 when that is so.
#[must_use]
pub fn still_in_ms() -> u32 {
    left_whole_ms(ACTED_AT_MS.get(), now_ms())
}

/// Calls `then` when the visitor is still: at once, or from a timer.
pub fn when_still(then: Box<dyn FnOnce()>) {
    match still_in_ms() {
        0 => then(),
        left_ms => {
            Timeout::new(left_ms, move || when_still(then)).forget();
        }
    }
}

/// Waits until everything that is due has been handled, and the visitor is still.
pub async fn stillness(pause: &Pause) {
    pause.turn().await;
    loop {
        match still_in_ms() {
            0 => return,
            left_ms => TimeoutFuture::new(left_ms).await,
        }
    }
}

fn left_whole_ms(acted_at_ms: f64, now_ms: f64) -> u32 {
    left_ms(acted_at_ms, now_ms).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_still_a_moment_after_the_last_act() {
        assert_eq!(left_whole_ms(f64::NEG_INFINITY, 5.0), 0, "nothing was done yet");
        assert_eq!(left_whole_ms(1000.0, 1000.0), 300);
        assert_eq!(left_whole_ms(1000.0, 1060.5), 240, "a timer comes late rather than early");
        assert_eq!(left_whole_ms(1000.0, 1300.0), 0);
        assert_eq!(left_whole_ms(1000.0, 9000.0), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nobody() {
        assert_eq!(left_whole_ms(9000.0, 1000.0), 0);
    }
}
