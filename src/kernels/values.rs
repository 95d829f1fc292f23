//! Rows of numbers, where they were computed.

#[cfg(feature = "tensor")]
use burn::tensor::Tensor;

use super::KernelError;

/// `[rows, columns]` numbers: logits, states or scores.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "tensor",
    expect(
        clippy::large_enum_variant,
        reason = "there is one for each step, and it holds no numbers itself"
    )
)]
pub enum Values {
    /// In plain memory.
    Host {
        /// Row by row.
        values: Vec<f32>,
        /// Numbers of a row.
        columns: usize,
    },
    /// On a device of burn's.
    #[cfg(feature = "tensor")]
    Tensor(Tensor<2>),
}

impl Values {
    /// Number of rows and of columns.
    #[must_use]
    pub fn dims(&self) -> [usize; 2] {
        match self {
            Self::Host { values, columns } => [values.len() / (*columns).max(1), *columns],
            #[cfg(feature = "tensor")]
            Self::Tensor(tensor) => tensor.dims(),
        }
    }

    /// `count` rows from `first` on.
    #[must_use]
    pub fn rows(self, first: usize, count: usize) -> Self {
        match self {
            Self::Host { values, columns } => {
                Self::Host { values: values[first * columns..(first + count) * columns].to_vec(), columns }
            }
            #[cfg(feature = "tensor")]
            Self::Tensor(tensor) => Self::Tensor(tensor.narrow(0, first, count)),
        }
    }

    /// The numbers, row by row. Reading from a device is awaited, never blocking.
    ///
    /// # Errors
    /// [`KernelError::Device`] for a device that fails.
    #[cfg_attr(not(feature = "tensor"), expect(clippy::unused_async, reason = "devices are awaited"))]
    pub async fn read(self) -> Result<Vec<f32>, KernelError> {
        match self {
            Self::Host { values, .. } => Ok(values),
            #[cfg(feature = "tensor")]
            Self::Tensor(tensor) => {
                let data = tensor.into_data_async().await.map_err(KernelError::device)?;
                data.try_into_vec::<f32>().map_err(KernelError::device)
            }
        }
    }
}

#[cfg(feature = "tensor")]
impl From<Tensor<2>> for Values {
    fn from(tensor: Tensor<2>) -> Self {
        Self::Tensor(tensor)
    }
}
