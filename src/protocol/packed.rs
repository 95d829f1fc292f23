//! New tokens as they go from worker to page: one run of bytes. As objects they would be thousands of calls into the browser for a
//! batch of a few hundred rows, many times a second, on the thread that draws the page.
//!
//! For each row, in the order given, all numbers little-endian in 4 bytes: the row, how it stopped (0: it goes on), the number of
//! tokens, the number of bytes of text; then for each token its id and, as `f32`, log-probability and entropy; then the text, UTF-8.

use serde::{Deserializer, Serializer, de};
use thiserror::Error;

use super::{RowDelta, SampledToken, StopReason};

/// Bytes of a row before its tokens, and of a token.
const HEAD_BYTES: usize = 16;
const TOKEN_BYTES: usize = 12;

/// Why bytes are not new tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("bytes that are no new tokens")]
struct Unreadable;

pub(super) fn serialize<S: Serializer>(deltas: &[RowDelta], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&pack(deltas))
}

pub(super) fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Vec<RowDelta>, D::Error> {
    let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
    unpack(&bytes).map_err(de::Error::custom)
}

fn pack(deltas: &[RowDelta]) -> Vec<u8> {
    let size = |delta: &RowDelta| HEAD_BYTES + delta.tokens.len() * TOKEN_BYTES + delta.text.len();
    let mut bytes = Vec::with_capacity(deltas.iter().map(size).sum());
    for delta in deltas {
        // A step gives few tokens, so the counts fit.
        let head = [delta.row, code(delta.stop), delta.tokens.len() as u32, delta.text.len() as u32];
        head.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        for token in &delta.tokens {
            bytes.extend(token.id.to_le_bytes());
            bytes.extend(token.log_prob.to_le_bytes());
            bytes.extend(token.entropy.to_le_bytes());
        }
        bytes.extend(delta.text.as_bytes());
    }
    bytes
}

/// Every length is checked before anything is allocated for it.
fn unpack(bytes: &[u8]) -> Result<Vec<RowDelta>, Unreadable> {
    let mut rest = bytes;
    let mut deltas = Vec::new();
    while !rest.is_empty() {
        let (row, stop) = (number(&mut rest)?, stop_of(number(&mut rest)?)?);
        let (tokens, text) = (number(&mut rest)? as usize, number(&mut rest)? as usize);
        let mut packed = take(&mut rest, tokens.checked_mul(TOKEN_BYTES).ok_or(Unreadable)?)?;
        let tokens = (0..tokens).map(|_| token(&mut packed)).collect::<Result<_, _>>()?;
        let text = std::str::from_utf8(take(&mut rest, text)?).map_err(|_| Unreadable)?.to_owned();
        deltas.push(RowDelta { row, tokens, text, stop });
    }
    Ok(deltas)
}

fn token(rest: &mut &[u8]) -> Result<SampledToken, Unreadable> {
    let id = number(rest)?;
    let (log_prob, entropy) = (f32::from_bits(number(rest)?), f32::from_bits(number(rest)?));
    Ok(SampledToken { id, log_prob, entropy })
}

fn number(rest: &mut &[u8]) -> Result<u32, Unreadable> {
    let (number, after) = rest.split_first_chunk().ok_or(Unreadable)?;
    *rest = after;
    Ok(u32::from_le_bytes(*number))
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Unreadable> {
    let (taken, after) = rest.split_at_checked(length).ok_or(Unreadable)?;
    *rest = after;
    Ok(taken)
}

fn code(stop: Option<StopReason>) -> u32 {
    match stop {
        None => 0,
        Some(StopReason::EndOfAnswer) => 1,
        Some(StopReason::Length) => 2,
        Some(StopReason::NotANumber) => 3,
    }
}

fn stop_of(code: u32) -> Result<Option<StopReason>, Unreadable> {
    Ok(Some(match code {
        0 => return Ok(None),
        1 => StopReason::EndOfAnswer,
        2 => StopReason::Length,
        3 => StopReason::NotANumber,
        _ => return Err(Unreadable),
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn delta(row: u32, ids: &[u32], text: &str, stop: Option<StopReason>) -> RowDelta {
        let token = |&id: &u32| SampledToken { id, log_prob: -0.5, entropy: 1.5 };
        RowDelta { row, tokens: ids.iter().map(token).collect(), text: text.to_owned(), stop }
    }

    #[test]
    fn the_layout_is_as_described() {
        let bytes = pack(&[delta(258, &[7], "é", Some(StopReason::Length))]);
        let head = [2, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];
        let token = [7, 0, 0, 0, 0, 0, 0, 0xbf, 0, 0, 0xc0, 0x3f];
        assert_eq!(bytes, [&head[..], &token, "é".as_bytes()].concat());
    }

    #[test]
    fn bytes_cut_off_anywhere_are_refused() {
        let bytes = pack(&[delta(0, &[1, 2], "ab", None)]);
        assert_eq!(unpack(&[]), Ok(Vec::new()));
        for length in 1..bytes.len() {
            assert_eq!(unpack(&bytes[..length]), Err(Unreadable), "{length}");
        }
    }

    #[test]
    fn unknown_ends_huge_counts_and_broken_text_are_refused() {
        let head = |words: [u32; 4]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
        assert_eq!(unpack(&head([0, 4, 0, 0])), Err(Unreadable));
        assert_eq!(unpack(&head([0, 0, u32::MAX, 0])), Err(Unreadable));
        assert_eq!(unpack(&head([0, 0, 0, u32::MAX])), Err(Unreadable));
        assert_eq!(unpack(&[head([0, 0, 0, 1]), vec![0xff]].concat()), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(rows in prop::collection::vec((any::<u32>(), prop::collection::vec(any::<u32>(), 0..4), ".{0,6}", 0..4_u32), 0..6)) {
            let deltas: Vec<RowDelta> =
                rows.iter().map(|(row, ids, text, code)| delta(*row, ids, text, stop_of(*code).unwrap())).collect();
            prop_assert_eq!(unpack(&pack(&deltas)), Ok(deltas));
        }

        #[test]
        fn no_bytes_are_more_than_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(deltas) = unpack(&bytes) {
                prop_assert_eq!(pack(&deltas), bytes);
            }
        }
    }
}
