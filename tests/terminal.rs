//! The real binary in a pseudo-terminal: what a person sees, and what is left when it has ended.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process, test_kill_process_group};
use tempfile::TempDir;

const ROWS: u16 = 36;
const COLUMNS: u16 = 120;
/// A busy machine takes its time; what is waited for ends the wait.
const PATIENCE: Duration = Duration::from_secs(60);
const SHOW_CURSOR: &str = "\x1b[?25h";

/// doorlist at work in a terminal of its own.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    terminal: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    raw: Vec<u8>,
    screen: vt100::Parser,
    modes_before: String,
    home: TempDir,
}

/// What a session leaves behind.
struct Ended {
    code: u32,
    raw: Vec<u8>,
}

impl Session {
    fn start() -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let modes_before = modes(&*pair.master);
        let home = tempfile::tempdir().unwrap();
        let child = pair.slave.spawn_command(command(home.path())).unwrap();
        // Ours must be closed, or the terminal would never end.
        drop(pair.slave);
        let output = read_on_a_thread(pair.master.try_clone_reader().unwrap());
        let keyboard = pair.master.take_writer().unwrap();
        let size = |cells| NonZeroU16::new(cells).unwrap();
        let screen = vt100::Parser::new(size(ROWS), size(COLUMNS), 0);
        Self { child, terminal: pair.master, keyboard, output, raw: Vec::new(), screen, modes_before, home }
    }

    /// Reads on until the screen is as wanted.
    fn waits_for(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.screen.screen().contents();
            if is_there(&shown) {
                return shown;
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("never on the screen ({error}): {what}\n{shown}"),
            }
        }
    }

    fn sees(&mut self, words: &str) -> String {
        self.waits_for(words, |shown| shown.contains(words))
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    fn process(&self) -> Pid {
        let id = self.child.process_id().unwrap();
        Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
    }

    /// Reads to the terminal's end, and checks that nothing is left: no mode, no process, no file.
    fn ends(mut self) -> Ended {
        let process = self.process();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on:\n{}", self.screen.screen().contents()),
            }
        }
        let code = self.child.wait().unwrap().exit_code();
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor stays hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        assert_eq!(modes(&*self.terminal), self.modes_before, "the line's modes are not as they were");
        assert!(test_kill_process_group(process).is_err(), "a process is left behind");
        let left: Vec<_> = self.home.path().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "a demo leaves nothing on the disk: {left:?}");
        Ended { code, raw: std::mem::take(&mut self.raw) }
    }
}

impl Drop for Session {
    /// A test that fails takes its program with it.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl Ended {
    /// What comes after the last drawing gives every mode back, and writes nothing on the shell's screen.
    fn is_clean(&self) {
        let raw = String::from_utf8_lossy(&self.raw);
        for (on, off) in [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?2004h", "\x1b[?2004l")] {
            assert_eq!((raw.matches(on).count(), raw.matches(off).count()), (1, 1), "{on:?}");
        }
        let (drawn, after) = raw.split_once("\x1b[?1049l").unwrap();
        assert!(drawn.ends_with("\x1b[?2004l"), "something was drawn while the terminal was given back");
        assert!(after.starts_with(SHOW_CURSOR), "{after:?}");
        assert_eq!(after.replace(SHOW_CURSOR, ""), "", "something is written after the end");
    }
}

/// A demo in an empty home that no setting of this machine reaches.
fn command(home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_doorlist"));
    command.args(["demo", "--tickets", "60", "--seed", "7"]);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    for folder in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "TMPDIR"] {
        command.env(folder, home);
    }
    command.env("DOORLIST__STATE__DIR", home.join("state"));
    command.cwd(home);
    command
}

fn read_on_a_thread(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (chunks, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 8 * 1024];
        // A pseudo-terminal whose program has ended gives an error, not an end of file.
        while let Ok(bytes @ 1..) = reader.read(&mut buffer) {
            if chunks.send(buffer[..bytes].to_vec()).is_err() {
                return;
            }
        }
    });
    output
}

/// Raw or not, echoing or not.
fn modes(terminal: &dyn MasterPty) -> String {
    let modes = terminal.get_termios().unwrap();
    format!("{:?} {:?} {:?}", modes.input_flags, modes.output_flags, modes.local_flags)
}

/// The name in the first row of a guest who may come in.
fn first_valid_guest(screen: &str) -> Option<String> {
    let row = screen.lines().find_map(|line| line.split_once("○ VALID"))?.1;
    row.trim_start().split("  ").next().map(|name| name.trim().to_owned())
}

#[test]
fn a_guest_is_checked_in_and_the_terminal_is_left_as_it_was() {
    let mut session = Session::start();
    session.sees("ONLINE");
    let shown = session.waits_for("all sixty", |shown| shown.contains("60 of 60") && shown.contains("VALID"));
    let name = first_valid_guest(&shown).unwrap();
    let mut part = name.clone();
    part.pop();
    session.types(&part);
    session.sees(&format!("Enter checks in {name}"));
    session.types("\r");
    session.sees("CHECKED IN");
    session.types("\x11");
    let ended = session.ends();
    assert_eq!(ended.code, 0);
    ended.is_clean();
}

#[rstest]
#[case::asked(Signal::TERM)]
#[case::interrupted(Signal::INT)]
#[case::hung_up(Signal::HUP)]
fn a_signal_ends_it_and_the_terminal_is_left_as_it_was(#[case] signal: Signal) {
    let mut session = Session::start();
    session.sees("ONLINE");
    kill_process(session.process(), signal).unwrap();
    let ended = session.ends();
    assert_eq!(ended.code, 143);
    ended.is_clean();
}
