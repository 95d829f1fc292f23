//! What nobody sees is not drawn anew, and what comes by itself waits until the visitor is still: in a real browser.

#![cfg(all(target_family = "wasm", feature = "app"))]
#![allow(clippy::expect_used, missing_docs)]

use gloo_timers::future::TimeoutFuture;
use thermostat::app::turns::use_following_patiently;
use thermostat::app::unseen::{use_near, use_seen, use_unfolded};
use thermostat::platform::clock::now_ms;
use thermostat::platform::stillness::{still_in_ms, visitor_acted};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

/// A number that grows with each press, far below the button; and in details.
#[component]
fn Far() -> Html {
    let number = use_state_eq(|| 0_u32);
    let place = use_node_ref();
    let near = use_near(&place);
    let far = use_seen(*number, near);
    let (folded, ontoggle) = use_unfolded(*number, true);
    let [late] = use_following_patiently(*number, true);
    let onclick = {
        let number = number.clone();
        Callback::from(move |_: MouseEvent| number.set(*number + 1))
    };
    html! {
        <>
            <button {onclick}>{ *number }</button>
            <output class="late">{ late }</output>
            <details {ontoggle}><summary>{ "folded" }</summary><output class="folded">{ folded }</output></details>
            <div style="height: 6000px" />
            <output ref={place} class="far">{ far }</output>
        </>
    }
}

fn text(place: &Element, selector: &str) -> String {
    let element = place.query_selector(selector).ok().flatten();
    element.and_then(|element| element.text_content()).unwrap_or_default()
}

fn press(place: &Element) {
    let button = place.query_selector("button").ok().flatten().expect("a button");
    button.dyn_into::<HtmlElement>().expect("an element").click();
}

/// Waits until the text is that, or for two seconds.
async fn becomes(place: &Element, selector: &str, wanted: &str) {
    for _ in 0..200 {
        if text(place, selector) == wanted {
            return;
        }
        TimeoutFuture::new(10).await;
    }
    assert_eq!(text(place, selector), wanted, "{selector}");
}

/// The component in the document, drawn.
async fn shown() -> Element {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let place = document.create_element("div").expect("an element");
    document.body().expect("a body").append_child(&place).expect("appended");
    let _handle = yew::Renderer::<Far>::with_root(place.clone()).render();
    becomes(&place, ".far", "0").await;
    place
}

#[wasm_bindgen_test]
async fn what_is_far_from_the_window_follows_when_it_comes_near() {
    let place = shown().await;
    web_sys::window().expect("a window").scroll_to_with_x_and_y(0.0, 0.0);
    TimeoutFuture::new(300).await; // until the browser has told where it is
    press(&place);
    press(&place);
    becomes(&place, "button", "2").await;
    TimeoutFuture::new(300).await;
    assert_eq!(text(&place, ".far"), "0");
    place.query_selector(".far").ok().flatten().expect("it").scroll_into_view();
    becomes(&place, ".far", "2").await;
    press(&place);
    becomes(&place, ".far", "3").await;
    place.remove();
}

#[wasm_bindgen_test]
async fn what_is_folded_follows_when_it_is_opened() {
    let place = shown().await;
    press(&place);
    becomes(&place, "button", "1").await;
    TimeoutFuture::new(100).await;
    assert_eq!(text(&place, ".folded"), "0");
    let summary = place.query_selector("summary").ok().flatten().expect("a summary");
    summary.dyn_into::<HtmlElement>().expect("an element").click();
    becomes(&place, ".folded", "1").await;
    place.remove();
}

#[wasm_bindgen_test]
async fn what_comes_by_itself_waits_until_the_visitor_is_still() {
    let place = shown().await;
    visitor_acted();
    let acted_at_ms = now_ms();
    press(&place);
    becomes(&place, "button", "1").await;
    assert_eq!(text(&place, ".late"), "0");
    becomes(&place, ".late", "1").await;
    let waited_ms = now_ms() - acted_at_ms;
    assert!(waited_ms >= 299.0, "{waited_ms}");
    assert_eq!(still_in_ms(), 0);
    place.remove();
}
