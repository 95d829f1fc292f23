//! The places where answers stand: a side of the page, for the chosen stage or for the one beside it.

use super::prompts::Side;

/// Which of the two stages that may stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The chosen stage.
    Chosen,
    /// The stage that it is compared with, if any.
    Beside,
}

impl Place {
    /// Both, in the order of the page.
    pub const ALL: [Place; 2] = [Place::Chosen, Place::Beside];

    /// End of element ids.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Place::Chosen => "",
            Place::Beside => "-beside",
        }
    }
}

/// One group of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Its side.
    pub side: Side,
    /// Its stage.
    pub place: Place,
}

impl Slot {
    /// All four; the first two are those of the chosen stage.
    pub const ALL: [Slot; 4] = [
        Slot { side: Side::Creative, place: Place::Chosen },
        Slot { side: Side::Factual, place: Place::Chosen },
        Slot { side: Side::Creative, place: Place::Beside },
        Slot { side: Side::Factual, place: Place::Beside },
    ];

    /// Position in [`Slot::ALL`], and in arrays with one entry per slot.
    #[must_use]
    pub fn index(self) -> usize {
        let row = match self.place {
            Place::Chosen => 0,
            Place::Beside => 1,
        };
        2 * row + self.side.index()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_the_position() {
        assert!(Slot::ALL.iter().enumerate().all(|(index, slot)| slot.index() == index));
    }
}
