//! Learning from votes: a simulated annotator, a reward model, a policy, and the stage that comes of it.

use std::time::{Duration, Instant};

use e2e::browser::Graphics;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;

use crate::{CPU, assert_accessible, assert_no_errors, open};

/// Training takes seconds where nothing else runs, and minutes in a development build on a busy machine.
const TRAINING: Duration = Duration::from_secs(900);

fn number(page: &Page, selector: &str, name: &str) -> f64 {
    let text = page.attribute(selector, name).unwrap();
    text.as_deref()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("{selector} {name}: {text:?}"))
}

fn begin(page: &Page, teacher: &str, votes: &str) {
    page.set_value("#learn-teacher", teacher).unwrap();
    page.wait_for("#learn-votes").unwrap();
    page.set_value("#learn-votes", votes).unwrap();
    page.browser.click("#learn-begin").unwrap();
    page.wait_for("#learn-cancel").unwrap();
}

fn wait_learned(page: &Page) {
    let done =
        "return !!document.querySelector('#learn-policy') || !!document.querySelector('#learn .notice')";
    page.wait_until("a policy, or a notice", done, TRAINING).unwrap();
    assert_eq!(page.count("#learn .notice").unwrap(), 0, "no notice");
    page.wait_until(
        "kept",
        "return document.querySelector('#learn-notice').innerText.includes('is kept')",
        PATIENCE,
    )
    .unwrap();
}

#[test]
fn a_simulated_annotators_votes_become_a_stage_that_stays_until_it_is_forgotten() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#learn-begin:disabled").unwrap(); // without votes of the visitor's own there is nothing to learn

    // Cancelled, whatever it is at.
    begin(&page, "brevity", "20");
    page.browser.click("#learn-cancel").unwrap();
    page.wait_for("#learn[data-phase='resting'] #learn-begin").unwrap();
    assert_eq!(page.count("#learn-policy").unwrap() + page.count("#learn-own").unwrap(), 0);

    begin(&page, "brevity", "20");
    wait_learned(&page);
    assert_eq!(number(&page, "#learn-votes-used", "data-votes"), 20.0);
    assert_eq!(number(&page, "#learn-reward", "data-of"), 20.0);
    let told = |name| number(&page, "#learn-policy", name);
    assert_eq!(told("data-better") + told("data-alike") + told("data-worse"), 120.0);
    assert!(told("data-low") < told("data-win-rate") && told("data-win-rate") < told("data-high"));
    assert!(told("data-divergence") > 0.0);
    assert_eq!(
        page.attribute("#compare-count", "data-kept").unwrap().as_deref(),
        Some("0"),
        "none is the visitor's"
    );
    page.browser.execute("document.querySelector('#learn').scrollIntoView()", &[]).unwrap();
    page.picture("learn").unwrap();
    assert_accessible(&page, "what was learned", "learn-");

    // In the instrument, beside SFT, and again after a reload.
    page.browser.click("#learn-look").unwrap();
    page.wait_until(
        "the stage in the address",
        "return location.hash.includes('stage=you&with=sft')",
        PATIENCE,
    )
    .unwrap();
    page.wait_finished().unwrap();
    let answers = page.all_cards().unwrap();
    page.browser.reload().unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.all_cards().unwrap(), answers, "the same stage, kept in this browser");

    page.wait_for("#learn-forget").unwrap();
    page.browser.click("#learn-forget").unwrap();
    page.wait_until(
        "it is gone",
        "return !document.querySelector('#learn-own') && !location.hash.includes('stage=you')",
        PATIENCE,
    )
    .unwrap();
    page.browser.reload().unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.count("#learn-own").unwrap(), 0);
    assert_no_errors(&page, &[]);
}

/// `cargo test -p e2e --features browser --test journeys sixty_votes -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn sixty_votes_of_each_taste() {
    let site = Site::start().unwrap();
    for taste in ["birds", "rhymes", "brevity", "sentences"] {
        let page = Page::open(&site, CPU, Graphics::None).unwrap();
        page.wait_finished().unwrap();
        let began = Instant::now();
        begin(&page, taste, "60");
        let mut voted = None;
        while page.count("#learn-policy").unwrap() == 0 {
            if voted.is_none() && page.count("#learn-votes-used").unwrap() > 0 {
                voted = Some(began.elapsed());
            }
            assert_eq!(page.count("#learn .notice").unwrap(), 0, "{:?}", page.text("#learn"));
            assert!(began.elapsed() < TRAINING, "{taste}: too long");
            std::thread::sleep(Duration::from_millis(200));
        }
        let all = began.elapsed();
        println!(
            "{taste}: {:.1} s in all, {:.1} s of it for the votes\n{}",
            all.as_secs_f64(),
            voted.unwrap_or_default().as_secs_f64(),
            page.text(".learn-steps").unwrap()
        );
    }
}
