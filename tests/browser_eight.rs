//! Eight numbers side by side are what each would be alone, natively and with WebAssembly's vectors.
//!
//! Runs natively with `cargo test` and in Chromium with `cargo xtask test`.
#![allow(missing_docs)]

use thermostat::eight::{Eight, LANES, Number, WideSums, Words, by_place};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_family = "wasm")]
wasm_bindgen_test_configure!(run_in_browser);

const ODD: [f32; LANES] = [0.0, -0.0, 1.5, -1e30, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3.0e38];
const OTHER: [f32; LANES] = [-1.0, 0.0, 2.5, 1e30, 1.0, f32::NAN, 7.0, f32::NAN];

fn bits(values: [f32; LANES]) -> [u32; LANES] {
    // Which NaN it is depends on the processor.
    values.map(|value| if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() })
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn eight_are_computed_as_one_is() {
    let (a, b) = (Eight::of(&ODD), Eight::of(&OTHER));
    let each = |f: fn(f32, f32) -> f32| bits(std::array::from_fn(|lane| f(ODD[lane], OTHER[lane])));
    assert_eq!(bits((a + b).to_array()), each(|a, b| a + b));
    assert_eq!(bits((a - b).to_array()), each(|a, b| a - b));
    assert_eq!(bits((a * b).to_array()), each(|a, b| a * b));
    assert_eq!(bits(a.or_larger(b).to_array()), each(|a, b| if b > a { b } else { a }));
    assert_eq!(bits(a.or_smaller(b).to_array()), each(|a, b| if b < a { b } else { a }));
    assert_eq!(bits(b.where_above(a, -1.0).to_array()), each(|a, b| if a > -1.0 { b } else { 0.0 }));
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn signs_and_bits_are_those_of_each_number() {
    let (a, b) = (Eight::of(&ODD), Eight::of(&OTHER));
    assert_eq!(bits((a / b).to_array()), bits(std::array::from_fn(|lane| ODD[lane] / OTHER[lane])));
    assert_eq!(bits(a.abs().to_array()), bits(ODD.map(f32::abs)));
    let chosen = b.where_negative(a, Eight::all(9.0)).to_array();
    assert_eq!(
        bits(chosen),
        bits(std::array::from_fn(|lane| if ODD[lane] < 0.0 { OTHER[lane] } else { 9.0 }))
    );
    let expected = OTHER.map(|value| value.to_bits() as i32 as f32);
    assert_eq!(b.bits_as_numbers().to_array(), expected);
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn products_of_whole_numbers_are_whole_in_two_halves() {
    let words = [0, 1, 2, 0xffff, 0x1_0000, 0x8000_0001, 0xdead_beef, u32::MAX];
    for factor in [0, 1, 0x1_0001, 0xd251_1f53, u32::MAX] {
        let wide = words.map(|word| u64::from(word) * u64::from(factor));
        let [upper, lower] = Words::of(&words).products(factor).map(Words::to_array);
        assert_eq!((upper, lower), (wide.map(|w| (w >> 32) as u32), wide.map(|w| w as u32)));
    }
    let complement = Words::of(&words).upper_bits_of_complement().to_array();
    assert_eq!(complement, words.map(|word| (!word >> 9) as f32));
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn what_lies_in_one_place_comes_together() {
    let of = |first: u32| Words::of(&std::array::from_fn(|place| first + 4 * place as u32));
    let together = by_place([of(0), of(1), of(2), of(3)]).map(Words::to_array);
    assert!(together.as_flattened().iter().copied().eq(0..32), "{together:?}");
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn powers_of_two_are_those_of_whole_numbers_beside_the_origin() {
    let origin = 12_582_912.0_f32;
    let whole = [-126.0, -31.0, -1.0, 0.0, 1.0, 2.0, 64.0, 127.0];
    let found = (Eight::of(&whole) + Eight::all(origin)).power_of_two(origin).to_array();
    assert_eq!(found, whole.map(f32::exp2));
    assert_eq!(found, whole.map(|n| (n + origin).power_of_two(origin)));
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn one_that_is_large_enough_is_found_wherever_it_is_and_nan_is_not() {
    for lane in 0..LANES {
        let mut values = [f32::NAN; LANES];
        assert!(!Eight::of(&values).any_at_least(f32::MIN));
        values[lane] = 2.0;
        assert!(Eight::of(&values).any_at_least(2.0), "{lane}");
        assert!(!Eight::of(&values).any_at_least(2.5), "{lane}");
    }
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn wide_sums_keep_what_single_precision_would_lose() {
    let sums = WideSums::none().plus(Eight::all(16_777_216.0)).plus(Eight::padded(&[1.0, 2.0], 0.0));
    assert_eq!(sums.total(), 8.0 * 16_777_216.0 + 3.0);
}
