//! Tests of the switchboard: what goes out when this and that comes in.

use std::rc::Rc;

use super::*;
use crate::protocol::{DeviceKind, GenerateJob, GenerateStats, InspectJob, Inspection, ReadAnswer};

fn source(key: &str) -> ModelSource {
    ModelSource { key: key.to_owned(), url: format!("./models/{key}.gguf"), size_bytes: None, sha256: None }
}

fn info(key: &str) -> ModelInfo {
    ModelInfo {
        key: key.to_owned(),
        name: key.to_owned(),
        parameters: 1,
        vocabulary: 1,
        context_tokens: 1,
        sha256: String::new(),
        quantization: String::new(),
    }
}

fn device(seat: Seat, software: bool) -> DeviceReport {
    let device = if seat == Seat::Gpu { DeviceKind::WebGpu } else { DeviceKind::Cpu };
    DeviceReport { device, name: "test".to_owned(), software }
}

fn job() -> GenerateJob {
    GenerateJob {
        model: "sft".to_owned(),
        prompt: "?".to_owned(),
        chat: true,
        rows: Vec::new(),
        max_new_tokens: 1,
        patient: false,
    }
}

fn error(kind: ErrorKind) -> VisitorError {
    VisitorError::new(kind, "m")
}

/// Answers every load request among the commands, and gives all commands back.
fn serve_loads(board: &mut Switchboard) -> Vec<Command> {
    let mut all = Vec::new();
    loop {
        let commands = board.take_commands();
        if commands.is_empty() {
            return all;
        }
        for command in &commands {
            if let Command::Post(seat, Request::Load { id, source, .. }) = command {
                board.heard(*seat, Event::Loaded { id: *id, model: info(&source.key) });
            }
        }
        all.extend(commands);
    }
}

/// A switchboard whose CPU lane holds the model.
fn running(policy: GpuPolicy) -> Switchboard {
    let mut board = Switchboard::new(policy, 1);
    board.start();
    board.page_is_whole();
    board.want(source("sft"));
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    serve_loads(&mut board);
    board
}

/// What the workers know a request by.
fn attempt(board: &Switchboard, id: RequestId) -> RequestId {
    let gathering = board.requests.get(id).and_then(|asked| asked.gathering.as_ref());
    gathering.expect("a request that is under way").attempt
}

fn finish(board: &mut Switchboard, seat: Seat, id: RequestId) -> Vec<Command> {
    let id = attempt(board, id);
    board.heard(seat, Event::Finished { id, stats: GenerateStats::default() });
    serve_loads(board)
}

/// Who was asked for answers.
fn asked(commands: &[Command]) -> Vec<Seat> {
    let seat = |command: &Command| match command {
        Command::Post(seat, Request::Generate { .. }) => Some(*seat),
        _ => None,
    };
    commands.iter().filter_map(seat).collect()
}

#[test]
fn a_request_waits_for_worker_and_model() {
    let mut board = Switchboard::new(GpuPolicy::Never, 1);
    board.start();
    board.want(source("sft"));
    board.ask(Job::Generate(job()));
    assert_eq!(board.take_commands(), [Command::Open(Seat::LEAD)]);
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    let commands = board.take_commands();
    assert_eq!(asked(&commands), []);
    let load = commands.iter().find_map(|c| match c {
        Command::Post(Seat::LEAD, Request::Load { id, .. }) => Some(*id),
        _ => None,
    });
    board.heard(Seat::LEAD, Event::Loaded { id: load.expect("a load request"), model: info("sft") });
    assert_eq!(asked(&board.take_commands()), [Seat::LEAD]);
}

#[test]
fn the_gpu_opens_after_the_first_answers_and_takes_over_when_idle() {
    let mut board = running(GpuPolicy::WhenReal);
    let first = board.ask(Job::Generate(job()));
    board.take_commands();
    assert!(finish(&mut board, Seat::LEAD, first).contains(&Command::Open(Seat::Gpu)));
    let second = board.ask(Job::Generate(job()));
    board.take_commands();
    board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, false) });
    let during = serve_loads(&mut board);
    assert!(
        !during.contains(&Command::News(News::Device(device(Seat::Gpu, false)))),
        "moved under a request"
    );
    let after = finish(&mut board, Seat::LEAD, second);
    assert!(after.contains(&Command::News(News::Device(device(Seat::Gpu, false)))));
    board.ask(Job::Generate(job()));
    assert_eq!(asked(&board.take_commands()), [Seat::Gpu]);
}

#[test]
fn software_adapters_are_declined_unless_they_are_asked_for() {
    for (policy, declined) in [(GpuPolicy::WhenReal, true), (GpuPolicy::Any, false)] {
        let mut board = running(policy);
        let id = board.ask(Job::Generate(job()));
        finish(&mut board, Seat::LEAD, id);
        board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, true) });
        let commands = serve_loads(&mut board);
        assert_eq!(commands.contains(&Command::Close(Seat::Gpu)), declined, "{policy:?}");
        board.ask(Job::Generate(job()));
        let seat = if declined { Seat::LEAD } else { Seat::Gpu };
        assert_eq!(asked(&board.take_commands()), [seat], "{policy:?}");
    }
}

#[test]
fn a_gpu_that_fails_gives_its_requests_back_to_the_cpu() {
    let mut board = running(GpuPolicy::Any);
    board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, false) });
    serve_loads(&mut board);
    let id = board.ask(Job::Generate(job()));
    assert_eq!(asked(&board.take_commands()), [Seat::Gpu]);
    let failed = Event::Failed { id: Some(attempt(&board, id)), error: error(ErrorKind::Device) };
    board.heard(Seat::Gpu, failed);
    let commands = board.take_commands();
    assert!(commands.contains(&Command::Tell(id, Update::Restarted)));
    assert!(commands.contains(&Command::News(News::Device(device(Seat::LEAD, false)))));
    assert_eq!(asked(&commands), [Seat::LEAD]);
}

#[test]
fn a_gpu_that_was_at_work_is_opened_once_more_and_takes_over_again() {
    let mut board = running(GpuPolicy::Any);
    let take_over = |board: &mut Switchboard| {
        board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, false) });
        assert!(serve_loads(board).contains(&Command::News(News::Device(device(Seat::Gpu, false)))));
    };
    let lose = |board: &mut Switchboard| {
        let id = board.ask(Job::Generate(job()));
        assert_eq!(asked(&board.take_commands()), [Seat::Gpu]);
        let failed = Event::Failed { id: Some(attempt(board, id)), error: error(ErrorKind::Device) };
        board.heard(Seat::Gpu, failed);
        let commands = board.take_commands();
        assert_eq!(asked(&commands), [Seat::LEAD], "the processor goes on");
        finish(board, Seat::LEAD, id);
        commands
    };
    take_over(&mut board);
    let commands = lose(&mut board);
    let place = |wanted: &Command| commands.iter().position(|command| command == wanted);
    let closed = place(&Command::Close(Seat::Gpu)).expect("the lost one is closed");
    assert!(place(&Command::Open(Seat::Gpu)).expect("and opened again") > closed);
    assert!(commands.contains(&Command::News(News::GpuReopening)));
    take_over(&mut board);
    let commands = lose(&mut board);
    assert!(!commands.contains(&Command::Open(Seat::Gpu)), "twice is enough");
    assert!(commands.iter().any(|command| matches!(command, Command::News(News::GpuDeclined(_)))));
}

#[test]
fn a_gpu_that_never_worked_is_not_opened_again() {
    let mut board = running(GpuPolicy::Any);
    board.heard(Seat::Gpu, Event::Failed { id: None, error: error(ErrorKind::Device) });
    let commands = board.take_commands();
    assert!(commands.contains(&Command::Close(Seat::Gpu)));
    assert!(!commands.contains(&Command::Open(Seat::Gpu)));
}

#[test]
fn a_crashed_cpu_worker_is_replaced_and_its_requests_begin_anew() {
    let mut board = running(GpuPolicy::Never);
    let id = board.ask(Job::Generate(job()));
    board.take_commands();
    board.crashed(Seat::LEAD, "bang");
    let commands = board.take_commands();
    assert!(commands.contains(&Command::Tell(id, Update::Restarted)));
    assert!(commands.ends_with(&[Command::Open(Seat::LEAD)]));
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    assert_eq!(asked(&serve_loads(&mut board)), [Seat::LEAD]);
}

#[test]
fn after_three_crashes_in_a_row_the_visitor_is_asked_and_can_try_again() {
    let mut board = running(GpuPolicy::Never);
    let failed = |commands: &[Command]| commands.iter().any(|c| matches!(c, Command::News(News::Failed(_))));
    for _ in 0..2 {
        board.crashed(Seat::LEAD, "bang");
        assert!(!failed(&board.take_commands()));
    }
    board.crashed(Seat::LEAD, "bang");
    assert!(failed(&board.take_commands()));
    board.start();
    assert_eq!(board.take_commands(), [Command::Open(Seat::LEAD)]);
}

#[test]
fn a_model_that_fails_to_load_is_loaded_again_on_retry() {
    let mut board = Switchboard::new(GpuPolicy::Never, 1);
    board.start();
    board.want(source("sft"));
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    let id = board.take_commands().into_iter().find_map(|c| match c {
        Command::Post(_, Request::Load { id, .. }) => Some(id),
        _ => None,
    });
    board.heard(Seat::LEAD, Event::Failed { id, error: error(ErrorKind::Network) });
    let told = News::LoadFailed { key: "sft".to_owned(), error: error(ErrorKind::Network) };
    assert_eq!(board.take_commands(), [Command::News(told)]);
    board.start();
    assert!(matches!(board.take_commands()[..], [Command::Post(Seat::LEAD, Request::Load { .. })]));
}

#[test]
fn a_cancelled_request_is_told_once_and_late_news_of_it_are_dropped() {
    let mut board = running(GpuPolicy::Never);
    let id = board.ask(Job::Generate(job()));
    board.take_commands();
    let known_as = attempt(&board, id);
    board.cancel(id);
    let stop = Command::Post(Seat::LEAD, Request::Cancel { id: known_as });
    assert_eq!(board.take_commands(), [stop, Command::Tell(id, Update::Cancelled)]);
    board.heard(Seat::LEAD, Event::Tokens { id: known_as, deltas: Vec::new() });
    board.heard(Seat::LEAD, Event::Cancelled { id: known_as });
    board.cancel(id);
    assert_eq!(board.take_commands(), []);
}

#[test]
fn choosing_the_processor_leaves_the_graphics_card() {
    let mut board = running(GpuPolicy::Any);
    board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, false) });
    serve_loads(&mut board);
    board.set_policy(GpuPolicy::Never);
    assert!(board.take_commands().contains(&Command::Close(Seat::Gpu)));
    board.ask(Job::Generate(job()));
    assert_eq!(asked(&board.take_commands()), [Seat::LEAD]);
}

#[test]
fn a_gpu_that_was_ruled_out_is_fetched_only_when_any_will_do() {
    let mut board = running(GpuPolicy::WhenReal);
    board.rule_out_gpu(Declined::NoAdapter);
    let id = board.ask(Job::Generate(job()));
    let opens = |commands: &[Command]| commands.contains(&Command::Open(Seat::Gpu));
    assert!(!opens(&finish(&mut board, Seat::LEAD, id)));
    for (policy, fetched) in [(GpuPolicy::Never, false), (GpuPolicy::WhenReal, false), (GpuPolicy::Any, true)]
    {
        board.set_policy(policy);
        assert_eq!(opens(&board.take_commands()), fetched, "{policy:?}");
    }
}

#[test]
fn echoes_of_a_closed_worker_change_nothing() {
    let mut board = running(GpuPolicy::Never);
    board.stop();
    board.take_commands();
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    board.crashed(Seat::LEAD, "late");
    assert_eq!(board.take_commands(), []);
}

#[test]
fn who_waits_for_a_model_that_cannot_be_loaded_is_told_and_the_others_are_not_concerned() {
    let mut board = running(GpuPolicy::Never);
    let answered = board.ask(Job::Generate(job()));
    board.want(source("rlhf-v1"));
    let waiting = board.ask(Job::Generate(GenerateJob { model: "rlhf-v1".to_owned(), ..job() }));
    let id = board.take_commands().into_iter().find_map(|c| match c {
        Command::Post(_, Request::Load { id, .. }) => Some(id),
        _ => None,
    });
    board.heard(Seat::LEAD, Event::Failed { id, error: error(ErrorKind::Network) });
    let told = News::LoadFailed { key: "rlhf-v1".to_owned(), error: error(ErrorKind::Network) };
    let failed = Command::Tell(waiting, Update::Failed(error(ErrorKind::Network)));
    assert_eq!(board.take_commands(), [Command::News(told), failed]);
    let finished = Command::Tell(answered, Update::Finished(GenerateStats::default()));
    assert!(finish(&mut board, Seat::LEAD, answered).contains(&finished));
    board.want(source("rlhf-v1"));
    assert!(matches!(board.take_commands()[..], [Command::Post(Seat::LEAD, Request::Load { .. })]));
}

#[test]
fn a_file_that_cannot_be_fetched_does_not_cost_the_graphics_card() {
    let mut board = running(GpuPolicy::Any);
    board.heard(Seat::Gpu, Event::Ready { device: device(Seat::Gpu, false) });
    serve_loads(&mut board);
    board.want(source("rlhf-v1"));
    let loads: Vec<_> = board.take_commands();
    for command in &loads {
        if let Command::Post(seat, Request::Load { id, .. }) = command {
            board.heard(*seat, Event::Failed { id: Some(*id), error: error(ErrorKind::Network) });
        }
    }
    let commands = board.take_commands();
    assert!(!commands.contains(&Command::Close(Seat::Gpu)), "{commands:?}");
    let told = commands.iter().filter(|c| matches!(c, Command::News(News::LoadFailed { .. }))).count();
    assert_eq!(told, 1, "told once, though both lanes tried");
}

#[test]
fn the_model_wanted_longest_ago_is_forgotten_when_there_are_too_many() {
    let mut board = running(GpuPolicy::Never);
    let busy = board.ask(Job::Generate(job()));
    for number in 1..=MOST_MODELS {
        board.want(source(&format!("m{number}")));
        serve_loads(&mut board);
    }
    // The first, `sft`, has a request, so the next one went.
    board.want(source("m2"));
    board.want(source("one more"));
    let commands = serve_loads(&mut board);
    let unloaded = |key: &str| Command::Post(Seat::LEAD, Request::Unload { key: key.to_owned() });
    assert!(
        commands.contains(&unloaded("m3")) && commands.contains(&Command::News(News::Unloaded("m3".into())))
    );
    assert!(!commands.contains(&unloaded("m2")) && !commands.contains(&unloaded("sft")));
    finish(&mut board, Seat::LEAD, busy);
    board.want(source("m3"));
    assert!(serve_loads(&mut board).iter().any(|c| matches!(c, Command::Post(_, Request::Load { .. }))));
    assert_eq!(board.sources.len(), MOST_MODELS);
}

#[test]
fn a_model_forgotten_on_its_way_is_not_kept() {
    let mut board = running(GpuPolicy::Never);
    board.want(source("late"));
    let id = board.take_commands().into_iter().find_map(|c| match c {
        Command::Post(_, Request::Load { id, .. }) => Some(id),
        _ => None,
    });
    for number in 0..MOST_MODELS {
        board.want(source(&format!("m{number}")));
    }
    board.take_commands();
    board.heard(Seat::LEAD, Event::Loaded { id: id.expect("a load request"), model: info("late") });
    let unload = Command::Post(Seat::LEAD, Request::Unload { key: "late".to_owned() });
    assert_eq!(board.take_commands(), [unload]);
}

#[test]
fn an_answer_is_read_where_its_model_is_and_once_more_where_the_worker_is_replaced() {
    let mut board = running(GpuPolicy::Never);
    let job = InspectJob {
        model: "rlhf-v1".to_owned(),
        prompt: "?".to_owned(),
        chat: true,
        answer: ReadAnswer::Tokens(vec![1, 2]),
    };
    let id = board.ask(Job::Inspect(job.clone()));
    let is_asked = |commands: &[Command]| {
        let fits = |c: &Command| matches!(c, Command::Post(Seat::LEAD, Request::Inspect { job: asked, .. }) if *asked == job);
        commands.iter().any(fits)
    };
    assert!(!is_asked(&board.take_commands()), "the model is not there yet");
    board.want(source("rlhf-v1"));
    assert!(is_asked(&serve_loads(&mut board)));
    board.crashed(Seat::LEAD, "bang");
    assert!(board.take_commands().contains(&Command::Tell(id, Update::Restarted)));
    board.heard(Seat::LEAD, Event::Ready { device: device(Seat::LEAD, false) });
    assert!(is_asked(&serve_loads(&mut board)));
    let inspection = Inspection {
        tokens: Vec::new(),
        vocabulary: 1,
        logits: vec![0; 4],
        likeliest: vec![Vec::new()],
        end: None,
    };
    let read = Event::Inspected { id: attempt(&board, id), inspection: inspection.clone() };
    board.heard(Seat::LEAD, read);
    assert_eq!(board.take_commands(), [Command::Tell(id, Update::Inspected(Rc::new(inspection)))]);
}

#[test]
fn only_workers_with_patient_jobs_are_told_to_give_way() {
    let mut board = running(GpuPolicy::Never);
    board.give_way();
    assert_eq!(board.take_commands(), [], "nobody computes");
    let hasty = board.ask(Job::Generate(job()));
    board.take_commands();
    board.give_way();
    assert_eq!(board.take_commands(), [], "the visitor waits for it");
    let patient = board.ask(Job::Generate(GenerateJob { patient: true, ..job() }));
    board.take_commands();
    board.give_way();
    assert_eq!(board.take_commands(), [Command::Post(Seat::LEAD, Request::GiveWay)]);
    board.cancel(patient);
    board.cancel(hasty);
    board.take_commands();
    board.give_way();
    assert_eq!(board.take_commands(), [], "it was withdrawn");
}
