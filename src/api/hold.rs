//! A service that asks to be left alone is left alone by everybody.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The longest that one answer can make us wait.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Until when nothing is sent; shared by all clones of a client.
#[derive(Debug, Default)]
pub(super) struct Hold(Mutex<Option<Instant>>);

impl Hold {
    /// The service asked for so much rest; a longer one that was asked for before still counts.
    pub fn ask(&self, rest: Duration) {
        let until = Instant::now() + rest.min(LONGEST);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |held| held.max(until)));
    }

    /// How long it lasts from now on.
    pub fn left(&self) -> Option<Duration> {
        let held = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }
}
