//! When to ask again, and how long to wait before it. Pure: time and chance come in as arguments.

use std::time::Duration;

use jiff::Timestamp;

use super::Failure;

/// How often and how patiently a request is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most attempts of one call, the first included.
    pub attempts: u32,
    /// Bound of the first wait; it doubles from one attempt to the next.
    pub base: Duration,
    /// Highest bound of a wait of our own choosing.
    pub cap: Duration,
    /// Longest time a call may take in all; a `Retry-After` beyond it ends the call at once.
    pub deadline: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            deadline: Duration::from_secs(30),
        }
    }
}

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Ask again after this long.
    Wait(Duration),
    /// Report the failure.
    GiveUp,
}

impl RetryPolicy {
    /// The same patience with a single attempt.
    #[must_use]
    pub fn once(self) -> Self {
        Self { attempts: 1, ..self }
    }

    /// Decides after `attempts` attempts and `elapsed` time; `fraction` is the chance, in `0.0..1.0`.
    ///
    /// Only what is transient is repeated and, unless the request is `repeatable` without harm, only where
    /// it was certainly not applied. Waits have full jitter; a throttled client (429) waits at least half of
    /// the bound, since full jitter may fall to nothing. `Retry-After` is never undercut.
    #[must_use]
    pub fn decide(
        &self,
        failure: &Failure,
        repeatable: bool,
        attempts: u32,
        elapsed: Duration,
        fraction: f64,
    ) -> Decision {
        let harmless = repeatable || !failure.outcome_unknown();
        if attempts >= self.attempts || !failure.is_transient() || !harmless {
            return Decision::GiveUp;
        }
        let bound = self.bound(attempts);
        let own = match failure.status() {
            Some(429) => bound / 2 + (bound / 2).mul_f64(fraction),
            _ => bound.mul_f64(fraction),
        };
        let wait = own.max(failure.retry_after().unwrap_or_default());
        if elapsed.saturating_add(wait) < self.deadline { Decision::Wait(wait) } else { Decision::GiveUp }
    }

    fn bound(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

/// Reads a `Retry-After` header: seconds, or an HTTP date compared with `now`.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// Reads an HTTP date in any of its three forms.
pub(super) fn http_date(value: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(value.trim()).ok().and_then(|time| Timestamp::try_from(time).ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::api::Foreign;

    const POLICY: RetryPolicy = RetryPolicy {
        attempts: 4,
        base: Duration::from_millis(200),
        cap: Duration::from_secs(1),
        deadline: Duration::from_secs(10),
    };

    fn status(status: u16, retry_after: Option<u64>) -> Failure {
        Failure::Status { status, body: Foreign::Empty, retry_after: retry_after.map(Duration::from_secs) }
    }

    fn wait(millis: u64) -> Decision {
        Decision::Wait(Duration::from_millis(millis))
    }

    #[rstest]
    #[case::doubles_1(1, 0.5, wait(100))]
    #[case::doubles_2(2, 0.5, wait(200))]
    #[case::doubles_3(3, 0.5, wait(400))]
    #[case::full_jitter_may_be_nothing(3, 0.0, wait(0))]
    #[case::bounded_by_attempts(4, 0.5, Decision::GiveUp)]
    fn waits_grow_and_end(#[case] attempts: u32, #[case] fraction: f64, #[case] expected: Decision) {
        assert_eq!(POLICY.decide(&status(503, None), true, attempts, Duration::ZERO, fraction), expected);
    }

    #[test]
    fn waits_stay_under_the_cap_however_many_attempts() {
        let patient = RetryPolicy { attempts: u32::MAX, ..POLICY };
        let decision = patient.decide(&Failure::NotSent, true, 1_000_000, Duration::ZERO, 0.5);
        assert_eq!(decision, wait(500));
    }

    #[rstest]
    #[case::equal_jitter(None, 0.0, wait(100))]
    #[case::equal_jitter_high(None, 0.5, wait(150))]
    #[case::header_is_longer(Some(3), 0.5, wait(3_000))]
    #[case::header_is_shorter(Some(0), 0.0, wait(100))]
    #[case::header_is_beyond_the_deadline(Some(86_400), 0.0, Decision::GiveUp)]
    fn throttling_is_respected(#[case] header: Option<u64>, #[case] fraction: f64, #[case] expected: Decision) {
        assert_eq!(POLICY.decide(&status(429, header), true, 1, Duration::ZERO, fraction), expected);
    }

    #[rstest]
    #[case(Failure::NotSent, true, true)]
    #[case(Failure::NotSent, false, true)]
    #[case(Failure::TimedOut, true, true)]
    #[case(Failure::TimedOut, false, false)]
    #[case(Failure::Broken, false, false)]
    #[case(status(429, None), false, true)]
    #[case(status(503, None), true, true)]
    #[case(status(503, None), false, false)]
    #[case(status(400, None), true, false)]
    #[case(status(401, None), true, false)]
    #[case(status(409, None), true, false)]
    #[case(status(422, None), true, false)]
    #[case(Failure::NotTheService { status: 200, body: Foreign::NotJson }, true, false)]
    fn only_what_does_no_harm_is_repeated(#[case] failure: Failure, #[case] repeatable: bool, #[case] again: bool) {
        let decision = POLICY.decide(&failure, repeatable, 1, Duration::ZERO, 0.5);
        assert_eq!(matches!(decision, Decision::Wait(_)), again, "{failure:?}");
    }

    #[test]
    fn no_wait_reaches_past_the_deadline() {
        let decision = POLICY.decide(&Failure::TimedOut, true, 1, Duration::from_millis(9_950), 0.5);
        assert_eq!(decision, Decision::GiveUp);
    }

    #[rstest]
    #[case("120", Some(120))]
    #[case(" 0 ", Some(0))]
    #[case("Wed, 21 Oct 2026 07:28:30 GMT", Some(30))]
    #[case("Wednesday, 21-Oct-26 07:28:30 GMT", Some(30))]
    #[case("Wed Oct 21 07:28:30 2026", Some(30))]
    #[case("Wed, 21 Oct 2026 07:27:00 GMT", Some(0))]
    #[case("soon", None)]
    #[case("-5", None)]
    #[case("", None)]
    fn retry_after_is_seconds_or_a_date(#[case] value: &str, #[case] seconds: Option<u64>) {
        let now = "2026-10-21T07:28:00Z".parse().unwrap();
        assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs));
    }
}
