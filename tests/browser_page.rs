//! Parts of the page that only a real browser can try.

#![cfg(all(target_family = "wasm", feature = "app"))]
#![allow(clippy::expect_used, missing_docs)]

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use thermostat::app::page::Page;
use thermostat::app::parts::picker::{Picker, PickerProps};
use thermostat::checksum::hex_sha256;
use thermostat::platform::address::{fragment, set_fragment};
use thermostat::platform::digest::sha256;
use thermostat::platform::frame::next_frame;
use thermostat::platform::listener::WindowListener;
use thermostat::protocol::GenerateJob;
use thermostat::worker::client::Client;
use thermostat::worker::switchboard::{GpuPolicy, Update};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

/// The first: FIPS 180-2, appendix B.1.
#[wasm_bindgen_test]
async fn the_browser_finds_the_checksums_that_the_program_finds() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(b"abc").await, abc);
    let many: Vec<u8> = (0..200_000_u32).map(|i| (i * 31 % 251) as u8).collect();
    for bytes in [&many[..], &[]] {
        assert_eq!(sha256(bytes).await, hex_sha256(bytes));
    }
}

/// Waits until `done`, for at most ten seconds.
async fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        TimeoutFuture::new(20).await;
    }
    assert!(done(), "never: {what}");
}

/// A place on the page of its own.
fn place() -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let place = document.create_element("div").expect("an element");
    document.body().expect("a body").append_child(&place).expect("appended");
    place
}

fn picker(chosen: &'static str) -> PickerProps {
    let entries = ["a", "b", "c"].map(|entry| (AttrValue::Static(entry), AttrValue::Static(entry)));
    yew::props!(PickerProps { id: "picker", entries: entries.to_vec(), chosen, on_pick: Callback::noop() })
}

#[wasm_bindgen_test]
async fn a_picker_follows_the_state_also_to_an_entry_that_was_picked_before() {
    let place = place();
    let mut handle = yew::Renderer::<Picker>::with_root_and_props(place.clone(), picker("a")).render();
    let select = || place.query_selector("select").ok().flatten()?.dyn_into::<HtmlSelectElement>().ok();
    wait_until("the picker is drawn", || select().is_some_and(|select| select.value() == "a")).await;
    select().expect("a picker").set_value("b"); // as a visitor does
    for chosen in ["b", "c", "b", "a"] {
        handle.update(picker(chosen));
        wait_until(chosen, || select().is_some_and(|select| select.value() == chosen)).await;
    }
    place.remove();
}

#[wasm_bindgen_test]
async fn fragments_are_written_read_and_heard() {
    let before = fragment();
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    let listener = WindowListener::of_fragment(move || count.set(count.get() + 1));
    set_fragment("#v=1&t=0.3", false);
    assert_eq!(fragment(), "#v=1&t=0.3");
    TimeoutFuture::new(50).await;
    assert_eq!(heard.get(), 0, "the page's own writing is no news");
    let location = web_sys::window().expect("a window").location();
    location.set_hash("v=1&t=0.4").expect("set");
    wait_until("the visitor's change is heard", || heard.get() == 1).await;
    drop(listener);
    location.set_hash("v=1&t=0.5").expect("set");
    TimeoutFuture::new(50).await;
    assert_eq!(heard.get(), 1, "a dropped listener is silent");
    set_fragment(if before.is_empty() { "#" } else { &before }, false);
}

#[wasm_bindgen_test]
async fn the_next_frame_comes() {
    let came = Rc::new(Cell::new(false));
    let note = Rc::clone(&came);
    next_frame(move || note.set(true));
    assert!(!came.get(), "not at once");
    wait_until("the next frame", || came.get()).await;
}

#[wasm_bindgen_test]
fn a_thousand_cancelled_requests_leave_no_listener_behind() {
    let client = Client::new(GpuPolicy::Never, 4, |_| {});
    let cancelled = Rc::new(Cell::new(0));
    for _ in 0..1000 {
        let count = Rc::clone(&cancelled);
        let job = GenerateJob {
            model: "sft".to_owned(),
            prompt: "?".to_owned(),
            chat: true,
            rows: Vec::new(),
            max_new_tokens: 1,
            patient: false,
        };
        let id = client.generate(job, move |update| {
            assert_eq!(update, Update::Cancelled);
            count.set(count.get() + 1);
        });
        assert_eq!(format!("{client:?}"), "Client { workers: 0, listeners: 1, .. }");
        client.cancel(id);
        client.cancel(id); // there is nobody left to be told
    }
    assert_eq!(cancelled.get(), 1000);
    assert_eq!(Rc::strong_count(&cancelled), 1, "the listeners are gone");
    assert_eq!(format!("{client:?}"), "Client { workers: 0, listeners: 0, .. }");
}

/// The test's server has neither models nor workers: what a visitor sees of a copy that is not whole.
#[wasm_bindgen_test]
async fn a_page_without_its_files_says_so_and_offers_to_try_again() {
    let place = place();
    let handle = yew::Renderer::<Page>::with_root(place.clone()).render();
    let retry = || place.query_selector("#notice #retry").ok().flatten();
    wait_until("the notice", || retry().is_some()).await;
    let notice = place.query_selector("#notice").ok().flatten().expect("a notice");
    assert!(notice.text_content().is_some_and(|text| text.contains("could not be loaded")));
    handle.destroy();
    place.remove();
}
