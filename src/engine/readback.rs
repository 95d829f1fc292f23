//! From a device to the host.

use super::EngineError;
use crate::kernels::Values;

/// The numbers, row by row. Awaited, never blocking.
///
/// # Errors
/// A device that fails.
pub(super) async fn values(values: Values) -> Result<Vec<f32>, EngineError> {
    values.read().await.map_err(|e| EngineError::Device(e.to_string()))
}
