use crate::app::language::words::{OfStage, Rewards};

pub(super) const REWARDS: Rewards = Rewards {
    lede: "RLHF needs a judge that never tires: a reward model, trained on people’s comparisons (here: simulated people’s). Let it score \
           every stage’s answers. By its scores the worst answers improve most. To a question of fact one answer scores high, and training piles the \
           chances onto it; of poems many score about as well, and the chances stay spread. The last row is a warning: a model that \
           learned to please the judge, and nothing else.",
    begin: |temperature| format!("Score answers at temperature {temperature}"),
    sweep: |temperatures| format!("Sweep {temperatures} temperatures"),
    plan: |prompts, answers, bytes| {
        format!(
            "{prompts} creative and {prompts} factual prompts, {answers} answers each, by every stage. All models together: {bytes}."
        )
    },
    stop: "Stop",
    bar: "Prompts answered and scored",
    part: |done, all, answers| {
        let of = |parts: usize| parts as u32 * answers;
        format!("{done} of {all} parts: {} of {} answers", of(done), of(all))
    },
    stopped: |done, all| format!("Stopped after {done} of {all} parts."),
    prompts: "Prompts",
    answers_of: "Answers of",
    ridges: |prompts| format!("{prompts}: reward"),
    best_of_n: |prompts| format!("{prompts}: best of N"),
    best_by_temperature: |prompts, answers| format!("{prompts}: best of {answers} by temperature"),
    reward: "Reward",
    n: "N, answers to choose from",
    ridges_spoken: |stages| {
        if stages.is_empty() {
            return "Rewards by stage; no answers yet.".to_owned();
        }
        let stage =
            |(label, [mean, worst]): &OfStage<'_, 2>| format!("{label}: mean {mean}, worst tenth {worst}");
        format!("Rewards by stage. {}.", stages.iter().map(stage).collect::<Vec<_>>().join("; "))
    },
    best_spoken: |title, stages| {
        let stage = |(label, [one, five, all]): &OfStage<'_, 3>| {
            format!("{label}: {one} of 1, {five} of 5, {all} of 25")
        };
        format!("{title}, expected reward. {}.", stages.iter().map(stage).collect::<Vec<_>>().join("; "))
    },
    highest_spoken: |title, stages| {
        let stage = |(label, [reward, at]): &OfStage<'_, 2>| format!("{label}: {reward} at T = {at}");
        format!("{title}; the highest of each. {}.", stages.iter().map(stage).collect::<Vec<_>>().join("; "))
    },
    between: |from, to| match (from, to) {
        (None, to) => format!("below {}", to.unwrap_or_default()),
        (Some(from), None) => format!("{from} and above"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
    },
    bar_holds: |stage, rewards, answers, all| {
        format!("{stage}, reward {rewards}: {answers} of {all} answers")
    },
    choose_bar: "Answers behind a bar: left and right by reward, up and down by stage",
    unlisted: |answers| format!("And {answers} more."),
    leave_bar: "The worst, the middle, the best",
    columns: ["Mean", "Worst tenth"],
    column_best: |answers| format!("Best of\u{a0}{answers}"),
    column_best_at: |answers, temperature| format!("Best of\u{a0}{answers}, T\u{a0}=\u{a0}{temperature}"),
    caption: |temperature| {
        format!(
            "Hills: the share of answers at each reward, and a press on a bar lists its answers; the line is the mean, the triangle the mean of the worst tenth. Curves: choose the \
             best of N by reward, as rejection sampling does, and this is what to expect; a sweep shows at which temperature that pays \
             most. Rewards have mean 0 and deviation 1 over sampled answers in comparisons kept apart from its training. Sampled in this tab at \
             temperature {temperature}; the reward model was trained with this lineage, so its praise is not the truth."
        )
    },
    parts: ["The worst", "In the middle", "The best"],
    running: "Answers are sampled and scored.",
    is_done: "The answers have been scored.",
};
