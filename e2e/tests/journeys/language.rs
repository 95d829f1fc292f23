//! The page in German: chosen by the link, the browser or the visitor, whole, and within a small window.

use e2e::browser::Graphics;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use serde_json::json;
use thermostat::app::chapter::Chapter;
use thermostat::app::language::Language;

use super::{CPU, assert_accessible, assert_no_errors, open};

/// English words that are no German ones, in what is seen or heard, apart from what is marked as English.
const ENGLISH_LEFT: &str = r"
    const english = /\b(the|of|and|is|are|with|this|your|answers?|stages?|temperature|not|from|each)\b/i;
    const marked = node => (node.nodeType === 1 ? node : node.parentElement).closest('[lang]').lang !== 'de';
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (english.test(node.data) && !marked(node) && !node.parentElement.closest('script, style, noscript')) found.push(node.data);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        if (english.test(element.getAttribute(name)) && !marked(element)) found.push(`${name}: ${element.getAttribute(name)}`);
      }
    }
    return found";

/// Nothing of it is English, and nothing is wider than a small phone.
fn assert_german(page: &Page, state: &str) {
    assert_eq!(page.browser.execute(ENGLISH_LEFT, &[]).unwrap(), json!([]), "{state}: English is left");
    page.browser.set_viewport(320, 640).unwrap();
    let excess = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let excess = page.browser.execute(excess, &[]).unwrap().as_i64().unwrap();
    page.picture(&format!("german-320-{state}")).unwrap();
    assert!(excess <= 0, "{state}: {excess} px wider than a small phone");
    page.browser.set_viewport(1280, 900).unwrap();
}

#[test]
fn every_chapter_is_german() {
    let site = Site::start().unwrap();
    let page = open(&site, &format!("{CPU}&lang=de"));
    page.wait_finished().unwrap();
    let words = Language::German.words();
    let told = "return [document.documentElement.lang, document.title, document.querySelector('meta[name=description]').content]";
    let expected = json!(["de", words.page.title, words.page.description]);
    assert_eq!(page.browser.execute(told, &[]).unwrap(), expected);
    for chapter in Chapter::ALL {
        // Not `text`: what is far from the window is not drawn, and has no text for the driver.
        let heading = format!("return document.querySelector('#{}-heading').textContent", chapter.id());
        assert_eq!(page.browser.execute(&heading, &[]).unwrap(), words.chapter(chapter));
    }
    assert_eq!(page.text("#temperature-value").unwrap(), "1,0", "a decimal comma");
    assert_eq!(page.text("#column-factual h3").unwrap(), words.instrument.sides[1]);
    page.browser
        .execute("document.querySelectorAll('details').forEach(e => { e.open = true })", &[])
        .unwrap();
    page.browser.click("#prompt-creative option[value='own']").unwrap();
    page.wait_for("#own-creative").unwrap();
    assert_german(&page, "first");
    assert_accessible(&page, "in German", "german-");

    page.browser.click("#inside-all").unwrap();
    page.wait_for("#inside[data-readings='6']").unwrap();
    page.browser.click("#inside-own").unwrap();
    page.browser.click("#experiment-quick").unwrap();
    let parts = "return Number(document.querySelector('#experiment').dataset.done) >= 2";
    page.wait_until("two parts are done", parts, PATIENCE).unwrap();
    page.browser.click("#experiment-pause").unwrap();
    page.wait_for("#experiment[data-phase='resting']").unwrap();
    let picture = page.exported("#experiment-svg").unwrap();
    assert!(picture.contains(">Faktenfragen<") && picture.contains(">0,25<"), "the picture is German too");
    page.browser.click("#rewards-begin").unwrap();
    let parts = "return Number(document.querySelector('#rewards').dataset.done) >= 8";
    page.wait_until("eight parts are scored", parts, PATIENCE).unwrap();
    page.browser.click("#rewards-stop").unwrap();
    page.browser.click("#compare-next").unwrap();
    page.wait_for("#vote-2").unwrap();
    page.browser.click("#vote-2").unwrap();
    page.wait_for(".compare-opinion[data-known='true']").unwrap();
    page.browser.click("#tour-begin").unwrap();
    page.wait_for("#tour").unwrap();
    page.browser
        .execute("document.querySelectorAll('details').forEach(e => { e.open = true })", &[])
        .unwrap();
    assert_german(&page, "everything open");
    assert_accessible(&page, "in German, everything open", "german-all-");
    assert_no_errors(&page, &[]);
}

#[test]
fn a_fault_is_told_in_german() {
    let site = Site::start().unwrap();
    site.set_fault(e2e::site::Fault::CorruptModel);
    let page = open(&site, &format!("{CPU}&lang=de"));
    page.wait_for("#notice #retry").unwrap();
    let notice = page.text("#notice").unwrap();
    assert!(notice.contains("Die Datei des Modells ist beschädigt"), "{notice}");
    assert!(notice.contains(Language::German.words().progress.retry), "{notice}");
}

#[test]
fn the_switch_keeps_the_focus_the_answers_and_the_choice() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let answers = page.all_cards().unwrap();
    let language = "return document.documentElement.lang";
    assert_eq!(page.browser.execute(language, &[]).unwrap(), "en");
    page.tab_to("#language-de").unwrap();
    let size = "const r = document.activeElement.getBoundingClientRect(); return Math.min(r.width, r.height)";
    assert!(page.browser.execute(size, &[]).unwrap().as_f64().unwrap() >= 24.0, "large enough to be touched");
    page.browser.press("\u{E007}").unwrap(); // Enter
    page.wait_until("the page is German", "return document.documentElement.lang === 'de'", PATIENCE).unwrap();
    let focused = "return [document.activeElement.id, document.activeElement.lang]";
    assert_eq!(page.browser.execute(focused, &[]).unwrap(), json!(["language-en", "en"]), "the way back");
    assert_eq!(page.all_cards().unwrap(), answers, "nothing is answered anew");
    page.wait_until("the address follows", "return location.hash.includes('lang=de')", PATIENCE).unwrap();
    // Another visit, by a link that names no language.
    page.browser.open("about:blank").unwrap();
    page.browser.open(&site.url(CPU)).unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.browser.execute(language, &[]).unwrap(), "de", "the choice is kept");
    page.browser.open("about:blank").unwrap();
    page.browser.open(&site.url(&format!("{CPU}&lang=en"))).unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.browser.execute(language, &[]).unwrap(), "en", "a link that names one wins");
    assert_no_errors(&page, &[]);
}

#[test]
fn the_browsers_language_is_the_pages_before_and_after_the_program_arrives() {
    let site = Site::start().unwrap();
    let prefer = "Object.defineProperty(navigator, 'languages', { get: () => ['fr', 'de-AT', 'en'] });\n\
        document.addEventListener('DOMContentLoaded', () => {\n\
          window.first = [document.documentElement.lang, document.querySelector('main').innerText.trim()] })";
    let page = Page::open_after(&site, CPU, Graphics::None, |browser| browser.run_first(prefer)).unwrap();
    page.wait_finished().unwrap();
    let first = page.browser.execute("return window.first", &[]).unwrap();
    assert_eq!(first, json!(["de", Language::German.words().page.loading]), "what is seen at first");
    assert_eq!(
        page.text("#instrument-heading").unwrap(),
        Language::German.words().chapter(Chapter::Instrument)
    );
    let address = page.browser.address().unwrap();
    assert!(!address.contains("lang="), "only a choice goes into the link: {address}");
    assert_no_errors(&page, &[]);
}
