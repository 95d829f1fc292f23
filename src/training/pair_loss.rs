//! What is wrong with a preference: the losses that learn from "this answer rather than that one".

/// The loss of pairs, summed and weighted, and its slope for each score: `-ln sigmoid(r_chosen - r_rejected - m(rating))`
/// (Touvron et al. 2023, equation 2).
///
/// # Shapes
/// `scores` and the slopes: `[pairs, 2]`, chosen and rejected in turn; `margins`: `[pairs]`.
#[must_use]
pub fn pair_loss(scores: &[f32], margins: &[f32], weight: f32) -> (f64, Vec<f32>) {
    let mut slopes = vec![0.0; scores.len()];
    let mut sum = 0.0;
    for ((pair, slope), margin) in scores.chunks_exact(2).zip(slopes.chunks_exact_mut(2)).zip(margins) {
        let (loss, pull) = log_sigmoid_loss(f64::from(pair[0] - pair[1] - margin));
        sum += loss;
        let pull = pull as f32 * weight;
        slope[0] = -pull;
        slope[1] = pull;
    }
    (sum * f64::from(weight), slopes)
}

/// The loss of direct preference optimisation on one pair, and its slope for each answer's negative log-probability under the
/// policy: `-ln sigmoid(beta (ln p_chosen / q_chosen - ln p_rejected / q_rejected))` with `q` the reference's (Rafailov et al.
/// 2023, arXiv 2305.18290, equation 7).
///
/// `policy` and `reference`: the negative log-probabilities in nats of the whole chosen and rejected answer.
#[must_use]
pub fn direct_loss(policy: [f32; 2], reference: [f32; 2], beta: f32) -> (f64, [f32; 2]) {
    let gain = |answer: usize| f64::from(reference[answer]) - f64::from(policy[answer]);
    let (loss, pull) = log_sigmoid_loss(f64::from(beta) * (gain(0) - gain(1)));
    let slope = (pull * f64::from(beta)) as f32;
    (loss, [slope, -slope])
}

/// `-ln sigmoid(z)` without overflow, and minus its derivative: `sigmoid(-z)`.
fn log_sigmoid_loss(z: f64) -> (f64, f64) {
    ((-z.abs()).exp().ln_1p() + (-z).max(0.0), 1.0 / (1.0 + z.exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(case: &serde_json::Value, name: &str) -> Vec<f32> {
        serde_json::from_value(case[name].clone()).expect("numbers")
    }

    fn number(case: &serde_json::Value, name: &str) -> f64 {
        case[name].as_f64().expect("a number")
    }

    /// See `tests/golden/rlhf.py`: torch's autograd in `f64`; ours has inputs and slopes in `f32`.
    #[test]
    fn the_loss_and_its_slope_equal_torch() {
        let golden: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/golden/rlhf.json")).expect("golden values");
        let case = &golden["pair_loss"];
        let (loss, slopes) =
            pair_loss(&list(case, "scores"), &list(case, "margins"), number(case, "weight") as f32);
        assert!((loss - number(case, "loss")).abs() < 1e-5 * number(case, "loss"));
        for (found, wanted) in slopes.iter().zip(list(case, "slopes")) {
            assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
        }
    }

    /// See `tests/golden/direct_loss.py`: torch's autograd in `f64`. Inputs up to 80 nats are `f32` here, each off by up to 4e-6,
    /// so the four of a pair move `z` by `beta` times 1.6e-5 at most, and neither loss nor slope moves by more than `z` does.
    #[test]
    fn the_direct_loss_and_its_slopes_equal_torch() {
        let cases: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/golden/direct_loss.json")).expect("golden values");
        assert!(cases.len() > 10);
        for case in &cases {
            let two = |name: &str| <[f32; 2]>::try_from(list(case, name)).expect("two numbers");
            let beta = number(case, "beta") as f32;
            let (loss, slopes) = direct_loss(two("policy"), two("reference"), beta);
            assert!((loss - number(case, "loss")).abs() < 2e-5, "{loss} in {case}");
            for (found, wanted) in slopes.iter().zip(two("slopes")) {
                assert!((found - wanted).abs() < 2e-5, "{found} in {case}");
            }
        }
    }

    #[test]
    fn losses_survive_scores_far_apart() {
        let (loss, slopes) = pair_loss(&[-500.0, 500.0], &[0.0], 1.0);
        assert!((loss - 1000.0).abs() < 1e-6);
        assert!((slopes[0] + 1.0).abs() < 1e-6);
        let (loss, slopes) = pair_loss(&[500.0, -500.0], &[0.0], 1.0);
        assert_eq!((loss, slopes[0]), (0.0, 0.0));
        let (loss, slopes) = direct_loss([5000.0, 0.0], [0.0, 5000.0], 1.0);
        assert!((loss - 10_000.0).abs() < 1e-6 && slopes == [1.0, -1.0]);
    }
}
