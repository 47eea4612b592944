//! `[keys]`: what the keys do.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use crate::console::{Keymap, KeymapError};

/// The name of a person's own key table beside the settings file.
const FILE_NAME: &str = "keymap.toml";

/// `[keys]`: what the keys do.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The key table that the settings name.
    file: Option<PathBuf>,
    /// The one that is read where it is there, unless another is named.
    #[serde(skip)]
    standing: Option<PathBuf>,
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The table is unsound.
    #[error(transparent)]
    Keymap(#[from] KeymapError),
    /// The table is there, or was named, and cannot be read.
    #[error("{}: cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Keys {
    /// Looks for a table beside the person's own settings file too.
    pub(super) fn beside(&mut self, user_file: Option<&Path>) {
        self.standing = user_file.map(|file| file.with_file_name(FILE_NAME));
    }

    /// The built-in keys with the person's own laid over them.
    pub fn keymap(&self) -> Result<Keymap, KeysError> {
        let keymap = Keymap::built_in()?;
        let Some(file) = self.file.as_ref().or(self.standing.as_ref()) else { return Ok(keymap) };
        match fs::read_to_string(file) {
            Ok(text) => Ok(keymap.overridden(&file.display().to_string(), &text)?),
            Err(error) if self.file.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(keymap),
            Err(source) => Err(KeysError::Unreadable { file: file.clone(), source }),
        }
    }
}
