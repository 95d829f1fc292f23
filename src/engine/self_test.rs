//! Before a device is trusted, it must agree with the CPU.
//!
//! An invalid shader can return wrong data silently, and drivers have faults, so a tiny made-up model is run on the
//! device and on the CPU: prompt, several rows, several steps. Logits must agree closely and the drawn tokens exactly.

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

/// Runs the made-up model on a device and on the CPU.
///
/// # Errors
/// [`EngineError::Device`] when they disagree.
pub async fn self_test(chosen: &Chosen) -> Result<(), EngineError> {
    let file = made_up_model(TensorType::Q8_0)?;
    let reference = LoadedModel::load("self-test", file.clone(), None, &cpu("self-test"))?;
    let tested = LoadedModel::load("self-test", file, None, chosen)?;

    let tokens: Vec<TokenId> = (0..9).map(|i| i * 29 % 250).collect();
    let expected = read(reference.decoder.all_logits(&tokens)?).await?;
    let found = read(tested.decoder.all_logits(&tokens)?).await?;
    let difference = expected
        .iter()
        .zip(&found)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0_f32, |m, d| if d > m { d } else { m });
    let comparable = expected.len() == found.len() && found.iter().all(|l| l.is_finite());
    if !comparable || difference > LARGEST_DIFFERENCE {
        return Err(EngineError::Device(format!(
            "its logits differ from the processor's by {difference:.2e}"
        )));
    }
    if draw(Rc::new(reference)).await? != draw(Rc::new(tested)).await? {
        return Err(EngineError::Device("it draws other tokens than the processor".to_owned()));
    }
    Ok(())
}

async fn read(logits: burn::tensor::Tensor<2>) -> Result<Vec<f32>, EngineError> {
    let data = logits.into_data_async().await.map_err(|e| EngineError::Device(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| EngineError::Device(format!("{e:?}")))
}

/// The tokens of five rows, six steps, with and without truncation.
async fn draw(model: Rc<LoadedModel>) -> Result<Vec<Vec<TokenId>>, EngineError> {
    let rows = (0..5)
        .map(|row| RowSpec {
            row,
            seed: 11,
            temperature: if row == 0 { Temperature::Greedy } else { Temperature::Value(0.4 * row as f32) },
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
        rows,
        max_new_tokens: 6,
    };
    let mut run = Run::start(model, &job)?;
    let mut drawn = vec![Vec::new(); 5];
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
