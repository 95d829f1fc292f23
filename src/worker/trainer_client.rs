//! The page's side of the trainer: a worker that is started with an order, says what it has to say, and is closed.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::learning::{News, Order};
use crate::platform::address::{absolute, program_file};
use crate::protocol::{ErrorKind, ModelSource, VisitorError};

/// A trainer at work.
pub struct Trainer {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Trainer {
    /// Stops it at once, whatever it is at; all its memory is free.
    pub fn close(self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
        // Dropped later: this may run inside a callback that it owns.
        Timeout::new(0, move || drop(self)).forget();
    }

    /// Starts a trainer and gives it its order. Its program is fetched when it is first wanted.
    ///
    /// # Errors
    /// For the visitor, where the browser starts no workers.
    pub fn start(order: &Order, on_news: impl Fn(News) + 'static) -> Result<Self, VisitorError> {
        let on_news = Rc::new(on_news);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&program_file("worker_train_loader.js"), &options)
            .map_err(|_| failed("this browser refuses to start workers"))?;

        let order = Order {
            model: ModelSource { url: absolute(&order.model.url), ..order.model.clone() },
            ..order.clone()
        };
        let order = serde_wasm_bindgen::to_value(&order).map_err(|error| failed(&error.to_string()))?;
        let tell = Rc::clone(&on_news);
        let post = worker.clone();
        // A worker hears nothing until its program runs; the loader says when that is.
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            match serde_wasm_bindgen::from_value::<News>(message.data()) {
                Ok(News::Ready) => {
                    if post.post_message(&order).is_err() {
                        tell(News::Failed(failed("it takes no messages")));
                    }
                }
                Ok(news) => tell(news),
                Err(_) => tell(News::Failed(failed("it said something that this page does not understand"))),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |error: ErrorEvent| {
            error.prevent_default();
            // A worker that could not be fetched gives a plain event without a message.
            let message = js_sys::Reflect::get(&error, &"message".into()).ok().and_then(|m| m.as_string());
            let message = message.filter(|message| !message.is_empty());
            on_news(News::Failed(failed(message.as_deref().unwrap_or("its program could not be loaded"))));
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }
}

fn failed(what: &str) -> VisitorError {
    VisitorError::new(ErrorKind::Stopped, what)
}
