//! Where numbers lie in a drawing.

/// A rectangle and the ranges of numbers that it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// Its left and right edge, in the drawing's units.
    pub across: (f64, f64),
    /// Its upper and lower edge.
    pub down: (f64, f64),
    /// The numbers at the left and at the right edge.
    pub x: (f64, f64),
    /// The numbers at the lower and at the upper edge.
    pub y: (f64, f64),
}

impl Axes {
    /// Where a number lies across.
    #[must_use]
    pub fn x(&self, value: f64) -> f64 {
        self.across.0 + (value - self.x.0) / (self.x.1 - self.x.0) * (self.across.1 - self.across.0)
    }

    /// Where a number lies down; one beyond the edges lies on them.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        let (low, high) = self.y;
        self.down.0 + (high - value.clamp(low, high)) / (high - low) * (self.down.1 - self.down.0)
    }

    /// The `points` of an SVG line through pairs of numbers.
    #[must_use]
    pub fn points(&self, pairs: impl IntoIterator<Item = (f64, f64)>) -> String {
        points(pairs.into_iter().map(|(x, y)| (self.x(x), self.y(y))))
    }
}

/// The `points` of an SVG line through places in the drawing.
#[must_use]
pub fn points(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    places.into_iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXES: Axes = Axes { across: (10.0, 110.0), down: (5.0, 25.0), x: (0.5, 1.5), y: (-1.0, 1.0) };

    #[test]
    fn the_ends_of_the_ranges_lie_on_the_edges() {
        assert_eq!(AXES.points([(0.5, 1.0), (1.0, 0.0), (1.5, -1.0)]), "10.0,5.0 60.0,15.0 110.0,25.0");
    }

    #[test]
    fn what_lies_above_or_below_stays_in_the_drawing() {
        assert_eq!((AXES.y(9.0), AXES.y(-9.0)), (5.0, 25.0));
    }
}
