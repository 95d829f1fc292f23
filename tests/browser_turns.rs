//! Turns, and what moves ahead of the page, in a real browser.

#![cfg(all(target_family = "wasm", feature = "app"))]
#![allow(clippy::expect_used, missing_docs)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use thermostat::app::turns::{Pace, use_ahead, use_arrival, use_late};
use thermostat::platform::frame::next_frame;
use thermostat::platform::listener::WindowListener;
use thermostat::platform::press::{is_pressed, let_go, pressed};
use thermostat::platform::turn::in_turn;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

/// Counts the page's frames from now on.
fn frames() -> Rc<Cell<u32>> {
    fn count(counter: Rc<Cell<u32>>) {
        next_frame(move || {
            counter.set(counter.get() + 1);
            count(counter);
        });
    }
    let counter = Rc::new(Cell::new(0));
    count(Rc::clone(&counter));
    counter
}

#[wasm_bindgen_test]
async fn turns_come_in_order_and_one_after_each_frame() {
    let frames = frames();
    let taken = Rc::new(RefCell::new(Vec::new()));
    let note = |name: &'static str| {
        let (frames, taken) = (Rc::clone(&frames), Rc::clone(&taken));
        move || taken.borrow_mut().push((name, frames.get()))
    };
    let (first, late) = (note("first"), note("added by the first"));
    in_turn(move || {
        first();
        in_turn(late);
    });
    in_turn(note("second"));
    in_turn(note("third"));
    while taken.borrow().len() < 3 {
        TimeoutFuture::new(5).await;
    }
    let taken = taken.take();
    // What the first one added waits behind those that were there before it.
    assert_eq!(taken.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["first", "second", "third"]);
    let at: Vec<u32> = taken.iter().map(|(_, frame)| *frame).collect();
    assert!(at.windows(2).all(|pair| pair[0] < pair[1]), "{at:?}");
}

#[wasm_bindgen_test]
async fn nobody_has_a_turn_while_something_is_pressed() {
    let frames = frames();
    let is_taken = Rc::new(Cell::new(false));
    let take = || {
        let is_taken = Rc::clone(&is_taken);
        move || is_taken.set(true)
    };
    pressed();
    in_turn(take());
    while frames.get() < 5 {
        TimeoutFuture::new(5).await;
    }
    assert!(!is_taken.get() && is_pressed(), "it is still held");
    let_go();
    while !is_taken.get() {
        TimeoutFuture::new(5).await;
    }
    // A press that never ends, because its button went away, holds nothing up for long.
    is_taken.set(false);
    pressed();
    in_turn(take());
    while !is_taken.get() {
        TimeoutFuture::new(5).await;
    }
    assert!(!is_pressed());
}

#[wasm_bindgen_test]
fn what_acts_when_it_is_let_go_is_held_till_then() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let body = document.body().expect("a body");
    let place = document.create_element("div").expect("an element");
    place.set_inner_html("<button><b>Press</b></button><input type='range'><p>Read</p>");
    body.append_child(&place).expect("a place");
    let _listens = WindowListener::of_presses(pressed, let_go);
    let tell = |selector: &str, name: &str| {
        let event = Event::new(name).expect("an event");
        event.init_event_with_bubbles(name, true);
        let target = place.query_selector(selector).expect("a selector").expect("an element");
        target.dispatch_event(&event).expect("a dispatch");
        is_pressed()
    };
    assert!(!tell("p", "pointerdown"), "nothing to press");
    assert!(!tell("input", "pointerdown"), "it follows the pointer at once");
    assert!(tell("b", "pointerdown"), "in a button");
    assert!(!tell("b", "click"));
    assert!(tell("button", "pointerdown"));
    assert!(!tell("button", "pointercancel"), "the finger scrolls");
    place.remove();
}

/// Keeps a number, and hands it back a turn late.
#[component]
fn Keeper() -> Html {
    let kept = use_state_eq(|| 1_u32);
    let late = use_late(*kept);
    let tell = {
        let setter = kept.setter();
        use_callback((), move |value: u32, ()| setter.set(value))
    };
    html! { <><output>{ late }</output><Dial kept={late} {tell} /></> }
}

#[derive(Properties, PartialEq)]
struct DialProps {
    kept: u32,
    tell: Callback<u32>,
}

/// Each press moves it by one.
#[component]
fn Dial(props: &DialProps) -> Html {
    let (shown, on_move) = use_ahead(props.kept, props.tell.clone());
    html! { <button onclick={on_move.reform(move |_: MouseEvent| shown + 1)}>{ shown }</button> }
}

/// A place on the page of its own.
fn place() -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let place = document.create_element("div").expect("an element");
    document.body().expect("a body").append_child(&place).expect("appended");
    place
}

fn press(place: &Element) {
    let button = place.query_selector("button").ok().flatten().expect("a button");
    button.dyn_into::<HtmlElement>().expect("an element").click();
}

fn text(place: &Element, selector: &str) -> String {
    place
        .query_selector(selector)
        .ok()
        .flatten()
        .and_then(|element| element.text_content())
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_control_moves_ahead_and_never_back() {
    let place = place();
    let _handle = yew::Renderer::<Keeper>::with_root(place.clone()).render();
    while text(&place, "button").is_empty() {
        TimeoutFuture::new(5).await;
    }
    let mut seen = vec![text(&place, "button")];
    for _ in 0..5 {
        press(&place);
        for _ in 0..10 {
            TimeoutFuture::new(3).await;
            seen.push(text(&place, "button"));
        }
    }
    for _ in 0..100 {
        TimeoutFuture::new(5).await;
        seen.push(text(&place, "button"));
    }
    seen.dedup();
    assert_eq!(seen, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(text(&place, "output"), "6", "the page has heard of it");
    place.remove();
}

/// Parts that are to stand at once, and three that pause until somebody presses.
#[component]
fn Comers() -> Html {
    let hurries = use_state_eq(|| false);
    let first = use_arrival(2, Pace::AtOnce);
    let pace = if *hurries { Pace::InTurn } else { Pace::Pausing(60_000) };
    let below = use_arrival(if first == 2 { 3 } else { 0 }, pace);
    let onclick = move |_: MouseEvent| hurries.set(true);
    html! { <button {onclick}>{ format!("{first} {below}") }</button> }
}

#[wasm_bindgen_test]
async fn what_pauses_comes_when_it_is_wanted() {
    let place = place();
    let _handle = yew::Renderer::<Comers>::with_root(place.clone()).render();
    while text(&place, "button") != "2 0" {
        TimeoutFuture::new(5).await;
    }
    TimeoutFuture::new(200).await;
    assert_eq!(text(&place, "button"), "2 0", "the others pause");
    press(&place);
    while text(&place, "button") != "2 3" {
        TimeoutFuture::new(5).await;
    }
    place.remove();
}
