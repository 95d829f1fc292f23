//! All weights in one flat vector, so that gradients, optimizer moments and checkpoints are flat vectors too.
//!
//! A [`Layout`] says which part of the vector is which matrix. Matrices are stored as GGUF stores them: rows are
//! outputs, columns inputs.

use std::ops::Range;

use super::ModelShape;

/// What a part of the vector is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name for people, for example `block 2 gate_up`.
    pub name: String,
    /// Where it lies in the flat vector.
    pub range: Range<usize>,
    /// Rows (outputs); 1 for a norm.
    pub rows: usize,
    /// Columns (inputs).
    pub columns: usize,
    /// What initialisation and weight decay treat it as.
    pub role: Role,
}

/// How a part is initialised, and whether weight decay pulls on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A norm's gain: begins at one, does not decay.
    Norm,
    /// A matrix: begins as small Gaussian noise, decays.
    Matrix,
    /// A matrix that writes to the residual stream: its noise is divided by `sqrt(2 blocks)` (GPT-2's rule), so that
    /// the stream's variance does not grow with depth.
    Residual,
}

/// Where one block's weights lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockWeights {
    /// `[width]`
    pub attention_norm: Range<usize>,
    /// `[query_length + 2 kv_length, width]`: queries, keys, values stacked.
    pub query_key_value: Range<usize>,
    /// `[width, query_length]`
    pub attention_out: Range<usize>,
    /// `[width]`
    pub feed_forward_norm: Range<usize>,
    /// `[2 inner, width]`: gate, then up.
    pub gate_up: Range<usize>,
    /// `[width, inner]`
    pub down: Range<usize>,
}

/// Where everything lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// `[vocabulary, width]`: embedding and, transposed, the output matrix.
    pub embedding: Range<usize>,
    /// One per block.
    pub blocks: Vec<BlockWeights>,
    /// `[width]`
    pub output_norm: Range<usize>,
    /// All of the above, in order.
    pub parts: Vec<Part>,
}

impl Layout {
    /// The layout of a model.
    #[must_use]
    pub fn new(shape: &ModelShape) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut add = |name: String, rows: usize, columns: usize, role: Role| -> Range<usize> {
            let start = parts.last().map_or(0, |p| p.range.end);
            let range = start..start + rows * columns;
            parts.push(Part { name, range: range.clone(), rows, columns, role });
            range
        };
        let (width, inner) = (shape.width, shape.inner);
        let embedding = add("embedding".to_owned(), shape.vocabulary, width, Role::Matrix);
        let blocks = (0..shape.blocks)
            .map(|b| BlockWeights {
                attention_norm: add(format!("block {b} attention_norm"), 1, width, Role::Norm),
                query_key_value: add(format!("block {b} qkv"), shape.qkv_length(), width, Role::Matrix),
                attention_out: add(
                    format!("block {b} attention_out"),
                    width,
                    shape.query_length(),
                    Role::Residual,
                ),
                feed_forward_norm: add(format!("block {b} feed_forward_norm"), 1, width, Role::Norm),
                gate_up: add(format!("block {b} gate_up"), 2 * inner, width, Role::Matrix),
                down: add(format!("block {b} down"), width, inner, Role::Residual),
            })
            .collect();
        let output_norm = add("output_norm".to_owned(), 1, width, Role::Norm);
        Self { embedding, blocks, output_norm, parts }
    }

    /// Number of parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.parts.last().map_or(0, |p| p.range.end)
    }

    /// Fresh weights: Gaussian noise of the given standard deviation. `uniform` yields numbers in `(0, 1)`.
    #[must_use]
    pub fn initial_weights(&self, deviation: f32, mut uniform: impl FnMut() -> f64) -> Vec<f32> {
        let residual = deviation / (2.0 * self.blocks.len().max(1) as f32).sqrt();
        let mut weights = vec![1.0; self.parameters()];
        for part in &self.parts {
            let scale = match part.role {
                Role::Norm => continue,
                Role::Matrix => deviation,
                Role::Residual => residual,
            };
            for w in &mut weights[part.range.clone()] {
                // Box and Muller's method.
                let (radius, angle) = ((-2.0 * uniform().ln()).sqrt(), std::f64::consts::TAU * uniform());
                *w = scale * (radius * angle.cos()) as f32;
            }
        }
        weights
    }

    /// For each weight: whether it decays.
    #[must_use]
    pub fn decays(&self) -> Vec<Range<usize>> {
        self.parts.iter().filter(|p| p.role != Role::Norm).map(|p| p.range.clone()).collect()
    }
}
