//! The byte alphabet of GPT-2's byte-level BPE: every byte is shown as one printable character.
//!
//! Printable bytes of Latin-1 stand for themselves, the other 68 for the characters from U+0100 on, in order.

/// Whether a byte stands for itself.
const fn is_itself(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff)
}

/// Number of bytes that do not stand for themselves.
const SHIFTED: usize = 68;

/// The bytes that do not stand for themselves, in order: the `n`th is shown as U+0100 + `n`.
const SHIFTED_BYTES: [u8; SHIFTED] = {
    let mut bytes = [0; SHIFTED];
    let (mut byte, mut found) = (0_u8, 0);
    while found < SHIFTED {
        if !is_itself(byte) {
            bytes[found] = byte;
            found += 1;
        }
        byte += 1;
    }
    bytes
};

/// The character that shows a byte.
#[must_use]
pub fn byte_to_char(byte: u8) -> char {
    match SHIFTED_BYTES.binary_search(&byte) {
        Ok(nth) => char::from_u32(0x100 + nth as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        Err(_) => char::from(byte),
    }
}

/// The byte that a character shows, if it is one of the alphabet.
#[must_use]
pub fn char_to_byte(character: char) -> Option<u8> {
    let code = u32::from(character);
    match u8::try_from(code) {
        Ok(byte) => is_itself(byte).then_some(byte),
        Err(_) => SHIFTED_BYTES.get(code.checked_sub(0x100)? as usize).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_own_character() {
        for byte in 0..=u8::MAX {
            assert_eq!(char_to_byte(byte_to_char(byte)), Some(byte));
        }
        assert_eq!(byte_to_char(b' '), '\u{120}');
        assert_eq!(byte_to_char(b'\n'), '\u{10a}');
        assert_eq!(byte_to_char(0xad), '\u{143}');
        assert_eq!(char_to_byte('\u{144}'), None);
    }
}
