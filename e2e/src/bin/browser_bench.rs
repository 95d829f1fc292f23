//! Tokens per second in Chromium: the built workers, asked directly, without the page.
//!
//! One device after the other, in a browser that does nothing else. Medians over a few runs; the ratio is to one row on the
//! processor in the same run of this program. WebGPU here is SwiftShader, a software adapter: its numbers say that it works
//! and how it scales with rows, not how fast a graphics card is.

use anyhow::{Context, Result, bail};
use e2e::browser::{Browser, Graphics};
use e2e::site::Site;
use serde_json::{Value, json};

/// Rows of a batch: one answer, one column of the page at its most, one block of Figure 21.
const ROWS: [u32; 3] = [1, 25, 375];

/// How much to measure.
struct Plan {
    worker: &'static str,
    graphics: Graphics,
    /// Runs for each number of rows.
    runs: [u32; 3],
    most_tokens: u32,
}

const CPU: Plan =
    Plan { worker: "worker_cpu_loader.js", graphics: Graphics::None, runs: [9, 5, 3], most_tokens: 96 };
const GPU: Plan =
    Plan { worker: "worker_gpu_loader.js", graphics: Graphics::Software, runs: [3, 3, 1], most_tokens: 12 };

/// Starts a worker, loads the first model, then runs jobs one after the other; gives the device and the statistics.
const SCRIPT: &str = r#"
const [name, plan, done] = [arguments[0], arguments[1], arguments[2]];
const fail = what => done({ failed: String(what) });
(async () => {
  const manifest = await (await fetch('/models/manifest.json')).json();
  const file = manifest.stages[0].files[0];
  const worker = new Worker(name, { type: 'module' });
  worker.onerror = event => fail(event.message ?? 'the worker did not start');
  let tell = null;
  const answer = kind => new Promise(resolve => { tell = event => {
    if (event.kind === 'failed') fail(event.error.message + ' ' + event.error.remedy);
    else if (event.kind === kind) resolve(event);
  } });
  worker.onmessage = message => tell?.(message.data);
  const ready = await answer('ready');
  let id = 1;
  const loaded = answer('loaded');
  worker.postMessage({ kind: 'load', id, source: { key: 'bench', url: new URL('/models/' + file.file, location).href,
    size_bytes: file.size_bytes, sha256: file.sha256 } });
  await loaded;
  const generate = async (rows, seed) => {
    id += 1;
    const finished = answer('finished');
    const specs = Array.from({ length: rows }, (_, row) =>
      ({ row, seed, temperature: { Value: 1 }, truncation: { top_k: null, top_p: null } }));
    worker.postMessage({ kind: 'generate', id, job: { model: 'bench', prompt: plan.prompt, chat: true, rows: specs,
      max_new_tokens: plan.most_tokens } });
    return (await finished).stats;
  };
  await generate(1, 1);  // warm-up: shaders are compiled, buffers allocated
  const results = [];
  for (const [index, rows] of plan.rows.entries()) {
    const stats = [];
    for (let run = 0; run < plan.runs[index]; run++) stats.push(await generate(rows, 1000 + run));
    results.push({ rows, stats });
  }
  worker.terminate();
  done({ device: ready.device, file: file.file, results });
})().catch(fail);
"#;

fn main() -> Result<()> {
    let site = Site::start()?;
    let mut baseline = None;
    println!(
        "{:<28} {:>5} {:>5} {:>12} {:>8} {:>12}",
        "device", "rows", "runs", "tokens/s", "ratio", "prefill ms"
    );
    for plan in [CPU, GPU] {
        if !site.has(plan.worker) {
            println!("SKIPPED: {} was not built", plan.worker);
            continue;
        }
        let measured = measure(&site, &plan)?;
        let device = measured["device"]["name"].as_str().unwrap_or("?").to_owned();
        for result in measured["results"].as_array().context("no results")? {
            let stats = result["stats"].as_array().context("no statistics")?;
            let number = |one: &Value, key: &str| one[key].as_f64().unwrap_or(f64::NAN);
            let rate =
                median(stats.iter().map(|s| number(s, "sampled_tokens") / number(s, "decode_ms") * 1000.0));
            let prefill_ms = median(stats.iter().map(|s| number(s, "prefill_ms")));
            let base = *baseline.get_or_insert(rate);
            println!(
                "{device:<28} {:>5} {:>5} {rate:>12.0} {:>8.2} {prefill_ms:>12.1}",
                result["rows"],
                stats.len(),
                rate / base
            );
        }
    }
    Ok(())
}

fn measure(site: &Site, plan: &Plan) -> Result<Value> {
    let browser = Browser::start(plan.graphics)?;
    browser.open(&site.file_url("models/manifest.json"))?; // the origin, without the page
    let details = json!({
        "prompt": "Write a poem about the sea.",
        "rows": ROWS,
        "runs": plan.runs,
        "most_tokens": plan.most_tokens,
    });
    let measured = browser.execute_async(SCRIPT, &[json!(site.program_url(plan.worker)), details])?;
    if let Some(failure) = measured["failed"].as_str() {
        bail!("{}: {failure}. Log: {:?}", plan.worker, browser.log());
    }
    Ok(measured)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0,
    }
}
