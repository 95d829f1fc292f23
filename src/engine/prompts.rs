//! Prompts that were run lately: another temperature, a new seed, an experiment once more begin without running theirs again.

use std::collections::VecDeque;

use crate::kernels::Values;
use crate::model::{LlamaConfig, PrefixCache};
use crate::units::TokenId;

/// Memory that they may hold in each model, in bytes: hundreds of prompts of ours, some 350 tokens of SmolLM2's shape.
const MOST_BYTES: usize = 16 << 20;

/// Some prompts, the last used first.
#[derive(Debug, Default)]
pub(super) struct Prompts {
    kept: VecDeque<Kept>,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    tokens: Vec<TokenId>,
    prefix: PrefixCache,
    /// `[1, vocabulary]`
    first_logits: Values,
    bytes: usize,
}

impl Prompts {
    /// What a prompt left, if it is still there.
    pub fn find(&mut self, tokens: &[TokenId]) -> Option<(PrefixCache, Values)> {
        let place = self.kept.iter().position(|kept| kept.tokens == tokens)?;
        let kept = self.kept.remove(place)?;
        let found = (kept.prefix.clone(), kept.first_logits.clone());
        self.kept.push_front(kept);
        Some(found)
    }

    /// Keeps what a prompt left, and drops those that were used longest ago until there is room. One that is too large by itself is
    /// not kept.
    pub fn keep(
        &mut self,
        config: &LlamaConfig,
        tokens: &[TokenId],
        prefix: &PrefixCache,
        first_logits: &Values,
    ) {
        let bytes = bytes_of(config, tokens.len());
        if bytes > MOST_BYTES {
            return;
        }
        while self.bytes + bytes > MOST_BYTES {
            let Some(oldest) = self.kept.pop_back() else { break };
            self.bytes -= oldest.bytes;
        }
        self.bytes += bytes;
        self.kept.push_front(Kept {
            tokens: tokens.to_vec(),
            prefix: prefix.clone(),
            first_logits: first_logits.clone(),
            bytes,
        });
    }
}

/// Keys and values of each layer, and the logits.
fn bytes_of(config: &LlamaConfig, tokens: usize) -> usize {
    size_of::<f32>() * (config.cache_of_token() * tokens + config.vocabulary)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::gguf::{Gguf, TensorType};
    use crate::model::made_up::{Shape, made_up_model};
    use crate::model::{Decoder, Place};

    fn decoder() -> Decoder {
        let gguf = Gguf::parse(made_up_model(Shape::TINY, TensorType::Q8_0).unwrap()).unwrap();
        Decoder::load(&gguf, &Place::Host).unwrap()
    }

    fn numbers(values: &Values) -> Vec<f32> {
        match values {
            Values::Host { values, .. } => values.clone(),
            #[cfg(feature = "tensor")]
            Values::Tensor(_) => unreachable!("the decoder is in plain memory"),
        }
    }

    #[test]
    fn a_prompt_is_found_by_all_of_its_tokens_and_no_others() {
        let (decoder, mut prompts) = (decoder(), Prompts::default());
        let run = |tokens: &[TokenId]| decoder.prefill(tokens).unwrap();
        let (prefix, logits) = run(&[1, 2, 3]);
        prompts.keep(decoder.config(), &[1, 2, 3], &prefix, &logits);
        let (found, first) = prompts.find(&[1, 2, 3]).unwrap();
        assert_eq!(numbers(&first), numbers(&logits));
        assert!(decoder.row_cache(&found, 2).is_ok());
        for others in [&[1, 2][..], &[1, 2, 4], &[1, 2, 3, 4], &[]] {
            assert!(prompts.find(others).is_none(), "{others:?}");
        }
    }

    #[test]
    fn the_ones_used_longest_ago_make_room() {
        let (decoder, mut prompts) = (decoder(), Prompts::default());
        let (prefix, logits) = decoder.prefill(&[1]).unwrap();
        let config = decoder.config();
        let each = bytes_of(config, 1);
        let fit = MOST_BYTES / each;
        for token in 0..fit {
            prompts.keep(config, &[token as TokenId], &prefix, &logits);
        }
        assert!(prompts.find(&[0]).is_some(), "all of them fit");
        prompts.keep(config, &[fit as TokenId], &prefix, &logits);
        assert!(prompts.find(&[1]).is_none(), "it was used longest ago");
        assert!(prompts.find(&[0]).is_some() && prompts.find(&[fit as TokenId]).is_some());
        assert!(prompts.bytes <= MOST_BYTES && prompts.kept.len() == fit, "{} bytes", prompts.bytes);
    }

    #[test]
    fn a_prompt_that_is_too_large_is_not_kept_and_drives_nobody_out() {
        let (decoder, mut prompts) = (decoder(), Prompts::default());
        let (prefix, logits) = decoder.prefill(&[1]).unwrap();
        prompts.keep(decoder.config(), &[1], &prefix, &logits);
        let long = vec![2; MOST_BYTES];
        prompts.keep(decoder.config(), &long, &prefix, &logits);
        assert!(prompts.find(&long).is_none() && prompts.find(&[1]).is_some());
    }
}
