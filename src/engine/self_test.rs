//! Before a device is trusted, it must agree with the CPU.
//!
//! An invalid shader can return wrong data silently, and drivers have faults, so tiny made-up models are run on the device
//! and on the CPU: prompt, few rows, more and many (which other kernels compute), several steps. Logits must agree closely and
//! the drawn tokens exactly.

use std::rc::Rc;

use super::device::{Chosen, cpu};
use super::{EngineError, LoadedModel, Run};
use crate::gguf::{GgufError, TensorType};
use crate::model::made_up::{self, Shape};
use crate::protocol::{GenerateJob, RowSpec};
use crate::units::{Temperature, TokenId, Truncation};

/// Largest difference of a logit that is put down to rounding. The made-up model's logits have a deviation near 1; sums
/// of 64 products in another order differ by about 1e-6, and a wrong kernel by about 1.
const LARGEST_DIFFERENCE: f32 = 2e-3;

/// The formats of even and of odd blocks, and numbers of rows with their steps.
type Trial = ([TensorType; 2], &'static [(u32, u32)]);

/// With both formats in every kind of product each product has a kernel of its own, which depend on the number of rows. A small
/// model of one format has a kernel that takes rows through all of it. That takes a card's compiler long, so only one format is
/// tried: to unpack the other is the same few lines in all kernels.
const TRIALS: [Trial; 2] = [
    ([TensorType::Q4_0, TensorType::Q8_0], &[(1, 3), (5, 6), (20, 2), (40, 2)]),
    ([TensorType::Q4_0; 2], &[(5, 6)]),
];

/// Runs made-up models on a device and on the CPU.
///
/// # Errors
/// [`EngineError::Device`] when they disagree.
pub async fn self_test(chosen: &Chosen) -> Result<(), EngineError> {
    for (kinds, rows_and_steps) in TRIALS {
        let file = made_up::made_up_of_two(Shape::TINY, kinds)?;
        let expected = Observed::of(file.clone(), &cpu(), rows_and_steps).await?;
        let found = Observed::of(file, chosen, rows_and_steps).await?;
        compare(&expected, &found)?;
    }
    Ok(())
}

/// What a device computes from the made-up model.
#[derive(Debug, Clone)]
struct Observed {
    /// After each token of a prompt, over the vocabulary.
    logits: Vec<f32>,
    /// Of each row.
    tokens: Vec<Vec<TokenId>>,
}

impl Observed {
    async fn of(file: Vec<u8>, chosen: &Chosen, rows_and_steps: &[(u32, u32)]) -> Result<Self, EngineError> {
        let model = LoadedModel::load("self-test", file, None, chosen)?;
        let prompt: Vec<TokenId> = (0..9).map(|i| i * 29 % 250).collect();
        let logits = model.decoder.all_logits(&prompt)?.read().await?;
        let model = Rc::new(model);
        let mut tokens = Vec::new();
        for &(rows, steps) in rows_and_steps {
            tokens.extend(draw(Rc::clone(&model), rows, steps).await?);
        }
        Ok(Self { logits, tokens })
    }
}

/// Refuses what is not as expected, with the reason.
fn compare(expected: &Observed, found: &Observed) -> Result<(), EngineError> {
    let refuse = |reason| Err(EngineError::Device(reason));
    let (wanted, count) = (expected.logits.len(), found.logits.len());
    if wanted != count {
        return refuse(format!("it gives {count} logits where the processor gives {wanted}"));
    }
    if !found.logits.iter().all(|l| l.is_finite()) {
        return refuse("some of its logits are no numbers".to_owned());
    }
    let differences = expected.logits.iter().zip(&found.logits).map(|(a, b)| (a - b).abs());
    let difference = differences.fold(0.0, f32::max);
    if difference > LARGEST_DIFFERENCE {
        return refuse(format!("its logits differ from the processor's by {difference:.2e}"));
    }
    if expected.tokens != found.tokens {
        return refuse("it draws other tokens than the processor".to_owned());
    }
    Ok(())
}

/// The tokens of some rows and steps, with and without truncation.
async fn draw(model: Rc<LoadedModel>, rows: u32, steps: u32) -> Result<Vec<Vec<TokenId>>, EngineError> {
    let specs = (0..rows)
        .map(|row| RowSpec {
            row,
            seed: 11,
            temperature: if row == 0 {
                Temperature::Greedy
            } else {
                Temperature::Value(0.4 * (row % 5).max(1) as f32)
            },
            truncation: if row == 3 {
                Truncation { top_k: Some(40), top_p: Some(0.9) }
            } else {
                Truncation::default()
            },
        })
        .collect();
    let job = GenerateJob {
        model: String::new(),
        prompt: "thermostat".to_owned(),
        chat: true,
        rows: specs,
        max_new_tokens: steps,
        patient: false,
    };
    let mut run = Run::start(model, &job)?;
    let mut drawn = vec![Vec::new(); rows as usize];
    while !run.is_done() {
        for delta in run.step().await? {
            drawn[delta.row as usize].extend(delta.tokens.iter().map(|t| t.id));
        }
    }
    Ok(drawn)
}

/// The model of the self-test, with its weights in any format.
///
/// # Errors
/// None in practice; the writer's are passed on.
pub fn made_up_model(kind: TensorType) -> Result<Vec<u8>, GgufError> {
    made_up::made_up_model(Shape::TINY, kind)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::block_on;
    use super::*;

    fn observed() -> Observed {
        Observed {
            logits: (0..100).map(|i| (i as f32 * 0.7).sin()).collect(),
            tokens: vec![vec![3, 1, 4], vec![1, 5]],
        }
    }

    /// The reason why a change of what is observed is refused.
    fn refusal(change: impl Fn(&mut Observed)) -> String {
        let mut found = observed();
        change(&mut found);
        match compare(&observed(), &found) {
            Err(EngineError::Device(reason)) => reason,
            other => panic!("not refused as a device's fault: {other:?}"),
        }
    }

    #[test]
    fn equal_logits_and_rounding_are_accepted() {
        compare(&observed(), &observed()).unwrap();
        let mut rounded = observed();
        rounded.logits.iter_mut().for_each(|l| *l += 0.5 * LARGEST_DIFFERENCE);
        compare(&observed(), &rounded).unwrap();
    }

    #[test]
    fn one_wrong_logit_of_either_sign_is_refused_wherever_it_stands() {
        for at in [0, 57, 99] {
            for by in [2.0 * LARGEST_DIFFERENCE, -2.0 * LARGEST_DIFFERENCE, 1.0] {
                assert!(refusal(|found| found.logits[at] += by).contains("differ"));
            }
        }
    }

    #[test]
    fn logits_that_are_no_numbers_are_refused() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for at in [0, 99] {
                assert!(refusal(|found| found.logits[at] = bad).contains("no numbers"));
            }
            assert!(refusal(|found| found.logits.fill(bad)).contains("no numbers"));
        }
    }

    #[test]
    fn too_few_and_too_many_logits_are_refused() {
        assert!(refusal(|found| found.logits.truncate(99)).contains("99 logits"));
        assert!(refusal(|found| found.logits.push(0.0)).contains("101 logits"));
        assert!(refusal(|found| found.logits.clear()).contains("0 logits"));
    }

    #[test]
    fn other_tokens_fewer_tokens_and_fewer_rows_are_refused() {
        assert!(refusal(|found| found.tokens[1][1] = 6).contains("other tokens"));
        assert!(refusal(|found| found.tokens[0].truncate(2)).contains("other tokens"));
        assert!(refusal(|found| found.tokens.truncate(1)).contains("other tokens"));
    }

    /// The same weights in a coarser format are a device that computes a little wrong.
    #[test]
    fn a_device_that_computes_with_coarser_weights_is_refused() {
        let observe = |kind| {
            let file = made_up_model(kind).unwrap();
            block_on(Observed::of(file, &cpu(), TRIALS[0].1)).unwrap()
        };
        let expected = observe(TensorType::Q8_0);
        compare(&expected, &observe(TensorType::Q8_0)).unwrap();
        compare(&expected, &observe(TensorType::Q4_0)).unwrap_err();
        compare(&expected, &observe(TensorType::F16)).unwrap_err();
    }
}
