//! How far a stage is, and how long it will take: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Time between lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(20);

/// The progress of one stage.
#[derive(Debug)]
pub struct Progress {
    name: String,
    bar: Option<ProgressBar>,
    total: usize,
    started: Instant,
    printed: Instant,
}

impl Progress {
    /// Begins a stage of `total` parts.
    #[must_use]
    pub fn new(name: &str, total: usize) -> Self {
        let bar = std::io::stdout().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {msg}, {eta} left");
            let bar = ProgressBar::new(total as u64);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(name.to_owned());
            bar
        });
        let now = Instant::now();
        Self { name: name.to_owned(), bar, total, started: now, printed: now }
    }

    /// Says that `done` parts are done. `note`: what the numbers look like.
    pub fn at(&mut self, done: usize, note: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
            bar.set_message(note.to_owned());
        } else if self.printed.elapsed() >= LINE_EVERY {
            self.printed = Instant::now();
            let left = self.started.elapsed().as_secs_f64() / done.max(1) as f64
                * self.total.saturating_sub(done) as f64;
            println!("{} {done}/{}: {note}, {left:.0} s left", self.name, self.total);
        }
    }

    /// Ends the stage with a last word.
    pub fn finish(&self, word: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        println!("{}: {word} ({:.0} s)", self.name, self.started.elapsed().as_secs_f64());
    }
}
