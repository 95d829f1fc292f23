//! The page's elements and states, as the journeys use them. Things are waited for by state, never by time alone.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use xtask::shell::target_folder;
use xtask::tools;

use crate::browser::{Browser, Graphics};
use crate::site::Site;

/// Time for what should take seconds, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// The two columns of the main instrument.
pub const COLUMNS: [&str; 2] = ["creative", "factual"];

/// One card of answers: the rows that gave it, and its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Card {
    /// Numbers of the rows, for example `0,3,5`.
    pub rows: String,
    /// The answer.
    pub text: String,
}

/// The page in a browser of its own.
pub struct Page {
    /// The browser.
    pub browser: Browser,
}

impl Page {
    /// Opens the page with a state in its hash, in a fresh profile.
    ///
    /// # Errors
    /// When the browser does not start or the page does not load.
    pub fn open(site: &Site, hash: &str, graphics: Graphics) -> Result<Self> {
        Self::open_after(site, hash, graphics, |_| Ok(()))
    }

    /// As [`Page::open`], where the browser must be told something first.
    ///
    /// # Errors
    /// As [`Page::open`], or when that fails.
    pub fn open_after(
        site: &Site,
        hash: &str,
        graphics: Graphics,
        tell: impl FnOnce(&Browser) -> Result<()>,
    ) -> Result<Self> {
        let page = Self { browser: Browser::start(graphics)? };
        page.browser.set_viewport(1280, 900)?;
        tell(&page.browser)?;
        page.browser.open(&site.url(hash))?;
        Ok(page)
    }

    /// An attribute of the first element that fits, or none.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn attribute(&self, selector: &str, name: &str) -> Result<Option<String>> {
        let script =
            "const e = document.querySelector(arguments[0]); return e ? e.getAttribute(arguments[1]) : null";
        let value = self.browser.execute(script, &[json!(selector), json!(name)])?;
        Ok(value.as_str().map(str::to_owned))
    }

    /// The text of the first element that fits; empty when there is none. What is far from the window is not drawn (its
    /// chapter's `content-visibility`), and would have no text for the driver.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn text(&self, selector: &str) -> Result<String> {
        let script = "const e = document.querySelector(arguments[0]); if (!e) return '';\n\
            const far = e.checkVisibility() && !e.checkVisibility({ contentVisibilityAuto: true });\n\
            return far ? e.textContent : e.innerText";
        Ok(self.browser.execute(script, &[json!(selector)])?.as_str().unwrap_or_default().to_owned())
    }

    /// How many elements fit.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn count(&self, selector: &str) -> Result<u64> {
        let script = "return document.querySelectorAll(arguments[0]).length";
        Ok(self.browser.execute(script, &[json!(selector)])?.as_u64().unwrap_or_default())
    }

    /// Waits until a script returns something true, and gives that back.
    ///
    /// # Errors
    /// When it does not within the time; the message has what the page said last.
    pub fn wait_until(&self, what: &str, script: &str, patience: Duration) -> Result<Value> {
        let begin = Instant::now();
        loop {
            let value = self.browser.execute(script, &[])?;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if begin.elapsed() > patience {
                let path = self.picture("timeout").unwrap_or_default();
                let state = self.text("body").unwrap_or_default();
                bail!(
                    "{what}: not within {} s. Picture: {}. The page says:\n{}\nLog: {:?}",
                    patience.as_secs(),
                    path.display(),
                    state.chars().take(1500).collect::<String>(),
                    self.browser.log()
                );
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until an element that fits is there.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub fn wait_for(&self, selector: &str) -> Result<()> {
        self.wait_until(selector, &format!("return !!document.querySelector({})", json!(selector)), PATIENCE)
            .map(drop)
    }

    /// Waits until both columns have all their answers, and the page is whole: chapters below the first come after them.
    ///
    /// # Errors
    /// When they have not in time.
    pub fn wait_finished(&self) -> Result<()> {
        self.wait_finished_within(PATIENCE)
    }

    /// As [`Page::wait_finished`], with another patience.
    ///
    /// # Errors
    /// When they have not in time.
    pub fn wait_finished_within(&self, patience: Duration) -> Result<()> {
        let script = "const phase = c => document.querySelector('#column-' + c)?.dataset.phase;\n\
            return phase('creative') === 'finished' && phase('factual') === 'finished'\n\
            && document.querySelector('#instrument').dataset.run === 'idle' && document.querySelector('#about') !== null";
        self.wait_until("both columns finished, and the page whole", script, patience).map(drop)
    }

    /// Does something that must begin a run, and waits until that run has begun and ended.
    ///
    /// The page itself notes the beginning: a run of a few answers can be over before the driver's next command.
    ///
    /// # Errors
    /// When no run begins in time, or it does not end in time.
    pub fn run_by(&self, act: impl FnOnce() -> Result<()>) -> Result<()> {
        self.run_by_within(PATIENCE, act)
    }

    /// As [`Page::run_by`], with another patience.
    ///
    /// # Errors
    /// When no run begins in time, or it does not end in time.
    pub fn run_by_within(&self, patience: Duration, act: impl FnOnce() -> Result<()>) -> Result<()> {
        let watch = "const instrument = document.querySelector('#instrument');\n\
            window.runBegan = false; window.runWatch?.disconnect();\n\
            window.runWatch = new MutationObserver(() => { window.runBegan ||= instrument.dataset.run === 'running' });\n\
            window.runWatch.observe(instrument, { attributes: true, attributeFilter: ['data-run'] })";
        self.browser.execute(watch, &[])?;
        act()?;
        self.wait_until("a run begins", "return window.runBegan", patience)?;
        self.wait_finished_within(patience)
    }

    /// Starts a run and cancels it in the same task of the page, so that no run is too fast for it: both clicks are
    /// handled before the first answer can be heard.
    ///
    /// # Errors
    /// When no run begins, or it is not cancelled.
    pub fn run_and_cancel(&self) -> Result<()> {
        let script = "const run = document.querySelector('#run');\n\
            const watch = new MutationObserver(() => {\n\
              if (run.dataset.state === 'running') { watch.disconnect(); run.click() } });\n\
            watch.observe(run, { attributes: true, attributeFilter: ['data-state'] });\n\
            run.click()";
        self.browser.execute(script, &[])?;
        let cancelled = "return ['creative', 'factual'].every(c => document.querySelector('#column-' + c).dataset.phase === 'cancelled')\n\
            && document.querySelector('#run').dataset.state === 'idle'";
        self.wait_until("both columns are cancelled", cancelled, PATIENCE).map(drop)
    }

    /// The cards of a column, in order of their rows.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn cards(&self, column: &str) -> Result<Vec<Card>> {
        let script = "return [...document.querySelectorAll('#answers-' + arguments[0] + ' li.card')]\
            .map(c => [c.dataset.rows, c.querySelector('.answer-text').innerText])";
        let value = self.browser.execute(script, &[json!(column)])?;
        let text = |pair: &Value, index: usize| pair[index].as_str().unwrap_or_default().to_owned();
        let pairs = value.as_array().context("no cards")?;
        let mut cards: Vec<Card> =
            pairs.iter().map(|pair| Card { rows: text(pair, 0), text: text(pair, 1) }).collect();
        cards.sort();
        Ok(cards)
    }

    /// The cards of both columns.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn all_cards(&self) -> Result<Vec<Vec<Card>>> {
        COLUMNS.iter().map(|column| self.cards(column)).collect()
    }

    /// Moves a slider or a select as a visitor does: its value changes, then the events follow.
    ///
    /// # Errors
    /// When there is no such element.
    pub fn set_value(&self, selector: &str, value: &str) -> Result<()> {
        let script = "const e = document.querySelector(arguments[0]);\n\
            const prototype = Object.getPrototypeOf(e);\n\
            Object.getOwnPropertyDescriptor(prototype, 'value').set.call(e, arguments[1]);\n\
            e.dispatchEvent(new Event('input', { bubbles: true }));\n\
            e.dispatchEvent(new Event('change', { bubbles: true }));";
        self.browser.execute(script, &[json!(selector), json!(value)]).map(drop)
    }

    /// Clicks on a button that offers a file to download, and gives the file's text.
    ///
    /// # Errors
    /// When no file is offered.
    pub fn exported(&self, selector: &str) -> Result<String> {
        let catch = "const make = URL.createObjectURL; window.offered = null;\n\
            URL.createObjectURL = blob => { blob.text().then(text => { window.offered = text }); return make(blob) }";
        self.browser.execute(catch, &[])?;
        self.browser.click(selector)?;
        let text = self.wait_until("a file is offered", "return window.offered", PATIENCE)?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses Tab until an element has the focus.
    ///
    /// # Errors
    /// When it never has: then it cannot be reached by keyboard.
    pub fn tab_to(&self, selector: &str) -> Result<()> {
        for _ in 0..60 {
            self.browser.press("\u{E004}")?;
            let script = "return document.activeElement?.matches(arguments[0]) ?? false";
            if self.browser.execute(script, &[json!(selector)])? == json!(true) {
                return Ok(());
            }
        }
        bail!("{selector} is not reached by 60 presses of Tab")
    }

    /// Errors in the browser's log since the last call, without those that contain one of the `expected` texts.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn logged_errors(&self, expected: &[&str]) -> Result<Vec<String>> {
        let lines =
            self.browser.log()?.into_iter().filter(|line| line.level == "SEVERE").map(|line| line.message);
        Ok(lines.filter(|message| !expected.iter().any(|part| message.contains(part))).collect())
    }

    /// Saves a picture as `target/e2e/NAME.png`.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub fn picture(&self, name: &str) -> Result<PathBuf> {
        let folder = target_folder().join("e2e");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, self.browser.screenshot()?)?;
        Ok(path)
    }

    /// Rules of accessibility that the page breaks, each with the first elements that do.
    ///
    /// # Errors
    /// When axe-core is missing or fails.
    pub fn accessibility_violations(&self) -> Result<Vec<String>> {
        let path = tools::axe()?;
        let axe = fs::read_to_string(&path)
            .with_context(|| format!("{} is missing. Run `cargo xtask setup`.", path.display()))?;
        self.browser.execute(&axe, &[])?;
        // axe skips what is not drawn, and the page does not draw what is far from the window.
        let script = "const done = arguments[0];\n\
            const style = document.createElement('style'); style.textContent = '* { content-visibility: visible !important }';\n\
            document.head.append(style);\n\
            const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];\n\
            axe.run(document, { runOnly: rules }).finally(() => style.remove()).then(\n\
              r => done(r.violations.map(v => `${v.id} (${v.help}): ` + v.nodes.slice(0, 5).map(n => n.target.join(' ')\n\
                + ' [' + (n.any[0]?.message ?? '') + ']').join('; '))),\n\
              e => done(['axe failed: ' + e]))";
        let found = self.browser.execute_async(script, &[])?;
        let lines = found.as_array().context("axe gave no list")?;
        Ok(lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect())
    }
}
