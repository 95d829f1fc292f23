//! What the project's tasks share with the browser journeys: running programs, where the tools are, serving `dist/`.

pub mod first_visit;
pub mod first_words;
pub mod offline;
pub mod seal;
pub mod server;
pub mod shell;
pub mod styles;
pub mod tools;
