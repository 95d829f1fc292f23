//! Votes for tests.

use proptest::prelude::*;

use super::{Answer, Choice, Device, RandomKey, SCHEMA, Side, Source, Strength, Vote};
use crate::units::Temperature;

/// A vote in which every field says something.
pub(crate) fn vote() -> Vote {
    let answer = |text: &str, token_ids: &[u32], is_complete, temperature, row| Answer {
        text: text.to_owned(),
        token_ids: token_ids.to_vec(),
        is_complete,
        source: Source {
            stage: "sft".to_owned(),
            model_sha256: "ab".repeat(32),
            temperature: Temperature::Value(temperature),
            top_k: None,
            top_p: None,
            seed: 7,
            row,
            max_new_tokens: 96,
            device: Device::Cpu,
        },
    };
    Vote {
        schema: SCHEMA,
        id: RandomKey::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
        prompt: "What is the capital of France?".to_owned(),
        answer_a: answer("It is Paris.", &[5, 6, 7], true, 0.7, 0),
        answer_b: answer("Lyon,\n<b>surely</b>.", &[8, 9], false, 1.3, 4),
        choice: Choice::Prefer { side: Side::A, strength: Strength::SignificantlyBetter },
        time_unix_ms: 1_764_000_000_000,
        client: RandomKey::new([0xff; 16]),
        app_version: "0.1.0".to_owned(),
    }
}

fn source() -> impl Strategy<Value = Source> {
    let temperature = prop_oneof![Just(Temperature::Greedy), (0.01_f32..100.0).prop_map(Temperature::Value)];
    let truncation = (prop::option::of(1_u32..), prop::option::of(0.001_f32..1.0));
    let device = prop_oneof![Just(Device::Cpu), Just(Device::WebGpu)];
    ("[a-z0-9_-]{1,20}", "[0-9a-f]{64}", temperature, truncation, any::<[u32; 2]>(), device).prop_map(
        |(stage, model_sha256, temperature, (top_k, top_p), [seed, row], device)| Source {
            stage,
            model_sha256,
            temperature,
            top_k,
            top_p,
            seed,
            row,
            max_new_tokens: 96,
            device,
        },
    )
}

fn answer() -> impl Strategy<Value = Answer> {
    (any::<String>(), prop::collection::vec(any::<u32>(), 0..20), any::<bool>(), source())
        .prop_map(|(text, token_ids, is_complete, source)| Answer { text, token_ids, is_complete, source })
}

/// Every choice that exists.
pub(super) fn choices() -> Vec<Choice> {
    let preferences = Side::ALL
        .into_iter()
        .flat_map(|side| Strength::ALL.map(|strength| Choice::Prefer { side, strength }));
    preferences.chain([Choice::BothBad, Choice::Skip]).collect()
}

/// Any vote that is in order, with any text in it.
pub(super) fn votes() -> impl Strategy<Value = Vote> {
    let choice = prop::sample::select(choices());
    let keys = any::<[[u8; 16]; 2]>();
    ("\\PC{1,40}", answer(), answer(), choice, 0_u64..4_000_000_000_000, keys)
        .prop_filter("a prompt of words", |(prompt, ..)| !prompt.trim().is_empty())
        .prop_filter("different texts", |(_, a, b, ..)| a.text != b.text)
        .prop_map(|(prompt, answer_a, answer_b, choice, time_unix_ms, [id, client])| Vote {
            schema: SCHEMA,
            id: RandomKey::new(id),
            prompt,
            answer_a,
            answer_b,
            choice,
            time_unix_ms,
            client: RandomKey::new(client),
            app_version: "0.1.0".to_owned(),
        })
}
