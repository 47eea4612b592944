//! How often one token may ask.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::fault::Fault;

/// Most tokens remembered; those that have been quiet long enough to be full again are forgotten first.
const REMEMBERED: usize = 10_000;

/// Requests that one token may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// On average, by second.
    pub per_second: NonZeroU32,
    /// At once, after a rest.
    pub burst: NonZeroU32,
}

/// One bucket a token, filled at a steady rate.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    hasher: RandomState,
    buckets: Mutex<HashMap<u64, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limiter {
    pub fn new(limit: RateLimit) -> Self {
        Self { limit, hasher: RandomState::new(), buckets: Mutex::default() }
    }

    /// Takes one request from the token's bucket, or says when there is one again. Tokens are kept as hashes only.
    pub fn admit(&self, token: &str, now: Instant) -> Result<(), Fault> {
        let (rate, burst) = (f64::from(self.limit.per_second.get()), f64::from(self.limit.burst.get()));
        let refilled =
            |bucket: &Bucket| (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * rate).min(burst);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| refilled(bucket) < burst);
        }
        let bucket = buckets.entry(self.hasher.hash_one(token)).or_insert(Bucket { left: burst, at: now });
        *bucket = Bucket { left: refilled(bucket), at: now };
        if bucket.left < 1.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most one request's wait")]
            let seconds = ((1.0 - bucket.left) / rate).ceil() as u64;
            return Err(Fault::too_many_requests(seconds.max(1)));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_token_rests_after_its_burst_and_others_do_not_suffer() {
        let number = |number| NonZeroU32::new(number).unwrap();
        let limiter = Limiter::new(RateLimit { per_second: number(2), burst: number(3) });
        let now = Instant::now();
        for _ in 0..3 {
            assert!(limiter.admit("a", now).is_ok());
        }
        assert!(limiter.admit("a", now).is_err());
        assert!(limiter.admit("b", now).is_ok());
        assert!(limiter.admit("a", now + Duration::from_millis(400)).is_err());
        assert!(limiter.admit("a", now + Duration::from_millis(500)).is_ok());
    }
}
