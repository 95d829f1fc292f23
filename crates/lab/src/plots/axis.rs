//! Axes: from a range to round ticks.

use super::Mark;

/// About as many steps between ticks.
const STEPS: f64 = 5.0;

/// A linear axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What is measured, with its unit.
    pub label: String,
    /// Where it begins.
    pub low: f64,
    /// Where it ends; above `low`.
    pub high: f64,
}

impl Axis {
    /// An axis from one number to another; one step long if they do not rise.
    #[must_use]
    pub fn new(label: &str, low: f64, high: f64) -> Self {
        let sound = low.is_finite() && high.is_finite() && high > low;
        let (low, high) = if sound { (low, high) } else { (0.0, 1.0) };
        Self { label: label.to_owned(), low, high }
    }

    /// A vertical axis that holds some marks, ended by ticks.
    #[must_use]
    pub fn around(label: &str, marks: &[Mark]) -> Self {
        let low = marks.iter().map(Mark::lowest).fold(f64::INFINITY, f64::min);
        let high = marks.iter().map(Mark::highest).fold(f64::NEG_INFINITY, f64::max);
        let axis =
            if low == high { Self::new(label, low - 0.5, high + 0.5) } else { Self::new(label, low, high) };
        let step = axis.step();
        Self { low: (axis.low / step).floor() * step, high: (axis.high / step).ceil() * step, ..axis }
    }

    /// 1, 2 or 5 times a power of ten.
    fn step(&self) -> f64 {
        let rough = (self.high - self.low) / STEPS;
        let power = 10.0_f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0].into_iter().find(|round| round * power >= rough * 0.999);
        round.unwrap_or(10.0) * power
    }

    /// Ticks with their text.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let step = self.step();
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let (first, last) = ((self.low / step - 1e-9).ceil(), (self.high / step + 1e-9).floor());
        (first as i64..=last as i64)
            .map(|number| {
                let value = number as f64 * step;
                (value, format!("{value:.decimals$}").replace('-', "\u{2212}"))
            })
            .collect()
    }

    /// Where a value lies, from 0 to 1; outside that for values outside the axis.
    pub(super) fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::Point;

    fn texts(low: f64, high: f64) -> Vec<String> {
        Axis::new("", low, high).ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_are_round_numbers_inside_the_axis() {
        assert_eq!(texts(0.0, 1.0), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(0.1, 1.5), ["0.5", "1.0", "1.5"]);
        assert_eq!(texts(-2.3, 1.9), ["\u{2212}2", "\u{2212}1", "0", "1"]);
        assert_eq!(texts(1.0, 100.0), ["20", "40", "60", "80", "100"]);
    }

    #[test]
    fn axes_that_do_not_rise_are_mended() {
        for (low, high) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            let axis = Axis::new("", low, high);
            assert!(axis.high > axis.low && !axis.ticks().is_empty());
        }
        assert!(Axis::around("", &[]).high > 0.0);
    }

    #[test]
    fn an_axis_around_marks_holds_them() {
        let points = vec![Point { x: 0.0, y: -0.07, deviation: 0.1 }, Point::new(1.0, 3.3)];
        let axis = Axis::around("", &[Mark::Line { series: 0, points }]);
        assert_eq!((axis.low, axis.high), (-1.0, 4.0));
        let flat = Axis::around("", &[Mark::Line { series: 0, points: vec![Point::new(0.0, 2.0)] }]);
        assert!(flat.low < 2.0 && flat.high > 2.0);
    }
}
