//! How many rows of a job are at work at a time: as many as there is memory meant for.

use crate::model::LlamaConfig;

/// Memory that the rows at work may hold, in bytes. What the weights and the prompt take comes on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// All that they hold together.
    pub bytes: u64,
    /// The largest single buffer: on a device, all rows' keys in one layer are one, and so are their logits.
    pub buffer_bytes: u64,
}

impl Budget {
    /// On the processor, in each worker: WebAssembly has 4 GiB at most, and a phone gives a page far less.
    pub const PROCESSOR: Self = Self { bytes: 512 << 20, buffer_bytes: u64::MAX };

    /// On a graphics card. WebGPU does not say how much memory there is; the largest buffer that a device offers grows with
    /// it, and is taken for the budget between 256 MiB and 4 GiB.
    #[must_use]
    pub fn of_device(largest_buffer: u64, largest_binding: u64) -> Self {
        Self {
            bytes: largest_buffer.clamp(256 << 20, 4 << 30),
            buffer_bytes: largest_buffer.min(largest_binding),
        }
    }

    /// Where so many parts of what rows hold lie in one buffer, each has a share of the largest.
    #[must_use]
    pub fn with_together(self, parts: usize) -> Self {
        Self { buffer_bytes: self.buffer_bytes / parts.max(1) as u64, ..self }
    }

    /// Rows at work at a time, at least one, if each may sample `most_tokens`.
    #[must_use]
    pub fn rows(&self, config: &LlamaConfig, most_tokens: usize) -> usize {
        const FLOAT: usize = size_of::<f32>();
        let layer = config.kv_length() * most_tokens;
        let caches = 2 * config.block_count * layer;
        let states = 2 * config.embedding_length
            + 2 * (config.query_length() + config.kv_length())
            + config.feed_forward_length
            + config.vocabulary;
        let by_all = self.bytes / ((caches + states) * FLOAT) as u64;
        let by_buffer = self.buffer_bytes / (layer.max(config.vocabulary) * FLOAT) as u64;
        by_all.min(by_buffer).max(1).try_into().unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SmolLM2-135M's shape (its `config.json`).
    fn smollm2() -> LlamaConfig {
        LlamaConfig {
            vocabulary: 49_152,
            embedding_length: 576,
            block_count: 30,
            feed_forward_length: 1536,
            head_count: 9,
            head_count_kv: 3,
            head_length: 64,
            rope_length: 64,
            rope_freq_base: 100_000.0,
            rms_epsilon: 1e-5,
            context_length: 8192,
        }
    }

    #[test]
    fn a_row_counts_with_its_caches_and_its_logits() {
        let config = smollm2();
        // 30 layers of keys and values, 192 wide, 200 tokens: 9,216,000 bytes; logits 196,608; other states 18,944.
        let row = 9_216_000 + 196_608 + 4 * (2 * 576 + 2 * (576 + 192) + 1536);
        assert_eq!(Budget { bytes: 10 * row, buffer_bytes: u64::MAX }.rows(&config, 200), 10);
        assert_eq!(Budget { bytes: 10 * row - 1, buffer_bytes: u64::MAX }.rows(&config, 200), 9);
    }

    #[test]
    fn no_buffer_is_larger_than_the_device_takes() {
        let config = smollm2();
        // Of 200 tokens the keys of a layer are 153,600 bytes a row, the logits 196,608; of 2,000 tokens the keys are larger.
        let rows =
            |mib: u64, tokens| Budget { bytes: u64::MAX, buffer_bytes: mib << 20 }.rows(&config, tokens);
        assert_eq!(rows(128, 200), (128 << 20) / 196_608);
        assert_eq!(rows(128, 2000), (128 << 20) / 1_536_000);
    }

    #[test]
    fn parts_in_one_buffer_share_what_it_may_be() {
        let budget = Budget { bytes: u64::MAX, buffer_bytes: 1200 };
        assert_eq!(budget.with_together(12), Budget { buffer_bytes: 100, ..budget });
        assert_eq!(budget.with_together(1), budget);
        assert_eq!(budget.with_together(0), budget);
    }

    /// What the map says.
    #[test]
    fn all_rows_of_our_models_are_at_work_at_once_and_of_larger_ones_as_many_as_fit() {
        let ours = LlamaConfig {
            vocabulary: 2048,
            embedding_length: 128,
            block_count: 6,
            feed_forward_length: 352,
            head_count: 4,
            head_count_kv: 2,
            head_length: 32,
            ..smollm2()
        };
        assert!(Budget::PROCESSOR.rows(&ours, 200) >= 375);
        assert!(Budget::of_device(256 << 20, 128 << 20).rows(&ours, 64) >= 375);
        // Keys and values of all six blocks in one buffer, as the kernel for whole rows has them.
        assert!(Budget::of_device(256 << 20, 128 << 20).with_together(12).rows(&ours, 64) >= 375);
        assert_eq!(Budget::PROCESSOR.rows(&smollm2(), 200), 56);
    }

    #[test]
    fn one_row_is_always_at_work() {
        assert_eq!(Budget { bytes: 1, buffer_bytes: 1 }.rows(&smollm2(), 8000), 1);
    }

    #[test]
    fn what_a_device_offers_bounds_its_budget() {
        let of = |largest: u64| Budget::of_device(largest << 20, 128 << 20);
        assert_eq!(of(64), Budget { bytes: 256 << 20, buffer_bytes: 64 << 20 });
        assert_eq!(of(2048), Budget { bytes: 2048 << 20, buffer_bytes: 128 << 20 });
        assert_eq!(of(1 << 30).bytes, 4 << 30);
    }
}
