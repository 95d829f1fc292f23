//! What a visitor with a slow processor feels: how soon the page shows what it has to show, and how soon it answers to a finger while
//! the experiment runs.

use e2e::browser::Graphics;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use serde_json::Value;

use super::assert_no_errors;

/// How much slower than this machine: as Lighthouse's mobile preset has it.
const SLOWER: f64 = 4.0;

/// Notes the largest contentful paint, and the longest event of every interaction.
const NOTE: &str = r"
    window.largest = 0; window.interactions = {};
    new PerformanceObserver(list => { for (const e of list.getEntries()) window.largest = e.startTime })
      .observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver(list => { for (const e of list.getEntries()) {
      if (e.interactionId && e.duration > (window.interactions[e.interactionId]?.ms ?? 0)) window.interactions[e.interactionId] =
        { ms: e.duration, what: e.name + ' ' + (e.target?.id || e.target?.className || e.target?.tagName || '?'),
          waited: Math.round(e.processingStart - e.startTime), worked: Math.round(e.processingEnd - e.processingStart) }
    } }).observe({ type: 'event', durationThreshold: 16, buffered: true })";

#[test]
#[ignore = "a measurement: wants a machine that does nothing else"]
fn paint_and_answers_to_touch_on_a_slow_processor() {
    let site = Site::start().unwrap();
    for language in ["en", "de"] {
        let mut paints: Vec<f64> = (0..5).map(|_| first_paint(&site, language)).collect();
        paints.sort_by(f64::total_cmp);
        println!("{language}: largest contentful paint, median of 5: {:.0} ms ({paints:.0?})", paints[2]);
    }
    let page = slow_page(&site, "en");
    page.wait_finished().unwrap();
    page.wait_for("#inside[data-readings='1']").unwrap(); // what comes late moves what is below it
    click(&page, "#experiment-quick");
    let running = "return document.querySelector('#experiment').dataset.phase === 'running'";
    page.wait_until("the experiment runs", running, PATIENCE).unwrap();
    interact(&page);
    let is_running = page.browser.execute(running, &[]).unwrap();
    let script = "return Object.values(window.interactions).sort((a, b) => b.ms - a.ms)";
    let interactions = page.browser.execute(script, &[]).unwrap();
    let interactions = interactions.as_array().unwrap();
    println!(
        "{} interactions took 16 ms or more; the experiment still ran at their end: {is_running}",
        interactions.len()
    );
    for interaction in interactions.iter().take(8) {
        println!("   {interaction}");
    }
    println!(
        "interaction to next paint (the longest): {}",
        interactions.first().map_or(&Value::Null, |i| &i["ms"])
    );
    assert_no_errors(&page, &[]);
}

fn slow_page(site: &Site, language: &str) -> Page {
    let hash = format!("v=1&n=8&seed=7&device=cpu&lang={language}");
    Page::open_after(site, &hash, Graphics::None, |browser| {
        browser.set_viewport(412, 823)?;
        browser.slow_down(SLOWER)?;
        browser.run_first(NOTE)
    })
    .unwrap()
}

fn first_paint(site: &Site, language: &str) -> f64 {
    let page = slow_page(site, language);
    page.wait_finished().unwrap();
    page.browser.execute("return window.largest", &[]).unwrap().as_f64().unwrap()
}

/// Clicks on what is brought to the middle of the window first: the slider sticks to its top, and would cover what is only just in it.
fn click(page: &Page, selector: &str) {
    let script = format!("document.querySelector({selector:?}).scrollIntoView({{ block: 'center' }})");
    page.browser.execute(&script, &[]).unwrap();
    page.browser.click(selector).unwrap();
}

/// What a visitor does everywhere on the page: with keys, and with the pointer.
fn interact(page: &Page) {
    let browser = &page.browser;
    let focus = |selector: &str| {
        browser.execute(&format!("document.querySelector({selector:?}).focus()"), &[]).unwrap();
    };
    focus("#temperature");
    for _ in 0..5 {
        browser.press("\u{E014}").unwrap(); // right
        browser.press("\u{E012}").unwrap(); // left
    }
    for selector in ["#stage-rlhf-v1", "#run", "#new-seed", "#copy-link", "#advanced summary"] {
        click(page, selector);
    }
    page.wait_finished().unwrap(); // before that there is no answer to look into
    for selector in ["#inside-creative", "#inside-all"] {
        click(page, selector);
    }
    page.wait_for("#inside[data-readings='6']").unwrap();
    focus("#inside-token-0");
    for _ in 0..6 {
        browser.press("\u{E014}").unwrap();
    }
    focus("#inside-temperature");
    for _ in 0..5 {
        browser.press("\u{E014}").unwrap();
    }
    for selector in [
        ".figure-21 .legends button",
        "#language-de",
        "#language-en",
        "#lecture",
        "#lecture",
        "#tour-begin",
        "#tour-next",
        "#tour-end",
    ] {
        click(page, selector);
    }
    focus("#prompt-creative");
    browser.press("\u{E015}").unwrap(); // down: another prompt
}
