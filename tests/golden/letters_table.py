"""Writes src/text/letters_table.rs: which characters are letters (general category L).

    pip install unicodedata2==17.0.0
    python tests/golden/letters_table.py > src/text/letters_table.rs

Unicode 17.0 is the version that `char::is_numeric` and `char::is_whitespace` of Rust 1.95 use. The table is checked in
`src/text/letters.rs` against the tables of the `regex-syntax` crate.
"""

import unicodedata2

VERSION = "17.0.0"
WIDTH = 100


def is_letter(code: int) -> bool:
    surrogate = 0xD800 <= code < 0xE000
    return not surrogate and unicodedata2.category(chr(code)).startswith("L")


def runs() -> list[int]:
    """Lengths of runs, in turn of characters that are not letters and of letters."""
    lengths, begin, inside = [], 0, False
    for code in range(0x110000):
        if is_letter(code) != inside:
            lengths.append(code - begin)
            begin, inside = code, not inside
    assert not inside and max(lengths) < 1 << 16
    return lengths


def main() -> None:
    assert unicodedata2.unidata_version == VERSION
    lengths = runs()
    print("//! Which characters are letters (general category L of Unicode 17.0), as lengths of runs.")
    print("//!")
    print("//! Written by `tests/golden/letters_table.py`; do not edit.")
    print()
    print("/// Lengths of runs from U+0000 on, in turn of characters that are not letters and of letters.")
    print("#[rustfmt::skip]")
    print(f"pub(super) static RUNS: [u16; {len(lengths)}] = [")
    line = "   "
    for length in lengths:
        if len(line) + len(f" {length},") > WIDTH:
            print(line)
            line = "   "
        line += f" {length},"
    print(line)
    print("];")


if __name__ == "__main__":
    main()
