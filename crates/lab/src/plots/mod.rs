//! Charts as SVG: plain series in, one accessible picture out.
//!
//! For the model card, which is read as Markdown: no script, no style sheet, no font of its own, a white ground so that dark
//! themes stay legible. Every series has a colour that people with any colour vision can tell apart (Okabe and Ito
//! 2008), and a marker of its own shape besides; the chart carries a title and a description for screen readers.
//!
//! Nothing here knows what is plotted. The same chart always gives the same bytes.

mod axis;
mod draw;
mod style;

pub use axis::Axis;

/// A picture of one panel or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Short name of lower-case letters, digits and hyphens; ids in the SVG begin with it.
    pub name: String,
    /// What is shown, in a line.
    pub title: String,
    /// What can be seen, for people who cannot see it.
    pub description: String,
    /// Panels, two to a row.
    pub panels: Vec<Panel>,
    /// Names of the series; their place decides colour and marker.
    pub series: Vec<String>,
}

/// One pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Name above the panel.
    pub title: String,
    /// Across.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// What is drawn, the first one lowest.
    pub marks: Vec<Mark>,
}

/// Something drawn in a panel. `series` is a place in [`Chart::series`].
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line with a marker at each point, and a band around it.
    Line {
        /// Whose.
        series: usize,
        /// Points from left to right.
        points: Vec<Point>,
    },
    /// The outline of a histogram.
    Steps {
        /// Whose.
        series: usize,
        /// Edges of the bins, rising; one more than heights.
        edges: Vec<f64>,
        /// Height of each bin.
        heights: Vec<f64>,
    },
    /// A thin dashed line for comparison; it has no entry in the legend.
    Guide {
        /// One end.
        from: (f64, f64),
        /// The other.
        to: (f64, f64),
    },
}

/// A point of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Upwards.
    pub y: f64,
    /// Half the height of the band here, for example a standard deviation; 0 for none.
    pub deviation: f64,
}

impl Point {
    /// A point without a band.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y, deviation: 0.0 }
    }
}

impl Mark {
    /// A histogram as shares of all counts, in per cent.
    #[must_use]
    pub fn shares(series: usize, edges: &[f64], counts: &[u32]) -> Self {
        let all = counts.iter().sum::<u32>().max(1);
        let heights = counts.iter().map(|&count| 100.0 * f64::from(count) / f64::from(all)).collect();
        Self::Steps { series, edges: edges.to_vec(), heights }
    }

    /// The highest value, bands included.
    #[must_use]
    pub fn highest(&self) -> f64 {
        let fold = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
        match self {
            Self::Line { points, .. } => fold(&mut points.iter().map(|p| p.y + p.deviation)),
            Self::Steps { heights, .. } => fold(&mut heights.iter().copied()),
            Self::Guide { from, to } => from.1.max(to.1),
        }
    }

    /// The lowest value, bands included; of a histogram 0.
    #[must_use]
    pub fn lowest(&self) -> f64 {
        match self {
            Self::Line { points, .. } => {
                points.iter().map(|p| p.y - p.deviation).fold(f64::INFINITY, f64::min)
            }
            Self::Steps { .. } => 0.0,
            Self::Guide { from, to } => from.1.min(to.1),
        }
    }
}

impl Chart {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        draw::svg(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_a_hundred() {
        let Mark::Steps { heights, .. } = Mark::shares(0, &[0.0, 1.0, 2.0], &[1, 3]) else {
            panic!("a histogram")
        };
        assert_eq!(heights, [25.0, 75.0]);
    }

    #[test]
    fn bands_count_for_the_range() {
        let line = Mark::Line { series: 0, points: vec![Point { x: 0.0, y: 1.0, deviation: 0.5 }] };
        assert_eq!((line.lowest(), line.highest()), (0.5, 1.5));
    }
}
