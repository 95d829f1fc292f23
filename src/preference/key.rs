//! Names that nobody hands out: 128 random bits, as 32 lower-case hex digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::PreferenceError;

/// 128 random bits: the id of a vote, or the key of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RandomKey([u8; 16]);

impl RandomKey {
    /// A key from bytes of a cryptographic random source.
    #[must_use]
    pub fn new(random_bytes: [u8; 16]) -> Self {
        Self(random_bytes)
    }
}

impl fmt::Display for RandomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for RandomKey {
    type Err = PreferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || PreferenceError::Malformed("a key must be 32 lower-case hex digits".to_owned());
        let digits: &[u8; 32] = text.as_bytes().try_into().map_err(|_| refused())?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0]).ok_or_else(refused)? << 4 | hex_digit(pair[1]).ok_or_else(refused)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for RandomKey {
    type Error = PreferenceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RandomKey> for String {
    fn from(key: RandomKey) -> Self {
        key.to_string()
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_32_lower_case_hex_digits_are_a_key() {
        for bad in
            ["", "00", &"0".repeat(31), &"0".repeat(33), &"A".repeat(32), &"g".repeat(32), &"é".repeat(16)]
        {
            assert!(bad.parse::<RandomKey>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn keys_survive_writing_and_reading(bytes: [u8; 16]) {
            let key = RandomKey::new(bytes);
            prop_assert_eq!(key.to_string().parse::<RandomKey>(), Ok(key));
        }
    }
}
