//! One evening that goes wrong, from a seed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorlist::domain::{ScanKind, TicketId, TicketStatus};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::door::{Act, Door};
use super::house::{House, TICKETS};
use super::judge;
use super::proxy::Fault;

/// Longest time between a key and the console's death, or the next key.
const A_MOMENT: u64 = 60;
/// More than it takes: without a key a scan without an answer is left alone for ten seconds.
const LAST_LIVES: usize = 40;
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
    let mut round = Round::begin(House::open(folder.path(), seed), seed);
    for _ in 0..round.random.random_range(1..=2) {
        round.live();
        round.guests_leave_by_another_door();
    }
    round.drain();
    let faults = judge::faults(&round.acts, &round.house.record());
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
    house: House<'a>,
    scan: &'static str,
    random: ChaCha8Rng,
    /// Who has not been scanned yet.
    outside: VecDeque<Act>,
    acts: Vec<Act>,
    /// Who went out by another door, and is not this one's to let out any more.
    gone: BTreeSet<TicketId>,
    struck: Arc<Mutex<BTreeMap<Fault, usize>>>,
    is_up: bool,
    outages: usize,
}

impl<'a> Round<'a> {
    fn begin(house: House<'a>, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let scan = if random.random_bool(0.2) { "documented" } else { "by-key" };
        let mut guests = house.guests();
        guests.shuffle(&mut random);
        Self {
            house,
            scan,
            random,
            outside: guests.into(),
            acts: Vec::new(),
            gone: BTreeSet::new(),
            struck: Arc::default(),
            is_up: true,
            outages: 0,
        }
    }

    fn open(&self) -> Door {
        Door::open(&self.house.place(self.scan), TICKETS)
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
            scans.count() == 1 && !self.gone.contains(&act.ticket)
        };
        let inside: Vec<&Act> = self.acts.iter().filter(is_inside).collect();
        match inside.choose(&mut self.random) {
            Some(guest) if self.random.random_bool(0.2) => {
                Some(Act::new(&guest.ticket, &guest.name, ScanKind::CheckOut))
            }
            _ => self.outside.pop_front(),
        }
    }

    /// While the console is dead, guests whose check-in it may not know about leave by another door.
    ///
    /// A check-in that is then sent a second time is applied a second time, unless its key says that it is a repeat.
    fn guests_leave_by_another_door(&mut self) {
        for ticket in self.house.tickets().iter().filter(|ticket| ticket.status == TicketStatus::Redeemed) {
            let ours = self.acts.iter().filter(|act| act.ticket == ticket.id).count();
            if ours == 1 && self.random.random_bool(0.5) {
                self.house.check_out_elsewhere(&ticket.id);
                self.gone.insert(ticket.id.clone());
            }
        }
    }

    fn rain(&mut self) {
        let mut random = ChaCha8Rng::seed_from_u64(self.random.random());
        let struck = Arc::clone(&self.struck);
        self.house.proxy.set_weather(move |_| {
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
        self.house.set_up(self.is_up);
    }

    fn clear_up(&mut self) {
        self.house.proxy.set_weather(|_| Fault::None);
        self.is_up = true;
        self.house.set_up(true);
    }

    /// The last lives: the sun shines, and what is left is sent.
    fn drain(&mut self) {
        for _ in 0..LAST_LIVES {
            let mut door = self.open();
            door.looks(A_WHILE);
            if door.leaves() {
                return;
            }
        }
        panic!("it is never all sent");
    }
}
