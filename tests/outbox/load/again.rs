//! A console that ends while its first list comes: the next one shows what had come, and goes on there.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use doorlist::domain::{TicketStatus, Trouble};
use doorlist::store::{Snapshot, Store};
use doorlist::sync::{LoadSettings, Order};
use rstest::rstest;

use super::lies::comes_in_the_end;
use super::service::{Deed, Roster, Service};
use super::{Console, GUESTS, place};

const SWIFTLY: LoadSettings = LoadSettings { concurrency: 4, rate: 1_000 };
/// So slow that a load takes ten seconds.
const SLOWLY: LoadSettings = LoadSettings { concurrency: 4, rate: 10 };

fn part(folder: &Path) -> std::path::PathBuf {
    place().folder(folder).join("snapshot.part")
}

/// A console that loaded up to this page, and was left when the service was not to be had any more.
async fn left_at(page: usize, service: &Arc<Service>, folder: &Path) {
    service.at_page(page, Deed::Fails);
    let mut console = Console::at(service, folder, SWIFTLY);
    assert_eq!(console.loads(1).await.outcome, Some(Err(Trouble::Unreachable)));
    console.ends().await;
    service.recovers();
}

#[rstest]
#[case::in_the_letters(Roster::Has, 30)]
#[case::in_the_whole_lists(Roster::Has, 80)]
#[case::without_a_roster(Roster::Counts, 20)]
#[tokio::test(start_paused = true)]
async fn the_next_console_goes_on_where_this_one_was(#[case] roster: Roster, #[case] page: usize) {
    let service = Service::open(GUESTS, roster);
    let folder = tempfile::tempdir().unwrap();
    left_at(page, &service, folder.path()).await;
    let before = service.takes_pages();

    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    let seen = console.loads(1).await;
    assert!(seen.kept >= 1_000, "{}: shown before the service has said a word", seen.kept);
    seen.is_whole(GUESTS);
    let again = service.takes_pages().iter().filter(|page| before.contains(page)).count();
    assert!(again <= 4, "{again}: those that were under way, and no other");
    assert!(comes_in_the_end(|| !part(folder.path()).exists()).await, "the whole list has taken its place");
    console.ends().await;
    let is_whole = |snapshot: Snapshot| snapshot.tickets.len() == GUESTS;
    let opens = || Store::open(folder.path(), place()).is_ok_and(|(.., opened)| opened.snapshot.is_some_and(is_whole));
    assert!(comes_in_the_end(opens).await);
}

#[tokio::test(start_paused = true)]
async fn what_has_come_is_kept_while_the_rest_still_comes() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), SLOWLY);
    // Nobody tells this console that it is about to end.
    console.asks(Order::LoadEvent { sequence: 1, politely: false }, |seen| seen.told > GUESTS * 6 / 5).await;
    console.ends().await;
    let asked = service.takes_pages().len();

    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    let seen = console.loads(1).await;
    assert!(seen.kept > GUESTS / 2, "{}", seen.kept);
    seen.is_whole(GUESTS);
    assert!(service.takes_pages().len() < 120 - asked / 2, "half of them had not to be asked for again");
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_service_that_has_forgotten_its_cursors_is_read_anew() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    left_at(80, &service, folder.path()).await;
    service.forgets_cursors();
    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    console.loads(1).await.is_whole(GUESTS);
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_to_go_on_from_is_shown_and_read_anew() {
    let service = Service::open(GUESTS, Roster::Counts);
    let folder = tempfile::tempdir().unwrap();
    left_at(20, &service, folder.path()).await;
    service.takes_pages();
    service.checks_in(1);
    let mut console = Console::later(Duration::from_secs(3_600), &service, folder.path(), SWIFTLY);
    let seen = console.loads(1).await;
    assert!(seen.kept >= 1_000);
    seen.is_whole(GUESTS);
    assert_eq!(seen.status(1), TicketStatus::Redeemed);
    let first = |page: &&String| !page.contains("cursor=");
    assert_eq!(service.takes_pages().iter().filter(first).count(), 3, "every list from its first page");
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_damaged_is_set_aside_and_never_shown() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    left_at(80, &service, folder.path()).await;
    let file = part(folder.path());
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (_store, _guard, opened) = Store::open(folder.path(), place()).unwrap();
    assert_eq!((opened.part, opened.findings.len(), file.exists()), (None, 1, false));
}
