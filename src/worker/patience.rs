//! Who goes first: what the visitor waits for, then what is patient, and that not while the visitor does something.
//!
//! Workers take every core that there is, and the page draws on the same ones. On a small processor an experiment that never rests
//! would double the time that a click takes to be seen.

use crate::protocol::rest::left_ms;

/// Who is advanced next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// Everybody.
    All,
    /// Only those that the visitor waits for.
    Hasty,
    /// Nobody, for so many milliseconds (above 0), unless something new comes.
    Rest(f64),
}

/// Since when patient jobs rest.
#[derive(Debug)]
pub struct Patience {
    acted_at_ms: f64,
}

impl Default for Patience {
    /// Nothing was done yet.
    fn default() -> Self {
        Self { acted_at_ms: f64::NEG_INFINITY }
    }
}

impl Patience {
    /// The visitor did something.
    pub fn visitor_acted(&mut self, now_ms: f64) {
        self.acted_at_ms = now_ms;
    }

    /// Whose turn it is among those that wait: for each, whether it is patient.
    #[must_use]
    pub fn turn(&self, now_ms: f64, are_patient: impl IntoIterator<Item = bool>) -> Turn {
        let (mut patient, mut hasty) = (false, false);
        for is_patient in are_patient {
            patient |= is_patient;
            hasty |= !is_patient;
        }
        let rest_ms = left_ms(self.acted_at_ms, now_ms);
        match (hasty, patient) {
            (true, true) => Turn::Hasty,
            (false, true) if rest_ms > 0.0 => Turn::Rest(rest_ms),
            _ => Turn::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::rest::REST_MS;

    #[test]
    fn what_the_visitor_waits_for_goes_before_what_is_patient() {
        let patience = Patience::default();
        assert_eq!(patience.turn(1e6, [true, false, true]), Turn::Hasty);
        assert_eq!(patience.turn(1e6, [false, false]), Turn::All);
        assert_eq!(patience.turn(1e6, [true, true]), Turn::All);
        assert_eq!(patience.turn(1e6, []), Turn::All);
    }

    #[test]
    fn patient_jobs_rest_for_a_moment_after_each_act_of_the_visitor() {
        let mut patience = Patience::default();
        patience.visitor_acted(1000.0);
        assert_eq!(patience.turn(1000.0, [true]), Turn::Rest(REST_MS));
        assert_eq!(patience.turn(1001.0, [false]), Turn::All, "nobody else does");
        assert_eq!(patience.turn(1060.0, [true]), Turn::Rest(REST_MS - 60.0));
        patience.visitor_acted(1080.0);
        assert_eq!(patience.turn(1120.0, [true, true]), Turn::Rest(REST_MS - 40.0));
        assert_eq!(patience.turn(1080.0 + REST_MS, [true]), Turn::All);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nobody() {
        let mut patience = Patience::default();
        patience.visitor_acted(1e6);
        assert_eq!(patience.turn(1000.0, [true]), Turn::All);
    }
}
