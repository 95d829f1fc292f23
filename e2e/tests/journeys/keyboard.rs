//! Every chapter by keyboard alone, in a window as wide as a phone.

use e2e::page::{PATIENCE, Page};
use e2e::site::Site;

use super::learn::wait_learned;
use super::{CPU, assert_no_errors, open};

const ENTER: &str = "\u{E007}";
const SPACE: &str = "\u{E00D}";
const HOME: &str = "\u{E011}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";
const ESCAPE: &str = "\u{E00C}";

/// A phone with a keyboard.
fn narrow(site: &Site) -> Page {
    narrow_with(site, CPU)
}

fn narrow_with(site: &Site, hash: &str) -> Page {
    let page = open(site, hash);
    page.browser.set_viewport(390, 844).unwrap();
    page.wait_finished().unwrap();
    // What is read of the first answer makes the page longer, above what is looked at below.
    page.wait_for("#inside[data-readings='1']").unwrap();
    page
}

/// Goes to a chapter by its link, as whoever uses the keyboard does.
fn go_to(page: &Page, chapter: &str) {
    page.browser.execute("document.querySelector('.skip-link').focus()", &[]).unwrap();
    page.tab_to(&format!(".chapters a[href='#{chapter}']")).unwrap();
    page.browser.press(ENTER).unwrap();
    assert_eq!(page.browser.execute("return document.activeElement.id", &[]).unwrap(), chapter);
}

/// Tabs to an element, which must then be seen whole, and presses a key.
fn press_on(page: &Page, selector: &str, key: &str) {
    page.tab_to(selector).unwrap();
    let seen = "const r = document.activeElement.getBoundingClientRect(); const s = getComputedStyle(document.activeElement);\n\
        const ring = [document.activeElement, document.activeElement.parentElement].some(e => getComputedStyle(e).outlineStyle !== 'none');\n\
        return r.top >= -1 && r.left >= -1 && r.right <= innerWidth + 1 && r.top < innerHeight && (ring || s.boxShadow !== 'none')";
    page.wait_until(&format!("{selector} is seen with its focus"), seen, PATIENCE).unwrap();
    page.browser.press(key).unwrap();
}

#[test]
fn the_focus_follows_into_the_chapter_that_one_goes_back_to() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "experiment");
    page.wait_until("the address says so", "return location.hash.includes('at=experiment')", PATIENCE)
        .unwrap();
    page.browser.execute("history.back()", &[]).unwrap();
    page.wait_for("#instrument:focus").unwrap();
    page.browser.execute("history.forward()", &[]).unwrap();
    page.wait_for("#experiment:focus").unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn inside_a_token_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "inside");
    press_on(&page, "#inside-creative", ENTER);
    page.wait_until("a poem is read", "return document.querySelectorAll('.token').length > 12", PATIENCE)
        .unwrap();
    press_on(&page, "#inside-token-0", RIGHT);
    page.wait_for("#inside-token-1[aria-checked='true']").unwrap();
    press_on(&page, "#inside-all", SPACE);
    page.wait_for("#inside[data-readings='6']").unwrap();
    page.wait_for("#inside-looks:focus").unwrap(); // the button is gone
    page.browser.execute("document.querySelector('#inside-token-1').focus()", &[]).unwrap();
    press_on(&page, "#inside-paint", DOWN);
    page.run_by(|| {
        press_on(&page, "#inside-temperature", RIGHT);
        Ok(())
    })
    .unwrap();
    assert_eq!(page.text("#temperature-value").unwrap(), "1.1");
    assert_no_errors(&page, &[]);
}

#[test]
fn what_has_the_focus_stays_in_its_place_while_a_chapter_above_grows() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "experiment");
    page.tab_to("#experiment-quick").unwrap();
    let top = || {
        let script = "return document.querySelector('#experiment-quick').getBoundingClientRect().top";
        page.browser.execute(script, &[]).unwrap().as_f64().unwrap()
    };
    let height = || {
        let script = "return document.querySelector('#inside').getBoundingClientRect().height";
        page.browser.execute(script, &[]).unwrap().as_f64().unwrap()
    };
    let (before, low) = (top(), height());
    page.browser.execute("document.querySelector('#inside-all').click()", &[]).unwrap();
    page.wait_for("#inside[data-readings='6']").unwrap();
    let stays = format!(
        "return Math.abs(document.querySelector('#experiment-quick').getBoundingClientRect().top - {before}) < 2"
    );
    page.wait_until("it stands where it stood", &stays, PATIENCE).unwrap();
    assert!(height() > low + 200.0, "six readings take more room than one: {low} and {}", height());
    assert_no_errors(&page, &[]);
}

#[test]
fn the_experiment_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "experiment");
    press_on(&page, "#experiment-quick", ENTER);
    page.wait_for("#experiment-pause:focus").unwrap();
    let done = "return Number(document.querySelector('#experiment').dataset.done) >= 1";
    page.wait_until("a part is done", done, PATIENCE).unwrap();
    go_to(&page, "experiment");
    press_on(&page, "#experiment-pause", ENTER);
    page.wait_for("#experiment[data-phase='resting'] #experiment-resume").unwrap();
    page.wait_for("#experiment-resume:focus").unwrap();
    press_on(&page, ".figure-21 .legends button", SPACE);
    page.wait_for(".figure-21 .legends button[aria-pressed='true']").unwrap();
    // What follows a part waits until the visitor is still, and a driver that looks for it by Tab never is.
    page.wait_for("#experiment details:nth-of-type(2) > summary").unwrap();
    for place in [1, 2] {
        press_on(&page, &format!("#experiment details:nth-of-type({place}) > summary"), ENTER);
        page.wait_for(&format!("#experiment details:nth-of-type({place})[open]")).unwrap();
    }
    press_on(&page, "#experiment .table-box", RIGHT);
    press_on(&page, "#experiment-csv", ENTER);
    page.wait_for("#experiment-notice").unwrap();
    go_to(&page, "experiment");
    press_on(&page, "#experiment-discard", ENTER);
    page.wait_for("#experiment[data-all='0']").unwrap();
    page.wait_for("#experiment:focus").unwrap();
    press_on(&page, "#experiment-back", ENTER);
    page.wait_for("#experiment-resume").unwrap();
    page.wait_for("#experiment-resume:focus").unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn rewards_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "rewards");
    press_on(&page, "#rewards-begin", ENTER);
    page.wait_for("#rewards-stop:focus").unwrap();
    let done = "return Number(document.querySelector('#rewards').dataset.done) >= 14";
    page.wait_until("both kinds are scored", done, PATIENCE).unwrap();
    go_to(&page, "rewards");
    press_on(&page, "#rewards-stop", ENTER);
    page.wait_for("#rewards[data-phase='resting']").unwrap();
    press_on(&page, "#rewards-factual", SPACE);
    page.wait_for("#rewards-factual[aria-pressed='true']").unwrap();
    press_on(&page, ".rewards-answers .toggles button:nth-child(3)", ENTER);
    page.wait_for(".rewards-answers .toggles button:nth-child(3)[aria-pressed='true']").unwrap();
    assert!(page.count(".scored li").unwrap() > 0);
    assert_no_errors(&page, &[]);
}

#[test]
fn a_vote_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    go_to(&page, "compare");
    press_on(&page, "#compare-next", ENTER);
    page.wait_for("#vote-2").unwrap();
    press_on(&page, "#vote-7", ENTER);
    page.wait_for("#compare-count[data-kept='1']").unwrap();
    let next = "return document.activeElement.id === 'compare-next'";
    page.wait_until("the focus is on the way on", next, PATIENCE).unwrap();
    page.browser.press("n").unwrap();
    page.wait_for("#vote-2").unwrap();
    page.browser.press("9").unwrap();
    page.wait_for("#compare-count[data-kept='2']").unwrap();
    press_on(&page, "#compare-delete", ENTER);
    page.wait_until(
        "the harmless button has the focus",
        "return document.activeElement.id === 'compare-delete-no'",
        PATIENCE,
    )
    .unwrap();
    page.browser.press(ENTER).unwrap();
    page.wait_until("and then the first", "return document.activeElement.id === 'compare-delete'", PATIENCE)
        .unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn learning_from_votes_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    let taste = "return document.querySelector('#learn-teacher').value";
    go_to(&page, "learn");
    press_on(&page, "#learn-teacher", DOWN);
    page.wait_for("#learn-votes").unwrap();
    let first = page.browser.execute(taste, &[]).unwrap();
    page.browser.press(DOWN).unwrap();
    page.wait_until("the next annotator", &format!("{taste} !== {first}"), PATIENCE).unwrap();
    press_on(&page, "#learn-votes", HOME);
    press_on(&page, "#learn-begin", ENTER);
    page.wait_for("#learn-cancel").unwrap();
    go_to(&page, "learn");
    press_on(&page, "#learn-cancel", SPACE);
    page.wait_for("#learn[data-phase='resting'] #learn-begin").unwrap();

    go_to(&page, "learn");
    press_on(&page, "#learn-begin", ENTER);
    wait_learned(&page);
    go_to(&page, "learn");
    press_on(&page, "#learn-look", ENTER);
    let instrument =
        "return document.activeElement.id === 'instrument' && location.hash.includes('stage=you&with=sft')";
    page.wait_until("the stage is beside SFT, and the focus there", instrument, PATIENCE).unwrap();
    page.wait_finished().unwrap();
    go_to(&page, "learn");
    press_on(&page, "#learn-forget", ENTER);
    let forgotten = "return !document.querySelector('#learn-own') && !location.hash.includes('stage=you')";
    page.wait_until("the stage is gone", forgotten, PATIENCE).unwrap();
    press_on(&page, "#learn details > summary", ENTER);
    page.wait_for("#learn details[open]").unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn the_head_of_the_page_by_keyboard_on_a_phone() {
    let site = Site::start().unwrap();
    let page = narrow(&site);
    page.browser.execute("document.querySelector('.skip-link').focus()", &[]).unwrap();
    press_on(&page, "#device-badge", ENTER);
    let shown = "return getComputedStyle(document.querySelector('#device-details')).visibility";
    page.wait_until("the reason is shown", &format!("{shown} === 'visible'"), PATIENCE).unwrap();
    page.browser.press(ESCAPE).unwrap();
    page.wait_until("Escape hides it", &format!("{shown} === 'hidden'"), PATIENCE).unwrap();
    press_on(&page, "#lecture", SPACE);
    page.wait_for(".page[data-view='lecture']").unwrap();
    page.browser.press(SPACE).unwrap();
    page.wait_for(".page[data-view='story']").unwrap();
    page.run_by(|| {
        press_on(&page, "#stage-sft", RIGHT);
        Ok(())
    })
    .unwrap();
    page.run_by(|| {
        press_on(&page, "#prompt-factual", DOWN);
        Ok(())
    })
    .unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn a_phone_shows_a_few_poems_and_then_the_facts() {
    let site = Site::start().unwrap();
    let page = narrow_with(&site, "v=1&t=1&n=8&seed=7&device=cpu");
    let cards = |what: &str| {
        let script = format!(
            "return [...document.querySelectorAll('#answers-{what} > li')].map(card => card.checkVisibility())"
        );
        page.browser.execute(&script, &[]).unwrap().as_array().unwrap().clone()
    };
    let seen = |what: &str| cards(what).into_iter().filter(|seen| *seen == true).count();
    let all = cards("creative").len();
    assert!(all > 4, "{all} poems are different");
    assert_eq!(seen("creative"), 4);
    assert_eq!(seen("factual"), cards("factual").len(), "every fact");
    press_on(&page, "#answers-creative-more", ENTER);
    page.wait_for("#answers-creative-more[aria-expanded='true']").unwrap();
    assert_eq!(seen("creative"), all);
    page.browser.press(ENTER).unwrap();
    page.wait_for("#answers-creative-more[aria-expanded='false']").unwrap();
    assert_eq!(seen("creative"), 4);
    // Where there is room for all, there is nothing to unfold.
    page.browser.set_viewport(1280, 900).unwrap();
    assert_eq!(seen("creative"), all);
    let button = "return document.querySelector('#answers-creative-more').checkVisibility()";
    assert_eq!(page.browser.execute(button, &[]).unwrap(), false);
    assert_no_errors(&page, &[]);
}
