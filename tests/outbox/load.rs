//! Loading the list: the roster where there is one, nobody missed, nothing read twice, and no service pressed.

mod again;
mod lies;
mod service;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use doorlist::api::{Client, ScanMode};
use doorlist::domain::{DeviceId, EventId, OfflinePolicy, TenantId, Ticket, TicketStatus, Trouble};
use doorlist::store::{Finding, Place, Store};
use doorlist::sync::drain::Link;
use doorlist::sync::{self, Engine, EngineSettings, LoadSettings, Order, Report, Shelf};
use rstest::rstest;
use tokio::time::Instant;

use super::make::House;
use service::{Deed, LATENCY, Roster, Service};

/// Enough for letters to pay: 47 to 48 pages of whole tickets, 54 of letters.
const GUESTS: usize = 3_200;

/// The list as a console has it.
#[derive(Default)]
struct Seen {
    guests: BTreeMap<String, Ticket>,
    /// How many were known when everybody could be found, how many of these lightly, and how long it took.
    listed: Option<(usize, usize, Duration)>,
    outcome: Option<Result<(), Trouble>>,
    told: usize,
    /// How many were there before anything was asked for, from the disk.
    kept: usize,
    /// Whether the connection was ever said to be lost.
    went_offline: bool,
    amiss: Vec<Finding>,
}

fn place() -> Place {
    Place {
        tenant: TenantId::from_service("tnt_1"),
        event: EventId::from_service("evt_1"),
        device: DeviceId::from_service("north"),
    }
}

struct Console {
    engine: Engine,
    seen: Seen,
}

impl Console {
    fn at(service: &std::sync::Arc<Service>, folder: &Path, load: LoadSettings) -> Self {
        Self::later(Duration::ZERO, service, folder, load)
    }

    /// One whose clock shows so much more.
    fn later(by: Duration, service: &std::sync::Arc<Service>, folder: &Path, load: LoadSettings) -> Self {
        Self::with(service.client("https://tickets.example.com", by), folder, load)
    }

    fn with(client: Client, folder: &Path, load: LoadSettings) -> Self {
        let engine = sync::start(EngineSettings {
            client,
            token: None,
            scan: ScanMode::Auto,
            event: Some("evt_1".to_owned()),
            memory: None,
            shelf: Shelf { state_dir: folder.to_owned(), tenant: place().tenant, device: place().device },
            opening: None,
            offline: OfflinePolicy::Accept,
            slow_after: Duration::from_millis(1_500),
            load,
            seed: 7,
        });
        Self { engine, seen: Seen::default() }
    }

    /// Asks for the whole list, and takes in what comes of it.
    async fn loads(&mut self, sequence: u64) -> &Seen {
        self.asks(Order::LoadEvent { sequence, politely: false }, |seen| seen.outcome.is_some()).await
    }

    /// The same where a person wants it.
    async fn loads_anew(&mut self, sequence: u64) -> &Seen {
        self.asks(Order::LoadAnew { sequence }, |seen| seen.outcome.is_some()).await
    }

    /// The same in the background.
    async fn refreshes(&mut self, sequence: u64) -> &Seen {
        self.asks(Order::LoadEvent { sequence, politely: true }, |seen| seen.outcome.is_some()).await
    }

    /// The same, until everybody can be found.
    async fn lists(&mut self, sequence: u64) -> &Seen {
        self.asks(Order::LoadEvent { sequence, politely: false }, |seen| seen.listed.is_some()).await
    }

    async fn asks(&mut self, order: Order, has_come: impl Fn(&Seen) -> bool) -> &Seen {
        let (Order::LoadEvent { sequence, .. } | Order::LoadAnew { sequence }) = order else { panic!("{order:?}") };
        let begun = Instant::now();
        self.seen = Seen { guests: std::mem::take(&mut self.seen.guests), ..Seen::default() };
        self.engine.orders.send(order).await.unwrap();
        while !has_come(&self.seen) {
            let report = tokio::time::timeout(Duration::from_secs(600), self.engine.reports.recv()).await.unwrap();
            self.hears(report.unwrap(), sequence, begun);
        }
        &self.seen
    }

    fn hears(&mut self, report: Report, current: u64, begun: Instant) {
        let seen = &mut self.seen;
        match report {
            Report::Tickets { sequence, tickets } if sequence == current => {
                seen.told += tickets.len();
                for ticket in tickets {
                    let known = seen.guests.get(ticket.id.as_str());
                    if known.is_none_or(|known| ticket.supersedes(known)) {
                        seen.guests.insert(ticket.id.as_str().to_owned(), ticket);
                    }
                }
            }
            Report::Listed { sequence } if sequence == current => {
                let light = seen.guests.values().filter(|ticket| ticket.is_light()).count();
                seen.listed = Some((seen.guests.len(), light, begun.elapsed()));
            }
            Report::Opened(kept) => {
                assert_eq!(kept.event.is_some(), !kept.tickets.is_empty());
                seen.kept = kept.tickets.len();
                seen.amiss.extend(kept.findings);
                seen.guests.extend(kept.tickets.into_iter().map(|ticket| (ticket.id.as_str().to_owned(), ticket)));
            }
            Report::Amiss(finding) => seen.amiss.push(finding),
            Report::Link(Link::Offline { .. }) => seen.went_offline = true,
            Report::Loaded { sequence } if sequence == current => seen.outcome = Some(Ok(())),
            Report::NotLoaded { sequence, trouble } if sequence == current => seen.outcome = Some(Err(trouble)),
            _ => {}
        }
    }

    async fn ends(self) {
        drop(self.engine.orders);
        let mut reports = self.engine.reports;
        while reports.recv().await.is_some() {}
        self.engine.ended.await.unwrap();
    }
}

impl Seen {
    fn is_whole(&self, guests: usize) {
        assert_eq!(self.outcome, Some(Ok(())));
        assert_eq!(self.guests.len(), guests);
        assert!(self.guests.values().all(|ticket| !ticket.is_light()));
    }

    fn status(&self, guest: usize) -> TicketStatus {
        self.guests[&format!("tkt_{guest:05}")].status
    }
}

async fn load(service: &std::sync::Arc<Service>, settings: LoadSettings) -> Console {
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(service, folder.path(), settings);
    console.loads(1).await;
    console
}

#[tokio::test(start_paused = true)]
async fn the_rosters_letters_come_beside_the_longest_list_and_before_the_others() {
    let service = Service::open(GUESTS, Roster::Has);
    let begun = Instant::now();
    let console = load(&service, LoadSettings { concurrency: 8, rate: 1_000 }).await;
    let (known, light, took) = console.seen.listed.unwrap();
    assert_eq!((known, light), (GUESTS, GUESTS), "everybody can be found, and nobody was told of twice so far");
    // 26 letters of two pages each, seven at a time, and four single questions.
    assert!(took <= LATENCY * 13, "{took:?}");
    console.seen.is_whole(GUESTS);
    let longest = u32::try_from((GUESTS * 2 / 3).div_ceil(100)).unwrap();
    // Its pages one behind the other, and what is asked before and after them.
    assert!(begun.elapsed() <= LATENCY * (longest + 6), "{:?}", begun.elapsed());
    let most = service.asked().iter().map(|asked| asked.under_way).max();
    assert!(most <= Some(9), "eight pages, and whose token it is: {most:?}");
}

#[tokio::test(start_paused = true)]
async fn a_service_on_this_machine_is_asked_for_letters_before_all_else() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    let near = service.client("http://127.0.0.1:8080", Duration::ZERO);
    let mut console = Console::with(near, folder.path(), LoadSettings { concurrency: 8, rate: 1_000 });
    console.loads(1).await.is_whole(GUESTS);
    let pages = service.takes_pages();
    let last_letter = pages.iter().rposition(|page| page.contains("attendees?")).unwrap();
    let first_list = pages.iter().position(|page| page.contains("status=")).unwrap();
    assert!(last_letter < first_list, "no whole ticket keeps the processor from them");
}

#[tokio::test(start_paused = true)]
async fn a_light_ticket_is_right_in_all_that_the_door_asks() {
    let service = Service::open(GUESTS, Roster::Has);
    // Down as soon as everybody is listed.
    service.at_page(53, Deed::Fails);
    let console = load(&service, LoadSettings::default()).await;
    let light = &console.seen.guests["tkt_00003"];
    assert!(light.is_light());
    assert_eq!((light.status, light.event.id.as_str()), (TicketStatus::Redeemed, "evt_1"));
    assert_eq!((light.admission.id.as_str(), light.admission.price.base), ("adm_1", 4_500), "the event knows the tier");
    assert_eq!(&*light.attendee.first_name, "Dame00003");
}

#[rstest]
#[case::no_such_route(Roster::Refuses(404))]
#[case::no_such_method(Roster::Refuses(405))]
#[case::not_with_this_token(Roster::Refuses(403))]
#[case::only_counts(Roster::Counts)]
#[tokio::test(start_paused = true)]
async fn without_a_roster_the_statuses_come_side_by_side(#[case] roster: Roster) {
    let service = Service::open(GUESTS, roster);
    let begun = Instant::now();
    let console = load(&service, LoadSettings { concurrency: 8, rate: 1_000 }).await;
    console.seen.is_whole(GUESTS);
    let largest = (GUESTS * 2 / 3).div_ceil(100);
    let bound = LATENCY * u32::try_from(largest).unwrap() * 12 / 10;
    assert!(begun.elapsed() <= bound + LATENCY * 4, "{:?}", begun.elapsed());
    assert!(service.takes_pages().iter().all(|page| page.contains("status=")));
}

#[tokio::test(start_paused = true)]
async fn a_small_event_needs_no_letters() {
    let service = Service::open(900, Roster::Has);
    load(&service, LoadSettings::default()).await.seen.is_whole(900);
    assert!(service.takes_pages().iter().all(|page| !page.contains("attendees")));
}

#[tokio::test(start_paused = true)]
async fn no_more_pages_go_out_in_a_second_than_the_settings_allow() {
    let service = Service::open(GUESTS, Roster::Has);
    load(&service, LoadSettings { concurrency: 64, rate: 10 }).await.seen.is_whole(GUESTS);
    let asked: Vec<_> = service.asked().into_iter().filter(|asked| asked.what.contains("limit=100")).collect();
    let closest = asked.windows(2).map(|pair| pair[1].at - pair[0].at).min().unwrap();
    assert!(closest >= Duration::from_millis(99), "{closest:?}");
}

#[rstest]
#[case::counted_by_the_roster(Roster::Has)]
#[case::counted_by_attendance(Roster::Counts)]
#[tokio::test(start_paused = true)]
async fn who_goes_in_between_two_lists_is_not_missed(#[case] roster: Roster) {
    let service = Service::open(GUESTS, roster);
    // The last of those who are out goes in when the list of those who are in has just gone by; by a name at the end
    // of the alphabet, and behind all pages of it.
    let guest = GUESTS - 3;
    assert!(!guest.is_multiple_of(3) && guest % 26 == 25, "out, and a Z");
    let letters = if roster == Roster::Has { 52 } else { 0 };
    service.at_page(letters + 30, Deed::ChecksIn(guest));
    let console = load(&service, LoadSettings { concurrency: 8, rate: 1_000 }).await;
    console.seen.is_whole(GUESTS);
    assert_eq!(console.seen.status(guest), TicketStatus::Redeemed);
}

#[tokio::test(start_paused = true)]
async fn who_is_renamed_between_two_letters_can_be_found_all_the_same() {
    let service = Service::open(GUESTS, Roster::Has);
    // From the last letter to the first, when the first has gone by.
    service.at_page(30, Deed::Renames(25, "Aaron"));
    let console = load(&service, LoadSettings { concurrency: 1, rate: 1_000 }).await;
    assert_eq!(console.seen.listed.unwrap().0, GUESTS);
    console.seen.is_whole(GUESTS);
    assert_eq!(&*console.seen.guests["tkt_00025"].attendee.first_name, "Aaron");
}

#[rstest]
#[case::in_the_letters(Roster::Has, 20)]
#[case::in_the_whole_lists(Roster::Has, 70)]
#[case::without_a_roster(Roster::Counts, 20)]
#[tokio::test(start_paused = true)]
async fn a_load_that_failed_goes_on_where_it_was(#[case] roster: Roster, #[case] page: usize) {
    let service = Service::open(GUESTS, roster);
    service.at_page(page, Deed::Fails);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), LoadSettings { concurrency: 4, rate: 1_000 });
    assert_eq!(console.loads(1).await.outcome, Some(Err(Trouble::Unreachable)));
    let came = console.seen.guests.len();
    assert!(came > 0);
    let before: Vec<_> = service.takes_pages();

    service.recovers();
    let seen = console.loads(2).await;
    seen.is_whole(GUESTS);
    assert!(seen.told >= GUESTS, "what came before is told again: those reports may have been dropped");
    let after = service.takes_pages();
    // The pages that were under way when it failed are asked for again, and no other.
    let again = after.iter().filter(|page| before.contains(page)).count();
    assert!(again <= 4, "{again}");
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn who_asks_again_when_everybody_is_listed_wants_news() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    let mut console = Console::at(&service, folder.path(), LoadSettings::default());
    console.lists(1).await;
    service.checks_in(1);
    service.takes_pages();
    console.loads(2).await.is_whole(GUESTS);
    assert_eq!(console.seen.status(1), TicketStatus::Redeemed);
    let pages = service.takes_pages();
    let first = |page: &&String| page.contains("status=") && !page.contains("cursor=");
    assert!(pages.iter().filter(first).count() >= 3, "every list from its first page: {pages:?}");
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_is_asked_to_wait_waits_for_all() {
    let service = Service::open(GUESTS, Roster::Has);
    service.at_page(20, Deed::Throttles(7));
    let begun = Instant::now();
    let console = load(&service, LoadSettings { concurrency: 8, rate: 1_000 }).await;
    console.seen.is_whole(GUESTS);
    assert!(begun.elapsed() > Duration::from_secs(7));
    let asked = service.asked();
    let longest = asked.windows(2).max_by_key(|pair| pair[1].at - pair[0].at).unwrap();
    // Those that were under way when the answer came had been asked for before it.
    let silence = longest[1].at - longest[0].at;
    assert!(silence >= Duration::from_millis(6_950) && silence <= Duration::from_secs(8), "{silence:?}");
}

#[tokio::test(start_paused = true)]
async fn with_a_list_from_the_last_start_nobody_needs_the_letters() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    let (store, guard, _) = Store::open(folder.path(), place()).unwrap();
    store.write_snapshot(House::new().snapshot(3)).await.unwrap();
    guard.finish().unwrap();
    drop(store);
    let mut console = Console::at(&service, folder.path(), LoadSettings::default());
    assert_eq!(console.loads(1).await.outcome, Some(Ok(())));
    assert!(service.takes_pages().iter().all(|page| page.contains("status=")));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_can_neither_be_read_nor_replaced_is_told_of_and_loaded() {
    let service = Service::open(GUESTS, Roster::Has);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(place().folder(folder.path()).join("snapshot")).unwrap();
    let mut console = Console::at(&service, folder.path(), LoadSettings::default());
    let order = Order::LoadEvent { sequence: 1, politely: false };
    let seen = console.asks(order, |seen| seen.outcome.is_some() && seen.amiss.len() >= 2).await;
    seen.is_whole(GUESTS);
    let [Finding::SnapshotNotRead { .. }, written @ Finding::SnapshotNotWritten { .. }] = &seen.amiss[..] else {
        panic!("{:?}", seen.amiss)
    };
    let said = written.to_string();
    assert!(said.ends_with("Is a directory (os error 21), in snapshot."), "{said}");
    assert_eq!(console.loads(2).await.outcome, Some(Ok(())));
    console.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_asked_for_again_needs_no_letters_either() {
    let service = Service::open(GUESTS, Roster::Has);
    let mut console = load(&service, LoadSettings::default()).await;
    assert!(service.takes_pages().iter().any(|page| page.contains("attendees?")));
    console.loads(2).await.is_whole(GUESTS);
    assert!(service.takes_pages().iter().all(|page| page.contains("status=")));
}
