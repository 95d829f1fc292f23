//! What is to be done next, and how many votes are where.

use std::collections::HashMap;

use serde::Serialize;

use crate::app::prompts::Side;
use crate::checksum::hex_sha256;
use crate::preference::fate::{Fate, Ledger};
use crate::preference::{RandomKey, Vote};

/// Version of the batch that collectors take.
const BATCH_SCHEMA: u32 = 1;
/// Votes of a batch; collectors take 100.
pub const MOST_VOTES: usize = 50;
/// Bytes of a batch's votes; collectors take a megabyte.
const MOST_BYTES: usize = 768 * 1024;

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Nothing.
    Nothing,
    /// All that was sent is to be deleted.
    Withdraw,
    /// This vote is to be deleted.
    TakeBack(RandomKey),
    /// These votes are to be sent.
    Send(Vec<Vote>),
}

/// How many votes are where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Wait to be sent.
    pub waiting: usize,
    /// Are with the collector.
    pub sent: usize,
    /// Were taken back, and the collector does not know it yet.
    pub taking_back: usize,
    /// Are not taken, by the reason's code.
    pub refused: Vec<(String, usize)>,
}

impl Ledger {
    /// What is to be done next, with at most `most` votes at once. Taking back comes first, and needs no consent.
    #[must_use]
    pub fn work(&self, most: usize) -> Work {
        if self.secret.is_none() {
            return Work::Nothing; // nothing was ever agreed to
        }
        if self.is_withdrawing {
            return Work::Withdraw;
        }
        let mut taken_back: Vec<RandomKey> =
            self.fates.iter().filter(|(_, fate)| **fate == Fate::TakingBack).map(|(id, _)| *id).collect();
        taken_back.sort();
        if let Some(id) = taken_back.first() {
            return Work::TakeBack(*id);
        }
        if !self.agrees {
            return Work::Nothing;
        }
        let mut bytes = 0;
        let votes: Vec<Vote> = self
            .waiting()
            .take(most.clamp(1, MOST_VOTES))
            .take_while(|vote| {
                // The first goes in any case: one that is too large must be refused, not block the others.
                let is_first = bytes == 0;
                bytes += serde_json::to_string(vote).map_or(0, |record| record.len());
                is_first || bytes <= MOST_BYTES
            })
            .cloned()
            .collect();
        if votes.is_empty() { Work::Nothing } else { Work::Send(votes) }
    }

    /// Votes that may be sent and are not with the collector: cast in this browser, and on the page's own prompts. A file's votes
    /// are somebody's who did not agree, and what a visitor wrote is not sent.
    fn waiting(&self) -> impl Iterator<Item = &Vote> {
        self.votes.iter().filter(|vote| {
            Some(vote.client) == self.client
                && matches!(self.fates.get(&vote.id), None | Some(Fate::Sending))
                && Side::ALL.iter().any(|side| side.prompts().iter().any(|own| own.text == vote.prompt))
        })
    }

    /// How many votes are where.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut refused: HashMap<&str, usize> = HashMap::new();
        let (mut sent, mut taking_back) = (0, 0);
        for fate in self.fates.values() {
            match fate {
                Fate::Sent => sent += 1,
                Fate::Refused { code } => *refused.entry(code).or_default() += 1,
                Fate::TakingBack => taking_back += 1,
                Fate::Sending | Fate::TakenBack => {}
            }
        }
        let mut refused: Vec<(String, usize)> =
            refused.into_iter().map(|(code, count)| (code.to_owned(), count)).collect();
        refused.sort();
        Tally { waiting: self.waiting().count(), sent, taking_back, refused }
    }
}

/// The body of a batch. The key itself stays here: only its SHA-256 goes along, so that nobody who sees the batch, or what the
/// collector keeps, can delete.
///
/// # Errors
/// Where JSON cannot write a vote, which it gives no reason for.
pub fn body(votes: &[Vote], secret: RandomKey) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Batch<'a> {
        schema: u32,
        owner: String,
        shares_own_prompts: bool,
        votes: &'a [Vote],
    }

    let owner = hex_sha256(secret.to_string());
    serde_json::to_string(&Batch { schema: BATCH_SCHEMA, owner, shares_own_prompts: false, votes })
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::preference::samples::vote;

    fn key(byte: u8) -> RandomKey {
        RandomKey::new([byte; 16])
    }

    fn own(id: u8) -> Vote {
        Vote { id: key(id), client: key(0xc), prompt: "Write a poem about the sea".to_owned(), ..vote() }
    }

    fn ledger(ids: &[u8]) -> Ledger {
        Ledger {
            agrees: true,
            client: Some(key(0xc)),
            secret: Some(key(0x5)),
            votes: ids.iter().map(|id| own(*id)).collect(),
            ..Ledger::default()
        }
    }

    #[test]
    fn nothing_is_sent_without_consent() {
        let never = Ledger { agrees: false, secret: None, ..ledger(&[1, 2]) };
        assert_eq!(never.work(MOST_VOTES), Work::Nothing);
        let not_any_more = Ledger { agrees: false, ..ledger(&[1, 2]) };
        assert_eq!(not_any_more.work(MOST_VOTES), Work::Nothing);
    }

    #[test]
    fn what_waits_or_is_in_doubt_is_sent_and_what_has_a_fate_is_not() {
        let mut ledger = ledger(&[1, 2, 3, 4, 5]);
        ledger.fates = HashMap::from([
            (key(1), Fate::Sent),
            (key(2), Fate::Sending),
            (key(3), Fate::Refused { code: "future".to_owned() }),
            (key(5), Fate::TakenBack),
        ]);
        assert_eq!(ledger.work(MOST_VOTES), Work::Send(vec![own(2), own(4)]));
        assert_eq!(ledger.work(1), Work::Send(vec![own(2)]));
        let tally = Tally { waiting: 2, sent: 1, taking_back: 0, refused: vec![("future".to_owned(), 1)] };
        assert_eq!(ledger.tally(), tally);
    }

    #[test]
    fn votes_of_others_and_on_own_prompts_stay_here() {
        let mut ledger = ledger(&[1]);
        ledger.votes.push(Vote { client: key(0xd), ..own(2) });
        ledger.votes.push(Vote { prompt: "Write a poem about my secret".to_owned(), ..own(3) });
        assert_eq!(ledger.work(MOST_VOTES), Work::Send(vec![own(1)]));
        assert_eq!(ledger.tally().waiting, 1);
    }

    #[test]
    fn batches_are_small_but_never_empty() {
        let large = |id| {
            let mut vote = own(id);
            vote.answer_a.text = "x".repeat(60_000);
            vote
        };
        let votes: Vec<Vote> = (1..30).map(large).collect();
        let Work::Send(batch) = (Ledger { votes, ..ledger(&[]) }).work(MOST_VOTES) else { panic!("sends") };
        let bytes = body(&batch, key(5)).expect("writes").len();
        assert!(batch.len() > 10 && bytes < 1024 * 1024, "{} votes, {bytes} bytes", batch.len());
        let votes: Vec<Vote> = (0..200).map(own).collect();
        let Work::Send(batch) = (Ledger { votes, ..ledger(&[]) }).work(1000) else { panic!("sends") };
        assert_eq!(batch.len(), MOST_VOTES);
    }

    #[test]
    fn taking_back_comes_first_and_needs_no_consent() {
        let mut ledger = Ledger { agrees: false, ..ledger(&[1]) };
        ledger.fates = HashMap::from([(key(9), Fate::TakingBack), (key(8), Fate::TakingBack)]);
        assert_eq!(ledger.work(MOST_VOTES), Work::TakeBack(key(8)));
        assert_eq!(ledger.tally().taking_back, 2);
        ledger.is_withdrawing = true;
        assert_eq!(ledger.work(MOST_VOTES), Work::Withdraw);
    }

    #[test]
    fn the_body_holds_the_digest_and_not_the_key() {
        let body = body(&[own(1)], key(5)).expect("writes");
        assert!(!body.contains(&key(5).to_string()));
        // `printf 05050505050505050505050505050505 | sha256sum`
        assert!(body.starts_with(r#"{"schema":1,"owner":""#), "{body}");
        let owner = Sha256::digest("05050505050505050505050505050505");
        let owner: String = owner.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(body.contains(&owner), "{body}");
    }
}
