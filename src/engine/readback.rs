//! From a device to the host.

use burn::tensor::Tensor;

use super::EngineError;

/// The values of a tensor, row by row. Awaited, never blocking.
///
/// # Errors
/// A device that fails.
pub(super) async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, EngineError> {
    let data = tensor.into_data_async().await.map_err(|e| EngineError::Device(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| EngineError::Device(format!("{e:?}")))
}
