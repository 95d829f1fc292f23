//! Packs a screenshot anew. Browsers write PNG in haste: rows of flat colour are smaller without PNG's filters, and packed with patience.
//!
//! Only what Chromium's screenshots are: 8 bits, RGB, not interlaced. Format: <https://www.w3.org/TR/png-3/>.

use std::io::{Read, Write};

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Bytes of a pixel.
const PIXEL: usize = 3;

/// The same picture, smaller.
///
/// # Errors
/// When it is no such PNG.
pub fn packed(png: &[u8]) -> Result<Vec<u8>> {
    let mut rest = png.strip_prefix(SIGNATURE).context("this is no PNG")?;
    let (mut header, mut data) = (None, Vec::new());
    while let Some((kind, body, after)) = chunk(rest) {
        match kind {
            b"IHDR" => header = Some(body),
            b"IDAT" => data.extend_from_slice(body),
            _ => {}
        }
        rest = after;
    }
    let header = header.filter(|header| header.len() == 13).context("this PNG has no header")?;
    ensure!(header[8..] == [8, 2, 0, 0, 0], "this PNG is not of 8 bits, RGB, without interlace");
    let (width, height) = size(png).context("this PNG has no size")?;
    let row_bytes = width as usize * PIXEL;
    let mut rows = Vec::new();
    ZlibDecoder::new(&data[..]).read_to_end(&mut rows)?;
    ensure!(
        rows.len() == (row_bytes + 1) * height as usize,
        "this PNG has more or fewer pixels than it says"
    );
    let mut above = vec![0; row_bytes];
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for row in rows.chunks_exact_mut(row_bytes + 1) {
        let (filter, row) = (row[0], &mut row[1..]);
        undo(filter, row, &above)?;
        encoder.write_all(&[0])?;
        encoder.write_all(row)?;
        above.copy_from_slice(row);
    }
    let mut out = SIGNATURE.to_vec();
    for (kind, body) in [(b"IHDR", header), (b"IDAT", &encoder.finish()?), (b"IEND", &[])] {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(body);
        out.extend(u32::try_from(body.len())?.to_be_bytes());
        out.extend(kind);
        out.extend(body);
        out.extend(sum.sum().to_be_bytes());
    }
    Ok(out)
}

/// Width and height of a PNG in pixels.
#[must_use]
pub fn size(png: &[u8]) -> Option<(u32, u32)> {
    let (kind, header, _) = chunk(png.strip_prefix(SIGNATURE)?)?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    if kind == b"IHDR" { number(0).zip(number(4)) } else { None }
}

/// Kind and body of the first chunk, and what follows it.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let body = bytes.get(8..8 + length)?;
    Some((bytes.get(4..8)?.try_into().ok()?, body, bytes.get(12 + length..)?))
}

/// Undoes the filter of a row (section 9.2 of the format).
fn undo(filter: u8, row: &mut [u8], above: &[u8]) -> Result<()> {
    for at in 0..row.len() {
        let left = if at >= PIXEL { row[at - PIXEL] } else { 0 };
        let corner = if at >= PIXEL { above[at - PIXEL] } else { 0 };
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => above[at],
            3 => ((u16::from(left) + u16::from(above[at])) / 2) as u8,
            4 => paeth(left, above[at], corner),
            other => bail!("{other} is no filter of PNG"),
        };
        row[at] = row[at].wrapping_add(guess);
    }
    Ok(())
}

/// The neighbour that is nearest to left + above - corner.
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(above) - i16::from(corner);
    let distance = |of: u8| (guess - i16::from(of)).abs();
    if distance(left) <= distance(above) && distance(left) <= distance(corner) {
        left
    } else if distance(above) <= distance(corner) {
        above
    } else {
        corner
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use xtask::shell::root;

    use super::*;

    #[test]
    fn every_filter_is_undone() {
        let above = [10, 20, 30, 40, 50, 60];
        for (filter, expected) in [
            (0, [1, 2, 3, 4, 5, 6]),
            (1, [1, 2, 3, 5, 7, 9]),
            (2, [11, 22, 33, 44, 55, 66]),
            (3, [6, 12, 18, 27, 36, 45]),
            (4, [11, 22, 33, 44, 55, 66]),
        ] {
            let mut row = [1, 2, 3, 4, 5, 6];
            undo(filter, &mut row, &above).unwrap();
            assert_eq!(row, expected, "filter {filter}");
        }
        assert!(undo(5, &mut [1], &[0]).is_err());
    }

    #[test]
    fn what_is_no_such_picture_is_refused() {
        for bad in [&b""[..], b"GIF89a", SIGNATURE, b"\x89PNG\r\n\x1a\n\0\0\0\xffIHDR"] {
            assert!(packed(bad).is_err());
        }
    }

    #[test]
    fn the_published_preview_has_the_size_that_previews_have() {
        let png = fs::read(root().join("www/icons/preview.png")).unwrap();
        assert_eq!(size(&png), Some((1200, 630)));
        assert!(png.len() < 60_000, "{} bytes", png.len());
        assert_eq!(packed(&png).unwrap(), png, "packed already");
        let touch = fs::read(root().join("www/icons/touch.png")).unwrap();
        assert_eq!(size(&touch), Some((180, 180)));
    }
}
