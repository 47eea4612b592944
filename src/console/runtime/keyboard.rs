//! What comes from the terminal, each event with the time at which it was read.

use std::io;
use std::task::Poll;

use crossterm::event::Event as TerminalEvent;
use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::console::message::Message;

/// Events that may wait; a burst of a scanner is shorter.
const QUEUE: usize = 1_024;

/// An event and when it was read.
pub(super) type Stamped = (io::Result<TerminalEvent>, Instant);

/// Reads the terminal beside the loop: keys keep their rhythm while the screen is drawn, however slow the terminal is.
///
/// It lives as long as the terminal, and is lent to one console after another: what nobody has taken in yet is the
/// next one's.
#[derive(Debug)]
pub struct Keyboard {
    events: mpsc::Receiver<Stamped>,
    reader: AbortHandle,
    /// The moment from which the rhythm of the keys is counted.
    pub(super) opened: Instant,
    /// What the last console heard behind the key that ended it.
    unheard: Vec<Message>,
}

impl Keyboard {
    /// Starts to read `input`; dropping the keyboard stops it.
    pub fn open<I>(mut input: I) -> Self
    where
        I: Stream<Item = io::Result<TerminalEvent>> + Unpin + Send + 'static,
    {
        let (stamped, events) = mpsc::channel(QUEUE);
        let reader = tokio::spawn(async move {
            while let Some(mut event) = input.next().await {
                let at = Instant::now();
                // What lies ready behind it was read with it, however long a busy machine takes to hand it over: there is no
                // rhythm in it, and none must be made up.
                loop {
                    if stamped.send((event, at)).await.is_err() {
                        return;
                    }
                    match futures::poll!(input.next()) {
                        Poll::Ready(Some(next)) => event = next,
                        Poll::Ready(None) => return,
                        Poll::Pending => break,
                    }
                }
            }
        });
        Self { events, reader: reader.abort_handle(), opened: Instant::now(), unheard: Vec::new() }
    }

    /// One that is told what was typed, without a terminal.
    #[cfg(test)]
    pub(super) fn told(events: mpsc::Receiver<Stamped>) -> Self {
        let reader = tokio::spawn(std::future::pending::<()>()).abort_handle();
        Self { events, reader, opened: Instant::now(), unheard: Vec::new() }
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
        self.events.recv().await
    }

    /// The next event, if one has come.
    pub(super) fn came(&mut self) -> Option<Stamped> {
        self.events.try_recv().ok()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.reader.abort();
    }
}
