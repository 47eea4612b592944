//! The state folder: private, and the device's name in it stays.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;

use doorlist::config::{StateError, StateFolder};
use doorlist::domain::{Operator, UserId};
use secrecy::SecretString;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_made_is_the_owners_alone() {
    let outer = tempfile::tempdir().unwrap();
    let state = StateFolder::open(outer.path().join("deep/state")).unwrap();
    let logs = state.subfolder("logs").unwrap();
    state.device_id().unwrap();
    assert_eq!(mode(&outer.path().join("deep")), 0o700);
    assert_eq!(mode(state.path()), 0o700);
    assert_eq!(mode(&logs), 0o700);
    assert_eq!(mode(&state.path().join("device-id")), 0o600);
}

#[test]
fn the_device_keeps_its_name_and_two_installations_differ() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let name = StateFolder::open(one.path()).unwrap().device_id().unwrap();
    assert_eq!(StateFolder::open(one.path()).unwrap().device_id().unwrap(), name);
    assert_ne!(StateFolder::open(other.path()).unwrap().device_id().unwrap(), name);
    let (host, suffix) = name.as_str().rsplit_once('-').unwrap();
    assert!(!host.is_empty());
    assert_eq!(suffix.len(), 6, "{name}");
}

#[test]
fn consoles_that_start_together_agree_on_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let start = Arc::new(Barrier::new(8));
    let consoles: Vec<_> = (0..8)
        .map(|_| {
            let (state, start) = (StateFolder::open(folder.path()).unwrap(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                state.device_id().unwrap()
            })
        })
        .collect();
    let names: Vec<_> = consoles.into_iter().map(|console| console.join().unwrap()).collect();
    assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left behind");
}

#[test]
fn a_broken_name_is_reported_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("device-id");
    fs::write(&file, "").unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    assert!(matches!(state.device_id(), Err(StateError::NotADevice { .. })));
    assert_eq!(fs::read_to_string(file).unwrap(), "");
}

#[test]
fn whose_a_token_is_is_remembered_of_the_very_token_and_of_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let (token, other) = (SecretString::from("eyJ.s3cret.token"), SecretString::from("eyJ.s3cret.t0ken"));
    let mo = Operator { user: Some(UserId::from_service("usr_1")), name: "Mo Diaz".into(), role: None };
    assert_eq!(state.operator_of(&token), None);
    state.remember_operator(&token, &mo).unwrap();
    assert_eq!(state.operator_of(&token), Some(mo.clone()));
    assert_eq!(state.operator_of(&other), None);
    let file = folder.path().join("last-operator");
    let first = fs::read_to_string(&file).unwrap();
    assert!(!first.contains("s3cret"), "{first}");
    assert_eq!(mode(&file), 0o600);
    state.remember_operator(&token, &mo).unwrap();
    assert_ne!(
        fs::read_to_string(&file).unwrap(),
        first,
        "salted anew: two files do not tell that they are of one token"
    );
    let zoe = Operator { user: Some(UserId::from_service("usr_2")), name: "Zoë".into(), role: None };
    state.remember_operator(&other, &zoe).unwrap();
    assert_eq!((state.operator_of(&token), state.operator_of(&other)), (None, Some(zoe)));
    fs::write(&file, "{").unwrap();
    assert_eq!(state.operator_of(&other), None);
}

#[test]
fn a_file_in_the_folders_place_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    fs::write(&file, "").unwrap();
    assert!(matches!(StateFolder::open(file), Err(StateError::Unusable { .. })));
}
