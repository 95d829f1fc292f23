//! Tokenizers from GGUF metadata, the chat template, and detokenising a stream.
