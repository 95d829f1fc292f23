//! Journeys through the chapters after the first.

use std::time::Instant;

use e2e::page::{PATIENCE, Page};
use e2e::site::Site;

use super::{CPU, SOFTWARE_GRAPHICS, assert_accessible, assert_no_errors, open};

#[test]
fn chapters_are_reached_by_name_and_the_link_keeps_the_settings() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    for id in ["inside", "experiment", "rewards", "compare", "instrument"] {
        page.tab_to(&format!(".chapters a[href='#{id}']")).unwrap();
        page.browser.press("\u{E007}").unwrap(); // Enter
        let focused = "return document.activeElement.id";
        assert_eq!(page.browser.execute(focused, &[]).unwrap(), id);
        assert!(page.browser.address().unwrap().contains("#v=1"), "the fragment is the settings'");
        page.browser.execute("document.querySelector('.skip-link').focus()", &[]).unwrap();
    }
    assert_no_errors(&page, &[]);
}

#[test]
fn an_answer_is_looked_into_at_every_stage() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    // Without a click: the first factual answer, as SFT reads it, and no other stage is fetched for that.
    page.wait_for("#inside[data-readings='1']").unwrap();
    assert_eq!(site.asked_for("rlhf-v1-q4_0.gguf"), 0);
    let stages = page.count("#stages input").unwrap();
    assert!(stages >= 3, "the published lineage has several stages");
    page.browser.click("#answers-factual li.card .look").unwrap();
    page.wait_for(&format!("#inside[data-readings='{stages}']")).unwrap();
    assert_eq!(page.count(".stage-look").unwrap(), stages);
    let focused = "return document.activeElement.id";
    assert_eq!(page.browser.execute(focused, &[]).unwrap(), "inside", "the chapter has the focus");

    let bars = "return [...document.querySelectorAll('.stage-look')].map(e =>\n\
        [...e.querySelectorAll('.bar[data-now]')].map(b => Number(b.dataset.now)))";
    let at_one = page.browser.execute(bars, &[]).unwrap();
    for chances in at_one.as_array().unwrap() {
        let sum: f64 = chances.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).sum();
        assert!(sum > 0.0 && sum < 1.0001, "chances: {at_one}");
    }
    // The first chapter answers anew, and what is below it moves: the run is waited for before anything is clicked.
    page.run_by(|| page.set_value("#inside-temperature", "0.3")).unwrap();
    page.wait_until(
        "the bars follow the slider",
        &format!("const now = (() => {{ {bars} }})(); return JSON.stringify(now) !== '{at_one}'"),
        PATIENCE,
    )
    .unwrap();
    assert_eq!(page.text("#temperature-value").unwrap(), "0.3", "there is one temperature");

    // By keyboard: along the tokens, each with its own distribution.
    page.browser.execute("document.querySelector('#inside-token-0').focus()", &[]).unwrap();
    page.browser.press("\u{E014}").unwrap();
    page.wait_for("#inside-token-1[aria-checked='true']").unwrap();
    assert_eq!(page.browser.execute(focused, &[]).unwrap(), "inside-token-1");

    // Whatever is typed is read too.
    page.browser.click("#inside-own").unwrap();
    page.set_value("#inside-own-answer", "London.").unwrap();
    page.browser.click("#inside-own-read").unwrap();
    page.wait_until(
        "London is read",
        "return [...document.querySelectorAll('.token [lang=en]')].map(token => token.textContent).join('').includes('London')",
        PATIENCE,
    )
    .unwrap();
    page.wait_for(&format!("#inside[data-readings='{stages}']")).unwrap();
    page.browser.click("#inside-creative").unwrap();
    page.wait_until(
        "a poem is read",
        "return document.querySelectorAll('.tokens .token').length > 12",
        PATIENCE,
    )
    .unwrap();
    page.wait_for(&format!("#inside[data-readings='{stages}']")).unwrap();
    assert_accessible(&page, "inside a token", "inside-");
    assert_no_errors(&page, &[]);
}

/// What nobody sees is not drawn; it is there when somebody looks.
#[test]
fn the_experiments_drawings_rest_while_they_are_far_from_the_window() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.browser.click("#experiment-full").unwrap();
    let parts = |more: u64| {
        let now = "const { done, phase } = document.querySelector('#experiment').dataset";
        format!("{now}; return phase === 'running' && Number(done) >= {more} && Number(done)")
    };
    let begun = page.wait_until("two parts are done", &parts(2), PATIENCE).unwrap().as_u64().unwrap();
    let far = "window.scrollTo(0, 0);\n\
        return document.querySelector('#experiment').getBoundingClientRect().top > 1.5 * innerHeight";
    assert_eq!(page.browser.execute(far, &[]).unwrap(), true, "there is a page above it");
    // What was under way when it left the window may still be drawn.
    let later = page.wait_until("it goes on", &parts(begun + 2), PATIENCE).unwrap().as_u64().unwrap();
    let drawn = "return document.querySelector('.figure-21 .figure-panels').innerHTML";
    let before = page.browser.execute(drawn, &[]).unwrap();
    page.wait_until("it still goes on", &parts(later + 3), PATIENCE).unwrap();
    assert!(page.browser.execute(drawn, &[]).unwrap() == before, "nobody saw it");
    page.browser.execute("document.querySelector('#experiment').scrollIntoView()", &[]).unwrap();
    page.browser.execute("window.before = arguments[0]", &[before]).unwrap();
    page.wait_until("it catches up", &format!("{drawn} !== window.before"), PATIENCE).unwrap();
    page.browser.click("#experiment-discard").unwrap();
    assert_no_errors(&page, &[]);
}

/// The second click of a double one comes down on what stands there by then, and what was thrown away comes back.
#[test]
fn a_double_press_neither_stops_an_experiment_nor_loses_one() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.browser.click("#experiment-quick").unwrap();
    page.wait_for("#experiment-discard").unwrap();
    let second = "document.querySelector('#experiment-discard').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 }))";
    page.browser.execute(second, &[]).unwrap();
    let done = "return Number(document.querySelector('#experiment').dataset.done) >= 1";
    page.wait_until("a part is done", done, PATIENCE).unwrap();
    page.browser.execute("document.querySelector('#figure-21-creative').focus()", &[]).unwrap();
    page.browser.press("\u{E011}").unwrap(); // to the beginning
    page.wait_for("#figure-21-creative[aria-valuetext^='T = 0.1: SFT '][aria-valuetext*=' ± ']").unwrap();
    page.browser.click("#experiment-discard").unwrap();
    page.wait_for("#experiment[data-all='0']").unwrap();
    page.browser.click("#experiment-back").unwrap();
    page.wait_until("it is back", done, PATIENCE).unwrap();
    page.wait_for("#experiment-resume").unwrap();
    assert_no_errors(&page, &[]);
}

/// The quick experiment, with a pause and a reload in the middle, and for a while in a tab that nobody sees. Its seed is fixed and the engine is deterministic, so that
/// what it finds is always the same; it is another sample than the recorded one, of three prompts where that has ten.
/// Three means of three prompts out of four lie within one recorded deviation of the mean of ten, nearly all within two.
#[test]
fn the_experiment_survives_a_reload_and_agrees_with_the_recorded_curves() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let done = |least: usize| {
        format!("return Number(document.querySelector('#experiment').dataset.done) >= {least}")
    };
    page.browser.click("#experiment-quick").unwrap();
    page.wait_until("two parts are done", &done(2), PATIENCE).unwrap();
    page.browser.click("#experiment-pause").unwrap();
    page.wait_for("#experiment[data-phase='resting']").unwrap();
    let kept = page.attribute("#experiment", "data-done").unwrap().unwrap();
    page.browser.reload().unwrap();
    page.wait_finished().unwrap(); // the first answers push the chapter down while they come
    page.wait_for(&format!("#experiment[data-done='{kept}'] #experiment-resume")).unwrap();
    let begin = Instant::now();
    page.browser.click("#experiment-resume").unwrap();
    // The driver brings a tab to the front that it asks, so another one asks for it what is kept.
    let hidden = "document.addEventListener('visibilitychange', () => localStorage.setItem('unseen', document.hidden))";
    page.browser.execute(hidden, &[]).unwrap();
    let first = page.browser.tab().unwrap();
    page.browser.new_tab().unwrap();
    page.browser.open(&format!("{}/models/manifest.json", site.origin())).unwrap();
    let parts = "JSON.parse(localStorage.getItem('thermostat-experiment-1')).done.length";
    let unseen =
        page.browser.execute(&format!("return [localStorage.getItem('unseen'), {parts}]"), &[]).unwrap();
    assert_eq!(unseen[0], "true");
    let more = format!("return {parts} >= {}", unseen[1].as_u64().unwrap() + 3);
    page.wait_until("it goes on unseen", &more, PATIENCE).unwrap();
    page.browser.close_tab().unwrap();
    page.browser.switch_to(&first).unwrap();
    page.wait_until(
        "the rest is done",
        "const e = document.querySelector('#experiment');\n\
        return e.dataset.phase === 'resting' && e.dataset.done === e.dataset.all",
        SOFTWARE_GRAPHICS,
    )
    .unwrap();
    println!("the rest of the quick experiment took {:.0} s", begin.elapsed().as_secs_f64());
    let csv = page.exported("#experiment-csv").unwrap();
    let experiment: serde_json::Value =
        serde_json::from_str(&page.exported("#experiment-json").unwrap()).unwrap();
    let stages = experiment["stages"].as_array().unwrap();
    let temperatures = experiment["protocol"]["temperatures"].as_array().unwrap();
    let picture = page.exported("#experiment-svg").unwrap();
    assert!(
        picture.starts_with("<svg") && picture.matches("<polyline").count() == 4 * stages.len(),
        "curves and ghosts"
    );
    page.browser.click("#experiment-png").unwrap();
    page.wait_until(
        "the PNG is drawn",
        "return document.querySelector('#experiment-notice')?.innerText === 'thermostat-experiment.png written.'",
        PATIENCE,
    )
    .unwrap();
    assert_eq!(csv.lines().count(), 1 + stages.len() * 2 * temperatures.len());

    let path = "const done = arguments[0]; fetch('./models/recorded.json').then(r => r.json()).then(done)";
    let recorded = page.browser.execute_async(path, &[]).unwrap();
    let (mut points, mut beyond, mut far) = (0, 0, Vec::new());
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |place: usize| fields[place].parse::<f64>().unwrap();
        let stage = recorded["stages"].as_array().unwrap().iter().find(|s| s["id"] == fields[0]).unwrap();
        assert_eq!(stage["sha256"], fields[1], "the same weights");
        let of = stage[fields[2]].as_array().unwrap();
        let point =
            of.iter().find(|p| (p["temperature"].as_f64().unwrap() - number(3)).abs() < 1e-3).unwrap();
        // Near 1 hardly anything varies; a floor of three points stands for the rest.
        let deviation = point["self_bleu_deviation"].as_f64().unwrap().max(0.03);
        let distance = (number(4) - point["self_bleu_mean"].as_f64().unwrap()).abs() / deviation;
        points += 1;
        beyond += usize::from(distance > 1.0);
        if distance > 2.0 {
            far.push(format!("{line}: {distance:.1} deviations"));
        }
    }
    println!(
        "{beyond} of {points} points are more than one recorded deviation away, {} more than two",
        far.len()
    );
    assert!(beyond * 4 <= points && far.len() * 20 <= points, "{beyond} of {points}; {far:#?}");

    let open = "document.querySelectorAll('#experiment details').forEach(e => { e.open = true })";
    page.browser.execute(open, &[]).unwrap();
    assert_eq!(
        page.count(".multiples svg").unwrap(),
        6,
        "one drawing for each prompt of the quick experiment"
    );
    let fill = "return getComputedStyle(document.querySelector('.multiples polyline')).fill";
    assert_eq!(page.browser.execute(fill, &[]).unwrap(), "none", "curves are lines");
    assert_accessible(&page, "the experiment done", "experiment-");
    page.browser.click("#experiment-discard").unwrap();
    page.wait_for("#experiment[data-all='0']").unwrap();
    page.browser.reload().unwrap();
    page.wait_finished().unwrap();
    assert_eq!(
        page.attribute("#experiment", "data-all").unwrap().as_deref(),
        Some("0"),
        "thrown away for good"
    );
    // Which the other tab asked for, because a list of models names no icon.
    assert_no_errors(&page, &["favicon.ico"]);
}

#[test]
fn the_reward_model_scores_every_stage_and_the_warning() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    assert_eq!(site.asked_for("thermostat-reward-q8_0.gguf"), 0, "fetched when it is wanted");
    page.browser.click("#rewards-begin").unwrap();
    let done = "const e = document.querySelector('#rewards'); return e.dataset.phase === 'resting' && e.dataset.done === e.dataset.all";
    page.wait_until("every stage is scored", done, SOFTWARE_GRAPHICS).unwrap();
    let stages = page.count("#stages input").unwrap();
    assert!(page.count(".ridge").unwrap() > stages, "the over-optimised policy stands beside the lineage");
    let means = "return [...document.querySelectorAll('.ridge')].map(e => Number(e.dataset.mean))";
    for kind in ["factual", "creative"] {
        page.browser.click(&format!("#rewards-{kind}")).unwrap();
        page.wait_for(&format!("#rewards-{kind}[aria-pressed='true']")).unwrap();
        let means = page.browser.execute(means, &[]).unwrap();
        let mean = |place: u64| means[place as usize].as_f64().unwrap();
        println!("mean rewards, {kind}: {means}");
        assert!(mean(stages - 1) > mean(0) + 0.2, "{kind}: RLHF raises the reward: {means}");
    }
    assert!(page.count(".scored li").unwrap() >= 3, "answers behind the numbers");
    answers_behind_bars(&page);
    page.browser.click("#rewards-sweep").unwrap();
    page.wait_until(
        "the sweep begins",
        "return document.querySelector('#rewards').dataset.phase === 'running'",
        PATIENCE,
    )
    .unwrap();
    page.wait_until("every temperature is scored", done, SOFTWARE_GRAPHICS).unwrap();
    let points = "return [...document.querySelectorAll('.best-of')].map(e => e.querySelectorAll('g[data-points]').length)";
    let curves = page.browser.execute(points, &[]).unwrap();
    assert_eq!(
        curves,
        serde_json::json!([stages + 1, stages + 1]),
        "a curve for each, by temperature and by N"
    );
    assert_accessible(&page, "rewards", "rewards-");
    assert_no_errors(&page, &[]);
}

/// By mouse and by keys, a bar of a hill says what it holds and lists it.
fn answers_behind_bars(page: &Page) {
    // In the middle of the highest bar of the first hill.
    let point = "const bars = document.querySelector('#rewards-bars'); bars.scrollIntoView({ block: 'center' }); const r = bars.getBoundingClientRect();\n\
        const rows = document.querySelectorAll('.ridge').length; const at = { bubbles: true, pointerType: 'mouse', clientX: r.left + r.width * 18.5 / 24, clientY: r.top + r.height * .5 / rows };\n\
        bars.dispatchEvent(new PointerEvent('pointermove', at)); bars.dispatchEvent(new MouseEvent('click', at)); return rows";
    page.browser.execute(point, &[]).unwrap();
    page.wait_for("#rewards-bar").unwrap();
    let held = |page: &Page| {
        let listed = "const times = e => Number(/ ×(\\d+)/.exec(e.querySelector('.note').textContent)?.[1] ?? 1);\n\
            const more = Number(document.querySelector('#rewards-bar > .note')?.textContent.match(/\\d+/)[0] ?? 0);\n\
            return [Number(document.querySelector('#rewards-bar').dataset.answers), more + [...document.querySelectorAll('#rewards-bar li')].map(times).reduce((a, b) => a + b, 0),\n\
            document.querySelector('#rewards-bar h3').textContent, document.querySelector('#rewards-bars').getAttribute('aria-valuetext')]";
        page.browser.execute(listed, &[]).unwrap()
    };
    let by_mouse = held(page);
    assert!(
        by_mouse[0].as_u64().unwrap() > 0 && by_mouse[0] == by_mouse[1],
        "all of the bar's answers: {by_mouse}"
    );
    assert_eq!(by_mouse[2], by_mouse[3], "what is heard is what is written");
    assert!(by_mouse[2].as_str().unwrap().starts_with("SFT, reward +0.50 to +0.75: "), "{by_mouse}");
    page.browser.execute("document.querySelector('#rewards-bars').focus()", &[]).unwrap();
    page.browser.press("\u{E015}").unwrap(); // down, to the next stage
    page.browser.press("\u{E014}").unwrap(); // right, to the next bar
    let by_keys = "return document.querySelector('#rewards-bar h3').textContent.startsWith('RLHF v1, reward +0.75 to +1.00: ')";
    page.wait_until("the keys move", by_keys, PATIENCE).unwrap();
    let by_keys = held(page);
    assert_eq!(by_keys[0], by_keys[1], "{by_keys}");
    assert_eq!(page.count(".read-values").unwrap(), 1, "what has the focus is read");
    page.browser.click("#rewards-leave-bar").unwrap();
    page.wait_for("#rewards-bars:focus").unwrap();
    assert_eq!(page.count("#rewards-bar").unwrap(), 0);
    assert_eq!(
        page.count("#best-of-n[aria-valuetext*='N = 25: SFT +']").unwrap(),
        1,
        "the curves are read too"
    );
    let rows = "return document.querySelectorAll('#rewards-numbers tbody tr').length === document.querySelectorAll('.ridge').length";
    assert_eq!(page.browser.execute(rows, &[]).unwrap(), true, "a line for each behind the charts");
}

/// By mouse, by keys and in a table: what stands in the chart of the first chapter.
#[test]
fn values_are_read_off_the_chart() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    let value = "return document.querySelector('#column-factual .dial-value').firstChild.data";
    let value = page.browser.execute(value, &[]).unwrap();
    let heard = || page.attribute("#memory-factual", "aria-valuetext").unwrap().unwrap();
    page.wait_until("recorded curves", "return document.querySelector('#memory-factual')?.getAttribute('aria-valuetext').includes('recorded')", PATIENCE)
        .unwrap();
    let now = heard();
    assert!(now.starts_with(&format!("T = 1.0: SFT {}, recorded 0.", value.as_str().unwrap())), "{now}");
    assert_eq!(page.count(".read-values").unwrap(), 0);
    page.browser.execute("document.querySelector('#memory-factual').focus()", &[]).unwrap();
    page.wait_for("#memory-factual .read-values").unwrap();
    page.browser.press("\u{E012}").unwrap(); // left
    page.wait_for("#memory-factual[aria-valuetext^='T = 0.9: SFT recorded 0.']").unwrap();
    assert_eq!(page.text("#memory-factual .read-values strong").unwrap(), "T = 0.9");
    let point = "document.activeElement.blur(); const reader = document.querySelector('#memory-creative'); const r = reader.getBoundingClientRect();\n\
        const send = name => reader.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerType: 'mouse', clientX: r.left + 2, clientY: r.top + 9 }));\n\
        send('pointermove')";
    page.browser.execute(point, &[]).unwrap();
    page.wait_for("#memory-creative[aria-valuetext^='T = 0.1: '] .read-values").unwrap();
    assert_eq!(page.count(".read-values").unwrap(), 1);
    page.browser.click("#memory-numbers summary").unwrap();
    page.wait_for("#memory-numbers[open] td").unwrap();
    let cells = "return [...document.querySelectorAll('#memory-numbers tr')].map(row => [...row.children].map(cell => cell.textContent).join(' '))";
    let cells = page.browser.execute(cells, &[]).unwrap();
    let row =
        |text: String| cells.as_array().unwrap().iter().any(|row| row.as_str().unwrap().starts_with(&text));
    assert!(row(format!("1.0 {} 0.", value.as_str().unwrap())) && row("0.9 – 0.".to_owned()), "{cells}");
    assert_accessible(&page, "a chart's numbers", "numbers-");
    assert_no_errors(&page, &[]);
}

#[test]
fn the_tour_leads_through_every_chapter_by_keyboard() {
    let site = Site::start().unwrap();
    let page = open(&site, "v=1&t=0.7&n=4&seed=7&device=cpu&stage=rlhf-v2");
    page.wait_finished().unwrap();
    page.browser.click("#tour-begin").unwrap();
    page.wait_for("#tour[data-stop='0']").unwrap();
    page.wait_for("#tour-next:focus").unwrap();
    for stop in 1..8 {
        page.browser.press("\u{E007}").unwrap(); // Enter, on the button that has the focus
        page.wait_for(&format!("#tour[data-stop='{stop}']")).unwrap();
        if stop == 1 {
            page.wait_until("the heat is on", "return location.hash.includes('t=1.2')", PATIENCE).unwrap();
        }
        if stop == 2 {
            page.wait_until(
                "the last stage answers",
                "return location.hash.includes('stage=rlhf-v5')",
                PATIENCE,
            )
            .unwrap();
            page.wait_finished().unwrap();
            let near = "const top = document.querySelector('#column-factual').getBoundingClientRect().top; return top > 0 && top < 250";
            page.wait_until("the facts are in view", near, PATIENCE).unwrap();
            let ids = "const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size";
            assert_eq!(page.browser.execute(ids, &[]).unwrap(), 0, "no id stands twice");
            assert_accessible(&page, "the tour", "tour-");
        }
    }
    page.wait_until("the address names the chapter", "return location.hash.includes('at=learn')", PATIENCE)
        .unwrap();
    let near = "const top = document.querySelector('#learn').getBoundingClientRect().top; return top > -20 && top < innerHeight / 3";
    page.wait_until("the chapter is in view", near, PATIENCE).unwrap();
    page.browser.press("\u{E00C}").unwrap(); // Escape
    page.wait_until("the tour is over", "return !document.querySelector('#tour')", PATIENCE).unwrap();
    page.wait_for("#tour-begin:focus").unwrap(); // where the tour began
    assert_no_errors(&page, &[]);
}

#[test]
fn a_link_opens_at_its_chapter_in_the_lecture_view() {
    let site = Site::start().unwrap();
    let page = open(&site, "v=1&t=0.7&n=4&seed=7&device=cpu&at=experiment&view=lecture&future=1");
    page.wait_finished().unwrap();
    let at_top = "return Math.abs(document.querySelector('#experiment').getBoundingClientRect().top) < 3";
    page.wait_until("the chapter is in view", at_top, PATIENCE).unwrap();
    let prose = "return [...document.querySelectorAll('.claim, .lede, .reading, .about')].filter(e => e.offsetParent).length";
    assert_eq!(page.browser.execute(prose, &[]).unwrap(), 0, "no prose in a lecture");
    assert_accessible(&page, "the lecture view", "lecture-");
    page.browser.click("#lecture").unwrap();
    page.wait_until("the address follows", "return !location.hash.includes('view=')", PATIENCE).unwrap();
    page.wait_for(".page[data-view='story']").unwrap();
    assert_no_errors(&page, &[]);
}

#[test]
fn the_page_says_how_it_is_cited() {
    let site = Site::start().unwrap();
    let page = open(&site, CPU);
    page.wait_finished().unwrap();
    page.wait_for("#citation").unwrap();
    let cited = page.text("#citation").unwrap();
    let address = page.browser.address().unwrap();
    let address = address.split('#').next().unwrap();
    assert!(cited.contains(&format!("howpublished = {{\\url{{{address}}}}}")), "{cited}");
    assert!(cited.contains("note = {Models trained on 20"), "{cited}");
    assert!(cited.contains("@misc{touvron2023llama2,"), "{cited}");
    page.browser.click("#copy-citation").unwrap();
    // A browser may refuse; then it is shown to be copied by hand.
    let script = "const by_hand = document.querySelector('.cite .copy-by-hand textarea');\n\
        return document.querySelector('#copy-citation').innerText === 'BibTeX copied' || by_hand?.value === arguments[0]";
    let script = script.replace("arguments[0]", &serde_json::to_string(&cited).unwrap());
    page.wait_until("it is copied, or shown to be copied by hand", &script, PATIENCE).unwrap();
    assert_no_errors(&page, &[]);
}
