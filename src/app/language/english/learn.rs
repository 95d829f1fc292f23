use super::WORDS;
use super::experiment::time_left;
use crate::app::language::words::Learn;
use crate::app::learn::state::{Notice, Outcome, Phase, Progress, Report, Teacher};
use crate::app::own::{SIMULATED, TRAINED_HERE};
use crate::learning::{HeldBack, Meetings, Share, Step};
use crate::preference::Taste;

pub(super) const LEARN: Learn = Learn {
    lede: "This is what votes are for. A reward model learns to predict them; the model itself, the “policy”, learns to give the answers \
     that they prefer. Both happen here, in this tab, beginning from SFT. The result is a stage of its own, which stands beside the others \
     in every stage switch.",
    how: "How it learns",
    method: "The reward model is a scalar head on SFT’s hidden states, fitted with the paper’s loss and its margins for “significantly \
     better” to “negligibly better”; “both bad” and skipped pairs teach it nothing. Votes that share an answer are held back together. The paper tunes the whole model: with few votes the head \
     does nearly as well, in a second. The policy learns from the same votes by direct preference optimisation (Rafailov et al. 2023), with the \
     chosen answers as an anchor. With sixty votes for birds it won about as often as keeping the best of sixteen answers by a fully tuned \
     reward model, as the paper’s rejection sampling does, and broke far less (one or two draws of votes; the numbers are in the project’s lab).",
    whose: "Whose votes",
    votes: "Votes",
    simulated_that: "A simulated annotator that",
    simulated: "A simulated annotator has one plain taste, read off the text, and is never in doubt. Its votes are made for this run, on answers of \
     all published stages, and forgotten after it. They are not among yours.",
    cancel: "Cancel",
    running: "Learning from the votes has begun.",
    is_done: "Learning from the votes is done.",
    stopped: "Learning from the votes was stopped.",
    progress_of_step: "Progress of this step",
    teacher,
    expectation,
    begin,
    progress,
    used: |report| match report.teacher {
        Teacher::Visitor => format!("{} of your votes prefer one answer.", report.votes),
        Teacher::Simulated(taste) => {
            format!("{} votes of a simulated annotator that {}.", report.votes, taste_in_words(taste))
        }
    },
    reward_model: "Reward model",
    held_back,
    policy: "Policy, against SFT on fresh answers",
    wins,
    movement,
    goodhart: "More reward is not more quality. A policy learns whatever sets the chosen answers apart from the others, intended or not: whoever likes short \
     answers may get wrong ones. When a measure becomes a target, it ceases to be a good measure (Goodhart’s law). The last row of “Beyond \
     supervision” shows where that leads.",
    example: |label, reward| format!("{label} · reward {}", WORDS.signed(reward, 1)),
    yours: "You",
    stage_label,
    stage_summary,
    your_stage: |label| format!("Your stage: {label}"),
    look: "Look at it beside SFT",
    download: |size| format!("Download (GGUF, {size})"),
    forget: "Forget it",
    notice: |notice| match notice {
        Notice::Kept => "Your stage is kept in this browser. It is sent nowhere.",
        Notice::NotKept => {
            "Your stage could not be kept in this browser: it is here until you leave the page. Download it to keep it."
        }
        Notice::Forgotten => "Your stage is forgotten.",
        Notice::NotForgotten => {
            "This browser did not let go of the stage. Try again, or delete this page’s data in the browser’s settings."
        }
        Notice::NotDownloaded => "The file could not be handed over: this browser did not take it.",
        Notice::NotRead => "Your votes could not be read. The chapter above says why.",
    },
};

/// A teacher's name in the picker.
fn teacher(teacher: Teacher, own_votes: Option<usize>) -> String {
    match (teacher, own_votes) {
        (Teacher::Visitor, None) => "My own votes".to_owned(),
        (Teacher::Visitor, Some(1)) => "My own votes (1)".to_owned(),
        (Teacher::Visitor, Some(votes)) => format!("My own votes ({votes})"),
        (Teacher::Simulated(taste), _) => taste_in_words(taste).to_owned(),
    }
}

/// What a simulated annotator likes.
fn taste_in_words(taste: Taste) -> &'static str {
    match taste {
        Taste::Rhymes => "likes lines that rhyme",
        Taste::Brevity => "likes short answers",
        Taste::Birds => "likes answers with birds in them",
        Taste::Sentences => "likes whole sentences",
    }
}

/// What can be expected of so many votes of the visitor's own.
fn expectation(own_votes: Option<usize>) -> String {
    match own_votes {
        None => "Counting your votes …".to_owned(),
        Some(0) => {
            "You have not voted yet. Vote in the chapter above, or let a simulated annotator vote for you."
                .to_owned()
        }
        Some(1) => "One vote is too few: it takes one to learn from and one to hold back.".to_owned(),
        Some(votes @ 2..=19) => {
            format!(
                "With {votes} votes a model learns them by heart, and nothing can be said of what else it learned. Twenty are a beginning."
            )
        }
        Some(votes) => {
            format!("{votes} votes are still few. What can be said of them is said with its uncertainty.")
        }
    }
}

/// The button that begins.
fn begin(teacher: Teacher, votes: usize) -> String {
    match teacher {
        Teacher::Visitor if votes == 1 => "Learn from my vote".to_owned(),
        Teacher::Visitor => format!("Learn from my {votes} votes"),
        Teacher::Simulated(_) => format!("Learn from {votes} simulated votes"),
    }
}

/// What is being done, how far it is, and how long it may take.
fn progress(phase: Phase, progress: &Progress) -> String {
    let what = match phase {
        Phase::Resting => return String::new(),
        Phase::Gathering { .. } => "The simulated annotator is shown answers",
        Phase::Learning { step: Step::Load, .. } => "Fetching trainer and model",
        Phase::Learning { step: Step::HoldBack, .. } => "Fitting reward models, some votes held back",
        Phase::Learning { step: Step::Policy, .. } => "Moving the policy",
        Phase::Learning { step: Step::Answers, .. } => "Sampling fresh answers, before and after",
    };
    let is_bytes = matches!(phase, Phase::Learning { step: Step::Load, .. });
    if progress.all == 0 || is_bytes {
        return format!("{what} …");
    }
    let left = progress.left_ms().map(|ms| format!(" · {} of this step", time_left(ms))).unwrap_or_default();
    format!("{what}: {} of {}{left}", progress.done, progress.all)
}

/// A share with its interval: "73% (95% interval: 61 to 83%)".
fn with_interval(share: Share) -> String {
    in_interval(share, share.interval())
}

fn in_interval(share: Share, interval: (f64, f64)) -> String {
    let Some(value) = share.value() else { return "nothing to count".to_owned() };
    format!("{} (95% interval: {})", WORDS.share(value), WORDS.range(interval))
}

/// What the held-back votes say of the reward model.
fn held_back(report: &HeldBack) -> String {
    let HeldBack { unseen, seen } = report;
    let verdict = match (unseen.of, unseen.interval()) {
        (0..=9, _) => "With so few nothing can be said, either way.",
        (_, (low, _)) if low > 0.5 => {
            "That is better than a coin: it has learned something that the votes have in common."
        }
        (_, (_, high)) if high < 0.5 => {
            "That is worse than a coin: what some votes have in common is the opposite of what others have."
        }
        _ => "That may still be a coin’s luck: the interval reaches 50%.",
    };
    let gap = match (unseen.value(), seen.value()) {
        (Some(unseen), Some(seen)) if seen - unseen > 0.1 => {
            " The gap between the two is what it has learned by heart."
        }
        _ => "",
    };
    format!(
        "Votes that it had not seen, each held back once: {} of {} predicted, {}. {verdict} Votes that it had learned: {}.{gap}",
        WORDS.halves(unseen.hits),
        unseen.of,
        with_interval(*unseen),
        seen.value().map_or_else(|| "none".to_owned(), |seen| WORDS.share(seen)),
    )
}

/// How the new stage does against SFT on fresh answers.
fn wins(report: &Report, outcome: &Outcome) -> String {
    let counts = |meetings: Meetings| {
        format!(
            "{} better, {} as good, {} worse: a win rate of {}, ties counted half",
            meetings.better,
            meetings.alike,
            meetings.worse,
            in_interval(meetings.win_rate(), meetings.interval())
        )
    };
    match report.teacher {
        Teacher::Simulated(taste) => format!(
            "Judged by the taste itself ({}{}): {}. {}",
            taste_in_words(taste),
            if taste.is_of_poems() { ", poems alone" } else { "" },
            counts(outcome.by_taste(taste)),
            verdict(outcome.by_taste(taste))
        ),
        Teacher::Visitor => format!(
            "By the reward model that learned your votes: {}. It is no independent judge: what it got wrong the policy may have learned too. \
             Only you can say, in the instrument.",
            counts(outcome.by_reward())
        ),
    }
}

fn verdict(meetings: Meetings) -> &'static str {
    match meetings.interval() {
        (low, _) if low > 0.5 => "The policy has moved toward that taste.",
        (_, high) if high < 0.5 => "The policy has moved away from that taste.",
        _ => "Whether the policy has moved toward that taste cannot be told: the interval reaches 50%.",
    }
}

/// How far the policy moved, and what the reward model thinks of it.
fn movement(outcome: &Outcome) -> String {
    let [before, after] = outcome.mean_rewards().map(|mean| WORDS.signed(mean, 2));
    format!(
        "It has moved {:.1} nats per answer away from SFT (KL divergence, estimated from {} answers). The reward model’s mean went from {before} to {after}, in \
         deviations of the answers voted on.",
        outcome.divergence,
        outcome.fresh.len()
    )
}

/// Name of the stage.
fn stage_label(teacher: Teacher) -> &'static str {
    match teacher {
        Teacher::Visitor => "You",
        Teacher::Simulated(_) => "You (simulated)",
    }
}

/// One sentence on the stage.
fn stage_summary(teacher: Teacher, votes: usize) -> String {
    match teacher {
        Teacher::Visitor => format!("{TRAINED_HERE} on {votes} votes of yours, beginning from SFT."),
        Teacher::Simulated(taste) => format!(
            "{TRAINED_HERE} on {votes} votes of a {SIMULATED} annotator that {}, beginning from SFT.",
            taste_in_words(taste)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(hits: f64, of: u32, seen: f64) -> String {
        held_back(&HeldBack { unseen: Share { hits, of }, seen: Share { hits: seen, of } })
    }

    #[test]
    fn few_votes_are_said_to_say_nothing() {
        assert!(report(7.0, 7, 7.0).contains("nothing can be said"));
        assert!(report(30.0, 60, 58.0).contains("coin’s luck"));
        assert!(report(30.0, 60, 58.0).contains("by heart"));
        assert!(report(50.0, 60, 52.0).contains("better than a coin"));
        assert!(!report(50.0, 60, 52.0).contains("by heart"));
        assert!(expectation(Some(7)).starts_with("With 7 votes"));
    }

    #[test]
    fn shares_come_with_their_interval() {
        assert_eq!(with_interval(Share { hits: 8.0, of: 10 }), "80% (95% interval: 49 to 94%)");
        assert_eq!(with_interval(Share::default()), "nothing to count");
    }

    #[test]
    fn simulated_votes_are_called_so_everywhere() {
        let teacher = Teacher::Simulated(Taste::Birds);
        assert!(begin(teacher, 60).contains("simulated"));
        assert!(
            stage_label(teacher).contains("simulated") && stage_summary(teacher, 60).contains("simulated")
        );
        assert!(!stage_summary(Teacher::Visitor, 60).contains("simulated"));
    }
}
