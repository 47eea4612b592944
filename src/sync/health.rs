//! How the service does, judged by its answers.

use std::time::Duration;

use crate::domain::Trouble;

/// An answer that takes longer counts as late.
const SLOW_AFTER: Duration = Duration::from_millis(1_500);

/// How the service does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Online,
    /// It answers late.
    Slow,
    /// It does not answer, and why.
    Offline(Trouble),
}

/// Judges the service by one answer after another and tells only changes.
#[derive(Debug, Default)]
pub(super) struct HealthCheck {
    last: Option<Health>,
}

impl HealthCheck {
    /// Takes in how long an answer took, or why none came; gives the health where it changed.
    ///
    /// A refusal (401, 403, 404, …) is an answer too: the service is there, whatever it thinks of us.
    pub fn judge(&mut self, took: Duration, trouble: Option<&Trouble>) -> Option<Health> {
        let health = match trouble {
            Some(trouble) if trouble.is_transient() => Health::Offline(trouble.clone()),
            _ if took >= SLOW_AFTER => Health::Slow,
            _ => Health::Online,
        };
        if self.last.as_ref() == Some(&health) {
            return None;
        }
        self.last = Some(health.clone());
        Some(health)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(20);

    #[test]
    fn only_changes_are_told() {
        let mut check = HealthCheck::default();
        assert_eq!(check.judge(QUICK, None), Some(Health::Online));
        assert_eq!(check.judge(QUICK, None), None);
        assert_eq!(check.judge(QUICK, Some(&Trouble::Forbidden)), None);
        assert_eq!(check.judge(SLOW_AFTER, None), Some(Health::Slow));
        let gone = Trouble::Unreachable;
        assert_eq!(check.judge(QUICK, Some(&gone)), Some(Health::Offline(Trouble::Unreachable)));
        assert_eq!(check.judge(QUICK, Some(&gone)), None);
        assert_eq!(check.judge(QUICK, None), Some(Health::Online));
    }
}
