//! What comes from the terminal, each event with the time at which it was read.

use std::fmt;
use std::io;

use crossterm::event::Event as TerminalEvent;
use futures::stream::{BoxStream, Fuse};
use futures::{FutureExt, Stream, StreamExt};
use tokio::task::unconstrained;
use tokio::time::Instant;

use crate::console::message::Message;

/// An event and when it was read.
pub type Stamped = (io::Result<TerminalEvent>, Instant);

/// The keys of a terminal, which are read and given their time elsewhere: they keep their rhythm while the screen is
/// drawn, however slow the terminal and however busy the machine is.
///
/// It lives as long as the terminal, and is lent to one console after another: what nobody has taken in yet is the
/// next one's.
pub struct Keyboard {
    events: Fuse<BoxStream<'static, Stamped>>,
    /// The moment from which the rhythm of the keys is counted.
    pub(super) opened: Instant,
    /// What the last console heard behind the key that ended it.
    unheard: Vec<Message>,
}

impl fmt::Debug for Keyboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was typed is nobody's business.
        f.debug_struct("Keyboard").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl Keyboard {
    /// Listens to `events`.
    pub fn open(events: impl Stream<Item = Stamped> + Send + 'static) -> Self {
        Self { events: events.boxed().fuse(), opened: Instant::now(), unheard: Vec::new() }
    }

    /// Keeps for the next console what was heard too late for this one.
    pub(super) fn leave(&mut self, unheard: Vec<Message>) {
        self.unheard = unheard;
    }

    /// What the console before left.
    pub(super) fn left(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.unheard)
    }

    /// Waits for the next event; none means that the terminal is gone.
    pub(super) async fn next(&mut self) -> Option<Stamped> {
        self.events.next().await
    }

    /// The next event, if one has come.
    pub(super) fn came(&mut self) -> Option<Stamped> {
        // Unconstrained: after so many polls the runtime would say that nothing has come, until we wait for something.
        unconstrained(self.events.next()).now_or_never().flatten()
    }
}
