//! The access token: read late, trimmed, never shown.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret, SecretString};

/// Larger than any token; whatever is larger is another file.
const MAX_TOKEN: u64 = 64 * 1024;
/// Rights of the group and of everybody else.
const OTHERS: u32 = 0o077;

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
        self.read_as(Asking::Allowed)
    }

    /// The same while the console has the screen: a command that wants to ask somebody asks in vain.
    pub fn read_quietly(&self) -> Result<Option<SecretString>, TokenError> {
        self.read_as(Asking::InVain)
    }

    fn read_as(&self, asking: Asking) -> Result<Option<SecretString>, TokenError> {
        let (text, source) = match self {
            Self::Absent => return Ok(None),
            Self::Environment(token) => return checked(token.expose_secret(), "the variable DOORLIST_TOKEN").map(Some),
            Self::File(file) => (read_file(file)?, format!("the token file {}", file.display())),
            Self::Command(command) => (run(command, asking)?, "the output of `api.token_command`".to_owned()),
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

/// Whether a command has the terminal, to ask the person at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Allowed,
    InVain,
}

fn run(command: &str, asking: Asking) -> Result<String, TokenError> {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    match asking {
        Asking::Allowed => shell.stdin(Stdio::inherit()).stderr(Stdio::inherit()),
        // In a group of its own it cannot read the terminal by another way either.
        Asking::InVain => shell.stdin(Stdio::null()).stderr(Stdio::null()).process_group(0),
    };
    let output = shell.output().map_err(TokenError::NotRun)?;
    if !output.status.success() {
        return Err(TokenError::Failed(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn checked(text: &str, source: &str) -> Result<SecretString, TokenError> {
    match text.trim() {
        "" => Err(TokenError::Empty(source.to_owned())),
        token if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(token.into()),
        _ => Err(TokenError::Malformed(source.to_owned())),
    }
}
