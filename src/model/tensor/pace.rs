//! How many steps are submitted to a card together: few enough that none is held up by them for long, on slow cards too.

/// Most steps that are submitted together. More would save little of the way there and back, and rows that have ended go on for
/// nothing.
pub(super) const MOST_STEPS: usize = 16;

/// Of the first submission: the first tokens are to be seen at once.
const FIRST_STEPS: usize = 4;

/// About the longest that a submission may take, the way there and back included: two frames. While it runs nothing can be
/// cancelled, and a browser that draws with the same card may wait for it.
const LONGEST_MS: f64 = 32.0;

/// Submissions never grow by more than this.
const GROWTH: usize = 4;

/// The pace of some rows, which is learnt as they go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    steps: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { steps: FIRST_STEPS }
    }
}

impl Pace {
    /// Steps to submit next.
    pub fn steps(self) -> usize {
        self.steps
    }

    /// So many steps took so long; none where there is no clock.
    pub fn took(&mut self, steps: usize, ms: Option<f64>) {
        let bearable = match ms {
            Some(ms) if ms > 0.0 => (LONGEST_MS * steps as f64 / ms) as usize,
            _ => MOST_STEPS,
        };
        self.steps = bearable.clamp(1, MOST_STEPS.min(GROWTH * steps.max(1)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(took: &[(usize, Option<f64>)]) -> usize {
        let mut pace = Pace::default();
        took.iter().for_each(|&(steps, ms)| pace.took(steps, ms));
        pace.steps()
    }

    #[test]
    fn the_first_tokens_come_soon_and_quick_cards_are_given_as_much_as_there_may_be() {
        assert_eq!(after(&[]), FIRST_STEPS);
        assert_eq!(after(&[(4, Some(3.5))]), MOST_STEPS);
        assert_eq!(after(&[(4, Some(3.5)), (16, Some(6.0))]), MOST_STEPS);
    }

    #[test]
    fn slow_cards_are_given_what_takes_two_frames_or_one_step() {
        assert_eq!(after(&[(4, Some(16.0))]), 8);
        assert_eq!(after(&[(4, Some(64.0))]), 2);
        assert_eq!(after(&[(4, Some(5_000.0))]), 1);
        assert_eq!(after(&[(4, Some(5_000.0)), (1, Some(200.0))]), 1);
    }

    #[test]
    fn after_a_hitch_the_pace_comes_back() {
        let hitch = (4, Some(1_000.0));
        assert_eq!(after(&[hitch, (1, Some(3.0))]), 4);
        assert_eq!(after(&[hitch, (1, Some(3.0)), (4, Some(3.5))]), MOST_STEPS);
    }

    #[test]
    fn without_a_clock_or_with_a_coarse_one_it_grows() {
        assert_eq!(after(&[(4, None)]), MOST_STEPS);
        assert_eq!(after(&[(4, Some(0.0))]), MOST_STEPS);
        assert_eq!(after(&[(1, None)]), 4);
        assert_eq!(after(&[(0, Some(f64::NAN))]), 4);
    }
}
