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

pub(crate) fn wait_learned(page: &Page) {
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

/// Casts votes by keyboard for the answer with fewer letters, on whatever prompt comes, until there are so many.
fn prefer_short(page: &Page, votes: usize) {
    page.browser.execute("document.querySelector('#compare').focus()", &[]).unwrap();
    let drawn = "return ['blind', 'alike'].includes(document.querySelector('#compare').dataset.phase)";
    let lengths = "return ['a', 'b'].map(side =>\n\
        document.querySelector(`#compare [data-side='${side}'] .answer-text`).textContent.length)";
    let mut kept = 0;
    while kept < votes {
        page.browser.press("n").unwrap();
        page.wait_until("a pair, or answers that are alike", drawn, PATIENCE).unwrap();
        if page.count("#compare[data-phase='alike']").unwrap() > 0 {
            continue;
        }
        let found = page.browser.execute(lengths, &[]).unwrap();
        let [a, b] = [&found[0], &found[1]].map(|length| length.as_u64().unwrap());
        page.browser.press(if a <= b { "2" } else { "7" }).unwrap();
        kept += 1;
        page.wait_for(&format!("#compare-count[data-kept='{kept}']")).unwrap();
    }
}

#[test]
fn a_visitors_own_votes_become_a_stage_that_other_chapters_use() {
    const VOTES: usize = 24;
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let published = page.count("#stages input").unwrap();
    prefer_short(&page, VOTES);

    page.wait_until(
        "the votes are counted",
        &format!("return document.querySelector('#learn-begin').innerText.includes('my {VOTES} votes')"),
        PATIENCE,
    )
    .unwrap();
    page.browser.click("#learn-begin").unwrap();
    wait_learned(&page);
    assert_eq!(number(&page, "#learn-votes-used", "data-votes"), VOTES as f64);
    assert_eq!(number(&page, "#learn-reward", "data-of"), VOTES as f64);
    let told = |name| number(&page, "#learn-policy", name);
    assert_eq!(told("data-better") + told("data-alike") + told("data-worse"), 120.0);
    assert!(page.text("#learn-policy").unwrap().contains("It is no independent judge"));
    assert!(page.text("#learn-own h3").unwrap().ends_with("You"), "not a simulated annotator's");
    assert_eq!(page.count("#stages input").unwrap(), published + 1);
    assert_accessible(&page, "what was learned from own votes", "learn-own-votes-");

    // It reads an answer beside the others.
    page.browser.click("#answers-factual li.card .look").unwrap();
    page.wait_for(&format!(
        "#inside[data-readings='{}'] .stage-look[data-stage='you'] .bar[data-now]",
        published + 1
    ))
    .unwrap();
    page.set_value("#inside-paint", "you").unwrap();
    page.wait_until(
        "it paints the answer",
        "return document.querySelector('.inside-legend').textContent.includes('You')",
        PATIENCE,
    )
    .unwrap();
    // Votes are never asked for on it: they are about models that others can have too.
    assert_eq!(page.count("#compare-ranking tr[data-stage]").unwrap(), published);
    // In German it has a German name there, too.
    page.browser.execute("location.hash += '&lang=de'", &[]).unwrap();
    page.browser.reload().unwrap();
    page.wait_finished().unwrap();
    page.browser.click("#answers-factual li.card .look").unwrap();
    let named = "return document.querySelector(\".stage-look[data-stage='you'] h3\")?.textContent === 'Sie'";
    page.wait_until("its name in German", named, PATIENCE).unwrap();
    // The experiment asks it as it asks the others.
    page.browser.click("#experiment-quick").unwrap();
    page.wait_until(
        "the experiment has begun",
        "return Number(document.querySelector('#experiment').dataset.done) >= 1",
        PATIENCE,
    )
    .unwrap();
    let legend =
        "return [...document.querySelectorAll('#experiment .legends button')].at(-1)?.textContent.trim()";
    assert_eq!(page.browser.execute(legend, &[]).unwrap(), "Sie");
    page.browser.click("#experiment-pause").unwrap();
    page.wait_for("#experiment[data-phase='resting']").unwrap();
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
