//! The token embedding, kept as it is in the file and unpacked row by row.
//!
//! A step reads one row per answer, and the token ids are on the host anyway, so the rows are unpacked on the host and
//! uploaded: a few kilobytes a step instead of a full table of `f32` on the device.

use burn::tensor::{Device, Tensor, TensorData};

#[cfg(feature = "gpu")]
use crate::kernels::Blocks;
use crate::model::ModelError;
use crate::model::weights::HostMatrix;
use crate::units::TokenId;

/// The embedding table.
#[derive(Debug, Clone)]
pub struct Embedding {
    table: HostMatrix,
}

impl Embedding {
    pub(super) fn new(table: HostMatrix) -> Self {
        Self { table }
    }

    /// The table's blocks, if it is in blocks.
    #[cfg(feature = "gpu")]
    pub(super) fn blocks(&self) -> Option<Blocks<'_>> {
        self.table.blocks()
    }

    /// `[tokens.len(), embedding_length]`.
    ///
    /// # Errors
    /// [`ModelError::Token`] for an id outside the vocabulary.
    pub fn look_up(&self, tokens: &[TokenId], device: &Device) -> Result<Tensor<2>, ModelError> {
        let width = self.table.columns;
        let mut data = Vec::with_capacity(tokens.len() * width);
        for &token in tokens {
            let row = usize::try_from(token).ok().filter(|&t| t < self.table.rows);
            let row = row.ok_or(ModelError::Token { token, vocabulary: self.table.rows })?;
            data.extend(self.table.row_f32(row));
        }
        Ok(Tensor::from_data(TensorData::new(data, [tokens.len(), width]), device))
    }
}
