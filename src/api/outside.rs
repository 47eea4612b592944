//! What a client needs from the world: a network, a clock and a source of chance.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::Transport;

/// The wall clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time of this machine, in UTC.
    fn now(&self) -> Timestamp;
}

/// The source of chance behind waiting times.
pub trait Jitter: fmt::Debug + Send + Sync {
    /// A number in `0.0..1.0`.
    fn fraction(&self) -> f64;
}

/// The world as one value, to be swapped whole by a simulation.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Carries requests.
    pub transport: Arc<dyn Transport>,
    /// Reads `Retry-After` dates and dates attempts.
    pub clock: Arc<dyn Clock>,
    /// Spreads retries.
    pub jitter: Arc<dyn Jitter>,
}

impl Outside {
    /// This machine's clock and chance around `transport`.
    pub fn around(transport: impl Transport + 'static) -> Self {
        Self { transport: Arc::new(transport), clock: Arc::new(SystemClock), jitter: Arc::new(ThreadJitter) }
    }
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The random numbers of this thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThreadJitter;

impl Jitter for ThreadJitter {
    fn fraction(&self) -> f64 {
        rand::random()
    }
}
