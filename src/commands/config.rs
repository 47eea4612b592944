//! `doorlist config`: the settings themselves.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::{CommandError, Outcome, load, sources};
use crate::cli::{ConfigCommand, SettingFlags};
use crate::config::{ConfigError, user_file_template};

/// Looks at the settings, or writes a first file of them.
pub fn run(command: ConfigCommand, flags: &SettingFlags) -> Result<Outcome, CommandError> {
    let mut out = io::stdout().lock();
    match command {
        ConfigCommand::Path => writeln!(out, "{}", user_file(flags)?.display())?,
        ConfigCommand::Init => {
            let file = user_file(flags)?;
            init(&file)?;
            writeln!(out, "wrote {}: set api.base_url and api.tenant_id in it", file.display())?;
        }
        ConfigCommand::Check => {
            let loaded = load(flags)?;
            let service = loaded.connection()?;
            loaded.settings.keys.keymap()?;
            let token = if loaded.settings.token.read()?.is_some() { "a token" } else { "no token" };
            writeln!(out, "the settings are sound: {} with {token}", service.base_url)?;
        }
        ConfigCommand::Show => {
            for entry in load(flags)?.entries {
                match entry.value {
                    Some((value, origin)) => writeln!(out, "{} = {value}  # {origin}", entry.key)?,
                    None => writeln!(out, "# {} is not set", entry.key)?,
                }
            }
        }
    }
    Ok(Outcome::Done)
}

fn user_file(flags: &SettingFlags) -> Result<PathBuf, CommandError> {
    Ok(sources(flags).user_file.ok_or(ConfigError::NoHome)?)
}

fn init(file: &PathBuf) -> Result<(), CommandError> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut new) => Ok(new.write_all(user_file_template().as_bytes())?),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Err(CommandError::Exists(file.clone())),
        Err(cause) => Err(cause.into()),
    }
}
