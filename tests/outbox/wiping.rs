//! `doorlist wipe`: what it deletes, what it leaves, and what it says of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use doorlist::domain::{Entry, EventId};
use doorlist::store::{Place, Store, Write};

use super::make::{House, entry, place, scan};

/// The store of an event, with what is still to do there.
async fn evening(state: &Path, event: &str, writes: Vec<Write>) -> Place {
    let place = Place { event: EventId::from_service(event), ..place() };
    let (store, guard, _) = Store::open(state, place.clone()).unwrap();
    store.write_snapshot(House::new().snapshot(3)).await.unwrap();
    for write in writes {
        store.write(write).await.unwrap();
    }
    guard.finish().unwrap();
    place
}

fn wipe(state: &Path, place: Option<&Place>, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorlist"));
    command.arg("wipe").args(arguments).env_clear().env("HOME", state).env("DOORLIST__STATE__DIR", state);
    if let Some(place) = place {
        command
            .env("DOORLIST__API__BASE_URL", "https://tickets.example.com")
            .env("DOORLIST__API__TENANT_ID", place.tenant.as_str())
            .env("DOORLIST__EVENT__ID", place.event.as_str())
            .env("DOORLIST__DEVICE__ID", place.device.as_str());
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

#[tokio::test]
async fn an_evening_that_is_finished_goes_without_a_word_of_force() {
    let state = tempfile::tempdir().unwrap();
    let place = evening(state.path(), place().event.as_str(), Vec::new()).await;
    let (code, said) = wipe(state.path(), Some(&place), &[]);
    assert_eq!((code, said), (Some(0), format!("wiped {}\n", place.folder(state.path()).display())));
    assert!(!place.folder(state.path()).exists());
    assert_eq!(wipe(state.path(), Some(&place), &[]), (Some(0), "nothing to wipe\n".to_owned()));
}

#[tokio::test]
async fn what_is_unsent_blocks_it_and_is_exported_before_it_is_forced() {
    let state = tempfile::tempdir().unwrap();
    let place = evening(state.path(), place().event.as_str(), vec![scan(1), scan(2)]).await;
    let (code, said) = wipe(state.path(), Some(&place), &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("2 unsent"), "{said}");
    assert!(place.folder(state.path()).exists());

    let (code, said) = wipe(state.path(), Some(&place), &["--force"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!place.folder(state.path()).exists());
    let exported = said.lines().find_map(|line| line.strip_prefix("what was unfinished is in ")).unwrap();
    let exported = fs::read_to_string(exported).unwrap();
    let exported: Vec<Entry> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(exported, [entry(1), entry(2)]);
}

#[tokio::test]
async fn without_an_event_every_finished_one_goes_and_the_others_are_named() {
    let state = tempfile::tempdir().unwrap();
    let finished = evening(state.path(), place().event.as_str(), Vec::new()).await;
    let unfinished = evening(state.path(), "evt_01jq8zv5k3m9x2c7b4n6d8f0gb", vec![scan(1)]).await;
    let (code, said) = wipe(state.path(), None, &[]);
    assert_eq!(code, Some(1), "{said}");
    let (gone, kept) = (finished.folder(state.path()), unfinished.folder(state.path()));
    assert!(said.contains(&format!("wiped {}", gone.display())) && !gone.exists(), "{said}");
    assert!(said.contains(&format!("{}: ", kept.display())) && kept.exists(), "{said}");
}

#[tokio::test]
async fn a_store_that_is_open_is_left_alone_whatever_the_force() {
    let state = tempfile::tempdir().unwrap();
    let place = evening(state.path(), place().event.as_str(), Vec::new()).await;
    let (_store, guard, _) = Store::open(state.path(), place.clone()).unwrap();
    let (code, said) = wipe(state.path(), Some(&place), &["--force"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(place.folder(state.path()).exists());
    guard.finish().unwrap();
}
