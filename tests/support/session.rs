//! A program at work in a pseudo-terminal: hands on its keys, eyes on its screen, and a look at what it leaves.
//!
//! The screen is only ever looked at between two drawings: a frame that has come half way says things that nobody drew.

#![allow(dead_code, reason = "each suite uses its part of it")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process, test_kill_process_group};

pub const ROWS: u16 = 36;
pub const COLUMNS: u16 = 120;
/// A busy machine takes its time; what is waited for ends the wait.
pub const PATIENCE: Duration = Duration::from_secs(60);
const SHOW_CURSOR: &str = "\x1b[?25h";
/// What every drawing ends with: the cursor is shown or hidden.
const ENDS_OF_A_FRAME: [&[u8]; 2] = [b"\x1b[?25h", b"\x1b[?25l"];

/// A program in a terminal of its own.
pub struct Session {
    program: Program,
    terminal: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    raw: Vec<u8>,
    /// How much of `raw` the screen has been given.
    drawn: usize,
    screen: vt100::Parser,
    /// Every screen that was drawn, for who asks for it.
    frames: Vec<String>,
    modes_before: String,
}

struct Program(Box<dyn Child + Send + Sync>);

/// What a program leaves behind.
pub struct Ended {
    pub code: u32,
    raw: Vec<u8>,
}

/// doorlist with an empty home, which no setting of this machine reaches.
pub fn doorlist(home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_doorlist"));
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

impl Session {
    pub fn start(command: CommandBuilder) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let modes_before = modes(&*pair.master);
        let program = Program(pair.slave.spawn_command(command).unwrap());
        // Ours must be closed, or the terminal would never end.
        drop(pair.slave);
        let output = read_on_a_thread(pair.master.try_clone_reader().unwrap());
        let keyboard = pair.master.take_writer().unwrap();
        let size = |cells| NonZeroU16::new(cells).unwrap();
        let screen = vt100::Parser::new(size(ROWS), size(COLUMNS), 0);
        let (raw, frames) = (Vec::new(), Vec::new());
        Self { program, terminal: pair.master, keyboard, output, raw, drawn: 0, screen, frames, modes_before }
    }

    /// Reads on until the screen is as wanted; gives the screen.
    pub fn waits_for(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
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

    pub fn sees(&mut self, words: &str) -> String {
        self.waits_for(words, |shown| shown.contains(words))
    }

    /// What is on the screen now, cell by cell.
    pub fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// Reads on until nothing has been drawn for this long.
    pub fn rests(&mut self, quiet: Duration) {
        while let Ok(bytes) = self.output.recv_timeout(quiet) {
            self.take(&bytes);
        }
    }

    /// Reads on for this long, whatever comes.
    pub fn watches(&mut self, long: Duration) {
        let until = Instant::now() + long;
        while let Ok(bytes) = self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.take(&bytes);
        }
    }

    /// Waits until what is typed is not shown, as a question for a secret has it.
    pub fn hides_what_is_typed(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let echoes = |modes: &str| modes.split(|letter: char| !letter.is_alphanumeric()).any(|flag| flag == "ECHO");
        while echoes(&modes(&*self.terminal)) {
            assert!(Instant::now() < deadline, "what is typed is shown");
            self.watches(Duration::from_millis(1));
        }
    }

    /// The screens that were drawn since this was asked last, oldest first.
    pub fn takes_frames(&mut self) -> Vec<String> {
        std::mem::take(&mut self.frames)
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        while let Some(end) = end_of_a_frame(&self.raw[self.drawn..]) {
            self.screen.process(&self.raw[self.drawn..self.drawn + end]);
            self.drawn += end;
            self.frames.push(self.screen.screen().contents());
        }
        // What a shell writes is no drawing.
        if !self.screen.screen().alternate_screen() {
            self.take_the_rest();
        }
    }

    fn take_the_rest(&mut self) {
        self.screen.process(&self.raw[self.drawn..]);
        self.drawn = self.raw.len();
    }

    pub fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Ends it in the middle of whatever it does, and reads what it had still drawn: a person could have seen that.
    pub fn is_killed(&mut self) {
        // Not by portable-pty's own `kill`, which begins with a polite SIGHUP.
        kill_process(self.process(), Signal::KILL).unwrap();
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.take(&bytes);
        }
        self.program.0.wait().unwrap();
    }

    pub fn process(&self) -> Pid {
        let id = self.program.0.process_id().unwrap();
        Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
    }

    /// The terminal has another size from now on.
    pub fn resizes(&mut self, rows: u16, columns: u16) {
        self.terminal.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let size = |cells| NonZeroU16::new(cells).unwrap();
        self.screen.screen_mut().set_size(size(rows), size(columns));
    }

    /// Checks that every mode of the terminal is as it was found.
    pub fn is_given_back(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor stays hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        assert_eq!(modes(&*self.terminal), self.modes_before, "the line's modes are not as they were");
    }

    /// The window is closed, or the connection breaks; gives the exit code, and checks that nothing goes on.
    pub fn loses_its_terminal(mut self) -> u32 {
        let process = self.process();
        // The reader has the terminal too: with nobody to tell, it lets go at the next thing that is drawn.
        drop(std::mem::replace(&mut self.output, channel().1));
        drop(std::mem::replace(&mut self.keyboard, Box::new(std::io::sink())));
        let Self { mut program, terminal, .. } = self;
        drop(terminal);
        let (ended, code) = channel();
        std::thread::spawn(move || ended.send(program.0.wait().unwrap().exit_code()));
        let code = code.recv_timeout(PATIENCE).expect("it goes on without a terminal");
        assert!(test_kill_process_group(process).is_err(), "a process is left behind");
        code
    }

    /// Reads to the terminal's end, and checks that nothing is left: no mode and no process.
    pub fn ends(mut self) -> Ended {
        let process = self.process();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on:\n{}", self.screen.screen().contents()),
            }
        }
        self.take_the_rest();
        let code = self.program.0.wait().unwrap().exit_code();
        self.is_given_back();
        assert!(test_kill_process_group(process).is_err(), "a process is left behind");
        Ended { code, raw: std::mem::take(&mut self.raw) }
    }
}

/// Just after the first drawing in `bytes`, if it is all there.
fn end_of_a_frame(bytes: &[u8]) -> Option<usize> {
    let length = ENDS_OF_A_FRAME[0].len();
    bytes.windows(length).position(|window| ENDS_OF_A_FRAME.contains(&window)).map(|at| at + length)
}

impl Drop for Program {
    /// A test that fails takes its program with it.
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

impl Ended {
    /// What comes after the last drawing gives every mode back, and writes nothing on the shell's screen.
    pub fn is_clean(&self) {
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
