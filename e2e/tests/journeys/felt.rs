//! What a visitor with a slow processor feels: how soon the page shows what it has to show, and how soon it answers to a finger while
//! the experiment runs.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use e2e::browser::Graphics;
use e2e::finger::Finger;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use serde_json::Value;

use super::assert_no_errors;
use super::workers::median;

/// How much slower than this machine: as Lighthouse's mobile preset has it.
const SLOWER: f64 = 4.0;
/// First visits, by language.
const VISITS: usize = 5;
/// Times that a visitor goes through the page.
const ROUNDS: usize = 3;
/// A visitor looks where to press, and sees what comes of it.
const LOOKS: Duration = Duration::from_millis(400);
/// A hand that comes to a button rests on it before it presses, and holds it for a while; a finger on glass only holds it. A driver does
/// all of it at once, and then the frame of the press waits for what comes of letting go.
const RESTS: Duration = Duration::from_millis(100);
const HOLDS: Duration = Duration::from_millis(80);
/// From press to press of an impatient hand, on a button or a key: answers stream meanwhile.
const IMPATIENT: Duration = Duration::from_millis(150);

/// Notes the largest contentful paint, and of every interaction its longest event.
const NOTE: &str = r"
    window.largest = 0; window.interactions = {};
    new PerformanceObserver(list => { for (const e of list.getEntries()) window.largest = e.startTime })
      .observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver(list => { for (const e of list.getEntries()) {
      if (e.interactionId) window.interactions[e.interactionId] = Math.max(e.duration, window.interactions[e.interactionId] ?? 0)
    } }).observe({ type: 'event', durationThreshold: 16, buffered: true })";

/// Who presses.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    /// The driver, as fast as it can.
    Driver,
    /// A hand with a mouse.
    Hand,
    /// A finger on glass.
    Finger,
}

/// What a visitor does.
enum Act {
    /// Presses what fits this so many times, as fast as a hand does.
    Click(&'static str, usize),
    /// Presses a key so many times, in what fits this.
    Keys(&'static str, &'static str, usize),
    /// Waits until this is true.
    Wait(&'static str),
}

const RIGHT: &str = "\u{E014}";
const LEFT: &str = "\u{E012}";
const DOWN: &str = "\u{E015}";
const ANSWERED: &str = "return document.querySelector('#instrument').dataset.run === 'idle'";
const READ: &str = "return !!document.querySelector(\"#inside[data-readings='6']\")";

/// All over the page: with keys, and with the pointer.
const VISIT: &[Act] = &[
    Act::Keys("#temperature", RIGHT, 5),
    Act::Keys("#temperature", LEFT, 5),
    Act::Click("#stage-rlhf-v1", 1),
    Act::Click("#run", 1),
    Act::Click("#run", 1),
    Act::Click("#new-seed", 5),
    Act::Click("#copy-link", 1),
    Act::Click("#advanced summary", 1),
    Act::Wait(ANSWERED), // before that there is no answer to look into
    Act::Click("#inside-creative", 1),
    Act::Click("#inside-all", 1),
    Act::Wait(READ),
    Act::Keys("#inside-token-0", RIGHT, 6),
    Act::Keys("#inside-temperature", RIGHT, 5),
    Act::Click(".figure-21 .legends button", 1),
    Act::Click("#language-de", 1),
    Act::Click("#language-en", 1),
    Act::Click("#lecture", 1),
    Act::Click("#lecture", 1),
    Act::Click("#tour-begin", 1),
    Act::Click("#tour-next", 1),
    Act::Click("#tour-end", 1),
    Act::Keys("#prompt-creative", DOWN, 1),
];

/// `cargo test -p e2e --features browser --test journeys first_words -- --ignored --nocapture`
#[test]
#[ignore = "a measurement: wants a machine that does nothing else"]
fn first_words_on_a_slow_processor() {
    let site = Site::start().unwrap();
    for language in ["en", "de"] {
        let paints: Vec<f64> = (0..VISITS).map(|_| first_paint(&site, language)).collect();
        println!(
            "{language}: largest contentful paint, median {:.0} ms ({paints:.0?})",
            median(paints.clone())
        );
    }
}

/// Interaction to next paint: each act's longest, by round, and each round's longest, as the driver presses, as a hand does with a mouse,
/// and as a finger does on glass. A visitor pauses between acts; a driver that does not presses what was not even drawn.
///
/// `cargo test -p e2e --features browser --test journeys interactions -- --ignored --nocapture`
#[test]
#[ignore = "a measurement: wants a machine that does nothing else"]
fn interactions_on_a_slow_processor_while_the_experiment_runs() {
    let site = Site::start().unwrap();
    for who in [Who::Driver, Who::Hand, Who::Finger] {
        measure_interactions(&site, who);
    }
}

fn measure_interactions(site: &Site, who: Who) {
    let mut longest: BTreeMap<(usize, &str), Vec<f64>> = BTreeMap::new();
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let page = slow_page(site, "en");
        page.wait_finished().unwrap();
        page.wait_for("#inside[data-readings='1']").unwrap(); // what comes late moves what is below it
        show(&page, "#experiment-full");
        page.browser.click("#experiment-full").unwrap();
        let running = "return document.querySelector('#experiment').dataset.phase === 'running'";
        page.wait_until("the experiment runs", running, PATIENCE).unwrap();
        let mut finger = (who == Who::Finger).then(|| Finger::above(&page.browser).unwrap());
        let (mut worst, mut interactions) = (0.0, 0);
        for (place, act) in VISIT.iter().enumerate() {
            let (what, noted) = perform(&page, act, who, &mut finger);
            interactions += noted.len();
            let most = noted.iter().filter_map(Value::as_f64).fold(0.0, f64::max);
            longest.entry((place, what)).or_default().push(most);
            worst = f64::max(worst, most);
        }
        let is_running = page.browser.execute(running, &[]).unwrap();
        println!(
            "{interactions} interactions of 16 ms or more, the longest {worst} ms; the experiment still ran: {is_running}"
        );
        rounds.push(worst);
        assert_no_errors(&page, &[]);
    }
    for ((_, what), by_round) in longest.iter().filter(|(_, by_round)| by_round.iter().any(|&ms| ms > 0.0)) {
        println!("{what:40} {by_round:?}");
    }
    println!(
        "{who:?}: interaction to next paint, the longest of a round: median {} ms ({rounds:?})",
        median(rounds.clone())
    );
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

/// Brings something to the middle of the window: the slider sticks to its top, and would cover what is only just in it.
fn show(page: &Page, selector: &str) {
    let script = format!("document.querySelector({selector:?}).scrollIntoView({{ block: 'center' }})");
    page.browser.execute(&script, &[]).unwrap();
    thread::sleep(LOOKS);
}

/// Does one thing as a visitor would. Returns where, and how long the interactions took that the browser noted, in milliseconds.
fn perform(page: &Page, act: &Act, who: Who, finger: &mut Option<Finger>) -> (&'static str, Vec<Value>) {
    let browser = &page.browser;
    browser.execute("window.interactions = {}", &[]).unwrap();
    let place = match *act {
        Act::Click(selector, times) => {
            show(page, selector);
            for _ in 0..times {
                match finger {
                    Some(finger) => finger.tap(browser, selector, HOLDS),
                    None if who == Who::Hand => browser.click_by_hand(selector, RESTS, HOLDS),
                    None => browser.click(selector),
                }
                .unwrap();
                thread::sleep(IMPATIENT);
            }
            selector
        }
        Act::Keys(selector, key, times) => {
            show(page, selector);
            browser.execute(&format!("document.querySelector({selector:?}).focus()"), &[]).unwrap();
            for _ in 0..times {
                browser.press(key).unwrap();
                if who != Who::Driver {
                    thread::sleep(IMPATIENT);
                }
            }
            selector
        }
        Act::Wait(script) => {
            page.wait_until("what the visitor waits for", script, PATIENCE).unwrap();
            "-"
        }
    };
    thread::sleep(LOOKS);
    let noted = browser.execute("return Object.values(window.interactions)", &[]).unwrap();
    (place, noted.as_array().cloned().unwrap_or_default())
}
