//! The byte alphabet of GPT-2's byte-level BPE: every byte is shown as one printable character.
//!
//! Printable bytes of Latin-1 stand for themselves, the other 68 for the characters from U+0100 on, in order.

/// Whether a byte stands for itself.
fn is_itself(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff)
}

/// The character that shows a byte.
#[must_use]
pub fn byte_to_char(byte: u8) -> char {
    if is_itself(byte) {
        char::from(byte)
    } else {
        let before = (0..byte).filter(|&b| !is_itself(b)).count() as u32;
        char::from_u32(0x100 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// The byte that a character shows, if it is one of the alphabet.
#[must_use]
pub fn char_to_byte(character: char) -> Option<u8> {
    let code = u32::from(character);
    match u8::try_from(code) {
        Ok(byte) => is_itself(byte).then_some(byte),
        Err(_) => (0..=u8::MAX).filter(|&b| !is_itself(b)).nth(code.checked_sub(0x100)? as usize),
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
    }
}
