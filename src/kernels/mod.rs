//! The Rust side of `shaders/`: bindings, dispatch limits, and a CPU twin for each.
