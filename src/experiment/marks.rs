//! The marks that tell the stages of a chart apart where shades do not: in print, on a poor projector, for the colour-blind.

/// Marks there are; a ninth begins again.
pub const MARKS: usize = 8;

/// A star with five points, the first at the top.
const STAR: [(f64, f64); 10] = [
    (0.0, -1.45),
    (0.36, -0.49),
    (1.38, -0.45),
    (0.58, 0.19),
    (0.85, 1.17),
    (0.0, 0.61),
    (-0.85, 1.17),
    (-0.58, 0.19),
    (-1.38, -0.45),
    (-0.36, -0.49),
];

/// A cross that stands, by the half width of its bars and their half length.
const fn cross(thin: f64, long: f64) -> [(f64, f64); 12] {
    [
        (-thin, -long),
        (thin, -long),
        (thin, -thin),
        (long, -thin),
        (long, thin),
        (thin, thin),
        (thin, long),
        (-thin, long),
        (-thin, thin),
        (-long, thin),
        (-long, -thin),
        (-thin, -thin),
    ]
}

/// A cross that leans, with bars `half` wide whose ends lie `end` from the middle, down and across.
const fn saltire(half: f64, end: f64) -> [(f64, f64); 12] {
    [
        (0.0, -half),
        (end - half, -end),
        (end, half - end),
        (half, 0.0),
        (end, end - half),
        (end - half, end),
        (0.0, half),
        (half - end, end),
        (-end, end - half),
        (-half, 0.0),
        (-end, half - end),
        (half - end, -end),
    ]
}

const CROSS: [(f64, f64); 12] = cross(0.4, 1.25);
const SALTIRE: [(f64, f64); 12] = saltire(0.55, 1.1);

/// Corners of a mark about its middle, in multiples of its radius; none for the disc, which is the first. Then: square, triangle,
/// diamond, triangle on its tip, cross, star, leaning cross.
#[must_use]
pub fn corners(order: usize) -> &'static [(f64, f64)] {
    match order % MARKS {
        0 => &[],
        1 => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        2 => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        3 => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
        4 => &[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
        5 => &CROSS,
        6 => &STAR,
        _ => &SALTIRE,
    }
}

/// Which of `count` points of a recorded curve carries its mark. Curves lie close together: each has its mark at a place of its own.
/// None of an empty curve.
#[must_use]
pub fn marked_point(order: usize, count: usize) -> Option<usize> {
    // One step from the left edge, where all curves meet.
    Some((order % MARKS * 2 + 1) % count.max(1)).filter(|place| *place < count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_marks_are_alike_and_all_lie_about_their_middle() {
        for order in 0..MARKS {
            let mark = corners(order);
            assert!((0..order).all(|other| corners(other) != mark), "{order}");
            assert!(mark.iter().all(|(x, y)| x.hypot(*y) < 1.6), "{order}");
            let middle: f64 = mark.iter().map(|(x, _)| x).sum();
            assert!(middle.abs() < 1e-9, "{order}: as wide to the left as to the right");
        }
        assert_eq!(corners(MARKS), corners(0));
    }

    #[test]
    fn recorded_curves_have_their_marks_at_places_of_their_own() {
        let places: Vec<_> = (0..7).filter_map(|order| marked_point(order, 15)).collect();
        assert_eq!(places, [1, 3, 5, 7, 9, 11, 13]);
        assert_eq!(marked_point(6, 2), Some(1));
        assert_eq!(marked_point(3, 0), None);
    }
}
