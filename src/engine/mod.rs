//! Device choice and self-test, prefill, batched decode, streaming events, cancellation.
