//! `doorlist pin`: the hash of a PIN, for the settings.

use std::io::{self, BufRead, IsTerminal, Write};

use super::{CommandError, Outcome};
use crate::domain::Pin;

/// Reads a PIN and prints what `role.pin_hash` should be.
pub fn run() -> Result<Outcome, CommandError> {
    let typed = if io::stdin().is_terminal() { ask_twice()? } else { first_line(io::stdin().lock())? };
    let pin = Pin::parse(&typed).ok_or(CommandError::Pin("a PIN has 4 to 32 characters and no spaces"))?;
    let hash = crate::pin::hash(&pin).map_err(|error| io::Error::other(error.to_string()))?;
    writeln!(io::stdout().lock(), "pin_hash = \"{}\"", hash.as_str())?;
    writeln!(io::stderr().lock(), "put the line above under [role] in your settings")?;
    Ok(Outcome::Done)
}

/// A slip of the finger would lock everybody out: the PIN is asked for twice.
fn ask_twice() -> Result<String, CommandError> {
    let first = rpassword::prompt_password("PIN: ")?;
    let second = rpassword::prompt_password("again: ")?;
    if first == second { Ok(first) } else { Err(CommandError::Pin("the two PINs differ")) }
}

fn first_line(mut input: impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
