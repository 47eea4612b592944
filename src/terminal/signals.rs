//! What the system asks of the process, as one thing to wait for.

use std::io;
use std::sync::{Mutex, PoisonError};

use futures::stream::{self, BoxStream, StreamExt};
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

/// Why the process should end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// SIGTERM or SIGINT.
    Asked,
    /// SIGHUP: the terminal or the connection is gone.
    HungUp,
    /// A thread beside the console panicked; this is what it said.
    Panicked(String),
}

static PANIC: Mutex<Option<String>> = Mutex::new(None);
static PANICKED: Notify = Notify::const_new();

/// Keeps the words of a panic for the end, and brings the end about.
pub(super) fn panicked(words: String) {
    tracing::error!("a thread panicked");
    PANIC.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(words);
    PANICKED.notify_one();
}

/// Listens for signals from now on; what it returns completes once the process should end.
pub fn shutdown_requested() -> io::Result<impl Future<Output = Reason>> {
    let terminated = termination_requested()?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            () = terminated => Reason::Asked,
            _ = hang_up.recv() => Reason::HungUp,
            () = PANICKED.notified() => {
                let words = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
                Reason::Panicked(words.unwrap_or_default())
            }
        }
    })
}

/// Wishes that we stop: by SIGTSTP, which would otherwise stop us with the terminal still ours.
pub(super) fn stop_requests() -> io::Result<BoxStream<'static, ()>> {
    let mut stop = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    Ok(stream::poll_fn(move |context| stop.poll_recv(context)).boxed())
}

/// The same for a program without a screen: SIGTERM and SIGINT, and SIGHUP left to `nohup`.
pub fn termination_requested() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
