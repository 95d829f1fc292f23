//! Twin of `shaders/project_rows.wgsl`.

use super::matvec;
use crate::kernels::{Blocks, Finish, Norm};

/// Products with weights in blocks, with what stands before and after them.
///
/// # Shapes
/// `x`: `[rows, columns]`; `weights`: `outputs` rows of `columns / 32` blocks, where gated twice as many: gates, then
/// what they let through; `y`: `[rows, outputs]`.
pub fn project_rows(
    x: &[f32],
    norm: Option<Norm<'_>>,
    weights: Blocks<'_>,
    finish: Finish,
    columns: usize,
    y: &mut [f32],
) {
    let rows = x.len() / columns;
    let outputs = y.len() / rows;
    let scaled: Vec<f32> = match norm {
        None => x.to_vec(),
        Some(Norm { gains, epsilon }) => x
            .chunks_exact(columns)
            .flat_map(|row| {
                let mean_square = row.iter().map(|x| x * x).sum::<f32>() / columns as f32;
                let factor = 1.0 / (mean_square + epsilon).sqrt();
                row.iter().zip(gains).map(move |(x, gain)| x * gain * factor)
            })
            .collect(),
    };
    let parts = if finish == Finish::Gate { 2 } else { 1 };
    let z = matvec(&scaled, weights, parts * outputs, columns);
    for (y, z) in y.chunks_exact_mut(outputs).zip(z.chunks_exact(parts * outputs)) {
        for (o, y) in y.iter_mut().enumerate() {
            match finish {
                Finish::Store => *y = z[o],
                Finish::Add => *y += z[o],
                Finish::Gate => *y = z[o] / (1.0 + (-z[o]).exp()) * z[outputs + o],
            }
        }
    }
}
