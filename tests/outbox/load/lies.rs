//! A service that does not tell the truth about its lists: nobody is lost for it, and nothing goes on for ever.

use std::time::Duration;

use doorlist::domain::Trouble;
use doorlist::store::{Snapshot, Store};
use doorlist::sync::LoadSettings;
use rstest::rstest;

use super::service::{Lie, Roster, Service};
use super::{Console, GUESTS, place};

const SWIFTLY: LoadSettings = LoadSettings { concurrency: 8, rate: 1_000 };

#[rstest]
#[case::round_and_round(Lie::GoesRound)]
#[case::under_fresh_cursors(Lie::RepeatsItself)]
#[tokio::test(start_paused = true)]
async fn a_list_without_an_end_is_never_taken_for_complete(#[case] lie: Lie) {
    let service = Service::open(GUESTS, Roster::Counts);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    service.lies(Some(lie));
    for sequence in 1..=3 {
        let seen = console.loads(sequence).await;
        assert!(matches!(seen.outcome, Some(Err(Trouble::BrokenList { .. }))), "{:?}", seen.outcome);
        assert!(seen.listed.is_none());
        assert!(!seen.went_offline, "the service answers: only its list is broken");
    }
    assert!(console.seen.guests.len() >= 100, "who came can be let in");
    assert!(service.takes_pages().len() < 100, "and nobody asks for ever");
    service.lies(None);
    console.loads(4).await.is_whole(GUESTS);
    console.ends().await;
}

#[rstest]
#[case::all_are_counted(Roster::Has, GUESTS, GUESTS + GUESTS / 10 + 1_000)]
#[case::the_valid_are_counted(Roster::Counts, 100, 100 * 10 + 20_000)]
#[tokio::test(start_paused = true)]
async fn a_list_that_brings_ever_new_guests_fills_no_memory(
    #[case] roster: Roster,
    #[case] guests: usize,
    #[case] most: usize,
) {
    let service = Service::open(guests, roster);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    service.lies(Some(Lie::GoesOn));
    let seen = console.loads(1).await;
    let Some(Err(trouble @ Trouble::BrokenList { .. })) = &seen.outcome else { panic!("{:?}", seen.outcome) };
    assert!(trouble.to_string().ends_with("far more than there are."), "{trouble}");
    assert!(!seen.went_offline);
    let came = seen.guests.len();
    assert!(came <= most && came > most - 1_000, "{came} of {most}");
    service.takes_pages();
    for sequence in 2..=3 {
        tokio::time::sleep(Duration::from_secs(6 * 60)).await;
        assert!(matches!(console.loads(sequence).await.outcome, Some(Err(Trouble::BrokenList { .. }))));
    }
    assert_eq!(console.seen.guests.len(), came, "nobody else is taken in, however often it is tried");
    assert!(service.takes_pages().len() <= 2 * 3, "and every try ends with its first pages");
    // Mended, and a person asks again.
    service.lies(None);
    assert_eq!(console.loads_anew(4).await.outcome, Some(Ok(())));
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_cut_short_never_takes_the_place_of_a_whole_one() {
    let service = Service::open(GUESTS, Roster::Counts);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    console.loads(1).await.is_whole(GUESTS);
    let file = place().folder(folder.path()).join("snapshot");
    assert!(comes_in_the_end(|| file.exists()).await);
    let whole = std::fs::read(&file).unwrap();

    service.lies(Some(Lie::EndsEarly));
    for sequence in [2, 3] {
        assert_eq!(console.refreshes(sequence).await.outcome, Some(Ok(())));
        assert!(!comes(|| std::fs::read(&file).unwrap() != whole).await, "it was saved");
    }
    console.ends().await;
    let (_store, _guard, opened) = Store::open(folder.path(), place()).unwrap();
    let tickets = opened.snapshot.map(|Snapshot { tickets, .. }| tickets.len());
    assert_eq!(tickets, Some(GUESTS));
}

#[tokio::test(start_paused = true)]
async fn a_roster_that_counts_too_many_is_given_up_and_whole_lists_are_read() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), SWIFTLY);
    service.lies(Some(Lie::Counts(10_000)));
    let seen = console.loads(1).await;
    seen.is_whole(GUESTS);
    let (known, light, _) = seen.listed.unwrap();
    assert_eq!((known, light), (GUESTS, 0), "nobody says that all are there before all are");
    let letters = service.takes_pages().iter().filter(|page| page.contains("attendees?")).count();
    assert!(letters < 26 * GUESTS.div_ceil(100), "from every letter to the roster's end, and once: {letters}");
    let file = place().folder(folder.path()).join("snapshot");
    assert!(comes_in_the_end(|| file.exists()).await, "attendance counts right, so that the list is saved");
    console.ends().await;
}

/// Whether it comes true, however busy the disk is.
pub async fn comes_in_the_end(is_true: impl Fn() -> bool) -> bool {
    for _ in 0..100 {
        if comes(&is_true).await {
            return true;
        }
    }
    false
}

/// Whether it comes true while the disk has time to.
async fn comes(is_true: impl Fn() -> bool) -> bool {
    for _ in 0..300 {
        if is_true() {
            return true;
        }
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(1))).await.unwrap();
    }
    is_true()
}
