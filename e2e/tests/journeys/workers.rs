//! Several workers share the rows: the same texts, nothing left behind by what is cancelled, and what it costs and gains.

use e2e::bench::statistics::Spread;
use e2e::browser::Graphics;
use e2e::page::{PATIENCE, Page};
use e2e::site::Site;
use serde_json::{Value, json};

use crate::{CPU, assert_no_errors};

/// Opens the page on a processor that says that it has so many cores, and waits until as many workers share the rows.
fn open_with(site: &Site, hash: &str, cores: u32) -> Page {
    let page = Page::open_after(site, hash, Graphics::None, |browser| browser.set_cores(cores)).unwrap();
    page.wait_finished().unwrap();
    page.wait_for(&format!("#device-badge[data-workers='{cores}']")).unwrap();
    page
}

#[test]
fn the_same_seed_gives_the_same_texts_with_one_two_and_four_workers() {
    let site = Site::start().unwrap();
    let mut expected = None;
    for cores in [1, 2, 4] {
        let page = open_with(&site, "v=1&t=1.2&n=25&seed=11&device=cpu", cores);
        let by_the_lead = page.all_cards().unwrap();
        page.run_by(|| page.browser.click("#run")).unwrap(); // by all of them
        let answers = page.all_cards().unwrap();
        assert_eq!(answers, by_the_lead, "{cores} workers");
        assert_eq!(&answers, expected.get_or_insert_with(|| answers.clone()), "{cores} workers");
        page.run_and_cancel().unwrap();
        page.run_by(|| page.browser.click("#run")).unwrap();
        assert_eq!(&page.all_cards().unwrap(), &answers, "after a cancellation, {cores} workers");
        assert_no_errors(&page, &[]);
    }
}

#[test]
fn a_model_comes_over_the_network_once_for_all_workers() {
    let site = Site::start_with_lineage(2).unwrap();
    let page = open_with(&site, CPU, 4);
    page.run_by(|| page.browser.click("#stage-rlhf-v1")).unwrap();
    page.run_by(|| page.browser.click("#run")).unwrap();
    for file in ["sft.gguf", "rlhf-v1.gguf"] {
        assert_eq!(site.asked_for(file), 1, "{file}");
    }
    assert_no_errors(&page, &[]);
}

/// How often a run is cancelled in the page; each takes a few frames.
const IN_THE_PAGE: u32 = 200;
/// What the page's heap may have grown by after that: far less than the answers of so many runs, more than caches of the
/// browser's own may take.
const HEAP_SLACK_BYTES: f64 = 1e6;

#[test]
fn runs_that_are_cancelled_in_the_page_leave_nothing_behind() {
    let site = Site::start().unwrap();
    let page = open_with(&site, "v=1&t=1&n=8&seed=7&device=cpu", 2);
    let answers = page.all_cards().unwrap();
    // Whatever is made once is made before the heap is measured.
    cancel_runs(&page, 20);
    let before = page.browser.heap_bytes().unwrap();
    cancel_runs(&page, IN_THE_PAGE);
    let after = page.browser.heap_bytes().unwrap();
    println!("{IN_THE_PAGE} cancelled runs: the page's heap went from {before:.0} to {after:.0} bytes");
    assert!(after - before < HEAP_SLACK_BYTES, "the heap grew from {before} to {after} bytes");
    page.run_by(|| page.browser.click("#run")).unwrap();
    assert_eq!(page.all_cards().unwrap(), answers);
    assert_no_errors(&page, &[]);
}

/// Begins a run and cancels it as soon as the page says that it runs, so many times.
fn cancel_runs(page: &Page, times: u32) {
    let script = "const [times, done] = [arguments[0], arguments[1]];\n\
        const run = document.querySelector('#run');\n\
        let cancelled = 0;\n\
        const watch = new MutationObserver(() => {\n\
          if (run.dataset.state !== 'running') cancelled += 1;\n\
          if (cancelled < times) run.click(); else { watch.disconnect(); done(cancelled) }\n\
        });\n\
        watch.observe(run, { attributes: true, attributeFilter: ['data-state'] });\n\
        run.click()";
    let cancelled = page.browser.execute_async(script, &[json!(times)]).unwrap();
    assert_eq!(cancelled, json!(times));
}

/// What asks workers directly, without the page: `open(n)` starts so many that hold the first model, one after the other;
/// `ask(worker, rows)` gives an id; `until(worker, id, kinds)` waits for one of these events; `memory(worker)` says how
/// large its WebAssembly memory is, which only ever grows.
const WORKERS: &str = r#"
const [name, details, done] = [arguments[0], arguments[1], arguments[2]];
const program = new URL('worker_cpu.js', name).href;
const source = `import init from '${program}'; const wasm = await init();
  new BroadcastChannel(self.name).onmessage = event => { if (event.data === 'how much')
    new BroadcastChannel(self.name).postMessage(wasm.memory.buffer.byteLength) };`;
const wrapped = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
let newest = 1;
const start = async (number, model) => {
  const worker = new Worker(wrapped, { type: 'module', name: 'worker ' + number });
  worker.label = 'worker ' + number;
  worker.waiting = [];
  worker.onmessage = ({ data }) => { worker.waiting = worker.waiting.filter(wait => !wait(data)) };
  await until(worker, null, ['ready']);
  newest += 1;
  worker.postMessage({ kind: 'load', id: newest, source: model });
  await until(worker, newest, ['loaded']);
  return worker;
};
const until = (worker, id, kinds) => new Promise(resolve => worker.waiting.push(event => {
  const fits = (id === null || event.id === id) && kinds.includes(event.kind);
  if (fits) resolve(event);
  return fits;
}));
const open = async count => {
  const file = (await (await fetch('/models/manifest.json')).json()).stages[0].files[0];
  const url = new URL('/models/' + file.file, location).href;
  const model = { key: 'm', url, size_bytes: file.size_bytes, sha256: file.sha256 };
  const workers = [];
  for (let number = 0; number < count; number++) workers.push(await start(number, model));
  return workers;
};
const ask = (worker, rows, seed, patient = false) => {
  newest += 1;
  worker.postMessage({ kind: 'generate', id: newest, job: { model: 'm', prompt: 'Write a poem about the sea.', chat: true,
    patient, max_new_tokens: 96, rows: rows.map(row => ({ row, seed, temperature: { Value: 1 },
      truncation: { top_k: null, top_p: null } })) } });
  return newest;
};
const memory = worker => new Promise(resolve => {
  const channel = new BroadcastChannel(worker.label);
  channel.onmessage = event => { if (typeof event.data === 'number') { channel.close(); resolve(event.data) } };
  channel.postMessage('how much');
});
"#;

/// Runs a script with [`WORKERS`] before it, on the site's origin but without the page.
fn ask_workers(site: &Site, script: &str, details: Value) -> Value {
    let page = Page::open_after(site, CPU, Graphics::None, |_| Ok(())).unwrap();
    page.browser.open(&site.file_url("models/manifest.json")).unwrap();
    let whole =
        format!("{WORKERS} (async () => {{ {script} }})().catch(error => done({{ error: String(error) }}))");
    let worker = json!(site.program_url("worker_cpu_loader.js"));
    let found = page.browser.execute_async(&whole, &[worker, details]).unwrap();
    assert_eq!(found["error"], Value::Null, "{found}");
    found
}

/// What a worker's memory may have grown by after a thousand jobs, by chance: one job's caches alone take a hundredth of it.
const MEMORY_SLACK_BYTES: f64 = 1e6;

fn bytes(numbers: &Value) -> Vec<f64> {
    numbers.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn a_thousand_cancelled_jobs_leave_nothing_behind_in_the_workers() {
    let site = Site::start().unwrap();
    let script = r#"
        const workers = await open(2);
        // So many that no job is over before its cancellation is heard: all of its steps take some hundred milliseconds.
        const rows = Array.from({ length: 50 }, (_, row) => row);
        // Waiting, in its first steps, or after a few: jobs are cancelled wherever they happen to be.
        const cancel = async (number, wait) => {
          const ids = workers.map(worker => ask(worker, rows, number));
          const ends = workers.map((worker, index) => until(worker, ids[index], ['cancelled', 'finished']));
          if (wait) await Promise.all(workers.map((worker, index) => until(worker, ids[index], ['tokens'])));
          workers.forEach((worker, index) => worker.postMessage({ kind: 'cancel', id: ids[index] }));
          return (await Promise.all(ends)).filter(event => event.kind === 'cancelled').length;
        };
        const cancelMany = async times => {
          let cancelled = 0;
          for (let number = 0; number < times; number++) cancelled += await cancel(number, number % 2 === 0);
          return cancelled;
        };
        await cancelMany(details.warm_up);
        const before = await Promise.all(workers.map(memory));
        const cancelled = await cancelMany(details.times);
        const after = await Promise.all(workers.map(memory));
        const ends = workers.map(worker => until(worker, ask(worker, rows, 7), ['finished', 'failed']));
        const kinds = (await Promise.all(ends)).map(event => event.kind);
        done({ before, after, cancelled, kinds, waiting: workers.map(worker => worker.waiting.length) });
    "#;
    let found = ask_workers(&site, script, json!({ "warm_up": 50, "times": 1000 }));
    println!("a thousand cancelled jobs in each of two workers: {found}");
    assert_eq!(found["cancelled"], 2000, "each ended as cancelled, none was over before");
    assert_eq!(found["kinds"], json!(["finished", "finished"]));
    for (before, after) in std::iter::zip(&*bytes(&found["before"]), &*bytes(&found["after"])) {
        assert!(after - before < MEMORY_SLACK_BYTES, "a worker's memory grew from {before} to {after} bytes");
    }
    assert_eq!(found["waiting"], json!([0, 0]));
}

#[test]
fn patient_jobs_let_others_go_first_and_rest_while_the_visitor_acts() {
    let site = Site::start().unwrap();
    let script = r#"
        const [worker] = await open(1);
        const rows = count => Array.from({ length: count }, (_, row) => row);
        const heard = [];
        const listen = name => id => { worker.waiting.push(event => { if (event.id === id) heard.push([name, event.kind]) }); return id };
        const patient = listen('patient')(ask(worker, rows(375), 7, true));
        const patientEnds = until(worker, patient, ['finished', 'failed']);
        await until(worker, patient, ['tokens']);

        const hasty = listen('hasty')(ask(worker, rows(25), 7));
        await until(worker, hasty, ['finished', 'failed']);
        const first = heard.findIndex(([name]) => name === 'hasty');
        const meanwhile = heard.slice(first).filter(([name]) => name === 'patient').length;

        // What was already loaded is loaded at once: by then the worker has heard what came before.
        let acts = 0;
        const act = async () => {
          acts += 1;
          newest += 1;
          worker.postMessage({ kind: 'give_way' });
          worker.postMessage({ kind: 'load', id: newest, source: { key: 'm', url: '', size_bytes: null, sha256: null } });
          await until(worker, newest, ['loaded', 'failed']);
        };
        await act();
        const before = heard.length;
        for (const begin = performance.now(); performance.now() < begin + details.ms;) await act();
        const rested = heard.length - before;
        const end = (await patientEnds).kind;
        done({ meanwhile, rested, acts, end });
    "#;
    let found = ask_workers(&site, script, json!({ "ms": 1500 }));
    println!("{found}");
    assert_eq!(found["meanwhile"], 0, "nothing of the patient job while the other had something to say");
    assert!(found["acts"].as_u64() > Some(100), "{found}");
    // One every sixteen milliseconds otherwise. A machine that stops for long between two acts may let some through.
    assert!(found["rested"].as_u64() < Some(10), "{found}");
    assert_eq!(found["end"], "finished", "it goes on afterwards");
}

#[test]
#[ignore = "a measurement: wants a machine that does nothing else"]
fn tokens_per_second_by_the_number_of_workers() {
    let site = Site::start().unwrap();
    let script = r#"
        const workers = await open(Math.max(...details.workers));
        const share = async (count, rows, seed) => {
          const start = performance.now();
          const ends = workers.slice(0, count).map((worker, index) => {
            const mine = Array.from({ length: rows }, (_, row) => row).filter(row => row % count === index);
            return mine.length ? until(worker, ask(worker, mine, seed), ['finished']) : null;
          }).filter(end => end);
          const stats = (await Promise.all(ends)).map(event => event.stats.sampled_tokens);
          return { tokens: stats.reduce((a, b) => a + b), ms: performance.now() - start };
        };
        const results = [];
        for (const rows of details.rows) for (let run = 0; run <= details.runs; run++) {
          for (const count of details.workers) {
            const result = await share(count, rows, 1000 + run);
            if (run > 0) results.push({ rows, count, ...result });
          }
        }
        done({ results, memory: await Promise.all(workers.map(memory)) });
    "#;
    let counts = [1, 2, 4];
    let found = ask_workers(&site, script, json!({ "workers": counts, "rows": [1, 8, 25, 375], "runs": 9 }));
    println!("{:>5} {:>8} {:>10} {:>10} {:>6} {:>10}", "rows", "workers", "ms", "tokens/s", "ratio", "best");
    for rows in [1, 8, 25, 375] {
        let mut one = None;
        for count in counts {
            let of_it = |result: &&Value| result["rows"] == rows && result["count"] == count;
            let results: Vec<&Value> = found["results"].as_array().unwrap().iter().filter(of_it).collect();
            let number = |result: &Value, key: &str| result[key].as_f64().unwrap();
            let ms = median(results.iter().map(|result| number(result, "ms")).collect());
            let rates: Vec<f64> =
                results.iter().map(|r| number(r, "tokens") / number(r, "ms") * 1000.0).collect();
            let best = rates.iter().copied().fold(0.0, f64::max);
            let rate = median(rates);
            let ratio = rate / *one.get_or_insert(rate);
            println!("{rows:>5} {count:>8} {ms:>10.0} {rate:>10.0} {ratio:>6.2} {best:>10.0}");
        }
    }
    println!("WebAssembly memory of the workers afterwards: {} bytes", found["memory"]);
}

#[test]
#[ignore = "a measurement: wants a machine that does nothing else"]
fn time_to_the_first_answers_of_a_first_visit() {
    let site = Site::start().unwrap();
    let note = "new MutationObserver(() => {\n\
          const finished = ['creative', 'factual'].every(c =>\n\
            document.querySelector('#column-' + c)?.dataset.phase === 'finished');\n\
          if (document.querySelector('li.card .answer-text')) window.firstTextMs ??= performance.now();\n\
          if (finished) window.allAnswersMs ??= performance.now();\n\
          if (document.querySelector('#device-badge')?.dataset.workers > 1) window.crewMs ??= performance.now();\n\
        }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })";
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..7 {
        let page =
            Page::open_after(&site, "v=1&seed=7&device=cpu", Graphics::None, |b| b.run_first(note)).unwrap();
        page.wait_finished().unwrap();
        let script = "return window.crewMs || performance.now() > window.allAnswersMs + 3000";
        page.wait_until("the crew, if one comes", script, PATIENCE).unwrap();
        let script = "return [window.firstTextMs, window.allAnswersMs, window.crewMs ?? -1]";
        let noted = page.browser.execute(script, &[]).unwrap();
        (0..3).for_each(|index| times[index].push(noted[index].as_f64().unwrap()));
    }
    let [text, all, crew] = times.map(median);
    println!(
        "first visit, medians: first text {text:.0} ms, all answers {all:.0} ms, crew complete {crew:.0} ms"
    );
}

pub fn median(values: Vec<f64>) -> f64 {
    Spread::of(values).map_or(f64::NAN, |spread| spread.median)
}

#[test]
fn the_page_says_how_many_workers_compute() {
    let site = Site::start().unwrap();
    let page = open_with(&site, CPU, 2);
    page.browser.click("#device-badge").unwrap();
    let told = page.text("#device-details").unwrap();
    assert!(told.contains("2 workers share the answers"), "{told}");
    assert_no_errors(&page, &[]);
}
