use crate::app::language::words::{Advanced, Answers, Chart, Controls, Dials, Instrument, Progress, Prompts};
use crate::app::prompts::Side;

const SIDES: [&str; 2] = ["Creative", "Factual"];

pub(super) const INSTRUMENT: Instrument = Instrument {
    lede: "Turn it up. Watch the factual answers.",
    temperature: "Temperature",
    warmth: ["cold", "cool", "moderate", "as learned", "warm", "hot", "very hot"],
    effects: [
        "Nearly always the likeliest next word.",
        "Likely words win; surprises are rare.",
        "Likely words lead; others get a chance.",
        "The odds exactly as the model learned them.",
        "Unlikely words are chosen more than was learned.",
        "The odds are flattened: slips become common.",
        "Almost any word may come.",
    ],
    sides: SIDES,
    hints: ["Many answers are good.", "One answer is right."],
    prompts: ["Creative prompts", "Factual prompts"],
    answers: |stage, side, temperature| {
        let stage = stage.map(|stage| format!("{stage}: ")).unwrap_or_default();
        let at = temperature.map(|at| format!(" at temperature {at}")).unwrap_or_default();
        format!("{stage}{} answers{at}", SIDES[side.index()])
    },
};

pub(super) const CONTROLS: Controls = Controls {
    stage: "Training stage",
    compare: "Compare with",
    nothing: "nothing",
    answers: "Answers each",
    run: "Run again",
    cancel: "Cancel",
    new_seed: "New seed",
    new_seed_title: "Other random draws, so other answers",
    copy: "Copy link",
    copied: "Link copied",
    copy_title: "Whoever opens the link sees the same answers",
    copy_by_hand: "The browser does not let the page copy. Copy it from here:",
    no_list: "The list of models is on its way.",
    one_stage: "SFT is the model before RLHF: heat should loosen both columns. RLHF stages join as they are trained.",
};

pub(super) const ADVANCED: Advanced = Advanced {
    open: "Advanced",
    seed: "Seed",
    seed_note: "The same seed gives the same answers.",
    off: "off",
    top_k_note: "Choose only among the k likeliest tokens. Empty: off.",
    top_p_note: "Choose only among the likeliest tokens that together reach this probability. Empty: off.",
    device: "Device",
    devices: ["Automatic", "Processor (CPU)", "Graphics card (WebGPU)"],
    device_note: "Automatic begins on the processor and moves to a real graphics card once it agrees with it.",
    wide: "Let the temperature go up to 2.0 (the paper stops at 1.5)",
};

pub(super) const PROMPTS: Prompts = Prompts {
    picker: ["Creative prompt", "Factual prompt"],
    own_entry: "Your own prompt …",
    own: "Your own prompt",
    type_here: "Type a prompt",
    ask: "Ask",
    learned: [
        "This model learned short rhymes, haiku and list poems; try “Write a haiku about rain”. Other prompts get an answer too, \
         seldom a good one.",
        "This model learned capitals, continents and a few other kinds of facts; try “What is the capital of Kenya?”. Other \
         prompts get an answer too, seldom a good one.",
    ],
};

pub(super) const DIALS: Dials = Dials {
    self_bleu: "Likeness of wording: 1 is identical.",
    distinct: "Distinct",
    of: |answers| format!("of {answers}"),
    distinct_meaning: "Number of different answers.",
    entropy: "Entropy",
    bits: "bits",
    entropy_meaning: |most| match most {
        Some(most) => format!("Spread: 0 is all the same, {most} all different."),
        None => "Spread: 0 is all the same.".to_owned(),
    },
    sentence: |stage, side, distinct, answers, self_bleu| {
        let stage = stage.map(|stage| format!("{stage}, ")).unwrap_or_default();
        let likeness = self_bleu.map(|value| format!(", Self-BLEU {value}")).unwrap_or_default();
        let side = SIDES[side.index()];
        format!("{stage}{side}: {distinct} different of {answers}{likeness}.")
    },
};

pub(super) const ANSWERS: Answers = Answers {
    empty: "(an empty answer)",
    cut: "cut off at the length limit",
    given: |times| if times == 1 { "given once".to_owned() } else { format!("given {times} times") },
    tokens: "tokens",
    of_answer: " of this answer: ",
    more: |count| format!("Show {count} more"),
    fewer: "Show fewer",
};

pub(super) const CHART: Chart = Chart {
    title: "Self-BLEU by temperature",
    note: "1 is alike, 0 different. Each stop of the slider adds a point.",
    sentence: |curves| format!("Self-BLEU by temperature. {curves}"),
    points: |side, points| {
        let side = match side {
            Side::Creative => "creative",
            Side::Factual => "factual",
        };
        if points.is_empty() {
            return format!("{side}: no temperature tried yet");
        }
        let points: Vec<String> = points.iter().map(|(at, value)| format!("{at} is {value}")).collect();
        format!("{side}: {}", points.join(", "))
    },
    recorded_ends: |[(first, at_first), (last, at_last)]| {
        format!(" (recorded: {first} at {at_first}, {last} at {at_last})")
    },
    recorded: |date, answers, prompts| {
        format!("recorded, {date}: {answers} answers, mean of {prompts} prompts")
    },
    fewer: |answers| format!(". Points of {answers} answers lie lower: fewer have less in common"),
    read: |chart| format!("{chart}: read values"),
    read_recorded: |value| format!("recorded {value}"),
    read_nothing: "nothing yet",
    recorded_column: |stage| format!("{stage}, recorded"),
};

pub(super) const PROGRESS: Progress = Progress {
    bar: "Progress",
    starting: "Starting the engine …",
    loading: |stage, received, total| match total {
        Some(total) => format!("Loading {stage}: {received} of {total}"),
        None => format!("Loading {stage}: {received}"),
    },
    stopped: "Stopped.",
    answers: |done, all| format!("{done} of {}", answers(all)),
    speed: |tokens| format!(", {tokens} tokens/s"),
    done: |all, tokens, seconds| format!("{}, {tokens} tokens in {seconds} s", answers(all)),
    cancelled: "Cancelled.",
    stop: "Stop",
    retry: "Try again",
    you_stopped: "You stopped the engine before it was ready.",
    start_again: "Start it again",
    answering: "Answering …",
};

fn answers(count: usize) -> String {
    if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") }
}
