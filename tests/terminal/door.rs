//! The console on a service in a process of its own, and a client beside it that reads the service's own record.

use std::time::Duration;

use doorlist::api::{ApiSettings, Client, RetryPolicy, TicketFilter};
use doorlist::domain::{
    DeviceId, Entry, EntryId, EntryState, EventId, Gate, Operator, OrderId, ScanKind, TenantId, TicketId, TicketStatus,
};
use doorlist::store::{Place, Store, Write};
use doorlist::wire::Ticket;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::serving::{Ready, Serving};
use crate::session::{Session, doorlist};

pub const TICKETS: usize = 90;
const SEED: u64 = 7;
const DEVICE: &str = "north-door";
const PASTE: [&str; 2] = ["\x1b[200~", "\x1b[201~"];

/// A console at work, and its service.
pub struct Door {
    pub session: Session,
    client: Client,
    runtime: Runtime,
    serving: Serving,
    home: TempDir,
}

impl Door {
    /// Opens it for a supervisor, and waits until every guest is there.
    pub fn open() -> Self {
        Self::with(|_, _| vec![("ROLE__DEFAULT", "supervisor".to_owned())])
    }

    /// The same with these settings: section and key in capitals, and their values.
    pub fn with(settings: impl FnOnce(&Serving, &[Ticket]) -> Vec<(&'static str, String)>) -> Self {
        Self::left(settings, |_| Vec::new())
    }

    /// The same where an earlier evening left these guests let in on our word, and the service not told.
    pub fn left(
        settings: impl FnOnce(&Serving, &[Ticket]) -> Vec<(&'static str, String)>,
        unsent: impl FnOnce(&[Ticket]) -> Vec<TicketId>,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        let serving = Serving::start(home.path(), TICKETS, SEED);
        let ready = &serving.ready;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::new(&ApiSettings {
            base_url: ready.url.clone(),
            tenant: TenantId::from_service(ready.tenant_id.as_str()),
            token: Some(ready.tokens.full.clone().into()),
            timeout: Duration::from_secs(30),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        })
        .unwrap();
        let event = EventId::from_service(ready.event_id.as_str());
        let tickets = runtime.block_on(client.all_tickets(TicketFilter::of_event(event)).collect()).unwrap();
        let entries: Vec<_> = (1..).zip(unsent(&tickets)).map(|(number, id)| promised(number, id, ready)).collect();
        if !entries.is_empty() {
            let (store, guard, _) = Store::open(&home.path().join("state"), place(ready)).unwrap();
            runtime.block_on(store.write(Write { entries, ..Write::default() })).unwrap();
            guard.finish().unwrap();
        }
        let mut command = doorlist(home.path());
        command.env("DOORLIST_TOKEN", &ready.tokens.full);
        let own = [("API__BASE_URL", &ready.url), ("API__TENANT_ID", &ready.tenant_id), ("EVENT__ID", &ready.event_id)];
        let own = own.into_iter().map(|(key, value)| (key, value.clone()));
        let device = ("DEVICE__ID", DEVICE.to_owned());
        for (key, value) in own.chain([device]).chain(settings(&serving, &tickets)) {
            command.env(format!("DOORLIST__{key}"), value);
        }
        let mut session = Session::start(command);
        let all = format!("{TICKETS} of {TICKETS}");
        session.waits_for("every guest", |shown| shown.contains("ONLINE") && shown.contains(&all));
        Self { session, client, runtime, serving, home }
    }

    /// Every ticket as the service has it now.
    pub fn tickets(&self) -> Vec<Ticket> {
        let event = EventId::from_service(self.serving.ready.event_id.as_str());
        self.runtime.block_on(self.client.all_tickets(TicketFilter::of_event(event)).collect()).unwrap()
    }

    /// One ticket as the service has it now.
    pub fn record(&self, id: &TicketId) -> Ticket {
        self.runtime.block_on(self.client.ticket(id)).unwrap()
    }

    /// The tickets of an order as the service has them now.
    pub fn order(&self, id: &OrderId) -> Vec<Ticket> {
        self.runtime.block_on(self.client.tickets(&TicketFilter::of_order(id.clone()))).unwrap().tickets
    }

    /// A guest in this status whose name any terminal shows; those who are in have been scanned once.
    pub fn guest(&self, status: TicketStatus) -> Ticket {
        let is_plain = |ticket: &Ticket| name(ticket).is_ascii() && ticket.attendee.last_name.len() > 2;
        let scans = usize::from(status == TicketStatus::Redeemed);
        let fits = |ticket: &Ticket| ticket.status == status && ticket.scans.len() == scans && is_plain(ticket);
        self.tickets().into_iter().find(fits).unwrap()
    }

    /// Brings the guest up by the id.
    pub fn finds(&mut self, guest: &Ticket) {
        self.pastes(guest.id.as_str());
        let id = guest.id.to_string();
        // Either pane may cut its end off.
        self.session.waits_for(&id, |shown| shown.contains(&format!("Ticket   {id}")));
    }

    /// Pastes a text: typed by a machine it would have the rhythm of one.
    pub fn pastes(&mut self, text: &str) {
        self.session.types(&format!("{}{text}{}", PASTE[0], PASTE[1]));
    }

    /// Empties the line that has the focus, puts `text` there, and sees it.
    pub fn fills_in(&mut self, text: &str) {
        self.session.types("\x15");
        self.pastes(text);
        self.session.sees(text);
    }

    /// Presses a key, and waits until all of `words` are on the screen at once.
    pub fn presses(&mut self, key: &str, words: &[&str]) -> String {
        self.session.types(key);
        self.session.waits_for(&format!("{words:?}"), |shown| words.iter().all(|words| shown.contains(words)))
    }

    /// Closes what shows these words; an Esc that another key follows at once would be Alt with that key.
    pub fn escapes(&mut self, words: &str) {
        self.session.types("\x1b");
        self.session.waits_for(&format!("no {words}"), |shown| !shown.contains(words));
    }

    /// The service ends in the middle of the evening.
    pub fn loses_its_service(&mut self) {
        self.serving.ends();
    }

    /// Leaves, and checks that nothing is left behind of the console.
    pub fn closes(self) -> Closed {
        let Self { mut session, serving, home, .. } = self;
        session.types("\x11");
        let ended = session.ends();
        assert_eq!(ended.code, 0);
        Closed { serving, home }
    }
}

/// A door whose console has left.
pub struct Closed {
    serving: Serving,
    home: TempDir,
}

impl Closed {
    /// The tickets that this console scanned, in the order in which it took them.
    pub fn scanned(&self) -> Vec<TicketId> {
        let place = place(&self.serving.ready);
        let (_store, _guard, opened) = Store::open(&self.home.path().join("state"), place).unwrap();
        opened.entries.into_iter().map(|entry| entry.ticket).collect()
    }
}

fn place(ready: &Ready) -> Place {
    Place {
        tenant: TenantId::from_service(ready.tenant_id.as_str()),
        event: EventId::from_service(ready.event_id.as_str()),
        device: DeviceId::from_service(DEVICE),
    }
}

/// A check-in on our word, a minute ago, that was never sent.
fn promised(number: u8, ticket: TicketId, ready: &Ready) -> Entry {
    let taken_at = Timestamp::now() - SignedDuration::from_mins(1);
    let Place { event, device, .. } = place(ready);
    Entry {
        id: EntryId::new(taken_at, [number; 10]),
        kind: ScanKind::CheckIn,
        ticket,
        order: None,
        event,
        device,
        operator: Operator::default(),
        gate: Gate::default(),
        taken_at,
        undoes: None,
        against: None,
        override_reason: None,
        promised: true,
        attempts: None,
        state: EntryState::Queued,
    }
}

pub fn name(ticket: &Ticket) -> String {
    format!("{} {}", ticket.attendee.first_name, ticket.attendee.last_name)
}

/// What this console's scans of the ticket were, oldest first.
pub fn own_scans(ticket: &Ticket) -> Vec<ScanKind> {
    ticket.scans.iter().filter(|scan| scan.device_id.as_str() == DEVICE).map(|scan| scan.kind).collect()
}
