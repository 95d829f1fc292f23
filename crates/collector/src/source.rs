//! Where a request comes from, without knowing where: a salted hash of the address, good for one day.
//!
//! The salt is drawn at random, kept in memory alone and replaced every day (and at every start), so that nobody, the
//! operator too, can go back from a stored hash to an address, or from one day's hash to the next day's.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A day's salted hash of an address.
pub type Source = [u8; 16];

/// The salt of the day.
pub struct Salt(Mutex<(u64, [u8; 32])>);

impl Salt {
    /// A salt for the day of `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new(now_ms: u64) -> Result<Self, getrandom::Error> {
        Ok(Self(Mutex::new((now_ms / DAY_MS, draw()?))))
    }

    /// The hash of an address today.
    ///
    /// # Errors
    /// As [`new`](Self::new), when a new day begins.
    pub fn hash(&self, address: IpAddr, now_ms: u64) -> Result<Source, getrandom::Error> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now_ms / DAY_MS;
        if state.0 != today {
            *state = (today, draw()?);
        }
        let mut hasher = Sha256::new().chain_update(state.1);
        drop(state);
        match address.to_canonical() {
            IpAddr::V4(address) => hasher.update(address.octets()),
            // One household or machine has a whole /64.
            IpAddr::V6(address) => hasher.update(&address.octets()[..8]),
        }
        let mut source = Source::default();
        source.copy_from_slice(&hasher.finalize()[..16]);
        Ok(source)
    }
}

fn draw() -> Result<[u8; 32], getrandom::Error> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}

/// The address of the visitor, behind so many proxies that each add the address they see to `X-Forwarded-For`. Without
/// proxies the header is not looked at: anybody can write it.
#[must_use]
pub fn address(peer: SocketAddr, headers: &HeaderMap, proxies: usize) -> IpAddr {
    let Some(back) = proxies.checked_sub(1) else { return peer.ip() };
    let listed: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    // What the nearest proxy wrote is the last.
    listed.iter().rev().nth(back).and_then(|text| text.parse().ok()).unwrap_or(peer.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_hash_holds_for_a_day_and_one_salt() {
        let (salt, other) = (Salt::new(0).expect("random"), Salt::new(0).expect("random"));
        let hash = |salt: &Salt, address, now_ms| salt.hash(ip(address), now_ms).expect("random");
        let first = hash(&salt, "192.0.2.1", 0);
        assert_eq!(first, hash(&salt, "192.0.2.1", DAY_MS - 1));
        assert_ne!(first, hash(&salt, "192.0.2.2", 0));
        assert_ne!(first, hash(&other, "192.0.2.1", 0));
        assert_ne!(first, hash(&salt, "192.0.2.1", DAY_MS));
        assert_ne!(first, hash(&salt, "192.0.2.1", 0), "yesterday's salt is gone");
    }

    #[test]
    fn an_address_in_ipv6_clothes_is_the_same_and_a_subnet_is_one_source() {
        let salt = Salt::new(0).expect("random");
        let hash = |address| salt.hash(ip(address), 0).expect("random");
        assert_eq!(hash("192.0.2.1"), hash("::ffff:192.0.2.1"));
        assert_eq!(hash("2001:db8::1"), hash("2001:db8::ffff:1"));
        assert_ne!(hash("2001:db8::1"), hash("2001:db8:0:1::1"));
    }

    #[test]
    fn forwarded_addresses_are_believed_only_as_far_as_own_proxies_wrote_them() {
        let peer: SocketAddr = "198.51.100.9:1".parse().expect("an address");
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.7, 192.0.2.1".parse().expect("a value"));
        headers.append("x-forwarded-for", "192.0.2.2".parse().expect("a value"));
        for (proxies, wanted) in
            [(0, "198.51.100.9"), (1, "192.0.2.2"), (2, "192.0.2.1"), (3, "203.0.113.7"), (4, "198.51.100.9")]
        {
            assert_eq!(address(peer, &headers, proxies), ip(wanted), "{proxies} proxies");
        }
        headers.insert("x-forwarded-for", "<script>".parse().expect("a value"));
        assert_eq!(address(peer, &headers, 1), peer.ip());
    }
}
