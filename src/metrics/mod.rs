//! Diversity metrics: texts and distributions in, plain numbers out.
//!
//! Nothing here knows a model, a tensor or a page. Metrics over texts take slices of tokens of any type; [`words`] is
//! the tokenisation that the page and the lab use. A metric that is undefined for its input is `None`, never 0.
//!
//! Groups of different size must not be compared by [`self_bleu`], [`distinct_n`] or [`vendi_score`]: all three depend
//! on the number of texts. Fix it first.

mod answers;
mod distinct;
mod effective_temperature;
mod entropy;
mod grams;
mod self_bleu;
mod tempered;
mod vendi;
mod words;

pub use answers::{AnswerGroup, answer_entropy, distinct_answers, group_answers};
pub use distinct::{distinct_n, expectation_adjusted_distinct};
pub use effective_temperature::{OPEN_NATS, effective_temperature};
pub use entropy::{entropy, entropy_of_counts, mean_token_entropy};
pub use self_bleu::{bleu_against_others, self_bleu};
pub use tempered::Tempered;
pub use vendi::{text_kernel, vendi_score, vendi_score_of_kernel};
pub use words::words;
