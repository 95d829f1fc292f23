//! Waiting for a future on the calling thread, in programs, tests and benchmarks that run natively.
//!
//! Not there for wasm32: a browser's thread must not sleep, and what a GPU reads back arrives only once it has returned.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::Duration;

/// A device that forgets to wake its caller costs this long, and not the whole program.
const LONGEST_SLEEP: Duration = Duration::from_millis(5);

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end; the thread sleeps while there is nothing to do. On the CPU nothing is ever waited for.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        // Returns at once if the waker was called meanwhile.
        thread::park_timeout(LONGEST_SLEEP);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{poll_fn, ready};
    use std::task::Poll;
    use std::thread;

    use super::block_on;

    #[test]
    fn a_ready_future_gives_its_value() {
        assert_eq!(block_on(ready(7)), 7);
    }

    #[test]
    fn a_future_is_polled_again_when_another_thread_wakes_it() {
        let mut polls = 0;
        let value = block_on(poll_fn(|context| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(polls);
            }
            let waker = context.waker().clone();
            thread::spawn(move || waker.wake());
            Poll::Pending
        }));
        assert_eq!(value, 3);
    }
}
