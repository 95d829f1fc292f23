//! From the SFT model to RLHF v1 ... v5: the recipe of Touvron et al. 2023, section 3, in miniature.
//!
//! 1. [`comparisons`]: pairs of answers from several policies and temperatures, judged by the panel (section 3.2.1).
//! 2. [`reward_model`]: trained afresh from the SFT weights on all comparisons so far (section 3.2.2).
//! 3. [`rejection`]: best of K by reward, then fine-tuning on them: v1 to v4 (section 3.2.3).
//! 4. [`ppo`]: policy gradient with a KL penalty on top: v5 (section 3.2.3).
//! 5. [`truth`]: what the oracle says of each policy, beside what the reward model says.
//!
//! [`course`] runs them in order and picks up where it was stopped. What they share is in [`setting`]. The oracle reaches
//! training only through the panel's noisy votes, and through the choice of the step at which PPO stops.

pub mod comparisons;
pub mod config;
pub mod course;
pub mod ppo;
pub mod progress;
pub mod rejection;
pub mod reward_model;
pub mod setting;
pub mod store;
pub mod truth;
pub mod tuning;
