//! The folder of one tenant, event and device: its name, its rights, its lock.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::StoreError;
use super::checksum;
use crate::domain::{DeviceId, EventId, TenantId};

/// Longest part of an id that is used for a folder's name as it is.
const LONGEST_NAME: usize = 80;
/// Under the state folder: one folder a tenant, in it one an event, in it one a device.
const ROOT: &str = "events";
const LOCK: &str = "lock";

/// Whose store it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The tenant.
    pub tenant: TenantId,
    /// The event.
    pub event: EventId,
    /// This console.
    pub device: DeviceId,
}

impl Place {
    /// Where its folder is under the state folder.
    #[must_use]
    pub fn folder(&self, state_dir: &Path) -> PathBuf {
        let names = [self.tenant.as_str(), self.event.as_str(), self.device.as_str()];
        names.iter().fold(state_dir.join(ROOT), |path, id| path.join(file_name(id)))
    }
}

/// Every folder of a store under `state_dir`.
pub fn folders(state_dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut level = vec![state_dir.join(ROOT)];
    for _ in 0..3 {
        let mut next = Vec::new();
        for folder in level {
            match fs::read_dir(&folder) {
                Ok(inside) => next.extend(inside.collect::<Result<Vec<_>, _>>()?.into_iter().map(|item| item.path())),
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                Err(error) => return Err(error),
            }
        }
        level = next;
    }
    level.retain(|path| path.is_dir());
    level.sort();
    Ok(level)
}

/// An id as a file's name: the service's ids stay as they are, all else is made harmless and unique.
fn file_name(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !id.is_empty() && id.len() <= LONGEST_NAME && id.bytes().all(plain) {
        return id.to_owned();
    }
    let start: String = id.bytes().filter(|byte| plain(*byte)).take(LONGEST_NAME / 2).map(char::from).collect();
    let sum = checksum::of(&[id.as_bytes()]);
    sum.iter().fold(start + "~", |name, byte| format!("{name}{byte:02x}"))
}

/// A store's folder, ours alone as long as this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where it is missing, closes it to others, and locks it.
    pub fn open(path: PathBuf) -> Result<Self, StoreError> {
        private_folder(&path).map_err(|error| StoreError::io(&error, &path))?;
        let lock = lock(&path.join(LOCK))?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Makes a folder and those above it that are missing, open to nobody else.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let rights = fs::metadata(path)?.permissions();
    if rights.mode() & 0o077 != 0 {
        fs::set_permissions(path, PermissionsExt::from_mode(0o700))?;
    }
    Ok(())
}

/// Opens a file to write, open to nobody else, whatever the umask.
pub fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    file.set_permissions(PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Makes a rename or a new file in `folder` survive a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Moves `path` aside under a name that is free; it is never deleted.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let aside = PathBuf::from(name);
        if !aside.exists() {
            fs::rename(path, &aside)?;
            return Ok(aside);
        }
        number += 1;
    }
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let mut file = private_file(path).map_err(|error| StoreError::io(&error, path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held_by(&mut file)),
        Err(TryLockError::Error(error)) => return Err(StoreError::io(&error, path)),
    }
    let host = gethostname::gethostname();
    // The lock is what counts; who holds it is told for people only, so a full disk is no reason to refuse.
    let told = file.set_len(0).and_then(|()| writeln!(file, "{} {}", std::process::id(), host.display()));
    if let Err(error) = told {
        tracing::warn!(%error, "the lock does not say who holds it");
    }
    Ok(file)
}

fn held_by(file: &mut File) -> StoreError {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(512).read_to_string(&mut text));
    let (pid, host) = match read {
        Ok(_) => text.trim().split_once(' ').unwrap_or(("unknown", "an unknown host")),
        Err(_) => ("unknown", "an unknown host"),
    };
    let shown = |text: &str| crate::domain::SafeText::from_outside(text).to_string();
    StoreError::Locked { pid: shown(pid), host: shown(host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_never_shared() {
        assert_eq!(file_name("evt_01jq8zv5k3m9x2c7b4n6d8f0ga"), "evt_01jq8zv5k3m9x2c7b4n6d8f0ga");
        let hostile = ["", "..", "../../etc", "a/b", "a\\b", "door 7", "door7", &"x".repeat(300), "Тур"];
        let names: std::collections::HashSet<_> = hostile.iter().map(|id| file_name(id)).collect();
        assert_eq!(names.len(), hostile.len());
        assert!(names.iter().all(|name| name.len() < 120 && !name.contains(['/', '.', '\\', ' '])));
    }

    #[test]
    fn a_second_console_is_told_who_is_there() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("a/b");
        let first = Folder::open(path.clone()).unwrap();
        match Folder::open(path.clone()).unwrap_err() {
            StoreError::Locked { pid, host } => {
                assert_eq!(pid, std::process::id().to_string());
                assert_eq!(host, gethostname::gethostname().to_string_lossy());
            }
            other => panic!("{other:?}"),
        }
        drop(first);
        Folder::open(path.clone()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(path.join(LOCK)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_is_set_aside_never_replaces_what_was() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("file");
        for text in ["first", "second"] {
            fs::write(&path, text).unwrap();
            set_aside(&path).unwrap();
        }
        assert_eq!(fs::read_to_string(temporary.path().join("file.damaged-1")).unwrap(), "first");
        assert_eq!(fs::read_to_string(temporary.path().join("file.damaged-2")).unwrap(), "second");
    }
}
