use super::*;
use crate::bench::machine::{Adapter, Machine};
use crate::bench::record::Check;

fn sample(sampled: u32, ms: f64) -> Sample {
    Sample { answers: 25, sampled, ms }
}

fn series(engine: &str, many: Vec<Sample>) -> Series {
    Series {
        engine: engine.to_owned(),
        ours: engine == "this engine",
        device: "CPU, 2 threads".to_owned(),
        about: "version 1".to_owned(),
        load_ms: vec![100.0, 300.0, 200.0],
        first_ms: vec![12.0],
        one: Vec::new(),
        many,
        block: Vec::new(),
        trouble: None,
        check: None,
    }
}

fn record(series: Vec<Series>) -> Record {
    Record {
        date: "2026-11-26T07:00:00Z".to_owned(),
        command: "cargo xtask bench --write one".to_owned(),
        machine: Machine { processor: "a processor".to_owned(), cores: 2, ..Machine::default() },
        commit: "0123456".to_owned(),
        page: "89abcdef".to_owned(),
        peers: vec!["@wllama/wllama 3.13.0".to_owned()],
        prompt: "Write.".to_owned(),
        most_tokens: 45,
        models: vec![ModelRecord { title: "A model".to_owned(), size_bytes: 1, series }],
        skipped: vec!["WebGPU: no adapter".to_owned()],
        native: Vec::new(),
    }
}

#[test]
fn medians_spreads_and_ratios_stand_in_the_table() {
    let ours = series("this engine", vec![sample(1000, 1000.0), sample(1000, 500.0), sample(1000, 250.0)]);
    let peers = [series("wllama", vec![sample(500, 1000.0)]), series("slow", vec![sample(250, 1000.0)])];
    let text = markdown(&[record([vec![ours], peers.to_vec()].concat())]);
    assert!(text.contains("| this engine | 200 (100 to 300, 3 runs) | 12 (1 run) | - | -, - | 2000 (1000 to 4000, 3 runs) | 1.00, 4.00 | 0.50 (0.25 to 1.00, 3 runs) |"), "{text}");
    assert!(text.contains("| 500 (1 run) | 0.25, 1.00 |"), "{text}");
    assert!(text.contains("| CPU, 2 threads | 25 answers | wllama | 4.00 |"), "{text}");
}

#[test]
fn what_was_not_measured_is_named_with_its_reason() {
    let mut broken = series("wllama", Vec::new());
    broken.trouble = Some("its greedy answer | is not ours".to_owned());
    let text = markdown(&[record(vec![series("this engine", vec![sample(9, 1.0)]), broken])]);
    assert!(text.contains("| wllama | not measured: its greedy answer / is not ours |"), "{text}");
    assert!(text.contains("### Not measured\n\n- WebGPU: no adapter"), "{text}");
    assert!(!text.contains("multiple of the best peer"), "without a peer there is no ratio: {text}");
}

#[test]
fn a_peer_that_stops_early_is_marked_and_a_checked_one_says_by_how_much_it_differs() {
    let mut short = series("wllama", vec![sample(500, 1000.0)]);
    short.check = Some(Check { tokens: 29, largest_gap: 0.02 });
    let text = markdown(&[record(vec![series("this engine", vec![sample(1000, 1000.0)]), short])]);
    assert!(
        text.contains("NOT COMPARABLE: wllama on CPU, 2 threads stops early; its answers have 0.50"),
        "{text}"
    );
    assert!(text.contains("of its 29 greedy tokens none is more than 0.020 nats below"), "{text}");
}

#[test]
fn a_busy_machine_is_called_one() {
    let mut record = record(Vec::new());
    record.machine.load_most = Some(2.4);
    assert!(!markdown(std::slice::from_ref(&record)).contains("busy"), "the benchmark's own two threads");
    record.machine.load_most = Some(7.8);
    assert!(
        markdown(std::slice::from_ref(&record))
            .contains("busy with other work**: up to 7.8 threads wanted its 2 cores")
    );
}

#[test]
fn a_software_adapter_is_called_one() {
    let mut record = record(Vec::new());
    record.machine.adapter = Some(Adapter { name: "google swiftshader".to_owned(), software: true });
    assert!(markdown(std::slice::from_ref(&record)).contains("google swiftshader: a software adapter"));
}

#[test]
fn a_record_read_back_gives_the_same_table() {
    let record = record(vec![series("this engine", vec![sample(7, 3.0)])]);
    let read: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    assert_eq!(markdown(&[read]), markdown(std::slice::from_ref(&record)));
}

#[test]
fn every_machine_has_a_part_of_its_own_and_what_was_printed_natively_stands_in_it() {
    let mut card = record(Vec::new());
    card.machine.adapter = Some(Adapter { name: "a card".to_owned(), software: false });
    card.native = vec!["$ a command".to_owned(), "1 2 3".to_owned()];
    let text = markdown(&[record(Vec::new()), card]);
    let [first, second] = ["## a processor, 2 cores\n", "## a processor, 2 cores, a card\n"];
    let [first, second] = [first, second].map(|title| text.find(title).unwrap());
    let native = text.find("### Native\n\n```\n$ a command\n1 2 3\n```\n").unwrap();
    assert!(first < second && second < native, "{text}");
    assert_eq!(text.matches("## What is measured").count(), 1, "{text}");
}
