//! The sampler of a decode step, in either way to reduce, against its twin.

use std::cell::Cell;

use thermostat::engine::block_on;
use thermostat::engine::reduction::{quicker_reduction, with_quicker_reduction};
use thermostat::kernels::direct::{Graphics, Reduction, SampleBuffers, sample};
use thermostat::kernels::{RowDraw, RowOutcome, cpu, draw_words, outcome_of};
use thermostat::sampling::SampleError;
use thermostat::units::{Temperature, Truncation};

use super::{Tally, adapter, draws, numbers};

/// The device in both ways, or in one if it has no subgroup operations, which is said.
fn both_ways(graphics: &Graphics) -> Vec<Graphics> {
    if !graphics.has_subgroups() {
        println!("SKIPPED: the adapter has no subgroup operations");
    }
    let ways =
        Reduction::ALL.into_iter().filter(|way| *way == Reduction::Barriers || graphics.has_subgroups());
    ways.map(|way| graphics.clone().reducing_by(way)).collect()
}

/// Half as many workgroups as rows, so that each goes on with a second one.
fn drawn(graphics: &Graphics, logits: &[f32], vocabulary: usize, draws: &[RowDraw]) -> Vec<RowOutcome> {
    let rows = draws.len() as u32;
    let words: Vec<[u32; 8]> = draws.iter().map(draw_words).collect();
    let outcomes = graphics.empty(u64::from(rows) * 16);
    let buffers = SampleBuffers {
        shape: &graphics.uniform([rows, vocabulary as u32, 0, 0]),
        logits: &graphics.filled(logits),
        draws: &graphics.filled(words.as_flattened()),
        outcomes: &outcomes,
    };
    let words =
        block_on(graphics.submit(&[sample(graphics, rows.div_ceil(2), buffers)], &outcomes).words()).unwrap();
    words.as_chunks::<4>().0.iter().copied().map(outcome_of).collect()
}

#[test]
fn draws_of_a_step_agree_with_the_twin_in_either_way() {
    let Some((_turn, chosen)) = adapter() else { return };
    for graphics in both_ways(chosen.graphics.as_ref().unwrap()) {
        let way = graphics.reduction().name();
        let sizes = [1, 3, 255, 259, 2048, 2083].iter().flat_map(|&v| [1, 7, 25].map(|rows| (v, rows)));
        let mut tally = Tally::default();
        // A vocabulary as large as others have.
        for (vocabulary, rows) in sizes.chain([(2048, 375), (50_257, 7)]) {
            let logits = numbers(rows * vocabulary, vocabulary as u32, 2.0);
            let draws = draws(rows);
            let expected = cpu::sample_rows(&logits, vocabulary, &draws);
            let found = drawn(&graphics, &logits, vocabulary, &draws);
            tally.take_in([&expected, &found], &logits, &draws, way);
        }
        tally.end(way);
    }
}

/// One of many equal logits: whoever holds it, the lowest token wins.
#[test]
fn of_equal_scores_the_lowest_token_wins_in_either_way() {
    let Some((_turn, chosen)) = adapter() else { return };
    let greedy = RowDraw {
        temperature: Temperature::Greedy,
        truncation: Truncation::default(),
        seed: 1,
        row: 0,
        step: 0,
    };
    for graphics in both_ways(chosen.graphics.as_ref().unwrap()) {
        for vocabulary in [1, 5, 259, 2083] {
            let tied = [[0, 4], [4, 258], [17, 1030], [255, 256], [700, 2082]];
            for [lower, higher] in tied.into_iter().filter(|[_, higher]| *higher < vocabulary) {
                let mut logits = vec![-1.5; vocabulary];
                (logits[lower], logits[higher]) = (2.5, 2.5);
                let found = drawn(&graphics, &logits, vocabulary, &[greedy]);
                assert_eq!(found[0].unwrap().id, lower as u32, "{:?}", graphics.reduction());
            }
            let found = drawn(&graphics, &vec![-0.25; vocabulary], vocabulary, &[greedy]);
            assert_eq!(found[0].unwrap().id, 0, "{:?}: all are equal", graphics.reduction());
        }
    }
}

#[test]
fn a_step_refuses_only_the_row_with_broken_logits_in_either_way() {
    let Some((_turn, chosen)) = adapter() else { return };
    for graphics in both_ways(chosen.graphics.as_ref().unwrap()) {
        // The first of a lane, the last of one, and one of few in a second turn of lanes.
        for (bad, at) in [(f32::NAN, 299), (f32::INFINITY, 0), (f32::NEG_INFINITY, 256)] {
            let mut logits = numbers(4 * 300, 1, 1.0);
            logits[2 * 300 + at] = bad;
            let outcomes = drawn(&graphics, &logits, 300, &draws(4));
            assert_eq!(outcomes[2], Err(SampleError::NotANumber), "{:?}, {bad}", graphics.reduction());
            assert!([0, 1, 3].iter().all(|&row: &usize| outcomes[row].is_ok()), "{bad}");
        }
    }
}

/// A clock by which barriers and subgroup operations take so long, and one round long enough for the trial.
fn clock(barriers_ms: f64, subgroups_ms: f64) -> impl Fn() -> f64 {
    let (calls, now_ms) = (Cell::new(0), Cell::new(0.0));
    move || {
        // Beginning of the trial; begin and end of either measurement; end of the round.
        now_ms.set(now_ms.get() + [0.0, 0.0, barriers_ms, 0.0, subgroups_ms, 1000.0][calls.get()]);
        calls.set(calls.get() + 1);
        now_ms.get()
    }
}

#[test]
fn the_quicker_way_is_taken_and_in_doubt_barriers() {
    let Some((_turn, chosen)) = adapter() else { return };
    let graphics = chosen.graphics.as_ref().unwrap();
    if !graphics.has_subgroups() {
        println!("SKIPPED: the adapter has no subgroup operations");
        return;
    }
    let taken = |barriers_ms, subgroups_ms| {
        block_on(quicker_reduction(graphics, clock(barriers_ms, subgroups_ms))).unwrap()
    };
    assert_eq!(taken(3.0, 2.0), Reduction::Subgroups);
    assert_eq!(taken(2.0, 3.0), Reduction::Barriers);
    assert_eq!(taken(2.0, 2.0), Reduction::Barriers);
}

#[test]
fn the_report_names_the_way_that_was_taken() {
    let Some((_turn, chosen)) = adapter() else { return };
    let mut chosen = chosen.clone();
    chosen.report.software = false; // an imitation would not be tried
    let has_choice = chosen.graphics.as_ref().unwrap().has_subgroups();
    let tried = block_on(with_quicker_reduction(chosen.clone(), clock(3.0, 2.0)));
    if has_choice {
        assert_eq!(tried.report.name, format!("{}, subgroups", chosen.report.name));
        assert_eq!(tried.graphics.unwrap().reduction(), Reduction::Subgroups);
    } else {
        assert_eq!(tried.report.name, chosen.report.name);
    }
}

#[test]
fn software_adapters_are_not_tried() {
    let Some((_turn, chosen)) = adapter() else { return };
    if chosen.report.software {
        let tried = block_on(with_quicker_reduction(chosen.clone(), || panic!("a trial")));
        assert_eq!(tried.graphics.unwrap().reduction(), Reduction::Barriers);
        assert_eq!(tried.report.name, chosen.report.name);
    }
}
