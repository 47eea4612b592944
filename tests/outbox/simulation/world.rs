//! Time, and what goes wrong.

mod judge;
mod network;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use doorlist::domain::{OfflinePolicy, TicketId, UserId};
use doorlist::store::StoreError;
use doorlist::sync::drain::{CallId, Form, Input, Output};
use jiff::SignedDuration;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use self::network::{Reply, Request};
use super::console::Console;
use super::service::Service;
use crate::outbox::make::at;

/// What is taken out, to see that somebody notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    None,
    /// The service does not remember keys.
    NoKey,
    /// The disk says that it has what it may still lose.
    NoFsync,
    /// Nobody waits for the disk: what is to be kept is shown and sent at once.
    NoWaiting,
}

#[derive(Debug, Clone)]
enum Happening {
    Act(usize),
    Stored(usize, u32),
    /// What the store said comes late, after what it said later.
    Confirmed(usize, u32, Input),
    Arrives(usize, u32, CallId, Request),
    Answered(usize, u32, CallId, Reply),
    /// The same answer comes once more.
    Again(usize, u32, CallId, Reply),
    Wake(usize, u32),
    Resume(usize, u32),
    /// Somebody, or the network's time, puts the console's clock on or back.
    ClockSet(usize, SignedDuration),
    Crash(usize),
    Boot(usize),
    Partition(usize, bool),
}

/// Until then things go wrong; after it everything works and must come to rest.
const TROUBLED: Duration = Duration::from_secs(120);
const END: Duration = Duration::from_secs(3_600);
const TIMEOUT: Duration = Duration::from_secs(5);

pub struct World {
    pub service: Service,
    pub steps: usize,
    /// What happened, for the replay of a seed.
    pub story: Vec<String>,
    pub tell: bool,
    consoles: Vec<Console>,
    agenda: BTreeMap<(Duration, u64), Happening>,
    /// Calls that are still waited for.
    open: HashSet<(usize, u32, CallId)>,
    now: Duration,
    next: u64,
    random: ChaCha8Rng,
    mutation: Mutation,
    tickets: Vec<TicketId>,
}

impl World {
    pub fn new(seed: u64, mutation: Mutation) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let by_key = mutation == Mutation::NoKey || random.random_bool(0.6);
        let form = if by_key { Form::ByKey } else { Form::Documented };
        let service = Service::new(form, random.random_range(2..8), mutation == Mutation::NoKey);
        let consoles = (0..random.random_range(2..=4))
            .map(|number| {
                let skew = SignedDuration::from_secs(random.random_range(-300..300));
                let offline = if random.random_bool(0.2) { OfflinePolicy::Refuse } else { OfflinePolicy::Accept };
                Console::new(number, skew, form, offline)
            })
            .collect();
        let tickets = service.ids();
        let mut world = Self {
            service,
            steps: 0,
            story: Vec::new(),
            tell: false,
            consoles,
            agenda: BTreeMap::new(),
            open: HashSet::new(),
            now: Duration::ZERO,
            next: 0,
            random,
            mutation,
            tickets,
        };
        world.plan();
        world
    }

    /// Everything that goes wrong, and everything that people do, in advance.
    fn plan(&mut self) {
        for console in 0..self.consoles.len() {
            self.at(Duration::ZERO, Happening::Boot(console));
            for _ in 0..self.random.random_range(10..40) {
                let when = self.moment_of_trouble();
                self.at(when, Happening::Act(console));
            }
            for _ in 0..self.random.random_range(0..4) {
                let when = self.moment_of_trouble();
                self.at(when, Happening::Crash(console));
            }
            if self.random.random_bool(0.3) {
                let (when, by) = (self.moment_of_trouble(), self.random.random_range(-7_200..7_200));
                self.at(when, Happening::ClockSet(console, SignedDuration::from_secs(by)));
            }
            for _ in 0..self.random.random_range(0..4) {
                let (from, long) = (self.moment_of_trouble(), self.random.random_range(1..40));
                self.at(from, Happening::Partition(console, true));
                self.at((from + Duration::from_secs(long)).min(TROUBLED), Happening::Partition(console, false));
            }
        }
    }

    fn moment_of_trouble(&mut self) -> Duration {
        Duration::from_millis(self.random.random_range(100..u64::try_from(TROUBLED.as_millis()).unwrap()))
    }

    fn at(&mut self, when: Duration, what: Happening) {
        self.next += 1;
        self.agenda.insert((when.max(self.now), self.next), what);
    }

    fn after(&mut self, milliseconds: std::ops::Range<u64>, what: Happening) {
        let wait = Duration::from_millis(self.random.random_range(milliseconds));
        self.at(self.now + wait, what);
    }

    /// Lets it all happen; says what should not have.
    pub fn run(&mut self) -> Result<(), String> {
        loop {
            while let Some(((when, _), what)) = self.agenda.pop_first() {
                if when > END {
                    return Err("it does not come to rest".to_owned());
                }
                self.now = when;
                self.steps += 1;
                if self.tell {
                    self.story.push(format!("{when:?} {what:?}"));
                }
                self.happen(what)?;
            }
            if !self.settle_one()? {
                return self.judge();
            }
        }
    }

    fn settle_one(&mut self) -> Result<bool, String> {
        for console in 0..self.consoles.len() {
            let now = self.consoles[console].moment(self.now, at(0));
            if let Some(input) = self.consoles[console].settle(now) {
                self.tell(console, input)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn happen(&mut self, what: Happening) -> Result<(), String> {
        match what {
            Happening::Act(console) => {
                let now = self.consoles[console].moment(self.now, at(0));
                match self.consoles[console].act(&mut self.random, &self.tickets, now) {
                    Some(input) => self.tell(console, input),
                    None => Ok(()),
                }
            }
            Happening::Stored(console, life) if self.lives(console, life) => self.stored(console),
            Happening::Confirmed(console, life, input) if self.lives(console, life) => self.tell(console, input),
            Happening::Wake(console, life) if self.lives(console, life) => self.tell(console, Input::Tick),
            Happening::Resume(console, life) if self.lives(console, life) => self.resume(console),
            Happening::ClockSet(console, by) => {
                self.consoles[console].skew += by;
                Ok(())
            }
            Happening::Arrives(console, life, call, request) => self.arrives(console, life, call, &request),
            Happening::Answered(console, life, call, reply) => {
                // Of an answer and the end of waiting, the first counts.
                if !self.open.remove(&(console, life, call)) || !self.lives(console, life) {
                    return Ok(());
                }
                if reply.tells_the_time() {
                    self.measure_clock(console)?;
                }
                self.tell(console, reply.input(call))
            }
            Happening::Again(console, life, call, reply) if self.lives(console, life) => {
                self.tell(console, reply.input(call))
            }
            Happening::Crash(console) => {
                let landed = self.random.random_range(0..3);
                self.consoles[console].drain = None;
                self.consoles[console].disk.crash(landed);
                // The machine starts with another time than it ended with, later than it is.
                if self.random.random_bool(0.2) {
                    self.consoles[console].skew += SignedDuration::from_secs(self.random.random_range(1..7_200));
                }
                self.after(200..20_000, Happening::Boot(console));
                Ok(())
            }
            Happening::Boot(console) => self.boot(console),
            Happening::Partition(console, is) => {
                self.consoles[console].partitioned = is;
                Ok(())
            }
            Happening::Stored(..)
            | Happening::Confirmed(..)
            | Happening::Wake(..)
            | Happening::Resume(..)
            | Happening::Again(..) => Ok(()),
        }
    }

    fn boot(&mut self, console: usize) -> Result<(), String> {
        if self.consoles[console].drain.is_some() {
            return Ok(());
        }
        let seed = self.random.random();
        self.consoles[console].boot(seed);
        let drain = self.consoles[console].drain.as_ref().ok_or("it did not boot")?;
        for shown in &self.consoles[console].shown {
            if drain.entry(shown).is_none() {
                return Err(format!("{shown} was shown and is gone after a crash"));
            }
        }
        self.measure_clock(console)?;
        self.tell(console, Input::Tick)
    }

    /// A `Date` header tells the offset to a second or two.
    fn measure_clock(&mut self, console: usize) -> Result<(), String> {
        let error = SignedDuration::from_millis(self.random.random_range(-2_000..2_000));
        let offset = -self.consoles[console].skew + error;
        self.tell(console, Input::ClockOffset(offset))
    }

    /// There is a token again; now and then it is somebody else's, and now and then nobody can tell whose.
    fn resume(&mut self, console: usize) -> Result<(), String> {
        if self.random.random_bool(0.5) {
            let number = self.random.random_range(1..4);
            self.consoles[console].user = UserId::from_service(format!("usr_{number}"));
        }
        let user = self.consoles[console].user.clone();
        let told = self.random.random_bool(0.7).then_some(user);
        self.tell(console, Input::Resume { user: told })
    }

    fn lives(&self, console: usize, life: u32) -> bool {
        self.consoles[console].drain.is_some() && self.consoles[console].life == life
    }

    fn stored(&mut self, console: usize) -> Result<(), String> {
        let full = self.now < TROUBLED && self.random.random_bool(0.02);
        let disk = &mut self.consoles[console].disk;
        let input = if full {
            disk.refuse().map(|id| Input::NotKept(id, StoreError::DiskFull))
        } else {
            let kept = disk.acknowledge(self.mutation != Mutation::NoFsync).map(Input::Kept);
            // Where nobody waits for it, it has been said.
            kept.filter(|_| self.mutation != Mutation::NoWaiting)
        };
        match input {
            Some(input) if self.random.random_bool(0.2) => {
                let life = self.consoles[console].life;
                self.after(1..2_000, Happening::Confirmed(console, life, input));
                Ok(())
            }
            input => input.map_or(Ok(()), |input| self.tell(console, input)),
        }
    }

    fn tell(&mut self, console: usize, input: Input) -> Result<(), String> {
        let now = self.consoles[console].moment(self.now, at(0));
        let Some(drain) = &mut self.consoles[console].drain else { return Ok(()) };
        let outputs = drain.handle(input, now);
        let life = self.consoles[console].life;
        for output in outputs {
            match output {
                Output::Keep(id, write) => {
                    self.consoles[console].disk.ask(id, write);
                    self.after(1..30, Happening::Stored(console, life));
                    if self.mutation == Mutation::NoWaiting {
                        self.tell(console, Input::Kept(id))?;
                    }
                }
                Output::Send(call, entry) => {
                    self.may_be_sent(console, &entry)?;
                    let user = self.consoles[console].user.clone();
                    self.call(console, call, Request::Scan(entry, user));
                }
                Output::Read(call, ticket) => self.call(console, call, Request::Read(ticket)),
                Output::Told(entry) => self.shown(console, &entry)?,
                Output::Learnt(ticket) => self.consoles[console].learn(*ticket),
                Output::WakeAt(when) => self.at(when, Happening::Wake(console, life)),
                Output::Link(doorlist::sync::drain::Link::Paused(_)) => {
                    self.after(1_000..9_000, Happening::Resume(console, life));
                }
                Output::Link(_) | Output::NotTaken { .. } => {}
            }
        }
        Ok(())
    }
}
