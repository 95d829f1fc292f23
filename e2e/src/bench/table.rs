//! `BENCHMARKS.md`, rendered from a record.

use std::fmt::Write;

use super::plan::{ANSWERS, TEMPERATURES};
use super::record::{ModelRecord, Record, Sample, Series, rates, seconds};
use super::statistics::Spread;

/// Peers' answers shorter than this part of ours, on average, would make them look slower or faster than they are.
const LEAST_RELATIVE_LENGTH: f64 = 0.8;

/// The whole file: one part for each record, in their order.
#[must_use]
pub fn markdown(records: &[Record]) -> String {
    let mut text = String::from("# Benchmarks\n\n");
    text.push_str(
        "Written by `cargo xtask bench --write NAME` from `docs/benchmarks`; not edited by hand. What is measured, and how, is said at\n\
         the end. Only numbers of one run compare: machines differ, and so does what else they do.\n\n",
    );
    for record in records {
        part(&mut text, record);
    }
    if let Some(record) = records.first() {
        method(&mut text, record);
    }
    text
}

/// What one run found.
fn part(text: &mut String, record: &Record) {
    header(text, record);
    busy(text, record);
    for model in &record.models {
        summary(text, model);
        for device in devices(model) {
            table(text, model, device);
        }
        notes(text, model);
    }
    if !record.native.is_empty() {
        let _ = write!(text, "### Native\n\n```\n{}\n```\n\n", record.native.join("\n"));
    }
    if !record.skipped.is_empty() {
        text.push_str("### Not measured\n\n");
        for skipped in &record.skipped {
            let _ = writeln!(text, "- {skipped}");
        }
        text.push('\n');
    }
}

fn header(text: &mut String, record: &Record) {
    let machine = &record.machine;
    let card = machine.adapter.as_ref().filter(|adapter| !adapter.software);
    let card = card.map_or_else(String::new, |card| format!(", {}", card.name));
    let _ = write!(text, "## {}, {} cores{card}\n\n", machine.processor, machine.cores);
    let load = |load: Option<f64>| load.map_or("unknown".to_owned(), |load| format!("{load:.1}"));
    let adapter = match &machine.adapter {
        None => "none".to_owned(),
        Some(adapter) if adapter.software => {
            format!("{}: a software adapter, the processor imitating one", adapter.name)
        }
        Some(adapter) => adapter.name.clone(),
    };
    let _ = write!(
        text,
        "| | |\n|---|---|\n| date | {} |\n| command | `{}` |\n| commit; built page | {}; {} |\n| processor | {}, {} cores |\n\
         | load before, most | {}, {} |\n| browser | {}, headless |\n| WebGPU adapter | {adapter} |\n| peers | {} |\n\n",
        record.date,
        record.command,
        record.commit,
        record.page,
        machine.processor,
        machine.cores,
        load(machine.load_before),
        load(machine.load_most),
        machine.browser,
        if record.peers.is_empty() { "none".to_owned() } else { record.peers.join(", ") },
    );
}

/// A load above the cores by more than this is somebody else's work.
const SPARE_LOAD: f64 = 1.5;

/// Says so where the machine was busy: programs whose threads wait for each other suffer most from that.
fn busy(text: &mut String, record: &Record) {
    let machine = &record.machine;
    let most = [machine.load_before, machine.load_most].into_iter().flatten().fold(0.0, f64::max);
    if most > machine.cores as f64 + SPARE_LOAD {
        let _ = write!(
            text,
            "**The machine was busy with other work**: up to {most:.1} threads wanted its {} cores. Ratios of this run are disturbed too, those with \
             two threads most.\n\n",
            machine.cores
        );
    }
}

fn devices(model: &ModelRecord) -> Vec<&str> {
    let mut devices: Vec<&str> = Vec::new();
    for series in &model.series {
        if !devices.contains(&series.device.as_str()) {
            devices.push(&series.device);
        }
    }
    devices
}

/// The runs of one kind.
type Load = fn(&Series) -> &[Sample];

/// What is measured at one answer, at 25 and at a block.
const LOADS: [(&str, Load); 3] =
    [("1 answer", |it| &it.one), ("25 answers", |it| &it.many), ("block of 375", |it| &it.block)];

fn rate(samples: &[Sample]) -> Option<f64> {
    rates(samples).map(|spread| spread.median)
}

/// The best peer's median on a device.
fn best_peer<'a>(model: &'a ModelRecord, device: &str, load: Load) -> Option<(&'a str, f64)> {
    let peers = model.series.iter().filter(|series| !series.ours && series.device == device);
    let rated = peers.filter_map(|series| Some((series.engine.as_str(), rate(load(series))?)));
    rated.max_by(|a, b| a.1.total_cmp(&b.1))
}

fn ours<'a>(model: &'a ModelRecord, device: &str) -> Option<&'a Series> {
    model.series.iter().find(|series| series.ours && series.device == device)
}

/// This engine against the best peer of each line.
fn summary(text: &mut String, model: &ModelRecord) {
    let _ = write!(text, "### {}\n\n", model.title);
    let mut lines = Vec::new();
    for device in devices(model) {
        for (load, of) in LOADS {
            let ratio = ours(model, device).and_then(|ours| rate(of(ours))).zip(best_peer(model, device, of));
            if let Some((ours, (peer, best))) = ratio {
                lines.push(format!("| {device} | {load} | {peer} | {:.2} |", ours / best));
            }
        }
    }
    if !lines.is_empty() {
        text.push_str("This engine's tokens per second as a multiple of the best peer's:\n\n");
        text.push_str("| device | load | best peer | multiple |\n|---|---|---|---|\n");
        let _ = write!(text, "{}\n\n", lines.join("\n"));
    }
}

fn table(text: &mut String, model: &ModelRecord, device: &str) {
    let _ = write!(text, "#### {device}\n\n");
    text.push_str(
        "| engine | load, ms | first token, ms | 1 answer, tokens/s | ours, best | 25 answers, tokens/s | ours, best | 25 answers, s \
         | block, tokens/s | ours, best | block, s |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for series in model.series.iter().filter(|series| series.device == device) {
        if let Some(trouble) = &series.trouble {
            let trouble = trouble.replace('|', "/");
            let _ = writeln!(text, "| {} | not measured: {trouble} | | | | | | | | | |", series.engine);
            continue;
        }
        let ratios = |of: Load| {
            let mine = rate(of(series));
            let against = |other: Option<f64>| match mine.zip(other) {
                Some((mine, other)) => format!("{:.2}", mine / other),
                None => "-".to_owned(),
            };
            let this_engine = ours(model, device).and_then(|ours| rate(of(ours)));
            format!(
                "{}, {}",
                against(this_engine),
                against(best_peer(model, device, of).map(|(_, best)| best))
            )
        };
        let [one, many, block] = LOADS.map(|(_, of)| of);
        let cells = [
            series.engine.clone(),
            cell(Spread::of(series.load_ms.iter().copied()), 0),
            cell(Spread::of(series.first_ms.iter().copied()), 0),
            cell(rates(one(series)), 0),
            ratios(one),
            cell(rates(many(series)), 0),
            ratios(many),
            cell(seconds(many(series)), 2),
            cell(rates(block(series)), 0),
            ratios(block),
            cell(seconds(block(series)), 1),
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text.push('\n');
}

/// Median, slowest to fastest, number of runs.
fn cell(spread: Option<Spread>, digits: usize) -> String {
    match spread {
        None => "-".to_owned(),
        Some(Spread { median, count: 1, .. }) => format!("{median:.digits$} (1 run)"),
        Some(Spread { median, least, most, count }) => {
            format!("{median:.digits$} ({least:.digits$} to {most:.digits$}, {count} runs)")
        }
    }
}

/// What makes numbers comparable, or not.
fn notes(text: &mut String, model: &ModelRecord) {
    for series in model.series.iter().filter(|series| series.trouble.is_none()) {
        let name = format!("{} on {}", series.engine, series.device);
        if let Some(check) = series.check {
            let _ = writeln!(
                text,
                "- {name} ({}): of its {} greedy tokens none is more than {:.3} nats below our engine's likeliest.",
                series.about, check.tokens, check.largest_gap
            );
        }
        if let Some(part) = relative_length(model, series).filter(|part| *part < LEAST_RELATIVE_LENGTH) {
            let _ = writeln!(
                text,
                "- NOT COMPARABLE: {name} stops early; its answers have {part:.2} of the length of ours."
            );
        }
    }
    text.push('\n');
}

fn relative_length(model: &ModelRecord, series: &Series) -> Option<f64> {
    let ours = ours(model, &series.device)?.mean_length()?;
    Some(series.mean_length()? / ours)
}

fn method(text: &mut String, record: &Record) {
    let _ = write!(
        text,
        "## What is measured\n\n\
         - One browser, one engine at a time, each on a fresh page; all settings in turn, in several rounds. Every number is the median,\n  \
           with slowest, fastest and number of runs. \"ours, best\" are multiples of this engine's rate and of the best peer's on the same device.\n\
         - The prompt is \"{}\" in the model's chat template, T = 1, no top-k and no top-p, up to {} tokens an answer ({} on a software\n  \
           adapter). A model's own end ends an answer. Tokens are counted as each engine reports them; time runs from the request to the\n  \
           last token, the prompt included. An answer of a trained model ends where it likes, so runs differ in length.\n\
         - Load: from nothing to being able to answer, code and model fetched from this machine. First token: from a prompt that the engine\n  \
           has not read before. A block: {ANSWERS} answers at each of {TEMPERATURES} temperatures, 0.1 to 1.5, as in Figure 21; of peers one\n  \
           run. Nothing is extrapolated.\n\
         - This engine: the built page's worker by its message protocol; with two threads, two workers that share the rows. It keeps\n  \
           prompts that it has read, as wllama does. Threads of the peers share memory, for which they are served with special headers;\n  \
           this engine needs none.\n\
         - wllama: the same GGUF file, {ANSWERS} slots, as many requests at once, flash attention on, a cache for each slot, the prompt kept between\n  \
           requests. It fails on answers that are not UTF-8, so tokens that are no whole character are forbidden.\n\
         - transformers.js: ONNX files written from the same GGUF file (`e2e/src/onnx`), with ONNX Runtime's own operators for norms and\n  \
           attention; the rows of one temperature are a batch. fp32: the file's values; q4: its blocks as they are; q8: bytes with one scale\n  \
           for each output, products of bytes. Tokens are drawn by a logits processor of ours, because the library's own sampler sorts\n  \
           the whole vocabulary when there is no top-k. On the processor it runs ONNX Runtime's build without WebGPU.\n\
         - Before a peer's speed is shown its greedy answer is read by our engine: each token must be the likeliest there, or within 0.5 nats.\n",
        record.prompt,
        record.most_tokens,
        super::plan::MOST_TOKENS_IMITATED,
    );
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
#[path = "table_tests.rs"]
mod tests;
