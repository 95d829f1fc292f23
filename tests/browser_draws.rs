//! The same draws natively and in the browser: a shared link must give the same answers everywhere.
//!
//! Runs natively with `cargo test` and in Chromium with `cargo xtask test`.
#![allow(clippy::unwrap_used, missing_docs)]

use thermostat::sampling::{philox4x32_10, sample_row};
use thermostat::units::{Temperature, Truncation};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_family = "wasm")]
wasm_bindgen_test_configure!(run_in_browser);

/// Tokens drawn natively (x86-64) by this very function; the browser must draw them too.
const DRAWN: [u32; 48] = [
    487, 275, 377, 309, 487, 343, 55, 110, 380, 453, 453, 11, 432, 199, 21, 440, 288, 275, 440, 76, 398, 288,
    364, 406, 165, 55, 487, 3, 432, 131, 186, 165, 254, 351, 186, 16, 254, 144, 254, 364, 432, 343, 84, 377,
    406, 100, 241, 152,
];

/// Logits that look random and are exact in `f32`: integers over 64, between -8 and 8.
fn logits() -> Vec<f32> {
    (0..512_u32).map(|token| (token.wrapping_mul(2_654_435_761) >> 22) as f32 / 64.0 - 8.0).collect()
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn draws_are_the_same_on_every_platform() {
    let truncations = [
        Truncation::default(),
        Truncation { top_k: Some(40), top_p: None },
        Truncation { top_k: None, top_p: Some(0.9) },
    ];
    let logits = logits();
    let drawn: Vec<u32> = (0..48)
        .map(|step| {
            let temperature = Temperature::new(0.3 + 0.1 * (step % 12) as f32).unwrap();
            sample_row(&logits, temperature, truncations[step as usize % 3], 20, step % 5, step).unwrap().id
        })
        .collect();
    assert_eq!(drawn, DRAWN);
}

/// The known answer published with the generator.
#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
#[cfg_attr(not(target_family = "wasm"), test)]
fn noise_is_the_same_on_every_platform() {
    assert_eq!(philox4x32_10([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
}
