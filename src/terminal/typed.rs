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

/// Batches that may wait; what reads them does nothing else.
const QUEUE: usize = 64;
/// Events of one batch at most.
const LONGEST: usize = 1_024;
/// What lies ready is there within this time. None at all would not look at what was read already.
const AT_ONCE: Duration = Duration::from_micros(200);
/// Nobody listens any more: that is noticed after this long.
const TICK: Duration = Duration::from_millis(100);

type Batch = Vec<io::Result<Event>>;

/// The terminal's events. Those that were read together are ready together.
#[derive(Debug)]
pub struct Typed {
    batches: mpsc::Receiver<Batch>,
    batch: VecDeque<io::Result<Event>>,
}

/// Reads the terminal from now on, until the stream is dropped.
pub fn typed() -> io::Result<Typed> {
    let (sender, batches) = mpsc::channel(QUEUE);
    std::thread::Builder::new().name("keyboard".to_owned()).spawn(move || read(&sender))?;
    Ok(Typed { batches, batch: VecDeque::new() })
}

fn read(batches: &mpsc::Sender<Batch>) {
    while !batches.is_closed() {
        let mut batch = Batch::new();
        let mut patience = TICK;
        while batch.len() < LONGEST {
            match event::poll(patience) {
                Ok(true) => batch.push(event::read()),
                Ok(false) => break,
                Err(error) => batch.push(Err(error)),
            }
            if batch.last().is_some_and(Result::is_err) {
                break;
            }
            patience = AT_ONCE;
        }
        let is_over = batch.last().is_some_and(Result::is_err);
        if !batch.is_empty() && batches.blocking_send(batch).is_err() || is_over {
            return;
        }
    }
}

impl Stream for Typed {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.batch.pop_front() {
                return Poll::Ready(Some(event));
            }
            match self.batches.poll_recv(context) {
                Poll::Ready(Some(batch)) => self.batch = batch.into(),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
