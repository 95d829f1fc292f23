//! What the page has not been told yet of a job. To take a message in costs the page time that what the visitor does waits for.

use crate::protocol::RowDelta;

/// Tokens are sent to the page at most this often, in milliseconds: every other frame, which is as smooth to read.
const SEND_EVERY_MS: f64 = 32.0;
/// Answers of patient jobs.
const SEND_PATIENTLY_EVERY_MS: f64 = 150.0;

/// New tokens of a job, at most one entry per row.
#[derive(Debug)]
pub struct Outbox {
    unsent: Vec<RowDelta>,
    sent_at_ms: f64,
    is_patient: bool,
}

impl Outbox {
    /// An empty one. Answers of a patient job, which nobody reads as they come, are sent whole.
    #[must_use]
    pub fn new(is_patient: bool) -> Self {
        Self { unsent: Vec::new(), sent_at_ms: f64::NEG_INFINITY, is_patient }
    }

    /// Adds what a row gained.
    pub fn gain(&mut self, delta: RowDelta) {
        match self.unsent.iter_mut().find(|waiting| waiting.row == delta.row) {
            Some(waiting) => {
                waiting.tokens.extend(delta.tokens);
                waiting.text.push_str(&delta.text);
                waiting.stop = delta.stop;
            }
            None => self.unsent.push(delta),
        }
    }

    /// What is to be sent now, if it is time. At the end of the job that is whatever there is, be it nothing.
    pub fn take(&mut self, now_ms: f64, is_end: bool) -> Option<Vec<RowDelta>> {
        let every_ms = if self.is_patient { SEND_PATIENTLY_EVERY_MS } else { SEND_EVERY_MS };
        if !is_end && now_ms - self.sent_at_ms < every_ms {
            return None;
        }
        let waits = |delta: &RowDelta| self.is_patient && !is_end && delta.stop.is_none();
        let (kept, sent): (Vec<_>, Vec<_>) = std::mem::take(&mut self.unsent).into_iter().partition(waits);
        self.unsent = kept;
        if sent.is_empty() && !is_end {
            return None;
        }
        self.sent_at_ms = now_ms;
        Some(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{SampledToken, StopReason};

    fn delta(row: u32, text: &str, stop: Option<StopReason>) -> RowDelta {
        let tokens = vec![SampledToken { id: row, log_prob: -1.0, entropy: 0.5 }];
        RowDelta { row, tokens, text: text.to_owned(), stop }
    }

    fn texts(sent: Option<Vec<RowDelta>>) -> Vec<(u32, String, usize)> {
        let of = |delta: RowDelta| (delta.row, delta.text, delta.tokens.len());
        sent.unwrap_or_default().into_iter().map(of).collect()
    }

    #[test]
    fn tokens_are_sent_every_other_frame_and_a_row_once_in_a_message() {
        let mut outbox = Outbox::new(false);
        assert_eq!(outbox.take(0.0, false), None, "nothing to send");
        outbox.gain(delta(3, "a", None));
        assert_eq!(texts(outbox.take(1.0, false)), [(3, "a".to_owned(), 1)]);
        outbox.gain(delta(3, "b", None));
        outbox.gain(delta(4, "c", None));
        outbox.gain(delta(3, "d", Some(StopReason::EndOfAnswer)));
        assert_eq!(outbox.take(31.5, false), None, "too soon");
        assert_eq!(texts(outbox.take(33.5, false)), [(3, "bd".to_owned(), 2), (4, "c".to_owned(), 1)]);
        assert_eq!(outbox.take(34.0, true), Some(Vec::new()), "the end is told at once");
    }

    #[test]
    fn a_patient_job_sends_answers_whole() {
        let mut outbox = Outbox::new(true);
        outbox.gain(delta(1, "a", None));
        outbox.gain(delta(2, "x", Some(StopReason::EndOfAnswer)));
        assert_eq!(texts(outbox.take(0.0, false)), [(2, "x".to_owned(), 1)]);
        outbox.gain(delta(1, "b", None));
        assert_eq!(outbox.take(500.0, false), None, "no answer has ended");
        outbox.gain(delta(1, "c", Some(StopReason::EndOfAnswer)));
        outbox.gain(delta(5, "y", None));
        assert_eq!(texts(outbox.take(501.0, false)), [(1, "abc".to_owned(), 3)]);
        assert_eq!(texts(outbox.take(502.0, true)), [(5, "y".to_owned(), 1)], "whatever there is at the end");
    }
}
