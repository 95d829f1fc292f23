//! The annotator's seat: voting, ranking, and files of votes.

use std::fs;

use e2e::page::{PATIENCE, Page};
use e2e::site::Site;

use crate::{CPU, assert_accessible, assert_no_errors, open};

fn delete_all(page: &Page) {
    page.browser.click("#compare-delete").unwrap();
    page.wait_for("#compare-delete-yes").unwrap();
    page.browser.click("#compare-delete-yes").unwrap();
    page.wait_for("#compare-count[data-kept='0']").unwrap();
}

#[test]
fn a_vote_survives_a_reload_and_can_be_exported_and_deleted() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#compare-count[data-kept='0']").unwrap();
    page.browser.click("#compare-next").unwrap();
    page.wait_for("#vote-2").unwrap();
    let before = page.text("#compare").unwrap();
    assert!(!before.contains("Temperature"), "the sources are hidden before the vote: {before}");
    page.picture("compare").unwrap();
    page.browser.click("#vote-2").unwrap();
    page.wait_for("#compare-count[data-kept='1']").unwrap();
    page.wait_for("#compare [data-temperature]").unwrap();
    page.wait_for("#compare .compare-opinion[data-known='true']").unwrap();
    let opinion = page.text("#compare .compare-opinion").unwrap();
    assert!(opinion.starts_with("The reward model gives answer A"), "{opinion}");
    page.browser.reload().unwrap();
    page.wait_for("#compare-count[data-kept='1']").unwrap();
    let exported = page.exported("#compare-export-trl").unwrap();
    let line: serde_json::Value = serde_json::from_str(exported.trim()).unwrap();
    for field in ["prompt", "chosen", "rejected"] {
        assert!(!line[field].is_null(), "TRL needs {field}: {exported}");
    }
    delete_all(&page);
    assert_no_errors(&page, &[]);
}

/// What the page has thanked for is on the disk.
#[test]
fn votes_outlive_a_tab_that_dies_right_after_the_thanks() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.set_value("#compare-prompt", "sea").unwrap();
    let first = page.browser.tab().unwrap();
    let second = page.browser.new_tab().unwrap();
    page.browser.switch_to(&first).unwrap();
    page.browser.execute("document.querySelector('#compare').focus()", &[]).unwrap();
    for number in 1..=3 {
        page.browser.press("n").unwrap();
        page.wait_for("#vote-2").unwrap();
        page.browser.press("4").unwrap();
        page.wait_for(&format!("#compare-count[data-kept='{number}']")).unwrap();
    }
    page.browser.crash_tab();
    assert!(page.browser.execute("return 1", &[]).is_err(), "the tab is gone");
    page.browser.switch_to(&second).unwrap();
    page.browser.set_viewport(1280, 900).unwrap();
    page.browser.open(&site.url(CPU)).unwrap();
    page.wait_for("#compare-count[data-kept='3']").unwrap();
    assert_eq!(page.exported("#compare-export-records").unwrap().lines().count(), 3);
}

#[test]
fn pairs_come_from_different_stages_and_say_so_only_after_the_vote() {
    let site = Site::start_with_lineage(3).unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.browser.click("#compare-next").unwrap();
    page.wait_for("#vote-2").unwrap();
    let blind = page.text(".compare-place").unwrap();
    assert!(
        !blind.contains("SFT") && !blind.contains("RLHF"),
        "the sources are hidden before the vote: {blind}"
    );
    page.browser.click("#vote-2").unwrap();
    page.wait_for("#compare [data-stage]").unwrap();
    let stages = "return [...document.querySelectorAll('#compare [data-stage]')].map(e => e.innerText)";
    let stages = page.browser.execute(stages, &[]).unwrap();
    assert_eq!(stages.as_array().map(Vec::len), Some(2));
    assert_ne!(stages[0], stages[1]);
    assert_no_errors(&page, &[]);
}

/// The store is full after the second vote of five.
#[test]
fn a_file_of_which_only_a_part_can_be_kept_leaves_everything_as_it_was() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.set_value("#compare-prompt", "sea").unwrap();
    let vote = |votes: usize| {
        page.browser.execute("document.querySelector('#compare').focus()", &[]).unwrap();
        for number in 1..=votes {
            page.browser.press("n").unwrap();
            page.wait_for("#vote-2").unwrap();
            page.browser.press("2").unwrap();
            page.wait_for(&format!("#compare-count[data-kept='{number}']")).unwrap();
        }
    };
    vote(5);
    let file = std::env::temp_dir().join(format!("thermostat-five-votes-{}.jsonl", std::process::id()));
    fs::write(&file, page.exported("#compare-export-records").unwrap()).unwrap();
    delete_all(&page);
    vote(2);
    let before = page.exported("#compare-export-records").unwrap();

    let full = "const own = IDBObjectStore.prototype.put; let left = 3;\n\
        IDBObjectStore.prototype.put = function (...given) {\n\
          if (--left === 0) throw new DOMException('', 'QuotaExceededError'); return own.apply(this, given) };\n\
        window.makeRoom = () => { IDBObjectStore.prototype.put = own }";
    page.browser.execute(full, &[]).unwrap();
    page.browser.type_into("#compare-import", file.to_str().unwrap()).unwrap();
    let told = "return document.querySelector('#compare-notice').innerText.includes('No votes were added. There is no room left')";
    page.wait_until("the visitor is told", told, PATIENCE).unwrap();
    page.browser.execute("window.makeRoom()", &[]).unwrap();
    assert_eq!(page.exported("#compare-export-records").unwrap(), before, "the earlier votes, and no other");

    page.browser.type_into("#compare-import", file.to_str().unwrap()).unwrap();
    page.wait_for("#compare-count[data-kept='7']").unwrap();
    let _ = fs::remove_file(file); // only a temporary file
    assert_no_errors(&page, &[]);
}

/// Twenty votes by keyboard: ranked, written, deleted, and read back as they were.
#[test]
fn votes_are_ranked_and_a_file_of_them_brings_them_back() {
    const VOTES: usize = 20;
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#compare-ranking[data-meetings='0']").unwrap();
    // Poems: two facts may be alike, again and again, and then there is nothing to vote on.
    page.set_value("#compare-prompt", "sea").unwrap();
    page.browser.execute("document.querySelector('#compare').focus()", &[]).unwrap();
    for number in 1..=VOTES {
        page.browser.press("n").unwrap();
        page.wait_for("#vote-2").unwrap();
        page.browser.press(["1", "4", "5", "3"][number % 4]).unwrap();
        page.wait_for(&format!("#compare-count[data-kept='{number}']")).unwrap();
    }
    // "Both bad" is not among these keys, and no pair is of one stage where there are several.
    let ranked = format!("#compare-ranking[data-meetings='{VOTES}'] tbody tr[data-stage]");
    page.wait_for(&ranked).unwrap();
    let stages = page.count("#stages input").unwrap();
    let chances = "return [...document.querySelectorAll('#compare-ranking tr[data-stage]')].map(e => [e.dataset.stage, e.dataset.chance])";
    let ranking = page.browser.execute(chances, &[]).unwrap();
    assert_eq!(ranking.as_array().unwrap().len() as u64, stages);
    page.browser.execute("document.querySelector('#compare-ranking details').open = true", &[]).unwrap();
    // The reward model is asked when that is wanted; every vote is in one line of its table.
    page.browser.click("#compare-calibration-ask").unwrap();
    page.wait_for(&format!("#compare-calibration[data-judged='{VOTES}'] tbody tr[data-predicted]")).unwrap();
    let counted = "return [...document.querySelectorAll('#compare-calibration tr[data-of]')].reduce((sum, e) => sum + Number(e.dataset.of), 0)";
    assert_eq!(page.browser.execute(counted, &[]).unwrap(), VOTES);
    let told = page.text("#compare-calibration .verdict").unwrap();
    assert!(told.contains("Brier score") && told.contains(&format!("of {VOTES} votes")), "{told}");
    page.browser.execute("document.querySelector('#compare-calibration details').open = true", &[]).unwrap();
    page.browser.execute("document.querySelector('#compare-calibration').scrollIntoView()", &[]).unwrap();
    page.picture("calibration").unwrap();
    assert_accessible(&page, "a ranking", "ranking-");

    let written = page.exported("#compare-export-records").unwrap();
    let for_trl = page.exported("#compare-export-trl").unwrap();
    delete_all(&page);
    page.wait_for("#compare-ranking[data-meetings='0']").unwrap();

    let folder = std::env::temp_dir().join(format!("thermostat-votes-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let import = |name: &str, text: &str, told: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        page.browser.type_into("#compare-import", path.to_str().unwrap()).unwrap();
        let script = format!("return document.querySelector('#compare-notice').innerText.includes({told:?})");
        page.wait_until(told, &script, PATIENCE).unwrap();
    };
    import(
        "broken.jsonl",
        &written[..written.len() - 40],
        "No votes were added: line 20 is not a whole vote",
    );
    import("trl.jsonl", &for_trl, "this is the form for TRL");
    import("empty.jsonl", "\n", "the file holds none");
    page.wait_for("#compare-count[data-kept='0']").unwrap();
    import("votes.jsonl", &written, "20 votes added.");
    page.wait_for(&format!("#compare-count[data-kept='{VOTES}']")).unwrap();
    page.wait_for(&ranked).unwrap();
    assert_eq!(page.browser.execute(chances, &[]).unwrap(), ranking, "the same votes, the same ranking");
    import("votes.jsonl", &written, "0 votes added. 20 were here already.");
    assert_eq!(page.exported("#compare-export-records").unwrap(), written);
    // What cannot be removed is only a temporary file.
    let _ = fs::remove_dir_all(folder);
    assert_no_errors(&page, &[]);
}
