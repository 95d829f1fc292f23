//! The corpus's own source of chance: SplitMix64 (Steele, Lea and Flood 2014), so that examples never change with a
//! dependency. Not for secrets.

/// A stream of numbers that depends only on a seed and an index.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream of one example.
    pub(crate) fn new(seed: u64, index: u64) -> Self {
        let mut stream = Self(seed);
        let mixed = stream.next();
        let mut stream = Self(mixed ^ index.wrapping_mul(0xD134_2543_DE82_EF95));
        stream.next();
        stream
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `count`; zero when `count` is zero. The bias is below 2^-32 for the counts used here.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// A number strictly between 0 and 1, on a grid of 2^53.
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A draw from the standard logistic distribution, whose cumulative distribution is the sigmoid.
    pub(crate) fn logistic(&mut self) -> f64 {
        let share = self.unit();
        (share / (1.0 - share)).ln()
    }

    /// True with the given probability in per cent.
    pub(crate) fn per_cent(&mut self, per_cent: usize) -> bool {
        self.below(100) < per_cent
    }

    /// One of the items, or none of nothing.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// The place of one of the weights, each taken in proportion.
    pub(crate) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, &weight) in weights.iter().enumerate() {
            if left < weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}
