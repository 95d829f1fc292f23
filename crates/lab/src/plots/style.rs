//! How series are told apart: by colour, by marker and, in words, by the legend.

/// Okabe and Ito's colours ("Color Universal Design", 2008) in an order of which neighbours differ most; without yellow, which is too
/// faint on white.
const COLOURS: [&str; 7] = ["#000000", "#56b4e9", "#e69f00", "#009e73", "#0072b2", "#d55e00", "#cc79a7"];

/// Shapes; their number has no factor in common with that of the colours.
const SHAPES: usize = 6;

/// The colour of a series.
pub(super) fn colour(series: usize) -> &'static str {
    COLOURS[series % COLOURS.len()]
}

/// The marker of a series, centred at a place; an SVG element.
pub(super) fn marker(series: usize, x: f64, y: f64) -> String {
    let fill = colour(series);
    let polygon = |corners: &[(f64, f64)]| {
        let corners: Vec<String> =
            corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
        format!(r#"<polygon points="{}" fill="{fill}"/>"#, corners.join(" "))
    };
    match series % SHAPES {
        0 => format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{fill}"/>"#),
        1 => polygon(&[(-2.8, -2.8), (2.8, -2.8), (2.8, 2.8), (-2.8, 2.8)]),
        2 => polygon(&[(0.0, -3.8), (3.6, 2.8), (-3.6, 2.8)]),
        3 => polygon(&[(0.0, -4.2), (4.2, 0.0), (0.0, 4.2), (-4.2, 0.0)]),
        4 => polygon(&[(0.0, 3.8), (3.6, -2.8), (-3.6, -2.8)]),
        _ => format!(
            r#"<path d="M{:.1},{:.1}l6,6m0,-6l-6,6" stroke="{fill}" stroke-width="2"/>"#,
            x - 3.0,
            y - 3.0
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn series_differ_in_shape_as_well_as_in_colour() {
        let looks: BTreeSet<_> = (0..42).map(|s| marker(s, 0.0, 0.0)).collect();
        assert_eq!(looks.len(), 42);
        let shapes: BTreeSet<_> = (0..SHAPES).map(|s| marker(s, 0.0, 0.0).replace(colour(s), "")).collect();
        assert_eq!(shapes.len(), SHAPES);
    }
}
