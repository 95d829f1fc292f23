//! Tests of the switchboard with several workers: made-up workers compute made-up answers, and the page must hear the same
//! whatever their number, their order and what happens to them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::protocol::{DeviceKind, GenerateJob, GenerateStats, RowDelta, RowSpec, ScoreJob, StopReason};
use crate::units::{Temperature, Truncation};

/// A part that a worker computes.
struct Run {
    seat: Seat,
    attempt: RequestId,
    rows: Vec<RowSpec>,
    step: usize,
    sampled: u32,
}

/// What the page heard of a request.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    texts: BTreeMap<u32, String>,
    ends: Vec<Update>,
    restarts: usize,
}

/// A switchboard, workers that answer at once when they are loaded, and one token at a time when they compute.
struct Workshop {
    board: Switchboard,
    runs: Vec<Run>,
    heard: BTreeMap<RequestId, Heard>,
    news: Vec<News>,
    /// Every seat that was given rows, and how many, in order.
    given: Vec<(Seat, usize)>,
    /// Loads, in order: who, and whether from the cache.
    loads: Vec<(Seat, bool)>,
}

fn source(key: &str) -> ModelSource {
    ModelSource { key: key.to_owned(), url: format!("./{key}.gguf"), size_bytes: None, sha256: None }
}

fn rows(tenths: impl IntoIterator<Item = u8>) -> Job {
    let spec = |(row, tenths): (u32, u8)| RowSpec {
        row,
        seed: 7,
        temperature: Temperature::Value(f32::from(tenths) / 10.0),
        truncation: Truncation::default(),
    };
    Job::Generate(GenerateJob {
        model: "sft".to_owned(),
        prompt: "?".to_owned(),
        chat: true,
        rows: (0..).zip(tenths).map(spec).collect(),
        max_new_tokens: 96,
        patient: false,
    })
}

/// What a row says: it depends on the row alone.
fn text_of(row: &RowSpec) -> String {
    let length = 1 + (row.row * 7 + row.seed) % 5;
    format!("{:?}", row.temperature).chars().cycle().take(length as usize).collect()
}

impl Workshop {
    /// A page that has had its first answers, so that the crew is complete.
    fn with(workers: u8) -> Self {
        let mut shop = Self::fresh(GpuPolicy::Never, workers);
        let first = shop.ask(rows([7]));
        shop.run_out();
        assert_eq!(shop.heard[&first].ends.len(), 1);
        shop.given.clear();
        shop
    }

    fn fresh(policy: GpuPolicy, workers: u8) -> Self {
        let mut board = Switchboard::new(policy, workers);
        board.start();
        board.page_is_whole();
        board.want(source("sft"));
        let (runs, heard) = (Vec::new(), BTreeMap::new());
        let mut shop = Self { board, runs, heard, news: Vec::new(), given: Vec::new(), loads: Vec::new() };
        shop.pump();
        shop
    }

    fn ask(&mut self, job: Job) -> RequestId {
        let id = self.board.ask(job);
        self.pump();
        id
    }

    /// Carries out commands until there are none.
    fn pump(&mut self) {
        loop {
            let commands = self.board.take_commands();
            if commands.is_empty() {
                return;
            }
            commands.into_iter().for_each(|command| self.obey(command));
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open(seat) => {
                let device = match seat {
                    Seat::Cpu(_) => DeviceKind::Cpu,
                    Seat::Gpu => DeviceKind::WebGpu,
                };
                let device = DeviceReport { device, name: String::new(), software: false };
                self.board.heard(seat, Event::Ready { device });
            }
            Command::Close(seat) => self.runs.retain(|run| run.seat != seat),
            Command::Post(seat, Request::Load { id, source, from_cache }) => {
                self.loads.push((seat, from_cache));
                let model = ModelInfo {
                    key: source.key,
                    name: String::new(),
                    parameters: 1,
                    vocabulary: 1,
                    context_tokens: 1,
                    sha256: String::new(),
                    quantization: String::new(),
                };
                self.board.heard(seat, Event::Loaded { id, model });
            }
            Command::Post(seat, Request::Generate { id, job }) => {
                self.given.push((seat, job.rows.len()));
                self.runs.push(Run { seat, attempt: id, rows: job.rows, step: 0, sampled: 0 });
            }
            Command::Post(seat, Request::Score { id, job }) => {
                self.given.push((seat, job.answers.len()));
                let scores = job.answers.iter().map(|answer| answer.len() as f32).collect();
                self.board.heard(seat, Event::Scored { id, scores });
            }
            Command::Post(seat, Request::Cancel { id }) => {
                let before = self.runs.len();
                self.runs.retain(|run| (run.seat, run.attempt) != (seat, id));
                if self.runs.len() < before {
                    self.board.heard(seat, Event::Cancelled { id });
                }
            }
            Command::Post(_, _) => {}
            Command::Tell(id, update) => {
                let heard = self.heard.entry(id).or_default();
                assert!(heard.ends.is_empty(), "nothing comes after the end: {update:?}");
                match update {
                    Update::Tokens(deltas) => {
                        for delta in deltas {
                            heard.texts.entry(delta.row).or_default().push_str(&delta.text);
                        }
                    }
                    Update::Restarted => {
                        heard.texts.clear();
                        heard.restarts += 1;
                    }
                    end => heard.ends.push(end),
                }
            }
            Command::News(news) => self.news.push(news),
        }
    }

    /// One worker computes one token of each of its rows.
    fn step(&mut self, which: usize) {
        if self.runs.is_empty() {
            return;
        }
        let index = which % self.runs.len();
        let run = &mut self.runs[index];
        let (seat, id, step) = (run.seat, run.attempt, run.step);
        let token = |row: &RowSpec| {
            let text: String = text_of(row).chars().skip(step).take(1).collect();
            let is_last = text_of(row).len() == step + 1;
            RowDelta { row: row.row, tokens: Vec::new(), text, stop: is_last.then_some(StopReason::Length) }
        };
        let deltas: Vec<RowDelta> = run.rows.iter().map(token).collect();
        run.sampled += deltas.len() as u32;
        run.step += 1;
        run.rows.retain(|row| text_of(row).len() > step + 1);
        let stats = GenerateStats {
            prompt_tokens: 3,
            sampled_tokens: run.sampled,
            prefill_ms: 1.0,
            decode_ms: run.step as f64,
        };
        let done = run.rows.is_empty();
        self.board.heard(seat, Event::Tokens { id, deltas });
        if done {
            self.runs.remove(index);
            self.board.heard(seat, Event::Finished { id, stats });
        }
        self.pump();
    }

    fn run_out(&mut self) {
        while !self.runs.is_empty() {
            self.step(0);
        }
    }

    fn crash(&mut self, seat: Seat) {
        self.runs.retain(|run| run.seat != seat);
        self.board.crashed(seat, "bang");
        self.pump();
    }

    fn has_nothing_left(&self) -> bool {
        self.runs.is_empty() && self.board.requests.waiting().is_empty() && self.board.requests.are_idle()
    }

    fn workers_told(&self) -> Option<usize> {
        let told = |news: &News| match news {
            News::Workers(workers) => Some(*workers),
            _ => None,
        };
        self.news.iter().filter_map(told).next_back()
    }
}

/// What the page must have heard of a job that was finished.
fn whole(job: &Job) -> (BTreeMap<u32, String>, u32) {
    let Job::Generate(job) = job else { panic!("a generate job") };
    let texts: BTreeMap<u32, String> = job.rows.iter().map(|row| (row.row, text_of(row))).collect();
    let sampled = texts.values().map(|text| text.len() as u32).sum();
    (texts, sampled)
}

#[test]
fn the_page_hears_the_same_whatever_the_number_of_workers() {
    let jobs = [rows((1..=15).flat_map(|tenths| [tenths; 25])), rows([7; 8]), rows([7])];
    for workers in [1, 2, 4] {
        let mut shop = Workshop::with(workers);
        let ids: Vec<RequestId> = jobs.iter().map(|job| shop.ask(job.clone())).collect();
        for turn in 0.. {
            if shop.runs.is_empty() {
                break;
            }
            shop.step(turn * 5);
        }
        for (id, job) in ids.into_iter().zip(&jobs) {
            let (texts, sampled) = whole(job);
            let heard = &shop.heard[&id];
            assert_eq!(heard.texts, texts, "{workers} workers");
            let [Update::Finished(stats)] = heard.ends[..] else { panic!("{:?}", heard.ends) };
            let longest = texts.values().map(String::len).max().expect("rows") as f64;
            assert_eq!((stats.sampled_tokens, stats.prompt_tokens), (sampled, 3));
            assert_eq!((stats.prefill_ms, stats.decode_ms), (1.0, longest));
        }
        assert!(shop.has_nothing_left());
    }
}

#[test]
fn helpers_join_after_the_first_answers_and_fetch_nothing_that_the_lead_has_not() {
    let mut shop = Workshop::fresh(GpuPolicy::Never, 4);
    shop.board.page_is_whole = false;
    shop.ask(rows([7; 8]));
    assert_eq!((&shop.given[..], &shop.loads[..]), (&[(Seat::LEAD, 8)][..], &[(Seat::LEAD, false)][..]));
    shop.run_out();
    assert_eq!(shop.loads.len(), 1, "nor before the page is whole");
    shop.board.page_is_whole();
    shop.pump();
    shop.run_out();
    let helpers = [1, 2, 3].map(|number| (Seat::Cpu(number), true));
    assert_eq!(shop.loads[1..], helpers, "from the cache");
    assert_eq!(shop.workers_told(), Some(4));
    shop.ask(rows([7; 8]));
    assert_eq!(shop.given[1..], [0, 1, 2, 3].map(|number| (Seat::Cpu(number), 2)));

    // A stage that is chosen later comes to the lead first, too.
    shop.board.want(source("rlhf-v1"));
    let loads = |commands: &[Command]| {
        let load = |c: &Command| matches!(c, Command::Post(_, Request::Load { .. }));
        commands.iter().filter(|c| load(c)).cloned().collect::<Vec<_>>()
    };
    let commands = loads(&shop.board.take_commands());
    assert!(matches!(commands[..], [Command::Post(Seat::LEAD, Request::Load { from_cache: false, .. })]));
    commands.into_iter().for_each(|command| shop.obey(command));
    let commands = loads(&shop.board.take_commands());
    assert_eq!(commands.len(), 3);
    assert!(commands.iter().all(|c| matches!(c, Command::Post(_, Request::Load { from_cache: true, .. }))));
}

#[test]
fn a_model_that_could_not_be_loaded_is_not_asked_for_again_because_another_one_came() {
    let mut shop = Workshop::with(2);
    shop.board.want(source("bad"));
    shop.board.want(source("good"));
    let asked = shop.board.take_commands();
    let [Command::Post(Seat::LEAD, Request::Load { id, .. }), good] = &asked[..] else { panic!("{asked:?}") };
    let error = VisitorError::new(ErrorKind::Network, "m");
    shop.board.heard(Seat::LEAD, Event::Failed { id: Some(*id), error });
    shop.loads.clear();
    shop.obey(good.clone());
    shop.pump();
    assert_eq!(shop.loads, [(Seat::LEAD, false), (Seat::Cpu(1), true)], "the other one alone");
}

#[test]
fn a_crew_of_one_says_nothing_of_its_size() {
    assert_eq!(Workshop::with(1).workers_told(), None);
}

#[test]
fn a_cancelled_request_stops_in_every_worker() {
    let mut shop = Workshop::with(4);
    let id = shop.ask(rows([7; 8]));
    let seats: Vec<Seat> = shop.runs.iter().map(|run| run.seat).collect();
    assert_eq!(seats.len(), 4);
    shop.board.cancel(id);
    shop.pump();
    assert!(shop.runs.is_empty());
    assert_eq!(shop.heard[&id].ends, [Update::Cancelled]);
}

#[test]
fn a_part_that_fails_fails_the_whole_and_stops_the_others() {
    let mut shop = Workshop::with(2);
    let id = shop.ask(rows([7; 8]));
    let error = VisitorError::new(ErrorKind::LongPrompt, "m");
    let failing = shop.runs.remove(1);
    let event = Event::Failed { id: Some(failing.attempt), error: error.clone() };
    shop.board.heard(failing.seat, event.clone());
    shop.pump();
    assert!(shop.runs.is_empty());
    assert_eq!(shop.heard[&id].ends, [Update::Failed(error)]);
    shop.board.heard(Seat::LEAD, event);
    assert_eq!(shop.board.take_commands(), [], "the other part fails alike, and nobody waits for it");
}

#[test]
fn answers_to_be_scored_are_shared_and_their_scores_keep_their_order() {
    let mut shop = Workshop::with(4);
    let answers: Vec<String> = (1..20).map(|length| "x".repeat(length * 11 % 19 + 1)).collect();
    let (model, prompt) = ("sft".to_owned(), "?".to_owned());
    let id = shop.ask(Job::Score(ScoreJob { model, prompt, chat: true, answers: answers.clone() }));
    let scores = answers.iter().map(|answer| answer.len() as f32).collect();
    assert_eq!(shop.heard[&id].ends, [Update::Scored(scores)]);
    assert_eq!(shop.given.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [5, 5, 5, 4]);
}

#[test]
fn a_helper_that_crashes_is_done_without_until_the_visitor_tries_again() {
    let mut shop = Workshop::with(2);
    let id = shop.ask(rows([7; 8]));
    shop.step(0);
    shop.step(1);
    shop.given.clear();
    shop.crash(Seat::Cpu(1));
    assert_eq!(shop.given, [(Seat::LEAD, 8)], "its rows, and with them the whole request, come again");
    assert_eq!(shop.workers_told(), Some(1));
    shop.run_out();
    assert_eq!((shop.heard[&id].restarts, &shop.heard[&id].texts), (1, &whole(&rows([7; 8])).0));
    shop.ask(rows([7; 8]));
    assert_eq!(shop.given.last(), Some(&(Seat::LEAD, 8)));
    shop.board.start();
    shop.pump();
    assert_eq!(shop.workers_told(), Some(2));
}

#[test]
fn helpers_answer_while_the_lead_is_replaced_and_go_when_it_is_given_up() {
    let mut shop = Workshop::with(2);
    let id = shop.ask(rows([7; 8]));
    shop.board.crashed(Seat::LEAD, "bang");
    let commands = shop.board.take_commands();
    let asked = |c: &Command| match c {
        Command::Post(seat, Request::Generate { job, .. }) => Some((*seat, job.rows.len())),
        _ => None,
    };
    assert_eq!(commands.iter().filter_map(asked).collect::<Vec<_>>(), [(Seat::Cpu(1), 8)]);
    assert!(commands.contains(&Command::Tell(id, Update::Restarted)));
    commands.into_iter().for_each(|command| shop.obey(command));
    shop.pump();
    for _ in 1..=MOST_CRASHES {
        shop.crash(Seat::LEAD);
    }
    assert!(shop.runs.is_empty() && shop.news.iter().any(|news| matches!(news, News::Failed(_))));
    assert!(shop.board.crew.all_seats().all(|seat| !shop.board.crew.at(seat).open));
}

#[test]
fn helpers_go_when_the_graphics_card_takes_over_and_come_back_when_it_fails() {
    let mut shop = Workshop::fresh(GpuPolicy::WhenReal, 4);
    shop.ask(rows([7]));
    shop.run_out();
    assert_eq!(shop.workers_told().unwrap_or(1), 1, "the card takes over, alone");
    let helpers_open =
        |shop: &Workshop| shop.board.crew.helpers().filter(|seat| shop.board.crew.at(*seat).open).count();
    assert_eq!(helpers_open(&shop), 0);
    let id = shop.ask(rows([7; 8]));
    assert_eq!(shop.given.last(), Some(&(Seat::Gpu, 8)));
    shop.crash(Seat::Gpu);
    assert_eq!((helpers_open(&shop), shop.workers_told()), (3, Some(4)));
    shop.run_out();
    assert_eq!(shop.heard[&id].texts, whole(&rows([7; 8])).0);
}

#[test]
fn stopping_closes_everyone_and_starting_brings_everyone_back() {
    let mut shop = Workshop::with(4);
    let id = shop.ask(rows([7; 8]));
    shop.board.stop();
    shop.pump();
    assert!(shop.runs.is_empty());
    assert_eq!(shop.workers_told(), Some(1));
    shop.board.start();
    shop.pump();
    assert_eq!(shop.workers_told(), Some(4));
    shop.run_out();
    assert_eq!(shop.heard[&id].texts, whole(&rows([7; 8])).0);
}

#[test]
fn a_thousand_cancelled_requests_leave_nothing_behind() {
    for workers in [1, 2, 4] {
        let mut shop = Workshop::with(workers);
        for number in 0..1000 {
            let ids = [shop.ask(rows([7; 8])), shop.ask(rows([7; 3]))];
            (0..number % 7).for_each(|which| shop.step(which));
            ids.into_iter().for_each(|id| shop.board.cancel(id));
            shop.pump();
            assert!(shop.has_nothing_left());
        }
        let loads: Vec<bool> =
            shop.board.crew.all_seats().map(|seat| shop.board.crew.at(seat).loading.is_empty()).collect();
        assert!(loads.iter().all(|done| *done));
        assert!(shop.heard.values().all(|heard| heard.ends.len() == 1));
    }
}

proptest! {
    /// Steps in any order, crashes of anyone, cancellations, stops: whatever ends as finished is whole, and everything ends.
    #[test]
    fn whatever_happens_each_request_ends_once_and_is_whole_if_it_is_finished(
        workers in 1u8..5,
        events in prop::collection::vec((0u8..40, 0usize..8), 0..120),
    ) {
        let mut shop = Workshop::with(workers);
        let mut asked: Vec<(RequestId, Job)> = Vec::new();
        for (kind, which) in events {
            match kind {
                0 => shop.crash(Seat::Cpu((which as u8) % workers)),
                1 => if let Some((id, _)) = asked.get(which) {
                    shop.board.cancel(*id);
                    shop.pump();
                },
                2 => {
                    shop.board.stop();
                    shop.board.start();
                    shop.pump();
                }
                3..8 => {
                    let job = rows((0..which as u8 * 3).map(|row| 1 + row % 15));
                    asked.push((shop.ask(job.clone()), job));
                }
                _ => shop.step(which),
            }
        }
        shop.board.start();
        shop.pump();
        shop.run_out();
        prop_assert!(shop.has_nothing_left());
        for (id, job) in asked {
            let heard = &shop.heard[&id];
            prop_assert_eq!(heard.ends.len(), 1);
            if let Update::Finished(stats) = heard.ends[0] {
                let (texts, sampled) = whole(&job);
                prop_assert_eq!(&heard.texts, &texts);
                prop_assert_eq!(stats.sampled_tokens, sampled);
            }
        }
    }
}
