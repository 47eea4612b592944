//! Entering and leaving the terminal so that it is always left as it was found.
//!
//! Raw mode, the alternate screen, bracketed paste and the mouse are taken together and given back together: when the
//! guard drops, when any thread panics, and before the process stops for the shell. Giving back twice does no
//! harm. Signals and panics end in [`shutdown_requested`], on which the console's loop waits.

mod mouse;
mod signals;
mod typed;

use std::io::{self, BufWriter, Stdout, Write};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ThreadId;
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, is_raw_mode_enabled,
};
use crossterm::{execute, queue};
use futures::stream::BoxStream;
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

pub use mouse::Mouse;
pub use signals::{Reason, shutdown_requested, termination_requested};
pub use typed::{Typed, typed};

use crate::console::runtime::Host;
use crate::console::{Bell, Chance};

/// Holds a whole frame, so that it reaches the terminal in one write.
const FRAME_BYTES: usize = 64 * 1024;

/// Long enough for a stop signal to hold every thread.
const STOPPING: Duration = Duration::from_millis(100);

/// Whether the modes are ours at this moment.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// The terminal to draw on.
pub type Tui = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Gives the terminal back when it drops.
#[derive(Debug)]
pub struct Guard(());

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal over, with the mouse or without it; keep the guard until the last drawing is done.
pub fn enter(mouse: Mouse) -> io::Result<(Tui, Guard)> {
    install_panic_hook();
    mouse::choose(mouse);
    take()?;
    let guard = Guard(());
    let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
    Ok((Terminal::new(CrosstermBackend::new(out))?, guard))
}

/// Whether somebody could continue us: a shell with job control gives each job a process group of its own, and without
/// one we are in the group that leads the session.
fn has_job_control() -> io::Result<bool> {
    Ok(rustix::process::getpgrp() != rustix::process::getsid(None)?)
}

/// Undoes every mode that [`enter`] set; does nothing where none is set.
///
/// Failures are of no use here: a terminal that cannot be written to has gone.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(out, mouse::Disable, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, mouse::Enable, Hide)
}

/// A panic of the thread that draws ends the program by itself; one of another thread must end it too, or the
/// console would go on over a terminal that was given back.
fn install_panic_hook() {
    let drawing: ThreadId = std::thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == drawing {
            restore();
            report(panic);
        } else {
            signals::panicked(panic.to_string());
        }
    }));
}

/// The real world around the console.
#[derive(Debug, Default)]
pub struct RealHost(());

impl RealHost {
    /// The world around this process.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Host for RealHost {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn ring(&mut self, bell: Bell) -> io::Result<()> {
        let mut out = io::stdout();
        for _ in 0..bell.strokes() {
            queue!(out, crossterm::style::Print('\x07'))?;
        }
        out.flush()
    }

    fn suspend(&mut self) -> io::Result<()> {
        if !has_job_control()? {
            return Ok(());
        }
        restore();
        // The whole foreground job stops, `cargo run` around us included; the shell continues it as one. Not by
        // SIGTSTP, which comes to us as a wish.
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        // The stop may reach another thread first: this one must not take the terminal back before it stands still.
        std::thread::sleep(STOPPING);
        take()
    }

    fn chance(&mut self) -> Chance {
        rand::random()
    }

    fn stop_requests(&mut self) -> io::Result<BoxStream<'static, ()>> {
        signals::stop_requests()
    }

    /// A terminal that hung up refuses to tell its modes.
    fn is_gone(&self) -> bool {
        is_raw_mode_enabled().is_err() || rustix::termios::tcgetattr(rustix::stdio::stdin()).is_err()
    }
}
