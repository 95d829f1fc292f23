//! Diversity metrics: texts and distributions in, plain numbers out.
