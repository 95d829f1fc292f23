//! The tour.

/// The tour.
pub struct Tour {
    /// Its name, for screen readers.
    pub name: &'static str,
    /// Where one is: stop, stops, chapter.
    pub place: fn(usize, usize, &str) -> String,
    /// What is said at each stop.
    pub stops: [&'static str; 8],
    /// Button: the stop before.
    pub back: &'static str,
    /// Button: the next stop.
    pub next: &'static str,
    /// The same at the last.
    pub finish: &'static str,
    /// Button: end it.
    pub end: &'static str,
}
