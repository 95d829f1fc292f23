use super::WORDS;
use super::compare::votes;
use crate::app::language::words::Sureness;
use crate::learning::{Fit, LEAST_JUDGED};

pub(super) const CALIBRATION: Sureness = Sureness {
    heading: "Is the reward model as sure as it should be?",
    question: "The published reward model learned from simulated annotators. The further apart it scores two answers, the surer it is which one \
     people prefer. Your votes put that to the test.",
    no_votes: "There is no vote yet that prefers one answer.",
    ask: |count| match count {
        1 => "Ask it about my vote".to_owned(),
        count => format!("Ask it about my {count} votes"),
    },
    progress: |done, all| format!("It has been asked about {done} of {}.", votes(all)),
    failed: "The reward model could not be asked.",
    retry: "Try again",
    verdict: |found| {
        let [right, of] = [WORDS.halves(found.agreed.hits), found.agreed.of.to_string()];
        let count = format!("It predicted {right} of {of} votes");
        let score = format!(
            " Brier score {}: whoever always says {} gets {}, and lower is better.",
            WORDS.number(found.brier, 2),
            WORDS.share(0.5),
            WORDS.number(0.25, 2)
        );
        let fit = match found.fit() {
            Fit::TooFew => {
                return format!("{count}. Of fewer than {LEAST_JUDGED} nothing is said, either way.");
            }
            Fit::Fits => "The interval holds that, so nothing here speaks against how sure it is.",
            Fit::TooSure => "That is above the interval: where you vote it is surer than it should be.",
            Fit::TooCautious => "That is below the interval: where you vote it could be surer.",
        };
        format!(
            "{count}: {} ({} interval: {}). By its own account it would have been {}. {fit}{score}",
            WORDS.share(found.agreed.value().unwrap_or_default()),
            WORDS.share(0.95),
            WORDS.range(found.agreed.interval()),
            WORDS.share(found.expected),
        )
    },
    table: "The reward model’s sureness and your votes",
    sure: "It is sure by",
    bin: |bin| WORDS.range((bin.from, bin.to)),
    average: "On average",
    agreed: "You agree",
    interval: "95% interval",
    votes: "Votes",
    how: "How this is computed",
    method: |most| {
        format!(
            "A difference of its raw scores is read as a chance, by the logistic function (Bradley and Terry 1952): that is how sure it is. It was trained \
         with the paper’s margins, which push scores apart, so that some excess is to be expected: the model card has it on simulated votes. “Both bad”, skipped pairs and equal scores do not count, and no more than your newest {most} votes. Each row’s interval is Wilson’s: with few \
         votes it is wide, and a row by itself then says next to nothing."
        )
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::{Calibration, Judged};

    #[test]
    fn few_votes_are_said_to_say_nothing_and_many_what_they_show() {
        let verdict = |right: usize, wrong: usize| {
            let vote = |agrees| Judged { margin: 3.0, agrees };
            let judged = [vec![vote(true); right], vec![vote(false); wrong]].concat();
            (CALIBRATION.verdict)(&Calibration::of(&judged, 5).expect("votes"))
        };
        assert_eq!(verdict(4, 1), "It predicted 4 of 5 votes. Of fewer than 10 nothing is said, either way.");
        assert!(
            verdict(60, 40)
                .starts_with("It predicted 60 of 100 votes: 60% (95% interval: 50 to 69%). By its")
        );
        assert!(verdict(60, 40).contains("surer than it should be"));
        assert!(verdict(20, 0).contains("nothing here speaks against"));
    }
}
