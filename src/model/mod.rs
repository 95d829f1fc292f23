//! The Llama-family decoder in burn.
