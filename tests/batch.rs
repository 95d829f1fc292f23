//! Jobs that share a batch: each says what it says alone, whenever it joins and whoever leaves.

#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;
use thermostat::engine::{Batch, Budget, LoadedModel, Run, block_on, device, self_test};
use thermostat::gguf::TensorType;
use thermostat::protocol::{GenerateJob, RowSpec, StopReason};
use thermostat::units::{Temperature, TokenId, Truncation};

const PROMPTS: [&str; 4] = ["the sea", "What is the capital of France?", "x", "a list of rivers, please"];

fn model() -> Rc<LoadedModel> {
    let file = self_test::made_up_model(TensorType::Q8_0).unwrap();
    Rc::new(LoadedModel::load("test", file, None, &device::cpu()).unwrap())
}

fn job(prompt: usize, rows: u32, max_new_tokens: u32) -> GenerateJob {
    let row = |row: u32| RowSpec {
        row,
        seed: prompt as u32,
        temperature: Temperature::Value(0.4 + 0.1 * row as f32),
        truncation: Truncation::default(),
    };
    let prompt = PROMPTS[prompt % PROMPTS.len()].to_owned();
    GenerateJob {
        model: "test".to_owned(),
        prompt,
        chat: true,
        rows: (0..rows).map(row).collect(),
        max_new_tokens,
        patient: false,
    }
}

type Answers = BTreeMap<u32, (Vec<TokenId>, String, Option<StopReason>)>;

/// What a job says when it is alone.
fn alone(model: &Rc<LoadedModel>, job: &GenerateJob) -> Answers {
    let mut run = Run::start(model.clone(), job).unwrap();
    let mut said = Answers::new();
    while !run.is_done() {
        for delta in block_on(run.step()).unwrap() {
            let row = said.entry(delta.row).or_default();
            row.0.extend(delta.tokens.iter().map(|token| token.id));
            row.1.push_str(&delta.text);
            row.2 = delta.stop;
        }
    }
    said
}

#[test]
fn a_prompt_that_was_run_lately_is_answered_as_one_that_is_run_anew() {
    let kept = model();
    for prompt in [0, 1, 0, 3, 1, 0] {
        let job = job(prompt, 3, 9);
        assert_eq!(alone(&kept, &job), alone(&model(), &job), "{prompt}");
    }
    kept.forget_prompts();
    let job = job(1, 3, 9);
    assert_eq!(alone(&kept, &job), alone(&model(), &job), "and when it was forgotten");
}

/// What the jobs of a batch said.
#[derive(Default)]
struct Said {
    answers: BTreeMap<u32, Answers>,
    /// Steps in which rows of more than one job gained.
    mixed: u32,
}

impl Said {
    fn step(&mut self, batch: &mut Batch) {
        let gains = block_on(batch.step()).unwrap();
        self.mixed += u32::from(gains.windows(2).any(|pair| pair[0].job != pair[1].job));
        for gain in gains {
            let row = self.answers.entry(gain.job).or_default().entry(gain.delta.row).or_default();
            row.0.extend(gain.delta.tokens.iter().map(|token| token.id));
            row.1.push_str(&gain.delta.text);
            row.2 = gain.delta.stop;
        }
        for id in batch.ids() {
            if batch.is_done(id) {
                batch.remove(id);
            }
        }
    }
}

#[test]
fn jobs_in_one_batch_say_what_they_say_alone() {
    let model = model();
    let jobs = [job(0, 9, 20), job(1, 17, 12), job(2, 1, 30), job(3, 5, 7)];
    let mut batch = Batch::new(model.clone());
    let mut said = Said::default();
    for (id, job) in (0..).zip(&jobs) {
        assert!(batch.takes(job));
        batch.add(id, job).unwrap();
        // One after the other joins those that are under way.
        said.step(&mut batch);
        said.step(&mut batch);
    }
    while !batch.is_empty() {
        said.step(&mut batch);
    }
    assert!(said.mixed > 5, "rows of several jobs were advanced together {} times", said.mixed);
    for (id, job) in (0..).zip(&jobs) {
        assert_eq!(said.answers[&id], alone(&model, job), "job {id}");
    }
}

#[test]
fn a_job_that_is_removed_leaves_the_others_as_they_are() {
    let model = model();
    let (stays, goes, later) = (job(0, 9, 25), job(1, 9, 25), job(2, 4, 25));
    let mut batch = Batch::new(model.clone());
    let mut said = Said::default();
    batch.add(7, &goes).unwrap();
    batch.add(8, &stays).unwrap();
    (0..4).for_each(|_| said.step(&mut batch));
    batch.remove(7);
    let counted = said.answers[&7].clone();
    batch.add(9, &later).unwrap();
    while !batch.is_empty() {
        said.step(&mut batch);
    }
    assert_eq!(said.answers[&7], counted, "nothing more of what was removed");
    assert_eq!(said.answers[&8], alone(&model, &stays));
    assert_eq!(said.answers[&9], alone(&model, &later));
    batch.remove(9);
    assert!(batch.is_empty());
}

#[test]
fn a_job_that_finds_the_places_taken_gets_its_share_of_those_that_become_free() {
    let model = model();
    let config = model.decoder.config();
    let budget = Budget {
        bytes: u64::MAX,
        buffer_bytes: 8 * 4 * config.vocabulary.max(config.kv_length() * 20) as u64,
    };
    let mut batch = Batch::within(budget, model.clone());
    assert!(batch.ids().is_empty());
    let (first, second) = (job(0, 60, 20), job(1, 60, 20));
    batch.add(0, &first).unwrap();
    assert_eq!(batch.places(), 8);
    let mut said = Said::default();
    said.step(&mut batch);
    batch.add(1, &second).unwrap();
    let mut began = None;
    while !batch.is_empty() {
        let stopped = said.answers[&0].values().filter(|row| row.2.is_some()).count();
        if said.answers.contains_key(&1) {
            began.get_or_insert(stopped);
        }
        said.step(&mut batch);
        let at_work = said.answers.values().flat_map(BTreeMap::values).filter(|row| row.2.is_none());
        assert!(at_work.count() <= 8);
    }
    assert!(began.unwrap() < 30, "the second job waited for {began:?} answers of the first");
    assert_eq!(said.answers[&0], alone(&model, &first));
    assert_eq!(said.answers[&1], alone(&model, &second));
}

#[test]
fn a_job_that_cannot_be_carried_out_leaves_no_trace() {
    let model = model();
    let mut batch = Batch::new(model);
    assert!(batch.add(0, &job(0, 0, 5)).is_err());
    let long = GenerateJob { prompt: "x".repeat(1000), ..job(0, 1, 5) };
    assert!(batch.add(1, &long).is_err());
    assert!(batch.is_empty() && batch.is_done(0));
    assert_eq!(block_on(batch.step()).unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever joins and leaves when, in however many places.
    #[test]
    fn any_company_leaves_a_job_as_it_is(
        acts in prop::collection::vec((0u8..4, 0usize..4, 1u32..12, 1u32..16), 1..12),
        places in 1usize..40,
    ) {
        let model = model();
        let config = model.decoder.config();
        let buffer = places * 4 * config.vocabulary.max(config.kv_length() * 16);
        let mut batch = Batch::within(Budget { bytes: u64::MAX, buffer_bytes: buffer as u64 }, model.clone());
        let mut said = Said::default();
        let mut jobs = BTreeMap::new();
        for (id, (act, prompt, rows, tokens)) in (0..).zip(acts) {
            if act == 0 {
                // Whoever came first leaves.
                if let Some((id, _)) = jobs.pop_first() {
                    batch.remove(id);
                    said.answers.remove(&id);
                }
            } else {
                let job = job(prompt, rows, tokens);
                batch.add(id, &job).unwrap();
                jobs.insert(id, job);
            }
            (0..act).for_each(|_| said.step(&mut batch));
        }
        while !batch.is_empty() {
            said.step(&mut batch);
        }
        for (id, job) in jobs {
            prop_assert_eq!(&said.answers[&id], &alone(&model, &job), "job {}", id);
        }
    }
}
