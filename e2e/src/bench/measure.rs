//! Asks the browser, setting by setting: load, check, warm up, measure. What fails is noted, and the others go on.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::machine::{Adapter, Machine};
use super::models::Model;
use super::plan::{self, Device, Engine, Runs, Setting, Wanted};
use super::record::{Check, ModelRecord, Sample, Series};
use super::site::Site;
use crate::browser::{Browser, Graphics};

/// More than any rounding makes of a greedy choice, and less than what an engine shows that computes something else: the
/// likeliest token is then some nats likelier than what it chose.
const LARGEST_GAP: f64 = 0.5;

/// For one call: 25 answers of the large model by the slowest engine on a busy machine.
const PATIENCE: Duration = Duration::from_secs(1200);

/// For an adapter: Chromium that was promised a card, and finds none, may not answer at all.
const PATIENCE_FOR_ADAPTER: Duration = Duration::from_secs(20);

const CALL: &str = "
const [name, inputs, done] = arguments;
const ready = () => window.bench ? window.bench[name](...inputs) : new Promise(r => setTimeout(r, 10)).then(ready);
ready().then(value => done({ value }), error => done({ failed: String(error?.stack ?? error) }));
";

/// A browser on a site.
pub struct Bench {
    site: Site,
    browser: Browser,
    /// What only the browser knows is filled in here.
    pub machine: Machine,
}

impl Bench {
    /// Starts both.
    ///
    /// # Errors
    /// When there is no page or no browser.
    pub fn start() -> Result<Self> {
        let mut machine = Machine::here(); // before the browser is a load
        let site = Site::start()?;
        let card = adapter(&site, Graphics::Card).ok().flatten().filter(|adapter| !adapter.software);
        let (graphics, found) = match card {
            Some(card) => (Graphics::Card, Some(card)),
            None => (Graphics::Software, adapter(&site, Graphics::Software)?),
        };
        machine.adapter = found;
        Ok(Self { site, browser: Browser::start_patiently(graphics, PATIENCE)?, machine })
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    fn call(&self, name: &str, inputs: Value) -> Result<Value> {
        call(&self.browser, name, inputs)
    }

    /// Measures the settings of a model on the processor if that is wanted, and on the adapter if there is one worth it.
    ///
    /// # Errors
    /// When the model cannot be read; what an engine fails at is noted in its series.
    pub fn model(&mut self, model: &Model, wanted: Wanted, with_adapter: bool) -> Result<ModelRecord> {
        println!("\n{}", model.title);
        let on_processor = if wanted.processor { plan::on_processor(model, wanted) } else { Vec::new() };
        let mut settings: Vec<(Setting, Runs)> =
            on_processor.into_iter().map(|setting| (setting, plan::runs(model))).collect();
        let software = self.machine.adapter.as_ref().is_none_or(|adapter| adapter.software);
        if with_adapter {
            let runs = if software { plan::RUNS_IMITATED } else { plan::runs(model) };
            settings.extend(plan::on_adapter(model, wanted).into_iter().map(|setting| (setting, runs)));
        }
        let mut series: Vec<Series> = settings.iter().map(|(setting, _)| empty(*setting)).collect();
        for round in 0..wanted.rounds {
            for ((setting, runs), series) in settings.iter().zip(&mut series) {
                let imitated = setting.device == Device::WebGpu && software;
                if series.trouble.is_some() || (imitated && round > 0) {
                    continue;
                }
                let begin = Instant::now();
                if let Err(error) = self.setting(model, *setting, *runs, round, series) {
                    series.trouble = Some(first_line(&format!("{error:#}")));
                }
                self.machine.watch_load();
                let took = begin.elapsed().as_secs();
                let outcome = outcome(series);
                println!(
                    "   round {}: {} on {}{outcome} ({took} s)",
                    round + 1,
                    series.engine,
                    series.device
                );
            }
        }
        Ok(ModelRecord { title: model.title.clone(), size_bytes: model.size_bytes, series })
    }

    fn setting(
        &self,
        model: &Model,
        setting: Setting,
        runs: Runs,
        round: u32,
        series: &mut Series,
    ) -> Result<()> {
        let on_adapter = setting.device == Device::WebGpu;
        let imitated = on_adapter && self.machine.adapter.as_ref().is_some_and(|adapter| adapter.software);
        let mut setup = model.setup()?;
        let more = [
            ("worker_cpu", json!(self.site.program("worker_cpu_loader.js"))),
            ("worker_gpu", json!(self.site.program("worker_gpu_loader.js"))),
            ("device", json!(if on_adapter { "webgpu" } else { "cpu" })),
            ("threads", json!(if let Device::Cpu(threads) = setting.device { threads } else { 1 })),
            ("parallel", json!(plan::ANSWERS)),
            ("most_tokens", json!(if imitated { plan::MOST_TOKENS_IMITATED } else { plan::MOST_TOKENS })),
            ("precision", json!(if let Engine::Transformers(it) = setting.engine { it.name() } else { "" })),
        ];
        for (key, value) in more {
            setup[key] = value;
        }
        if on_adapter && setting.engine == Engine::Thermostat && setup["worker_gpu"].is_null() {
            bail!("the page was built without the WebGPU engine");
        }
        self.browser.open(&self.site.page(on_adapter))?; // a fresh page: nothing of the engine before is left
        let loaded = self.call("load", json!([setting.engine.module(), setup]))?;
        series.about = loaded["about"].as_str().unwrap_or_default().to_owned();
        series.load_ms.push(number(&loaded, "load_ms")?);
        if round == 0 && setting.engine != Engine::Thermostat {
            series.check = Some(compared(&self.call("check", json!([setup]))?)?);
        }
        self.sample(1, &[1.0], 1)?; // warms up: code is compiled, buffers are allocated
        for prompt in 0..if imitated { 1 } else { plan::OTHER_PROMPTS.len() } {
            let first_ms = self.call("first", json!([prompt]))?;
            series.first_ms.push(first_ms.as_f64().context("no time until the first token")?);
        }
        let seed = 1000 * (round + 1);
        for run in 0..runs.one {
            series.one.push(self.sample(1, &[1.0], seed + run)?);
        }
        for run in 0..runs.many {
            series.many.push(self.sample(plan::ANSWERS, &[1.0], seed + run)?);
        }
        if runs.block && (round == 0 || series.ours) {
            let temperatures: Vec<f64> =
                (1..=plan::TEMPERATURES).map(|tenths| f64::from(tenths) / 10.0).collect();
            series.block.push(self.sample(plan::ANSWERS, &temperatures, seed)?);
        }
        self.call("close", json!([])).map(drop)
    }

    fn sample(&self, answers: u32, temperatures: &[f64], seed: u32) -> Result<Sample> {
        let measured = self.call("sample", json!([answers, temperatures, seed]))?;
        let sampled = measured["sampled"].as_u64().context("no number of tokens")?;
        let answers = answers * u32::try_from(temperatures.len())?;
        Ok(Sample { answers, sampled: u32::try_from(sampled)?, ms: number(&measured, "ms")? })
    }
}

/// The adapter that a browser of its own gets, if it gets one.
fn adapter(site: &Site, graphics: Graphics) -> Result<Option<Adapter>> {
    let browser = Browser::start_patiently(graphics, PATIENCE_FOR_ADAPTER)?;
    browser.open(&site.page(true))?;
    Ok(Adapter::read(&call(&browser, "adapter", json!([]))?))
}

/// Calls what the benchmark's page offers.
fn call(browser: &Browser, name: &str, inputs: Value) -> Result<Value> {
    let mut answer = browser.execute_async(CALL, &[json!(name), inputs])?;
    if let Some(failure) = answer["failed"].as_str() {
        bail!("{failure}");
    }
    Ok(answer["value"].take())
}

/// The check's outcome.
///
/// # Errors
/// When the engine is no peer: it computes something else.
fn compared(seen: &Value) -> Result<Check> {
    let gaps = seen["gaps"].as_array().context("nothing was compared")?;
    let gaps: Option<Vec<f64>> = gaps.iter().map(Value::as_f64).collect();
    let gaps = gaps.context("a gap is no number")?;
    let largest_gap = gaps.iter().copied().fold(0.0, f64::max);
    if gaps.is_empty() || largest_gap > LARGEST_GAP {
        bail!(
            "its greedy answer is not ours: of {} tokens one is {largest_gap:.2} nats below the likeliest",
            gaps.len()
        );
    }
    Ok(Check { tokens: u32::try_from(gaps.len())?, largest_gap })
}

fn empty(setting: Setting) -> Series {
    Series {
        engine: setting.engine.title(),
        ours: setting.engine == Engine::Thermostat,
        device: setting.device.title(),
        about: String::new(),
        load_ms: Vec::new(),
        first_ms: Vec::new(),
        one: Vec::new(),
        many: Vec::new(),
        block: Vec::new(),
        trouble: None,
        check: None,
    }
}

fn number(value: &Value, key: &str) -> Result<f64> {
    value[key].as_f64().with_context(|| format!("no {key}"))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn outcome(series: &Series) -> String {
    let last =
        |samples: &[Sample]| samples.last().map_or("-".to_owned(), |sample| format!("{:.0}", sample.rate()));
    match &series.trouble {
        Some(trouble) => format!(": {trouble}"),
        None => format!(": {} and {} tokens/s", last(&series.one), last(&series.many)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn near_ties_pass_and_another_models_choice_does_not() {
        let check = compared(&json!({ "gaps": [0.0, 0.02, 0.0] })).unwrap();
        assert_eq!(check, Check { tokens: 3, largest_gap: 0.02 });
        let error = compared(&json!({ "gaps": [0.0, 3.5] })).unwrap_err().to_string();
        assert!(error.contains("not ours") && error.contains("3.50 nats"), "{error}");
        assert!(compared(&json!({ "gaps": [] })).is_err(), "an empty answer shows nothing");
    }
}
