//! Sending votes to the real collector: only with consent, through outages and reloads, once, and back again.

use std::time::Duration;

use e2e::collector::Collector;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use xtask::shell::target_folder;

use crate::{CPU, assert_accessible, assert_no_errors, open};

/// A browser says on its own that a request found nobody.
const NOBODY: &str = "ERR_CONNECTION_REFUSED";
/// The same, where the network is away.
const NO_NETWORK: &str = "ERR_INTERNET_DISCONNECTED";
/// What a browser tells a page when it has found a network.
const NETWORK_IS_BACK: &str = "window.dispatchEvent(new Event('online'))";

/// Casts votes by keyboard until there are so many.
fn vote(page: &Page, from: usize, to: usize) {
    page.set_value("#compare-prompt", "sea").unwrap();
    page.browser.execute("document.querySelector('#compare').focus()", &[]).unwrap();
    for number in from + 1..=to {
        page.browser.press("n").unwrap();
        page.wait_for("#vote-2").unwrap();
        page.browser.press(["1", "4", "5", "3"][number % 4]).unwrap();
        page.wait_for(&format!("#compare-count[data-kept='{number}']")).unwrap();
    }
}

/// A page whose visitor has agreed that votes are sent.
fn agreed(site: &Site) -> Page {
    let page = open(site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#sending[data-agrees='false']").unwrap();
    page.browser.click("#sending-agree").unwrap();
    page
}

fn wait_sent(page: &Page, votes: usize) {
    page.wait_for(&format!(
        "#sending[data-sent='{votes}'][data-waiting='0'][data-taking-back='0'][data-activity='resting']"
    ))
    .unwrap();
}

/// Ids of the votes that the page has, sorted.
fn kept(page: &Page) -> Vec<String> {
    let written = page.exported("#compare-export-records").unwrap();
    let id = |line: &str| {
        let vote: serde_json::Value = serde_json::from_str(line).unwrap();
        vote["id"].as_str().unwrap().to_owned()
    };
    let mut ids: Vec<String> = written.lines().map(id).collect();
    ids.sort();
    ids
}

fn collected(collector: &Collector) -> Vec<String> {
    let mut ids = collector.ids().unwrap();
    ids.sort();
    ids
}

/// Page and collector write the same lines for TRL. They are left in `target/e2e` for `e2e/check/trl_load.py`.
fn assert_same_preferences(page: &Page, collector: &Collector) {
    let (ours, theirs) = (page.exported("#compare-export-trl").unwrap(), collector.export("trl").unwrap());
    let folder = target_folder().join("e2e");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("page-preferences.jsonl"), &ours).unwrap();
    std::fs::write(folder.join("collector-preferences.jsonl"), &theirs).unwrap();
    let sorted = |lines: &str| {
        let mut lines: Vec<String> = lines.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&ours), sorted(&theirs));
}

fn withdraw(page: &Page) {
    page.browser.click("#sending-delete").unwrap();
    page.wait_for("#sending-delete-yes").unwrap();
    page.browser.click("#sending-delete-yes").unwrap();
}

#[test]
fn a_page_without_a_collector_says_nothing_of_sending() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_for("#compare-count[data-kept='0']").unwrap();
    assert_eq!(page.count("#sending").unwrap(), 0);
    assert!(page.text("#compare-count").unwrap().contains("Nothing is sent anywhere."));
    assert_no_errors(&page, &[]);
}

#[test]
fn votes_are_sent_with_consent_alone_and_deleted_on_request() {
    let mut collector = Collector::prepare().unwrap();
    let site = Site::start_with_collector(&collector.url()).unwrap();
    collector.start(site.origin(), &[]).unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#sending[data-agrees='false']").unwrap();
    assert_accessible(&page, "the question for consent", "sending-question-");
    vote(&page, 0, 3);
    page.browser.reload().unwrap();
    page.wait_for("#sending[data-agrees='false'][data-waiting='3']").unwrap();
    assert_eq!(
        collector.answered("/v1/votes").unwrap(),
        0,
        "nobody agreed, so nothing was asked of the collector"
    );

    page.browser.click("#sending-agree").unwrap();
    wait_sent(&page, 3);
    assert!(!page.text("#compare-count").unwrap().contains("Nothing is sent"));
    assert_eq!(collected(&collector), kept(&page));
    assert_accessible(&page, "sent votes", "sending-sent-");
    // The next vote is sent by itself, and the vote that is taken back is deleted there.
    vote(&page, 3, 4);
    wait_sent(&page, 4);
    let requests = collector.answered("/v1/votes").unwrap();
    assert_eq!(requests, 2, "three votes at once, then one");
    page.browser.click("#compare-undo").unwrap();
    page.wait_for("#compare-count[data-kept='3']").unwrap();
    wait_sent(&page, 3);
    assert_eq!(collected(&collector), kept(&page));

    // Consent taken back: what comes stays here, what was sent is still there.
    page.browser.click("#sending-stop").unwrap();
    page.wait_for("#sending[data-agrees='false']").unwrap();
    vote(&page, 3, 5);
    page.browser.reload().unwrap();
    page.wait_for("#sending[data-agrees='false'][data-sent='3'][data-waiting='2']").unwrap();
    assert_eq!(collector.ids().unwrap().len(), 3);
    // All votes here are deleted, and those there can be still.
    page.browser.click("#compare-delete").unwrap();
    page.wait_for("#compare-delete-yes").unwrap();
    page.browser.click("#compare-delete-yes").unwrap();
    page.wait_for("#compare-count[data-kept='0']").unwrap();
    withdraw(&page);
    page.wait_for("#sending[data-sent='0'][data-withdrawing='false']").unwrap();
    page.wait_until(
        "deleted",
        "return document.querySelector('#sending').innerText.includes('has deleted')",
        PATIENCE,
    )
    .unwrap();
    assert_eq!(collector.ids().unwrap(), Vec::<String>::new());
    assert_no_errors(&page, &[]);
}

#[test]
fn a_collector_that_is_down_gets_each_vote_once_when_it_is_up_again() {
    let mut collector = Collector::prepare().unwrap();
    let site = Site::start_with_collector(&collector.url()).unwrap();
    let page = agreed(&site);
    vote(&page, 0, 2);
    page.wait_for("#sending[data-waiting='2'][data-activity='waiting']").unwrap();
    assert!(page.text("#sending-activity").unwrap().contains("tries again by itself"));
    page.browser.reload().unwrap();
    page.wait_for("#sending[data-agrees='true'][data-waiting='2'][data-activity='waiting']").unwrap();
    collector.start(site.origin(), &[]).unwrap();
    wait_sent(&page, 2);
    // Down and up again, with a reload between.
    collector.kill();
    vote(&page, 2, 4);
    page.wait_for("#sending[data-waiting='2'][data-activity='waiting']").unwrap();
    page.browser.reload().unwrap();
    collector.start(site.origin(), &[]).unwrap();
    wait_sent(&page, 4);
    assert_eq!(collected(&collector), kept(&page));
    // A deletion waits for the collector, too.
    collector.kill();
    withdraw(&page);
    page.wait_for("#sending[data-withdrawing='true'][data-activity='waiting']").unwrap();
    page.browser.reload().unwrap();
    page.wait_for("#sending[data-withdrawing='true']").unwrap();
    collector.start(site.origin(), &[]).unwrap();
    page.wait_for("#sending[data-withdrawing='false'][data-sent='0']").unwrap();
    assert_eq!(collector.ids().unwrap(), Vec::<String>::new());
    assert_no_errors(&page, &[NOBODY]);
}

/// Votes of both tabs wait; then both are told in the same moment that the network is back, and again while one sends.
#[test]
fn two_tabs_send_every_vote_once() {
    let mut collector = Collector::prepare().unwrap();
    let site = Site::start_with_collector(&collector.url()).unwrap();
    let page = agreed(&site);
    vote(&page, 0, 5);
    page.wait_for("#sending[data-waiting='5'][data-activity='waiting']").unwrap();
    let first = page.browser.tab().unwrap();
    let second = page.browser.new_tab().unwrap();
    page.browser.set_viewport(1280, 900).unwrap();
    page.browser.open(&site.url(CPU)).unwrap();
    page.wait_finished().unwrap();
    page.wait_for("#compare-count[data-kept='5']").unwrap();
    vote(&page, 5, 10);
    page.wait_for("#sending[data-agrees='true'][data-waiting='10']").unwrap();

    collector.start(site.origin(), &[]).unwrap();
    for tab in [&first, &second, &first, &second] {
        page.browser.switch_to(tab).unwrap();
        page.browser.execute(NETWORK_IS_BACK, &[]).unwrap();
    }
    wait_sent(&page, 10);
    // Each tab goes on while the other is open.
    vote(&page, 10, 12);
    wait_sent(&page, 12);
    page.browser.switch_to(&first).unwrap();
    page.browser.execute(NETWORK_IS_BACK, &[]).unwrap();
    wait_sent(&page, 12);
    assert_eq!(collected(&collector), kept(&page));
    assert_eq!(collector.stored_and_known().unwrap(), [12, 0], "none was sent twice");
    assert_no_errors(&page, &[NOBODY]);
}

#[test]
fn votes_go_as_soon_as_the_network_is_back() {
    let mut collector = Collector::prepare().unwrap();
    let site = Site::start_with_collector(&collector.url()).unwrap();
    collector.start(site.origin(), &[]).unwrap();
    let page = agreed(&site);
    vote(&page, 0, 1);
    wait_sent(&page, 1);
    page.browser.set_offline(true).unwrap();
    vote(&page, 1, 3);
    page.wait_for("#sending[data-waiting='2'][data-activity='waiting']").unwrap();
    // As after many failures: the next attempt would be half an hour away.
    let far = "const done = arguments[0]; const request = indexedDB.open('thermostat');\n\
        request.onsuccess = () => {\n\
          const change = request.result.transaction('sending', 'readwrite'); const values = change.objectStore('sending');\n\
          values.get('lease').onsuccess = event => {\n\
            const lease = JSON.parse(event.target.result); lease.until_ms += 30 * 60 * 1000;\n\
            values.put(JSON.stringify(lease), 'lease') };\n\
          change.oncomplete = () => { request.result.close(); done(true) } }";
    page.browser.execute_async(far, &[]).unwrap();
    page.browser.set_offline(false).unwrap();
    wait_sent(&page, 3);
    assert_eq!(collected(&collector), kept(&page));
    assert_eq!(collector.stored_and_known().unwrap(), [3, 0]);
    assert_no_errors(&page, &[NO_NETWORK]);
}

/// The limit asks for up to a minute of peace; the page must neither ask before nor give up.
#[test]
fn a_collector_that_asks_for_peace_gets_it_and_a_refusal_is_told_and_not_repeated() {
    let mut collector = Collector::prepare().unwrap();
    let site = Site::start_with_collector(&collector.url()).unwrap();
    collector.start(site.origin(), &["--most-a-minute-of-client", "20"]).unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#sending[data-agrees='false']").unwrap();
    vote(&page, 0, 21);
    page.browser.click("#sending-agree").unwrap();
    // A batch of 21 waits for a full minute's worth, which is there; one more has to wait.
    wait_sent(&page, 21);
    vote(&page, 21, 22);
    page.wait_for("#sending[data-waiting='1'][data-activity='waiting']").unwrap();
    let asked = collector.answered("/v1/votes").unwrap();
    std::thread::sleep(Duration::from_secs(2)); // it must not ask within the first seconds
    assert_eq!(collector.answered("/v1/votes").unwrap(), asked);
    wait_sent(&page, 22);
    assert_eq!(collected(&collector), kept(&page));
    assert_same_preferences(&page, &collector);
    collector.kill();

    // A collector for other models: the votes are refused one by one, and that is the end of it.
    let manifest = std::env::temp_dir().join(format!("thermostat-manifest-{}.json", std::process::id()));
    std::fs::write(&manifest, r#"{"version":1,"stages":[]}"#).unwrap();
    collector.start(site.origin(), &["--manifest", manifest.to_str().unwrap()]).unwrap();
    vote(&page, 22, 24);
    let both =
        "return document.querySelector('#sending [data-refused=model]')?.innerText.includes('2 votes')";
    page.wait_until("both are refused", both, PATIENCE).unwrap();
    let told = page.text("#sending [data-refused='model']").unwrap();
    assert!(told.contains("2 votes") && told.contains("no longer collected"), "{told}");
    let asked = collector.answered("/v1/votes").unwrap();
    page.browser.reload().unwrap();
    page.wait_for("#sending[data-waiting='0'][data-activity='resting'] [data-refused='model']").unwrap();
    assert_eq!(collector.answered("/v1/votes").unwrap(), asked, "not again");
    assert_eq!(collector.ids().unwrap().len(), 22);
    let _ = std::fs::remove_file(manifest); // only a temporary file
    assert_no_errors(&page, &[NOBODY, "422", "429"]);
}
