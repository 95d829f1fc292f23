//! The trainer's side: one worker, one order. It computes without giving the event loop a turn, for nothing can be asked of it:
//! what it says is heard all the same, and whoever wants it to stop closes it, at once and with all its memory.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::checksum::hex_sha256;
use crate::learning::{News, Order, Step};
use crate::platform::fetch::{Cached, fetch_bytes};
use crate::protocol::{ErrorKind, VisitorError};
use crate::training::{TrainingError, learn::learn};

/// Waits for an order; returns at once.
pub fn start() {
    // A panic ends the worker without an event of the browser's, so the page is told here.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        send(&News::Failed(internal("the trainer broke off")));
    }));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        match serde_wasm_bindgen::from_value::<Order>(event.data()) {
            Ok(order) => wasm_bindgen_futures::spawn_local(carry_out(order)),
            Err(error) => send(&News::Failed(internal(&error.to_string()))),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget(); // it lives as long as the worker
    send(&News::Ready);
}

async fn carry_out(order: Order) {
    let news = match model_file(&order).await {
        Ok(file) => learn(file, &order, &mut |news| send(&news))
            .unwrap_or_else(|error| News::Failed(for_visitor(&error))),
        Err(error) => News::Failed(error),
    };
    send(&news);
}

/// The file of the stage to begin from; the browser's cache has it, as the page answers with it.
async fn model_file(order: &Order) -> Result<Vec<u8>, VisitorError> {
    let source = &order.model;
    let progress = |received: u64, total: Option<u64>| {
        let all = source.size_bytes.or(total).unwrap_or(received);
        send(&News::Progress { step: Step::Load, done: received as u32, all: all as u32 });
    };
    let file = fetch_bytes(&source.url, Cached::HoweverOld, progress).await;
    let file = file.map_err(|error| VisitorError::new(ErrorKind::Network, error))?;
    if source.sha256.as_ref().is_some_and(|expected| *expected != hex_sha256(&file)) {
        return Err(VisitorError::new(ErrorKind::BadModel, "the model to begin from arrived damaged"));
    }
    Ok(file)
}

fn for_visitor(error: &TrainingError) -> VisitorError {
    let kind = match error {
        TrainingError::TooFew(_) => ErrorKind::FewVotes,
        TrainingError::NotANumber => ErrorKind::Internal,
        _ => ErrorKind::BadModel,
    };
    VisitorError::new(kind, error)
}

fn internal(what: &str) -> VisitorError {
    VisitorError::new(ErrorKind::Internal, what)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends news. A failure here means that the page is gone, so there is nobody to tell.
fn send(news: &News) {
    if let Ok(value) = serde_wasm_bindgen::to_value(news) {
        let _ = scope().post_message(&value);
    }
}
