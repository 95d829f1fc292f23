//! For how long after an act of the visitor what may wait does so, in the page and in workers.

/// About until a slow page has drawn what was done, and what follows in turns.
pub const REST_MS: f64 = 300.0;

/// How much is left of the rest after an act; 0 when it is over.
#[must_use]
pub fn left_ms(acted_at_ms: f64, now_ms: f64) -> f64 {
    let left_ms = acted_at_ms + REST_MS - now_ms;
    // A clock that was set back must not stop anybody.
    if left_ms > REST_MS { 0.0 } else { left_ms.max(0.0) }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "whole numbers")]
mod tests {
    use super::*;

    #[test]
    fn a_rest_ends_a_moment_after_the_act() {
        assert_eq!(left_ms(f64::NEG_INFINITY, 5.0), 0.0, "nothing was done yet");
        assert_eq!(left_ms(1000.0, 1000.0), REST_MS);
        assert_eq!(left_ms(1000.0, 1060.0), REST_MS - 60.0);
        assert_eq!(left_ms(1000.0, 1000.0 + REST_MS), 0.0);
        assert_eq!(left_ms(1000.0, 9000.0), 0.0);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nobody() {
        assert_eq!(left_ms(9000.0, 1000.0), 0.0);
    }
}
