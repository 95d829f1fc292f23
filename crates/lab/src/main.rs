//! The lab: trains the lineage.
fn main() {}
