//! Letting the event loop run between steps.
//!
//! Timers are held to 4 ms once they nest, which would cost more than a decode step; a message to oneself is not.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessagePort};

#[derive(Default)]
struct Signal {
    arrived: bool,
    waker: Option<Waker>,
}

/// A way to wait until all events that are due have been handled.
pub struct Pause {
    port: MessagePort,
    signal: Rc<RefCell<Signal>>,
    _on_message: Closure<dyn FnMut()>,
}

impl Pause {
    /// Opens a channel to oneself.
    ///
    /// # Errors
    /// Where the browser has no message channels.
    pub fn new() -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let signal = Rc::new(RefCell::new(Signal::default()));
        let shared = Rc::clone(&signal);
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let mut signal = shared.borrow_mut();
            signal.arrived = true;
            if let Some(waker) = signal.waker.take() {
                waker.wake();
            }
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { port: channel.port2(), signal, _on_message: on_message })
    }

    /// Waits for one turn of the event loop.
    pub async fn turn(&self) {
        self.signal.borrow_mut().arrived = false;
        if self.port.post_message(&JsValue::NULL).is_err() {
            return;
        }
        poll_fn(|context| {
            let mut signal = self.signal.borrow_mut();
            if signal.arrived {
                Poll::Ready(())
            } else {
                signal.waker = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await;
    }
}
