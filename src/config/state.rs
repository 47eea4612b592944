//! The folder of what must outlive the program, and this console's name in it.

mod operator;

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rand::seq::IndexedRandom;
use secrecy::SecretString;
use tempfile::NamedTempFile;

use crate::domain::{DeviceId, EventId, Operator};

/// Rights of the folders that we make: the owner's alone.
const PRIVATE: u32 = 0o700;
/// Letters of the random part of a device's name: none that looks like another.
const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// Length of the random part: a thousand consoles of one name still differ, but for one chance in 1,700.
const SUFFIX: usize = 6;
/// Where the event stands that was chosen last.
const LAST_EVENT: &str = "last-event";
/// Whose token was used last.
const LAST_OPERATOR: &str = "last-operator";
/// Longest part of the host's name that goes into a device's name.
const MAX_HOST: usize = 32;

/// What went wrong with the state folder.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// It cannot be made, read or written.
    #[error("the state folder cannot be used: {}: {source}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file of the device's name holds something else.
    #[error("{} does not hold a device's name: correct it, or delete it to get a new one", path.display())]
    NotADevice {
        /// The file.
        path: PathBuf,
    },
}

/// The folder of unsent scans, logs and the device's name; nobody but its owner can look into what we make there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFolder(PathBuf);

impl StateFolder {
    /// Makes the folder where it is not there yet.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StateError> {
        let path = path.into();
        make_private(&path)?;
        Ok(Self(path))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A folder in it, made where it is not there yet.
    pub fn subfolder(&self, name: &str) -> Result<PathBuf, StateError> {
        let path = self.0.join(name);
        make_private(&path)?;
        Ok(path)
    }

    /// The name of this installation in the scan history: the host's name and random letters, chosen once.
    ///
    /// Two consoles that start at the same time agree on one name: the file appears whole or not at all, and
    /// whoever comes second reads the first one's.
    pub fn device_id(&self) -> Result<DeviceId, StateError> {
        let path = self.0.join("device-id");
        match fs::read_to_string(&path) {
            Ok(text) => read_device(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.choose_device(path),
            Err(source) => Err(StateError::Unusable { path, source }),
        }
    }

    /// The event that was chosen last, if one was.
    #[must_use]
    pub fn last_event(&self) -> Option<EventId> {
        let text = fs::read_to_string(self.0.join(LAST_EVENT)).ok()?;
        EventId::parse(text.trim()).ok()
    }

    /// Remembers the event for the next start.
    pub fn remember_event(&self, event: &EventId) -> Result<(), StateError> {
        self.replace(LAST_EVENT, format!("{}\n", event.as_str()).as_bytes())
    }

    /// Whose `token` is, where that was remembered of this very token.
    #[must_use]
    pub fn operator_of(&self, token: &SecretString) -> Option<Operator> {
        operator::read(&fs::read(self.0.join(LAST_OPERATOR)).ok()?, token)
    }

    /// Remembers whose `token` is, for the next start. The token itself is not written down.
    pub fn remember_operator(&self, token: &SecretString, operator: &Operator) -> Result<(), StateError> {
        self.replace(LAST_OPERATOR, &operator::write(token, operator))
    }

    /// Puts a file in the place of the one before: it is whole at any time.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StateError> {
        let path = self.0.join(name);
        let unusable = |source| StateError::Unusable { path: path.clone(), source };
        let mut file = NamedTempFile::new_in(&self.0).map_err(unusable)?;
        file.write_all(bytes).map_err(unusable)?;
        file.persist(&path).map_err(|error| unusable(error.error))?;
        Ok(())
    }

    fn choose_device(&self, path: PathBuf) -> Result<DeviceId, StateError> {
        let name = format!("{}-{}", host(&gethostname::gethostname().to_string_lossy()), suffix());
        match self.write_new(&path, &name) {
            Ok(()) => Ok(DeviceId::from_service(name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let text =
                    fs::read_to_string(&path).map_err(|source| StateError::Unusable { path: path.clone(), source })?;
                read_device(&text, path)
            }
            Err(source) => Err(StateError::Unusable { path, source }),
        }
    }

    fn write_new(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.0)?;
        writeln!(file, "{text}")?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)?;
        Ok(())
    }
}

fn make_private(path: &Path) -> Result<(), StateError> {
    let made = DirBuilder::new().recursive(true).mode(PRIVATE).create(path);
    made.map_err(|source| StateError::Unusable { path: path.to_owned(), source })
}

fn read_device(text: &str, path: PathBuf) -> Result<DeviceId, StateError> {
    let name = text.trim();
    if super::key::is_name(name) { Ok(DeviceId::from_service(name)) } else { Err(StateError::NotADevice { path }) }
}

/// The first label of the host's name, in letters, digits and hyphens.
fn host(name: &str) -> String {
    let label = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let letters = label.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
    let host: String = letters.take(MAX_HOST).collect();
    match host.trim_matches('-') {
        "" => "console".to_owned(),
        host => host.to_owned(),
    }
}

fn suffix() -> String {
    let mut rng = rand::rng();
    (0..SUFFIX).filter_map(|_| LETTERS.choose(&mut rng)).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("North-Door.venue.example", "north-door")]
    #[case("Zoë's Mac", "zo--s-mac")]
    #[case("", "console")]
    #[case("...", "console")]
    #[case(&"x".repeat(200), &"x".repeat(32))]
    fn a_host_name_becomes_part_of_a_device_name(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(host(name), expected);
    }
}
