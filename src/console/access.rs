//! The role in force: the console's own, or for a while the supervisor's by PIN.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::role::Role;
use crate::domain::PinHash;

/// Wrong tries until the PIN is locked.
const TRIES: u32 = 5;
/// How long it is locked then.
const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(1);

/// Whose rights count at this console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    standing: Role,
    pin: Option<PinHash>,
    step_up_for: Duration,
    raised_until: Option<Timestamp>,
    wrong: u32,
    locked_until: Option<Timestamp>,
    /// Whether the tries before this run of the program were counted already.
    recalled: bool,
}

impl Default for Access {
    /// Nobody is held back.
    fn default() -> Self {
        Self::new(Role::Supervisor, None, Duration::ZERO)
    }
}

impl Access {
    /// The role that the console has by itself, and how it becomes a supervisor's for a while.
    #[must_use]
    pub const fn new(standing: Role, pin: Option<PinHash>, step_up_for: Duration) -> Self {
        Self { standing, pin, step_up_for, raised_until: None, wrong: 0, locked_until: None, recalled: false }
    }

    /// The role in force.
    #[must_use]
    pub fn role(&self, now: Timestamp) -> Role {
        if self.raised_for(now).is_some() { Role::Supervisor } else { self.standing }
    }

    /// How long the supervisor's rights are still lent, if they are.
    #[must_use]
    pub fn raised_for(&self, now: Timestamp) -> Option<SignedDuration> {
        let left = self.raised_until?.duration_since(now);
        left.is_positive().then_some(left)
    }

    /// How long the rights are lent for.
    #[must_use]
    pub const fn lends_for(&self) -> Duration {
        self.step_up_for
    }

    /// The hash to compare a PIN with; none where no PIN was set up.
    #[must_use]
    pub const fn pin(&self) -> Option<&PinHash> {
        self.pin.as_ref()
    }

    /// How long no PIN is taken after too many wrong ones.
    #[must_use]
    pub fn locked_for(&self, now: Timestamp) -> Option<SignedDuration> {
        let left = self.locked_until?.duration_since(now);
        left.is_positive().then_some(left)
    }

    /// Wrong tries that are left before the PIN is locked.
    #[must_use]
    pub const fn tries_left(&self) -> u32 {
        TRIES.saturating_sub(self.wrong)
    }

    /// The PIN was right.
    pub(super) fn raise(&mut self, now: Timestamp) {
        self.raised_until = SignedDuration::try_from(self.step_up_for).ok().map(|time| now + time);
        (self.wrong, self.locked_until) = (0, None);
    }

    /// The PIN was wrong.
    pub(super) fn refuse(&mut self, now: Timestamp) {
        self.wrong += 1;
        if self.wrong >= TRIES {
            (self.wrong, self.locked_until) = (0, Some(now + LOCKED_FOR));
        }
    }

    /// Counts the wrong tries before this run of the program, the oldest first; once, however many events follow.
    pub(super) fn recall(&mut self, wrong: impl Iterator<Item = Timestamp>) {
        if !std::mem::replace(&mut self.recalled, true) {
            wrong.for_each(|at| self.refuse(at));
        }
    }

    /// Gives the supervisor's rights back.
    pub(super) fn lower(&mut self) {
        self.raised_until = None;
    }
}
