//! The chapters of the page.

/// A chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Chapter {
    /// The main instrument.
    #[default]
    Instrument,
    /// What the model chose from.
    Inside,
    /// Figure 21.
    Experiment,
    /// Figures 20 and 8.
    Rewards,
    /// The annotator's seat.
    Compare,
    /// What votes teach.
    Learn,
}

impl Chapter {
    /// All, in the page's order.
    pub const ALL: [Self; 6] =
        [Self::Instrument, Self::Inside, Self::Experiment, Self::Rewards, Self::Compare, Self::Learn];

    /// Id of its section, and its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::Inside => "inside",
            Self::Experiment => "experiment",
            Self::Rewards => "rewards",
            Self::Compare => "compare",
            Self::Learn => "learn",
        }
    }

    /// The chapter of that id.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chapter| chapter.id() == id)
    }
}
