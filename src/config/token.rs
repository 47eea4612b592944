//! The access token: read late, trimmed, never shown.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use secrecy::{ExposeSecret, SecretString};

/// Larger than any token; whatever is larger is another file.
const MAX_TOKEN: u64 = 64 * 1024;
/// Rights of the group and of everybody else.
const OTHERS: u32 = 0o077;
/// How often it is looked whether a command has been given up on.
const LOOK: Duration = Duration::from_millis(25);

/// Where the access token comes from.
#[derive(Debug, Clone, Default)]
pub enum TokenSource {
    /// From nowhere: the service is spoken to without one.
    #[default]
    Absent,
    /// From `DOORLIST_TOKEN`.
    Environment(SecretString),
    /// From `api.token_file`.
    File(PathBuf),
    /// From what `api.token_command` prints.
    Command(String),
}

/// Why there is no token although one was promised.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("the token file {} cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Others than the owner have rights on the file.
    #[error("others can read the token file {0}: run `chmod 600 {0}`", file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
    },
    /// The shell could not be started.
    #[error("the command in `api.token_command` could not be run: {0}")]
    NotRun(#[source] io::Error),
    /// The command failed; what it had to say is on the screen.
    #[error("the command in `api.token_command` failed ({0})")]
    Failed(std::process::ExitStatus),
    /// Nobody waits for the command any more.
    #[error("the command in `api.token_command` took too long and was ended")]
    GivenUp,
    /// Nothing but white space.
    #[error("{0} holds no token: it is empty")]
    Empty(String),
    /// Characters that no token has: several lines, or another file.
    #[error("{0} holds no token: a token is one word of visible ASCII characters")]
    Malformed(String),
}

impl TokenSource {
    /// Fetches the token.
    ///
    /// A command is waited for and may ask the person at the terminal: call this before the console takes
    /// the screen.
    pub fn read(&self) -> Result<Option<SecretString>, TokenError> {
        self.read_by(run)
    }

    /// The same while the console has the screen: a command that wants to ask somebody asks in vain.
    ///
    /// Soon after `given_up` says so, it is ended with everything that it started.
    pub fn read_quietly(&self, given_up: &dyn Fn() -> bool) -> Result<Option<SecretString>, TokenError> {
        self.read_by(|command| run_quietly(command, given_up))
    }

    fn read_by(
        &self,
        run: impl FnOnce(&str) -> Result<String, TokenError>,
    ) -> Result<Option<SecretString>, TokenError> {
        let (text, source) = match self {
            Self::Absent => return Ok(None),
            Self::Environment(token) => return checked(token.expose_secret(), "the variable DOORLIST_TOKEN").map(Some),
            Self::File(file) => (read_file(file)?, format!("the token file {}", file.display())),
            Self::Command(command) => (run(command)?, "the output of `api.token_command`".to_owned()),
        };
        checked(&text, &source).map(Some)
    }
}

/// The rights are read from the open file, so that nobody can swap it in between.
fn read_file(path: &Path) -> Result<String, TokenError> {
    let unreadable = |source| TokenError::Unreadable { file: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let rights = file.metadata().map_err(unreadable)?.permissions().mode();
    if rights & OTHERS != 0 {
        return Err(TokenError::Exposed { file: path.to_owned() });
    }
    let mut text = String::new();
    file.take(MAX_TOKEN).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// Runs a command that has the terminal, to ask the person at it.
fn run(command: &str) -> Result<String, TokenError> {
    let output =
        shell(command).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output().map_err(TokenError::NotRun)?;
    if !output.status.success() {
        return Err(TokenError::Failed(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command in a group of its own, where it cannot read the terminal by another way either.
fn run_quietly(command: &str, given_up: &dyn Fn() -> bool) -> Result<String, TokenError> {
    let mut shell = shell(command);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    let mut leader = shell.spawn().map_err(TokenError::NotRun)?;
    let (told, ended) = mpsc::channel();
    let (stdout, group) = (leader.stdout.take(), Pid::from_child(&leader));
    thread::spawn(move || drop(told.send(read_to_the_end(stdout, group))));
    let text = loop {
        match ended.recv_timeout(LOOK) {
            Ok(text) => break text.map_err(TokenError::NotRun)?,
            Err(RecvTimeoutError::Timeout) if !given_up() => {}
            Err(_) => return Err(end(&mut leader, group)),
        }
    };
    let status = leader.wait().map_err(TokenError::NotRun)?;
    if status.success() { Ok(text) } else { Err(TokenError::Failed(status)) }
}

fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

/// All that a command prints, once it has ended; its number stays its own until it is waited for.
fn read_to_the_end(stdout: Option<impl Read>, leader: Pid) -> io::Result<String> {
    let mut text = Vec::new();
    if let Some(stdout) = stdout {
        stdout.take(MAX_TOKEN).read_to_end(&mut text)?;
    }
    waitid(WaitId::Pid(leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Ends a command with everything that it started.
fn end(leader: &mut Child, group: Pid) -> TokenError {
    let ended = kill_process_group(group, Signal::KILL).map_err(io::Error::from).and_then(|()| leader.wait());
    ended.map_or_else(TokenError::NotRun, |_| TokenError::GivenUp)
}

fn checked(text: &str, source: &str) -> Result<SecretString, TokenError> {
    match text.trim() {
        "" => Err(TokenError::Empty(source.to_owned())),
        token if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(token.into()),
        _ => Err(TokenError::Malformed(source.to_owned())),
    }
}
