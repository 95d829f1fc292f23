//! The Yew page: the pure state, the session that acts on it, and the parts that draw it.
//!
//! What is pure compiles, and is tested, without a browser. The page never sees burn: answers come from workers,
//! through [`worker`](crate::worker).

pub mod chapter;
pub mod citation;
pub mod column;
pub mod compare;
pub mod curves;
pub mod dials;
#[cfg(feature = "app")]
pub mod errand;
pub mod experiment;
pub mod facts;
#[cfg(feature = "app")]
pub mod heirs;
pub mod inside;
pub mod language;
pub mod learn;
pub mod link;
pub mod memory;
pub mod models;
pub mod own;
#[cfg(feature = "app")]
pub mod page;
#[cfg(feature = "app")]
pub mod parts;
pub mod prompts;
pub mod rewards;
#[cfg(feature = "app")]
pub mod session;
pub mod settings;
pub mod slot;
pub mod state;
#[cfg(feature = "app")]
pub mod temperature;
pub mod tour;
#[cfg(feature = "app")]
pub mod turns;
#[cfg(feature = "app")]
pub mod unseen;

/// Draws the page into the document, in a turn of its own: the one that made the program ready was long.
#[cfg(feature = "app")]
pub fn start() {
    console_error_panic_hook::set_once();
    gloo_timers::callback::Timeout::new(0, draw).forget();
}

#[cfg(feature = "app")]
fn draw() {
    let place = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("page"));
    match place {
        Some(place) => yew::Renderer::<page::Page>::with_root(place).render(),
        None => yew::Renderer::<page::Page>::new().render(),
    };
}
