//! One evening that goes wrong, from a seed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorlist::api::{ApiSettings, Client, RetryPolicy, TicketFilter};
use doorlist::domain::{EventId, ScanKind, TenantId, TicketStatus};
use doorlist::wire;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::runtime::Runtime;

use super::door::{Act, Door, Place};
use super::judge::{self, Record};
use super::proxy::{Fault, Proxy};
use crate::serving::Serving;

const TICKETS: usize = 90;
const DEVICE: &str = "crash-door";
/// Longest time between a key and the console's death, or the next key.
const A_MOMENT: u64 = 60;
/// As long as a person waits for the answer, now and then.
const A_WHILE: Duration = Duration::from_millis(250);

/// What rounds put the console through.
#[derive(Debug, Default)]
pub struct Tally {
    pub rounds: u64,
    pub acts: usize,
    pub acknowledged: usize,
    pub faults: BTreeMap<Fault, usize>,
    pub outages: usize,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.acts += other.acts;
        self.acknowledged += other.acknowledged;
        self.outages += other.outages;
        for (fault, times) in other.faults {
            *self.faults.entry(fault).or_default() += times;
        }
    }
}

/// Plays the round of a seed; gives what was wrong at its end.
pub fn play(seed: u64) -> (Tally, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut round = Round::begin(folder.path(), seed);
    for _ in 0..round.random.random_range(1..=2) {
        round.live();
    }
    round.drain();
    let record = round.record();
    let faults = judge::faults(&round.acts, &record);
    let tally = Tally {
        rounds: 1,
        acts: round.acts.len(),
        acknowledged: round.acts.iter().filter(|act| act.acknowledged).count(),
        faults: round.struck.lock().unwrap().clone(),
        outages: round.outages,
    };
    (tally, faults)
}

struct Round<'a> {
    folder: &'a Path,
    serving: Serving,
    runtime: Runtime,
    proxy: Proxy,
    /// Past the proxy, for the judge.
    client: Client,
    scan: &'static str,
    random: ChaCha8Rng,
    /// Who has not been scanned yet.
    outside: VecDeque<Act>,
    acts: Vec<Act>,
    struck: Arc<Mutex<BTreeMap<Fault, usize>>>,
    is_up: bool,
    outages: usize,
}

impl<'a> Round<'a> {
    fn begin(folder: &'a Path, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let serving = Serving::start(folder, TICKETS, seed);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let proxy = {
            let _inside = runtime.enter();
            Proxy::start(serving.address())
        };
        let client = Client::new(&ApiSettings {
            base_url: serving.ready.url.clone(),
            tenant: TenantId::from_service(serving.ready.tenant_id.as_str()),
            token: Some(serving.ready.tokens.full.clone().into()),
            timeout: Duration::from_secs(30),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        })
        .unwrap();
        let scan = if random.random_bool(0.2) { "documented" } else { "by-key" };
        let (acts, struck) = (Vec::new(), Arc::default());
        let (is_up, outages, outside) = (true, 0, VecDeque::new());
        let mut round =
            Self { folder, serving, runtime, proxy, client, scan, random, outside, acts, struck, is_up, outages };
        round.outside = round.guests();
        round
    }

    /// Guests who have not come yet, in any order, each with a name of its own that any terminal shows.
    fn guests(&mut self) -> VecDeque<Act> {
        let tickets = self.tickets();
        let name = |ticket: &wire::Ticket| format!("{} {}", ticket.attendee.first_name, ticket.attendee.last_name);
        let mut seen = BTreeSet::new();
        let mut guests: Vec<Act> = tickets
            .iter()
            .filter(|ticket| ticket.status == TicketStatus::Active && ticket.scans.is_empty())
            .map(|ticket| Act::new(&ticket.id, &name(ticket), ScanKind::CheckIn))
            .filter(|act| act.name.is_ascii() && !act.name.contains('.') && seen.insert(act.name.clone()))
            .collect();
        guests.shuffle(&mut self.random);
        guests.into()
    }

    fn tickets(&self) -> Vec<wire::Ticket> {
        let event = EventId::from_service(self.serving.ready.event_id.as_str());
        self.runtime.block_on(self.client.all_tickets(TicketFilter::of_event(event)).collect()).unwrap()
    }

    fn open(&self) -> Door {
        let Serving { ready, .. } = &self.serving;
        let place = Place {
            home: self.folder,
            url: &self.proxy.url(),
            tenant: &ready.tenant_id,
            event: &ready.event_id,
            token: &ready.tokens.full,
            device: DEVICE,
            scan: self.scan,
        };
        Door::open(&place, TICKETS)
    }

    /// One life of the console: guests come in and go out while the network breaks, and then it is killed.
    fn live(&mut self) {
        let mut door = self.open();
        self.rain();
        for _ in 0..self.random.random_range(2..9) {
            if self.random.random_bool(0.15) {
                self.has_an_outage();
            }
            let Some(act) = self.next() else { break };
            self.acts.push(act.clone());
            door.scans(act);
            if self.random.random_bool(0.4) {
                door.looks(A_WHILE);
            }
        }
        door.looks(Duration::from_micros(self.random.random_range(0..A_MOMENT * 1_000)));
        let done = door.dies();
        let before = self.acts.len() - done.len();
        self.acts.truncate(before);
        self.acts.extend(done);
        self.clear_up();
    }

    /// Mostly a guest who comes; sometimes one of this console's who leaves.
    fn next(&mut self) -> Option<Act> {
        let is_inside = |act: &&Act| {
            let scans = self.acts.iter().filter(|other| other.ticket == act.ticket);
            scans.count() == 1
        };
        let inside: Vec<&Act> = self.acts.iter().filter(is_inside).collect();
        match inside.choose(&mut self.random) {
            Some(guest) if self.random.random_bool(0.2) => {
                Some(Act::new(&guest.ticket, &guest.name, ScanKind::CheckOut))
            }
            _ => self.outside.pop_front(),
        }
    }

    fn rain(&mut self) {
        let mut random = ChaCha8Rng::seed_from_u64(self.random.random());
        let struck = Arc::clone(&self.struck);
        self.proxy.set_weather(move |_| {
            if random.random_bool(0.5) {
                return Fault::None;
            }
            let fault = *Fault::ALL.choose(&mut random).unwrap();
            *struck.lock().unwrap().entry(fault).or_default() += 1;
            fault
        });
    }

    /// There is no network any more, or there is again.
    fn has_an_outage(&mut self) {
        self.is_up = !self.is_up;
        self.outages += usize::from(!self.is_up);
        self.runtime.block_on(self.proxy.set_up(self.is_up));
    }

    fn clear_up(&mut self) {
        self.proxy.set_weather(|_| Fault::None);
        self.is_up = true;
        self.runtime.block_on(self.proxy.set_up(true));
    }

    /// The last life: the sun shines, and what is left is sent.
    fn drain(&mut self) {
        self.open().leaves();
    }

    fn record(&self) -> Record {
        let mut record = Record::new();
        for ticket in self.tickets() {
            let ours = ticket.scans.iter().filter(|scan| scan.device_id.as_str() == DEVICE);
            let kinds: Vec<_> = ours.map(|scan| scan.kind).collect();
            if !kinds.is_empty() {
                record.insert(ticket.id, kinds);
            }
        }
        record
    }
}
