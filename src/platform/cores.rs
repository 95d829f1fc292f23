//! How many cores the processor has, as far as the browser says.

/// Cores for programs to use, at least 1. Some browsers say fewer than there are, so that visitors are harder to tell apart.
#[must_use]
pub fn cores() -> usize {
    // A browser that does not say gives something that is no number, which `as` makes 0.
    web_sys::window().map_or(1, |window| window.navigator().hardware_concurrency() as usize).max(1)
}
