//! Links that are old, broken or hostile, and several tabs.

use e2e::browser::Graphics;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use serde_json::json;

use super::{CPU, assert_no_errors, open};

/// Ends when what was changed before has been drawn, and what that changed in turn.
const SOME_FRAMES: &str = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));";

/// Every one of these opens the page, answers, and runs nothing of its own.
#[test]
fn old_broken_and_hostile_links_open_the_page() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let long = format!("v=1&n=2&device=cpu&ct={}", "x".repeat(100_000));
    for hash in [
        "",
        "v=0",
        "v=1&stage=rlhf-v9&with=gone&t=0.7&n=2&device=cpu",
        "v=99&future=1&t=0.7&n=2&device=cpu&at=elsewhere&lang=tlh&view=upside-down",
        "%F0%9F&&&===&t=NaN&n=-1&seed=1e999&k=0&p=2&device=cpu&c=%00&f=%",
        "v=1&n=2&device=cpu&stage=../../secret&with=%2e%2e%2f&c=constructor&f=__proto__",
        "v=1&n=2&device=cpu&ct=%3Cimg+src%3Dx+onerror%3D%22window.hacked%3D1%22%3E%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E",
        "v=1&n=2&device=cpu&ft=%E2%80%AE%00%01%1F%F0%9F%92%A5",
        "instrument\"><script>window.hacked=1</script>",
        "javascript:window.hacked=1",
        long.as_str(),
    ] {
        page.browser.open("about:blank").unwrap();
        page.browser.open(&site.url(hash)).unwrap();
        page.wait_finished().unwrap();
        let shown: String = hash.chars().take(80).collect();
        assert!(page.all_cards().unwrap().iter().all(|cards| !cards.is_empty()), "answers: {shown}");
        assert_eq!(
            page.browser.execute("return window.hacked ?? null", &[]).unwrap(),
            json!(null),
            "{shown}"
        );
        assert_eq!(page.count("main img, main script, main iframe").unwrap(), 0, "{shown}");
        page.wait_until(
            "the address is put in order",
            "return location.hash.startsWith('#v=1&stage=')",
            PATIENCE,
        )
        .unwrap();
    }
    assert_no_errors(&page, &[]);
}

#[test]
fn a_link_keeps_its_chapter_in_view_until_the_visitor_does_something() {
    let site = Site::start().unwrap();
    let page = open(&site, &format!("{CPU}&at=rewards"));
    page.wait_finished().unwrap();
    page.wait_until(
        "a reading has come",
        "return document.querySelector('#inside').dataset.readings > 0",
        PATIENCE,
    )
    .unwrap();
    let top = "document.querySelector('#rewards').getBoundingClientRect().top";
    let at_top = format!("return Math.abs({top}) < 3");
    page.wait_until("the chapter is in view", &at_top, PATIENCE).unwrap();
    let grow = |by: u32| {
        let grow = format!("document.querySelector('#instrument').style.paddingTop = '{by}px'");
        page.browser.execute(&grow, &[]).unwrap();
        page.browser.execute_async(SOME_FRAMES, &[]).unwrap();
    };
    // Where the browser keeps what is in view at its place by itself there is nothing to be seen.
    page.browser.execute("document.documentElement.style.overflowAnchor = 'none'", &[]).unwrap();
    grow(900);
    page.wait_until("it stays in view", &at_top, PATIENCE).unwrap();
    // Nothing but a move of the window, as by its scroll bar.
    page.browser.execute("scrollBy(0, -300)", &[]).unwrap();
    page.browser.execute_async(SOME_FRAMES, &[]).unwrap();
    grow(1100);
    let moved = page.browser.execute(&format!("return {top}"), &[]).unwrap().as_f64().unwrap();
    assert!((moved - 500.0).abs() < 3.0, "nobody moves the window but the visitor: {moved}");
    // By another link, and then a key.
    page.browser.execute("location.hash += '&at=experiment'", &[]).unwrap();
    let top = "document.querySelector('#experiment').getBoundingClientRect().top";
    let at_top = format!("return Math.abs({top}) < 3");
    page.wait_until("the other chapter is in view", &at_top, PATIENCE).unwrap();
    page.browser.press("\u{E008}").unwrap(); // Shift
    grow(1200);
    let moved = page.browser.execute(&format!("return {top}"), &[]).unwrap().as_f64().unwrap();
    assert!((moved - 100.0).abs() < 3.0, "after a key the window is the visitor's: {moved}");
    assert_no_errors(&page, &[]);
}

#[test]
fn back_and_forward_walk_through_what_was_chosen() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_until("the address is written", "return location.hash.includes('n=4')", PATIENCE).unwrap();
    page.run_by(|| page.set_value("#answers", "2")).unwrap();
    page.wait_until("the address follows", "return location.hash.includes('n=2')", PATIENCE).unwrap();
    page.run_by(|| page.browser.execute("history.back()", &[]).map(drop)).unwrap();
    assert_eq!(page.browser.execute("return document.querySelector('#answers').value", &[]).unwrap(), "4");
    page.run_by(|| page.browser.execute("history.forward()", &[]).map(drop)).unwrap();
    assert_eq!(page.browser.execute("return document.querySelector('#answers').value", &[]).unwrap(), "2");
    assert_no_errors(&page, &[]);
}

/// Both tabs have one store: a vote in one is counted in the other, and the experiment kept by one does no harm to the other's.
#[test]
fn two_tabs_share_what_is_kept_and_nothing_else() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let first = page.browser.tab().unwrap();
    let second = page.browser.new_tab().unwrap();
    page.browser.open(&site.url("v=1&t=0.5&n=2&seed=9&device=cpu&stage=rlhf-v2")).unwrap();
    page.wait_finished().unwrap();
    vote(&page, 1);
    page.browser.switch_to(&first).unwrap();
    assert_eq!(page.text("#temperature-value").unwrap(), "1.0", "each has settings of its own");
    vote(&page, 2);
    page.browser.switch_to(&second).unwrap();
    vote(&page, 3);
    page.browser.click("#compare-delete").unwrap();
    page.browser.click("#compare-delete-yes").unwrap();
    page.wait_for("#compare-count[data-kept='0']").unwrap();
    page.browser.switch_to(&first).unwrap();
    vote(&page, 1);
    assert_no_errors(&page, &[]);
}

/// Votes, and waits until so many are counted.
fn vote(page: &Page, kept: u32) {
    page.browser.click("#compare-next").unwrap();
    page.wait_for("#vote-2").unwrap();
    page.browser.click("#vote-2").unwrap();
    page.wait_for(&format!("#compare-count[data-kept='{kept}']")).unwrap();
}

#[test]
fn the_tour_gives_the_focus_back_after_every_way_out() {
    let site = Site::start().unwrap();
    let page = Page::open(&site, CPU, Graphics::None).unwrap();
    page.wait_finished().unwrap();
    let focused = "return document.activeElement.id";
    for leave in ["#tour-end", "Escape"] {
        page.browser.click("#tour-begin").unwrap();
        page.wait_for("#tour[data-stop='0']").unwrap();
        page.wait_for("#tour-next:focus").unwrap();
        page.browser.press("\u{E007}").unwrap(); // Enter
        page.wait_for("#tour[data-stop='1']").unwrap();
        page.browser.execute("document.querySelector('#tour-back').focus()", &[]).unwrap();
        page.browser.press("\u{E007}").unwrap();
        page.wait_for("#tour[data-stop='0']").unwrap();
        assert_eq!(
            page.browser.execute(focused, &[]).unwrap(),
            "tour-back",
            "after “back” the focus stays on it"
        );
        page.browser.press("\u{E007}").unwrap();
        assert_eq!(page.browser.execute(focused, &[]).unwrap(), "tour-back", "at the first stop too");
        page.wait_for("#tour[data-stop='0']").unwrap();
        if leave == "Escape" {
            page.browser.press("\u{E00C}").unwrap();
        } else {
            page.browser.click(leave).unwrap();
        }
        page.wait_until("the tour is over", "return !document.querySelector('#tour')", PATIENCE).unwrap();
        page.wait_for("#tour-begin:focus").unwrap();
    }
    assert_no_errors(&page, &[]);
}
