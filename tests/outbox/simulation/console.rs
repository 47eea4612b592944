//! One console: the drain, its disk, what its screen has said, and a person who works it.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use doorlist::domain::{
    DeviceId, Entry, EntryId, EntryState, OfflinePolicy, ScanKind, SettleReason, Settlement, Ticket, TicketId,
    TicketStatus, UserId,
};
use doorlist::store::Write;
use doorlist::sync::drain::{Drain, DrainSettings, Form, Input, Moment, WriteId};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::outbox::make::{entry, operator};

#[derive(Debug)]
pub struct Console {
    pub device: DeviceId,
    /// How far its clock is ahead of the true time.
    pub skew: SignedDuration,
    /// `None` while it is dead.
    pub drain: Option<Drain>,
    /// Counts lives: what is on its way to an earlier one is lost.
    pub life: u32,
    pub partitioned: bool,
    /// Whose its token is.
    pub user: UserId,
    pub disk: Disk,
    pub knows: HashMap<TicketId, Ticket>,
    /// Entries that the screen has shown as done or as being done.
    pub shown: HashSet<EntryId>,
    /// What the screen was last told of an entry, in this life.
    pub last_told: HashMap<EntryId, Entry>,
    form: Form,
    offline: OfflinePolicy,
}

/// What survives a crash, and what does not yet.
#[derive(Debug, Default)]
pub struct Disk {
    order: Vec<EntryId>,
    entries: HashMap<EntryId, Entry>,
    under_way: VecDeque<(WriteId, Write)>,
    /// Acknowledged, and with the fsync taken out not on the disk.
    cached: VecDeque<Write>,
}

impl Disk {
    pub fn ask(&mut self, id: WriteId, write: Write) {
        self.under_way.push_back((id, write));
    }

    /// The oldest write reaches the disk, or only says so.
    pub fn acknowledge(&mut self, honestly: bool) -> Option<WriteId> {
        let (id, write) = self.under_way.pop_front()?;
        self.cached.push_back(write);
        let delay = if honestly { 0 } else { 6 };
        while self.cached.len() > delay {
            let write = self.cached.pop_front()?;
            self.apply(write);
        }
        Some(id)
    }

    /// The oldest write is refused.
    pub fn refuse(&mut self) -> Option<WriteId> {
        self.under_way.pop_front().map(|(id, _)| id)
    }

    /// Of what was asked and not acknowledged, some may be on the disk all the same, from the oldest on.
    pub fn crash(&mut self, landed: usize) {
        self.cached.clear();
        for (_, write) in std::mem::take(&mut self.under_way).into_iter().take(landed) {
            self.apply(write);
        }
    }

    fn apply(&mut self, write: Write) {
        for entry in write.entries {
            if self.entries.insert(entry.id, entry.clone()).is_none() {
                self.order.push(entry.id);
            }
        }
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.order.iter().map(|id| self.entries[id].clone()).collect()
    }

    pub fn by_id(&self) -> BTreeMap<EntryId, &Entry> {
        self.entries.iter().map(|(id, entry)| (*id, entry)).collect()
    }
}

impl Console {
    pub fn new(number: usize, skew: SignedDuration, form: Form, offline: OfflinePolicy) -> Self {
        Self {
            device: DeviceId::from_service(format!("console-{number}")),
            skew,
            drain: None,
            life: 0,
            partitioned: false,
            user: UserId::from_service("usr_1"),
            disk: Disk::default(),
            knows: HashMap::new(),
            shown: HashSet::new(),
            last_told: HashMap::new(),
            form,
            offline,
        }
    }

    pub fn moment(&self, elapsed: Duration, start: Timestamp) -> Moment {
        Moment { wall: start + elapsed + self.skew, steady: elapsed }
    }

    /// Starts it on what its disk holds.
    pub fn boot(&mut self, seed: u64) {
        let settings = DrainSettings {
            parallel: 4,
            offline: self.offline,
            rest: Duration::from_secs(5),
            user: Some(self.user.clone()),
            form: self.form,
            seed,
            ..DrainSettings::default()
        };
        self.life += 1;
        self.last_told.clear();
        self.drain = Some(Drain::new(settings, self.disk.entries()));
    }

    /// What the person does next.
    pub fn act(&self, random: &mut ChaCha8Rng, tickets: &[TicketId], now: Moment) -> Option<Input> {
        let drain = self.drain.as_ref()?;
        match random.random_range(0..10) {
            0 => {
                let targets: Vec<EntryId> = drain.entries().rev().take(5).map(|entry| entry.id).collect();
                let target = *targets.get(random.random_range(0..5_usize))?;
                let undone = drain.entry(&target)?;
                let with = self.scan(random, undone.ticket.clone(), undone.kind.opposite(), now);
                Some(Input::Undo { target, with: Box::new(with) })
            }
            1 => self.settle(now),
            _ => {
                let ticket = tickets[random.random_range(0..tickets.len())].clone();
                let told = self.knows.get(&ticket).map_or(TicketStatus::Active, |ticket| ticket.status);
                let kind = match drain.local_status(&ticket, told) {
                    TicketStatus::Redeemed => ScanKind::CheckOut,
                    TicketStatus::Active | TicketStatus::Cancelled => ScanKind::CheckIn,
                };
                // Now and then the person knows better, or thinks so.
                let kind = if random.random_bool(0.1) { kind.opposite() } else { kind };
                Some(Input::Take(Box::new(self.scan(random, ticket, kind, now))))
            }
        }
    }

    /// Puts the oldest conflict to rest.
    pub fn settle(&self, now: Moment) -> Option<Input> {
        let conflict = self.drain.as_ref()?.conflicts().next()?;
        let settlement = Settlement { reason: SettleReason::SamePerson, note: "".into(), by: operator(), at: now.wall };
        Some(Input::Settle { entry: conflict.id, settlement })
    }

    fn scan(&self, random: &mut ChaCha8Rng, ticket: TicketId, kind: ScanKind, now: Moment) -> Entry {
        Entry {
            id: EntryId::new(now.wall, random.random()),
            kind,
            ticket,
            device: self.device.clone(),
            taken_at: now.wall,
            promised: false,
            state: EntryState::Queued,
            ..entry(0)
        }
    }

    pub fn learn(&mut self, ticket: Ticket) {
        let newer = self.knows.get(&ticket.id).is_none_or(|known| ticket.supersedes(known));
        if newer {
            self.knows.insert(ticket.id.clone(), ticket);
        }
    }
}
