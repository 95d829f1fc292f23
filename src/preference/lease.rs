//! Who may send: one tab at a time, and nobody while the collector asked for peace.
//!
//! The lease is one value in this browser's database, where every tab sees it. Two tabs that sent at once would do no harm, for
//! collectors know votes by their ids; the lease only saves them the trouble.

use serde::{Deserialize, Serialize};

use super::RandomKey;

/// For how long a tab may send without asking again: longer than one request may take.
pub const LEASE_MS: u64 = 60_000;
/// No pause is longer. A lease that ends later was written by a clock that has been set back since.
pub const MOST_PAUSE_MS: u64 = 60 * 60 * 1000;

/// The present lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The tab that holds it; none while all are to wait.
    pub holder: Option<RandomKey>,
    /// Until when, in milliseconds since 1970.
    pub until_ms: u64,
    /// Whether it is a pause because nobody answered, which is over when the network is back.
    #[serde(default)]
    pub is_for_network: bool,
}

/// Why a tab may not send now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    /// After how many milliseconds it may at the latest.
    pub left_ms: u64,
    /// Whether all are to wait; else another tab sends.
    pub is_pause: bool,
}

impl Lease {
    /// Takes the lease over or goes on with it.
    ///
    /// # Errors
    /// [`Denied`], if another tab has it or all are to wait.
    pub fn claim(now: Option<Self>, tab: RandomKey, now_ms: u64) -> Result<Self, Denied> {
        let mine = Self { holder: Some(tab), until_ms: now_ms + LEASE_MS, is_for_network: false };
        match now {
            Some(Self { holder, until_ms, .. }) if holder != Some(tab) => {
                let left_ms = until_ms.saturating_sub(now_ms);
                if left_ms == 0 || left_ms > MOST_PAUSE_MS {
                    Ok(mine)
                } else {
                    Err(Denied { left_ms, is_pause: holder.is_none() })
                }
            }
            _ => Ok(mine),
        }
    }

    /// A pause for all tabs.
    #[must_use]
    pub fn pause(now_ms: u64, pause_ms: u64, is_for_network: bool) -> Self {
        Self { holder: None, until_ms: now_ms + pause_ms.min(MOST_PAUSE_MS), is_for_network }
    }

    /// What is left of it when the network is back: a pause that waited for the network is over, one that the collector asked for is
    /// not, and a tab that sends goes on.
    #[must_use]
    pub fn back_online(self) -> Option<Self> {
        Some(self).filter(|lease| !lease.is_for_network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(byte: u8) -> RandomKey {
        RandomKey::new([byte; 16])
    }

    #[test]
    fn one_tab_at_a_time_and_a_closed_one_does_not_block_for_ever() {
        let first = Lease::claim(None, tab(1), 1_000).expect("free");
        assert_eq!(
            Lease::claim(Some(first), tab(2), 2_000),
            Err(Denied { left_ms: LEASE_MS - 1_000, is_pause: false })
        );
        assert!(Lease::claim(Some(first), tab(1), 2_000).is_ok(), "the holder goes on");
        assert!(Lease::claim(Some(first), tab(2), 1_000 + LEASE_MS).is_ok(), "it has ended");
    }

    #[test]
    fn a_pause_is_for_all_and_a_wrong_clock_does_not_make_it_endless() {
        let pause = Lease::pause(1_000, 5_000, false);
        assert_eq!(Lease::claim(Some(pause), tab(1), 2_000), Err(Denied { left_ms: 4_000, is_pause: true }));
        assert!(Lease::claim(Some(pause), tab(1), 6_000).is_ok());
        assert_eq!(Lease::pause(0, u64::MAX, false).until_ms, MOST_PAUSE_MS);
        let of_the_future = Lease { until_ms: 10 * MOST_PAUSE_MS, ..pause };
        assert!(Lease::claim(Some(of_the_future), tab(1), 0).is_ok());
    }

    #[test]
    fn the_network_ends_no_pause_but_its_own() {
        assert_eq!(Lease::pause(1_000, 5_000, true).back_online(), None);
        let asked_for = Lease::pause(1_000, 5_000, false);
        assert_eq!(asked_for.back_online(), Some(asked_for));
        let held = Lease::claim(None, tab(1), 1_000).expect("free");
        assert_eq!(held.back_online(), Some(held));
        let of_an_earlier_page: Lease =
            serde_json::from_str(r#"{"holder":null,"until_ms":6000}"#).expect("reads");
        assert_eq!(of_an_earlier_page, asked_for);
    }
}
