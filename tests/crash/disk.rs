//! A disk that takes nothing more: nobody is let in on what cannot be kept, and the console lives on.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use doorlist::domain::ScanKind::CheckIn;
use portable_pty::CommandBuilder;

use super::door::Door;
use super::house::{House, TICKETS};
use super::judge;
use crate::session::Session;

/// Lets no file grow past some kilobytes, for root as for anybody: a scan takes twelve. A full disk needs a file system of one's
/// own, and that needs root. The signal that would come with the limit is ignored, so that writing fails as it does on a full disk.
const LIMITED: &str = r#"trap "" XFSZ; ulimit -f 8; exec "$@""#;

fn limited(console: &CommandBuilder) -> CommandBuilder {
    let mut command = console.clone();
    *command.get_argv_mut() = ["sh", "-c", LIMITED, "sh"].map(Into::into).to_vec();
    command.args(console.get_argv());
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
}

#[test]
fn on_a_full_disk_a_scan_is_refused_in_words_and_the_console_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path(), 1);
    let place = house.place("by-key");
    let guests = house.guests();
    // The files are made while there is room.
    assert!(Door::open(&place, TICKETS).leaves());

    let mut door = Door::start(limited(&place.command()), TICKETS);
    for guest in &guests[..2] {
        door.scans(guest.clone());
        let shown = door.session.sees(&format!("NOT DONE   {}", guest.name));
        assert!(shown.contains("so the scan was not kept: do not let"), "{shown}");
    }
    let refused = door.dies();
    assert!(!refused.iter().any(|act| act.acknowledged), "{refused:?}");
    assert_eq!(house.record(), judge::Record::new());

    // With room again the same guests come in.
    let mut door = Door::open(&place, TICKETS);
    for guest in &guests[..2] {
        door.scans(guest.clone());
        door.session.sees(&format!("CHECKED IN   {}", guest.name));
    }
    assert!(door.leaves());
    let record = guests[..2].iter().map(|guest| (guest.ticket.clone(), vec![CheckIn])).collect();
    assert_eq!(house.record(), record);
}

/// Nobody may write here: a folder without the right to, or for root, whom rights do not hold, one that the system made so.
fn unwritable(home: &Path) -> PathBuf {
    if rustix::process::geteuid().is_root() {
        return PathBuf::from("/dev/null/state");
    }
    let folder = home.join("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    folder
}

#[test]
fn on_a_folder_that_cannot_be_written_no_door_is_opened_and_it_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path(), 1);
    let closed = unwritable(folder.path());
    let mut command = house.place("by-key").command();
    command.env("DOORLIST__STATE__DIR", &closed);
    let mut session = Session::start(command);
    session.sees("doorlist: ");
    let shown = session.sees(closed.file_name().unwrap().to_str().unwrap());
    assert!(shown.contains("cannot be"), "{shown}");
    assert_eq!(session.ends().code, 2);
}
