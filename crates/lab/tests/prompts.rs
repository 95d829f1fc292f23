//! The page asks what the lab trains and measures.

#![allow(missing_docs)]

use lab::corpus::{creative_page_prompts, factual_page_prompts};
use thermostat::app::prompts::Side;

#[test]
fn the_pages_prompts_are_the_labs() {
    for (side, expected) in
        [(Side::Creative, creative_page_prompts()), (Side::Factual, factual_page_prompts())]
    {
        let prompts: Vec<&str> = side.prompts().iter().map(|prompt| prompt.text).collect();
        assert_eq!(prompts, expected, "{}", side.id());
    }
}
