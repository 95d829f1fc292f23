//! The GGUF container (v3) and its block formats, read and write.
