//! The model card: `www/models/MODEL_CARD.md` and its plots, in the form that the field uses (Mitchell et al. 2019;
//! Hugging Face's metadata block and headings).
//!
//! Every number comes out of a report, a figure or a configuration; none is typed here but targets and assumptions, which
//! are named constants. What was not measured is said to be missing. The same inputs always give the same card.

mod charts;
mod inputs;
mod markdown;
mod metadata;
mod report_tables;
mod sections;
mod seeds;
mod tables;
mod targets;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

pub use inputs::{CardInputs, Cost, PeerCheck, PeerPoint, other_seeds};
pub use targets::{Bound, Target, targets};

use crate::plots::Chart;

/// Folder of the plots, beside the card.
const PLOTS: &str = "figures";

/// A finished card.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCard {
    /// The text.
    pub markdown: String,
    /// Its plots.
    pub plots: Vec<Chart>,
}

/// The card of some models.
#[must_use]
pub fn model_card(inputs: &CardInputs) -> ModelCard {
    let plots = charts::all(inputs);
    ModelCard { markdown: sections::all(inputs, &plots), plots }
}

impl ModelCard {
    /// Writes `MODEL_CARD.md` and `figures/*.svg` into a folder.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let plots = folder.join(PLOTS);
        fs::create_dir_all(&plots).with_context(|| format!("making {}", plots.display()))?;
        let write = |path: &Path, text: &str| {
            fs::write(path, text).with_context(|| format!("writing {}", path.display()))
        };
        for plot in &self.plots {
            write(&plots.join(format!("{}.svg", plot.name)), &plot.svg())?;
        }
        write(&folder.join("MODEL_CARD.md"), &self.markdown)
    }
}
