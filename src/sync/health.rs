//! How the service does, judged by its answers, as long as no scan can be sent.

use std::time::Duration;

use jiff::Timestamp;

use super::drain::Link;
use crate::domain::Trouble;

/// Judges the service by one answer after another and tells only changes.
#[derive(Debug, Default)]
pub(super) struct HealthCheck {
    last: Option<Link>,
}

impl HealthCheck {
    /// Takes in how long an answer took, or why none came; gives the state of the connection where it changed.
    ///
    /// A refusal (403, 404, …) is an answer too: the service is there, whatever it thinks of us.
    pub fn judge(
        &mut self,
        took: Duration,
        slow_after: Duration,
        trouble: Option<&Trouble>,
        now: Timestamp,
    ) -> Option<Link> {
        let link = match (trouble, &self.last) {
            (Some(trouble), Some(Link::Offline { since, .. })) if trouble.is_transient() => {
                Link::Offline { since: *since, trouble: trouble.clone() }
            }
            (Some(trouble), _) if trouble.is_transient() => Link::Offline { since: now, trouble: trouble.clone() },
            (Some(Trouble::Unauthorized), _) => Link::Paused(Trouble::Unauthorized),
            _ if took >= slow_after => Link::Slow,
            _ => Link::Online,
        };
        if self.last.as_ref() == Some(&link) {
            return None;
        }
        self.last = Some(link.clone());
        Some(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_told() {
        let (quick, slow) = (Duration::from_millis(20), Duration::from_millis(1_500));
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let mut check = HealthCheck::default();
        let mut judge = |took, trouble, second| check.judge(took, slow, trouble, at(second));
        assert_eq!(judge(quick, None, 0), Some(Link::Online));
        assert_eq!(judge(quick, None, 1), None);
        assert_eq!(judge(quick, Some(&Trouble::Forbidden), 2), None);
        assert_eq!(judge(slow, None, 3), Some(Link::Slow));
        let gone = Trouble::Unreachable;
        assert_eq!(judge(quick, Some(&gone), 4), Some(Link::Offline { since: at(4), trouble: gone.clone() }));
        assert_eq!(judge(quick, Some(&gone), 5), None);
        assert_eq!(judge(quick, Some(&Trouble::Unauthorized), 6), Some(Link::Paused(Trouble::Unauthorized)));
        assert_eq!(judge(quick, None, 7), Some(Link::Online));
    }
}
