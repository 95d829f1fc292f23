//! What an answer of the collector means for what was sent, and how long to wait before the next attempt.

use serde::Deserialize;

/// The first wait; each further one is up to twice as long.
const FIRST_WAIT_MS: u64 = 2_000;
/// No wait is longer, unless the collector asks for it.
const MOST_WAIT_MS: u64 = 5 * 60 * 1000;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Nothing: no network, no server, or no leave to ask it.
    Nothing,
    /// An answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// After how many seconds to come again, if it said so.
        retry_after_s: Option<u64>,
        /// Its text.
        body: String,
    },
}

/// What it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Done.
    Done,
    /// This vote of the batch is not taken, for the reason with this code; the others have to be sent again.
    RefusesOne(usize, String),
    /// The batch was too large.
    TooLarge,
    /// Nobody answered.
    Unheard,
    /// Not now. After so many milliseconds, if the collector said when.
    Later(Option<u64>),
    /// The collector does not take anything from this page; to try again would change nothing.
    RefusesAll(String),
}

#[derive(Deserialize)]
struct Body {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    vote: Option<usize>,
}

impl Verdict {
    /// The meaning of a reply to a batch of `votes`, or to a deletion (of none).
    #[must_use]
    pub fn of(reply: &Reply, votes: usize) -> Self {
        let Reply::Answer { status, retry_after_s, body } = reply else { return Self::Unheard };
        // A fault of the collector, or of a proxy before it, passes; what says nothing readable is such a proxy.
        let reason = serde_json::from_str::<Body>(body).map(|body| body.error).ok();
        match (status, reason) {
            (200..=299, _) => Self::Done,
            (408 | 429 | 500..=599, _) => {
                Self::Later(retry_after_s.map(|seconds| seconds.saturating_mul(1000)))
            }
            (413, _) => Self::TooLarge,
            (400..=499, Some(Reason { code, vote: Some(vote) })) if vote < votes => {
                Self::RefusesOne(vote, code)
            }
            (_, Some(Reason { code, .. })) => Self::RefusesAll(code),
            (status, None) => Self::RefusesAll(status.to_string()),
        }
    }
}

/// How long to wait after so many failures in a row: doubled each time, and between a half and the whole of that, so that
/// pages that failed together do not come back together. `chance` is from 0 to 1.
#[must_use]
pub fn wait_ms(failures: u32, chance: f64) -> u64 {
    let most = FIRST_WAIT_MS.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(MOST_WAIT_MS);
    (most as f64 * (0.5 + 0.5 * chance.clamp(0.0, 1.0))) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(status: u16, retry_after_s: Option<u64>, body: &str) -> Reply {
        Reply::Answer { status, retry_after_s, body: body.to_owned() }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_at_the_time_that_was_asked_for() {
        assert_eq!(Verdict::of(&Reply::Nothing, 3), Verdict::Unheard);
        assert_eq!(Verdict::of(&answer(502, None, "<html>"), 3), Verdict::Later(None));
        let busy = r#"{"error":{"code":"too_many","message":"..."}}"#;
        assert_eq!(Verdict::of(&answer(429, Some(7), busy), 3), Verdict::Later(Some(7_000)));
        assert_eq!(Verdict::of(&answer(503, Some(5), busy), 3), Verdict::Later(Some(5_000)));
    }

    #[test]
    fn a_refused_vote_is_told_from_a_refused_page() {
        let one = r#"{"error":{"code":"future","message":"...","vote":2}}"#;
        assert_eq!(Verdict::of(&answer(422, None, one), 3), Verdict::RefusesOne(2, "future".to_owned()));
        assert_eq!(Verdict::of(&answer(409, None, one), 3), Verdict::RefusesOne(2, "future".to_owned()));
        assert_eq!(
            Verdict::of(&answer(422, None, one), 2),
            Verdict::RefusesAll("future".to_owned()),
            "no such vote"
        );
        let all = r#"{"error":{"code":"schema","message":"..."}}"#;
        assert_eq!(Verdict::of(&answer(422, None, all), 3), Verdict::RefusesAll("schema".to_owned()));
        assert_eq!(Verdict::of(&answer(404, None, "<html>"), 3), Verdict::RefusesAll("404".to_owned()));
        assert_eq!(Verdict::of(&answer(413, None, ""), 3), Verdict::TooLarge);
        assert_eq!(Verdict::of(&answer(200, None, "{}"), 3), Verdict::Done);
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        assert_eq!(
            [1, 2, 3, 8, 9, 1000].map(|failures| wait_ms(failures, 1.0)),
            [2_000, 4_000, 8_000, 256_000, 300_000, 300_000]
        );
    }

    proptest! {
        #[test]
        fn waits_are_spread_and_never_nothing(failures: u32, chance in 0.0_f64..1.0) {
            let (wait, most) = (wait_ms(failures, chance), wait_ms(failures, 1.0));
            prop_assert!(wait >= most / 2 && wait <= most && wait >= FIRST_WAIT_MS / 2);
        }

        #[test]
        fn every_reply_means_something(status: u16, seconds: Option<u64>, body: String, votes in 0_usize..5) {
            let verdict = Verdict::of(&answer(status, seconds, &body), votes);
            let is_refusal = matches!(verdict, Verdict::RefusesOne(..) | Verdict::RefusesAll(_) | Verdict::TooLarge);
            prop_assert!(!(500..600).contains(&status) || !is_refusal, "a collector's fault is nobody's loss");
        }
    }
}
