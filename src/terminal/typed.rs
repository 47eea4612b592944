//! What the terminal sends, read on a thread of its own.
//!
//! Not by crossterm's own stream. On its default source more than a thousand bytes at once, or a key that comes together with a new
//! size, lie unread until the next key; on the source that has neither fault the stream hands out one event at a time, each
//! after a detour over another thread, and makes a rhythm up where there was none.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{self, Event};
use futures::Stream;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Batches that may wait, most of one key: a line of guests, scanned while the terminal takes no output. What comes
/// behind them is read late, and has lost its rhythm.
const QUEUE: usize = 4_096;
/// Events of one batch at most.
const LONGEST: usize = 1_024;
/// What lies ready is there within this time. None at all would not look at what was read already.
const AT_ONCE: Duration = Duration::from_micros(200);
/// Nobody listens any more: that is noticed after this long.
const TICK: Duration = Duration::from_millis(100);

/// What was read together, and when.
#[derive(Debug)]
struct Batch {
    events: Vec<io::Result<Event>>,
    at: Instant,
}

/// The terminal's events, each with the time at which it was read.
///
/// Those that were read together are ready together and have the same time: there is no rhythm in them, and none must
/// be made up.
#[derive(Debug)]
pub struct Typed {
    batches: mpsc::Receiver<Batch>,
    events: VecDeque<io::Result<Event>>,
    at: Instant,
}

/// Reads the terminal from now on, until the stream is dropped.
pub fn typed() -> io::Result<Typed> {
    let (sender, batches) = mpsc::channel(QUEUE);
    std::thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender))?;
    Ok(Typed { batches, events: VecDeque::new(), at: Instant::now() })
}

fn read(batches: &mpsc::Sender<Batch>) {
    while !batches.is_closed() {
        let Some(batch) = read_batch() else { continue };
        let is_over = batch.events.last().is_some_and(Result::is_err);
        if batches.blocking_send(batch).is_err() || is_over {
            return;
        }
    }
}

/// What is typed within a tick, up to the first error; none if nothing is.
fn read_batch() -> Option<Batch> {
    let first = read_within(TICK)?;
    let at = Instant::now();
    let mut events = vec![first];
    while events.len() < LONGEST && events.last().is_some_and(Result::is_ok) {
        let Some(event) = read_within(AT_ONCE) else { break };
        events.push(event);
    }
    Some(Batch { events, at })
}

fn read_within(patience: Duration) -> Option<io::Result<Event>> {
    match event::poll(patience) {
        Ok(true) => Some(event::read()),
        Ok(false) => None,
        Err(error) => Some(Err(error)),
    }
}

impl Stream for Typed {
    type Item = (io::Result<Event>, Instant);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(Some((event, self.at)));
            }
            match self.batches.poll_recv(context) {
                Poll::Ready(Some(batch)) => (self.events, self.at) = (batch.events.into(), batch.at),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
