//! What a visitor does, in Chromium, on the page as published. `cargo xtask test` runs this; it needs `dist/`.
//!
//! The CPU journeys run in a browser without any WebGPU adapter, so they are the test of the fallback. The WebGPU journeys
//! run on SwiftShader, which computes right and slowly: few rows, and `device=gpu` because the page does not choose a
//! software adapter by itself.
#![allow(clippy::unwrap_used, reason = "tests")]

mod chapters;
mod deploys;
mod felt;
mod keyboard;
mod language;
mod learn;
mod links;
mod sending;
mod votes;
mod workers;

use std::time::{Duration, Instant};

use e2e::browser::Graphics;
use e2e::page::{COLUMNS, Card, PATIENCE, Page};
use e2e::site::{Fault, LOSE_GRAPHICS, Site};

/// Few rows on the processor: quick, and enough to differ.
const CPU: &str = "v=1&t=1&n=4&seed=7&device=cpu";
/// As few as can be in software graphics.
const GPU: &str = "v=1&t=1&n=2&seed=7&device=gpu";

/// Software graphics compile and run each shader on the processor: minutes where the machine is busy.
const SOFTWARE_GRAPHICS: Duration = Duration::from_secs(600);

/// A main-thread task longer than this is felt; the page should have none while it generates.
const FELT_MS: f64 = 50.0;
/// On a busy test machine the system itself may take this much; past it, the page is to blame.
const TOO_LONG_MS: f64 = 200.0;

fn open(site: &Site, hash: &str) -> Page {
    Page::open(site, hash, Graphics::None).unwrap()
}

fn assert_no_errors(page: &Page, expected: &[&str]) {
    assert_eq!(page.logged_errors(expected).unwrap(), Vec::<String>::new(), "errors in the browser's log");
}

#[test]
fn first_answers_appear_without_a_click() {
    let site = Site::start().unwrap();
    let page = Page::open(&site, "v=1&seed=7", Graphics::None).unwrap();
    page.wait_finished().unwrap();
    for column in COLUMNS {
        let cards = page.cards(column).unwrap();
        assert!(!cards.is_empty(), "{column} has answers");
        assert!(
            cards.iter().all(|card| !card.text.trim().is_empty()),
            "{column}: no empty answers: {cards:?}"
        );
    }
    assert_eq!(page.attribute("#device-badge", "data-device").unwrap().as_deref(), Some("cpu"));
    let dial = page.attribute("#dials-creative [data-dial='distinct']", "data-value").unwrap().unwrap();
    assert!(dial.parse::<f64>().unwrap() > 0.0, "distinct answers are counted: {dial}");
    page.picture("desktop").unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn another_temperature_gives_other_answers() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let before = page.all_cards().unwrap();
    page.run_by(|| page.set_value("#temperature", "0.1")).unwrap(); // the slider alone is enough
    page.wait_until("the hash has the new temperature", "return location.hash.includes('t=0.1')", PATIENCE)
        .unwrap();
    assert_ne!(page.all_cards().unwrap(), before);
    assert_no_errors(&page, &[]);
}

#[test]
fn a_run_can_be_cancelled_and_run_again() {
    let site = Site::start().unwrap();
    let page = open(&site, "v=1&t=1.5&n=25&seed=7&device=cpu");
    page.wait_finished().unwrap();
    let answers = page.all_cards().unwrap();
    page.run_and_cancel().unwrap();
    page.run_by(|| page.browser.click("#run")).unwrap();
    assert_eq!(page.all_cards().unwrap(), answers, "the same seed, so the same answers");
    assert_no_errors(&page, &[]);
}

#[test]
fn a_shared_link_gives_the_same_answers() {
    let site = Site::start().unwrap();
    let first = open(&site, "v=1&t=1.2&n=8&seed=4242&device=cpu");
    first.wait_finished().unwrap();
    let answers = first.all_cards().unwrap();
    let address = first.browser.address().unwrap();
    let hash = address.split_once('#').unwrap().1.to_owned();
    drop(first);
    let second = open(&site, &hash);
    second.wait_finished().unwrap();
    assert_eq!(second.all_cards().unwrap(), answers);
    assert_no_errors(&second, &[]);
}

#[test]
fn a_missing_model_is_explained_and_retried() {
    recovers_from(Fault::MissingModel);
}

#[test]
fn a_corrupt_model_is_explained_and_retried() {
    recovers_from(Fault::CorruptModel);
}

#[test]
fn a_missing_list_of_models_is_explained_and_retried() {
    recovers_from(Fault::MissingManifest);
}

fn recovers_from(fault: Fault) {
    let site = Site::start().unwrap();
    site.set_fault(fault);
    let page = open(&site, CPU);
    page.wait_for("#notice #retry").unwrap();
    let notice = page.text("#notice").unwrap();
    assert!(notice.chars().count() > 30, "the notice says what happened and what to do: {notice:?}");
    page.picture(&format!("{fault:?}")).unwrap();
    site.set_fault(Fault::None);
    page.browser.click("#retry").unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.count("#notice #retry").unwrap(), 0, "the notice is gone");
    assert_no_errors(&page, &["404", "Failed to load resource"]);
}

#[test]
fn the_page_opens_without_a_network() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let answers = page.all_cards().unwrap();
    let kept = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
    page.browser.execute_async(kept, &[]).unwrap();
    let app = "const done = arguments[0], link = document.querySelector('link[rel=manifest]');\n\
        fetch(link.href).then(answer => answer.json()).then(app => done(app.short_name), () => done(''))";
    assert_eq!(page.browser.execute_async(app, &[]).unwrap(), "Thermostat", "it can be installed");
    site.set_fault(Fault::Offline);
    for _ in 0..2 {
        page.browser.reload().unwrap();
        page.wait_finished().unwrap();
        assert_eq!(page.all_cards().unwrap(), answers, "the same answers as with a network");
    }
    // What was never fetched cannot be had, and wrong bytes are not kept; that costs only itself.
    page.browser.click("#stage-rlhf-v1").unwrap();
    page.wait_for("#notice #retry").unwrap();
    site.set_fault(Fault::CorruptModel);
    page.browser.click("#retry").unwrap();
    let told = "return /checksum|damaged/.test(document.querySelector('#notice').innerText)";
    page.wait_until("the checksum is told", told, PATIENCE).unwrap();
    site.set_fault(Fault::None);
    page.run_by(|| page.browser.click("#retry")).unwrap();
    assert_eq!(page.count("#notice #retry").unwrap(), 0, "mended");
    assert_no_errors(&page, &["Failed to load resource", "net::ERR_", "Failed to fetch"]);
}

#[test]
fn the_page_stays_responsive_while_generating() {
    let site = Site::start().unwrap();
    let page = open(&site, "v=1&t=1&n=25&seed=7&device=cpu");
    page.wait_finished().unwrap();
    // The browser itself notes beginning and end, so that the driver's polling neither counts nor comes too late.
    let script = "const done = arguments[0], instrument = document.querySelector('#instrument');\n\
        let longest = 0, began = false;\n\
        const note = list => { for (const e of list) longest = Math.max(longest, e.duration) };\n\
        const tasks = new PerformanceObserver(list => note(list.getEntries()));\n\
        tasks.observe({ type: 'longtask' });\n\
        const start = performance.now();\n\
        new MutationObserver((_, watch) => {\n\
          if (instrument.dataset.run === 'running') began = true;\n\
          else if (began) { watch.disconnect(); const elapsed = performance.now() - start;\n\
            setTimeout(() => { note(tasks.takeRecords()); tasks.disconnect(); done([longest, elapsed]) }, 100) }\n\
        }).observe(instrument, { attributes: true, attributeFilter: ['data-run'] });\n\
        document.querySelector('#run').click()";
    let measured = page.browser.execute_async(script, &[]).unwrap();
    let (longest_ms, elapsed_ms) = (measured[0].as_f64().unwrap(), measured[1].as_f64().unwrap());
    println!(
        "longest main-thread task while generating 2 x 25 answers ({elapsed_ms:.0} ms): {longest_ms:.0} ms"
    );
    if longest_ms > FELT_MS {
        println!("WARNING: over {FELT_MS} ms; on an idle machine this must not happen");
    }
    assert!(longest_ms <= TOO_LONG_MS, "a main-thread task took {longest_ms:.0} ms");
    assert_no_errors(&page, &[]);
}

#[test]
fn everything_works_by_keyboard_alone() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.browser.press("\u{E004}").unwrap();
    let first = "return document.activeElement.matches('a.skip-link')";
    assert_eq!(page.browser.execute(first, &[]).unwrap(), true, "the first stop is the skip link");
    page.tab_to("#temperature").unwrap();
    let before = page.text("#temperature-value").unwrap();
    page.run_by(|| page.browser.press("\u{E014}")).unwrap(); // an arrow key
    assert_ne!(page.text("#temperature-value").unwrap(), before, "an arrow key moves the slider");
    page.tab_to("#run").unwrap();
    page.run_by(|| page.browser.press("\u{E007}")).unwrap(); // Enter
    let outline = "const s = getComputedStyle(document.activeElement);\n\
        return s.outlineStyle !== 'none' || s.boxShadow !== 'none'";
    assert_eq!(page.browser.execute(outline, &[]).unwrap(), true, "the focus can be seen");
    assert_no_errors(&page, &[]);
}

/// Answers to the temperatures that a slider only passes would come in the way of the next key.
#[test]
fn key_after_key_on_the_slider_asks_once() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.browser.execute("document.querySelector('#temperature').focus()", &[]).unwrap();
    let watch = "const instrument = document.querySelector('#instrument'); window.runs = 0;\n\
        new MutationObserver(() => { window.runs += instrument.dataset.run === 'running' })\n\
            .observe(instrument, { attributes: true, attributeFilter: ['data-run'] })";
    page.browser.execute(watch, &[]).unwrap();
    page.run_by(|| {
        (0..5).try_for_each(|_| {
            page.browser.press("\u{E012}")?; // an arrow key
            std::thread::sleep(Duration::from_millis(100));
            Ok(())
        })
    })
    .unwrap();
    assert_eq!(page.text("#temperature-value").unwrap(), "0.5");
    assert_eq!(page.browser.execute("return window.runs", &[]).unwrap(), 1);
    assert!(page.browser.address().unwrap().contains("t=0.5"), "the link follows when the keys rest");
    // What comes right after a key is not undone by what waited for the keys to rest.
    page.run_by(|| {
        page.browser.press("\u{E012}")?;
        page.browser.click("#stage-rlhf-v1")
    })
    .unwrap();
    std::thread::sleep(Duration::from_millis(600));
    let address = page.browser.address().unwrap();
    assert!(address.contains("stage=rlhf-v1") && address.contains("t=0.4"), "{address}");
    assert_no_errors(&page, &[]);
}

#[test]
fn accessibility_has_no_violations_in_any_dress() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let mut violations = in_every_dress(&page, "first view", Some(""));
    page.browser.execute("document.querySelector('#advanced').open = true", &[]).unwrap();
    page.browser.click("#compare-next").unwrap();
    page.wait_for("#vote-2").unwrap();
    violations.extend(in_every_dress(&page, "with a vote and all settings open", None));
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    assert_no_errors(&page, &[]);
}

/// Nothing is wrong in any dress; pictures are saved under names that begin with `pictures`.
fn assert_accessible(page: &Page, state: &str, pictures: &str) {
    let violations = in_every_dress(page, state, Some(pictures));
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

/// What is wrong on phone and desktop, in light and dark; with `pictures`, each is saved under a name that begins so.
fn in_every_dress(page: &Page, state: &str, pictures: Option<&str>) -> Vec<String> {
    let mut violations = Vec::new();
    for scheme in ["light", "dark"] {
        for (name, width, height) in [("phone", 390, 844), ("desktop", 1280, 900)] {
            page.browser.prefer(scheme).unwrap();
            page.browser.set_viewport(width, height).unwrap();
            if let Some(prefix) = pictures {
                page.picture(&format!("{prefix}{name}-{scheme}")).unwrap();
            }
            let found = page.accessibility_violations().unwrap();
            violations
                .extend(found.iter().map(|violation| format!("{state}, {name}, {scheme}: {violation}")));
            let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            let excess = page.browser.execute(script, &[]).unwrap().as_i64().unwrap();
            if excess > 0 {
                violations.push(format!("{state}, {name}, {scheme}: {excess} px wider than the window"));
            }
        }
    }
    violations
}

#[test]
fn a_stage_is_fetched_when_first_chosen_and_two_can_stand_side_by_side() {
    let site = Site::start_with_lineage(6).unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    assert_eq!(page.count("#stages input").unwrap(), 6);
    assert_eq!(site.asked_for("rlhf-v1.gguf"), 0, "nobody asked for that stage yet");
    page.browser.execute("document.querySelector('#stage-sft').focus()", &[]).unwrap();
    page.run_by(|| page.browser.press("\u{E014}")).unwrap(); // right: the next stage
    page.run_by(|| page.browser.press("\u{E012}")).unwrap(); // left: back again
    page.run_by(|| page.browser.press("\u{E014}")).unwrap();
    assert_eq!(site.asked_for("rlhf-v1.gguf"), 1, "fetched once, and kept");
    let points = "return [...document.querySelectorAll('.chart.factual [data-points]')].map(g => g.dataset.points).join() === '1,1'";
    page.wait_until("the chart keeps the points of both stages", points, PATIENCE).unwrap();

    page.run_by(|| page.set_value("#beside", "rlhf-v5")).unwrap();
    assert_eq!(site.asked_for("rlhf-v5.gguf"), 1);
    for column in COLUMNS {
        let cards = page.cards(column).unwrap();
        assert!(!cards.is_empty());
        // The same file under two names, so the same draws must give the same answers.
        assert_eq!(page.cards(&format!("{column}-beside")).unwrap(), cards, "{column}");
    }
    assert_accessible(&page, "two stages", "stages-");
    page.browser.set_viewport(1280, 900).unwrap();

    let address = page.browser.address().unwrap();
    let hash = address.split_once('#').unwrap().1.to_owned();
    assert!(hash.contains("stage=rlhf-v1") && hash.contains("with=rlhf-v5"), "{hash}");
    page.browser.reload().unwrap();
    page.wait_finished().unwrap();
    page.wait_until(
        "the stage beside is answered again",
        "return !!document.querySelector('#answers-factual-beside li.card')",
        PATIENCE,
    )
    .unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn a_stage_that_cannot_be_fetched_costs_only_itself() {
    let site = Site::start_with_lineage(3).unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let answers = page.all_cards().unwrap();
    site.set_fault(Fault::MissingModel);
    page.browser.click("#stage-rlhf-v1").unwrap();
    page.wait_for("#notice #retry").unwrap();
    page.browser.click("#stage-sft").unwrap();
    // Its answers may still be there, so a run need not begin.
    page.wait_for("#instrument[data-engine='ready']").unwrap();
    page.wait_finished().unwrap();
    assert_eq!(page.count("#notice #retry").unwrap(), 0, "the notice is gone");
    assert_eq!(page.all_cards().unwrap(), answers);
    site.set_fault(Fault::None);
    page.run_by(|| page.browser.click("#stage-rlhf-v1")).unwrap();
    assert_no_errors(&page, &["404", "Failed to load resource"]);
}

/// The page forgets a cancelled run at once, so whether the engine stops is asked of the worker itself. Tokens come at
/// most once a step: one message may have been under way, and one step may have been.
#[test]
fn a_worker_stops_within_one_step_of_being_cancelled() {
    let site = Site::start().unwrap();
    let page = Page::open(&site, CPU, Graphics::None).unwrap();
    page.wait_finished().unwrap();
    let script = r#"
        const [name, done] = [arguments[0], arguments[1]];
        (async () => {
          const manifest = await (await fetch('./models/manifest.json')).json();
          const file = manifest.stages[0].files[0];
          const worker = new Worker(name, { type: 'module' });
          const heard = [];
          let tell = null;
          const until = fits => new Promise(resolve => { tell = event => fits(event) && resolve(event) });
          worker.onmessage = message => { heard.push(message.data); tell?.(message.data) };
          const url = new URL('./models/' + file.file, location).href;
          await until(event => event.kind === 'ready');
          worker.postMessage({ kind: 'load', id: 1, source: { key: 'm', url, size_bytes: file.size_bytes, sha256: file.sha256 } });
          await until(event => event.kind === 'loaded');
          const generate = (id, rows) => worker.postMessage({ kind: 'generate', id, job: { model: 'm',
            prompt: 'Write a poem about the sea', chat: true, max_new_tokens: 96,
            rows: Array.from({ length: rows }, (_, row) => ({ row, seed: 1, temperature: { Value: 1.5 },
              truncation: { top_k: null, top_p: null } })) } });
          generate(2, 375);
          await until(event => event.kind === 'tokens' && event.id === 2);
          const before = heard.length;
          worker.postMessage({ kind: 'cancel', id: 2 });
          await until(event => event.kind === 'cancelled');
          const between = heard.slice(before).filter(event => event.kind === 'tokens').length;
          const at = heard.length;
          generate(3, 1);
          await until(event => event.kind === 'finished' && event.id === 3);
          worker.terminate();
          const late = heard.slice(at).filter(event => event.id === 2).map(event => event.kind);
          const ended = heard.some(event => event.kind === 'finished' && event.id === 2);
          done({ between, late, ended });
        })().catch(error => done({ error: String(error) }));
    "#;
    let worker = serde_json::json!(site.program_url("worker_cpu_loader.js"));
    let found = page.browser.execute_async(script, &[worker]).unwrap();
    assert_eq!(found["error"], serde_json::Value::Null, "{found}");
    assert!(found["between"].as_u64().unwrap() <= 2, "tokens after the cancellation: {found}");
    assert_eq!(found["late"], serde_json::json!([]), "nothing more is heard of it");
    assert_eq!(found["ended"], false, "it never finished");
    assert_no_errors(&page, &[]);
}

/// What the processor answers to the link of the WebGPU journeys; none, said, where the page was built without that worker.
fn expected_of_the_card(site: &Site) -> Option<Vec<Vec<Card>>> {
    if !site.has("worker_gpu_loader.js") {
        println!("SKIPPED: the page was built without the WebGPU worker");
        return None;
    }
    let on_cpu = open(site, &GPU.replace("gpu", "cpu"));
    on_cpu.wait_finished().unwrap();
    Some(on_cpu.all_cards().unwrap())
}

fn wait_for_device(page: &Page, device: &str) {
    let script = format!("return document.querySelector('#device-badge')?.dataset.device === '{device}'");
    page.wait_until(&format!("the page is on {device}"), &script, SOFTWARE_GRAPHICS).unwrap();
}

#[test]
fn webgpu_gives_the_same_answers_as_the_processor() {
    let site = Site::start().unwrap();
    let Some(expected) = expected_of_the_card(&site) else { return };
    let begin = Instant::now();
    let page = Page::open(&site, GPU, Graphics::for_tests()).unwrap();
    wait_for_device(&page, "webgpu");
    println!("the page moved to WebGPU after {:.0} s", begin.elapsed().as_secs_f64());
    page.wait_finished_within(SOFTWARE_GRAPHICS).unwrap();
    // Once more, so that WebGPU alone has computed what is compared.
    page.run_by_within(SOFTWARE_GRAPHICS, || page.browser.click("#run")).unwrap();
    println!("... and WebGPU had answered after {:.0} s", begin.elapsed().as_secs_f64());
    assert_eq!(page.all_cards().unwrap(), expected);
    page.picture("webgpu").unwrap();

    page.run_by_within(SOFTWARE_GRAPHICS, || page.set_value("#temperature", "0.1")).unwrap();
    assert_ne!(page.all_cards().unwrap(), expected, "another temperature gives other answers");
    page.run_and_cancel().unwrap();
    let on_webgpu = "return document.querySelector('#device-badge')?.dataset.device === 'webgpu'";
    assert_eq!(page.browser.execute(on_webgpu, &[]).unwrap(), true, "all of this was on WebGPU");
    page.run_by_within(SOFTWARE_GRAPHICS, || page.set_value("#temperature", "1")).unwrap();
    assert_eq!(page.all_cards().unwrap(), expected, "the link's own settings again");
    println!("... and the rest of the journey was over after {:.0} s", begin.elapsed().as_secs_f64());
    assert_no_errors(&page, &[]);
}

#[test]
fn a_graphics_card_that_is_lost_costs_no_answer_and_is_tried_once_more() {
    let site = Site::start().unwrap();
    let Some(expected) = expected_of_the_card(&site) else { return };
    site.set_fault(Fault::LosableGraphics);
    let page = Page::open(&site, GPU, Graphics::for_tests()).unwrap();
    wait_for_device(&page, "webgpu");
    page.wait_finished_within(SOFTWARE_GRAPHICS).unwrap();
    let lose = format!("document.querySelector('#run').click(); {LOSE_GRAPHICS}");
    page.run_by_within(SOFTWARE_GRAPHICS, || page.browser.execute(&lose, &[]).map(|_| ())).unwrap();
    assert_eq!(page.all_cards().unwrap(), expected, "the processor gives the same answers");
    let heard = page.wait_until(
        "the visitor is told",
        "return document.body.textContent.includes('The graphics card was lost')",
        SOFTWARE_GRAPHICS,
    );
    heard.unwrap();
    wait_for_device(&page, "webgpu");
    page.run_by_within(SOFTWARE_GRAPHICS, || page.browser.click("#run")).unwrap();
    assert_eq!(page.all_cards().unwrap(), expected, "and so does the card, opened again");

    page.run_by_within(SOFTWARE_GRAPHICS, || page.browser.execute(&lose, &[]).map(|_| ())).unwrap();
    assert_eq!(page.all_cards().unwrap(), expected, "after a second loss the processor stays");
    wait_for_device(&page, "cpu");
}
