//! Time, the network, and what goes wrong.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use doorlist::domain::{Entry, EntryId, EntryState, TicketId, Trouble};
use doorlist::store::StoreError;
use doorlist::sync::drain::{Answer, CallId, Form, Found, Input, Output};
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::console::Console;
use super::service::Service;
use crate::outbox::make::at;

/// What is taken out, to see that somebody notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    None,
    NoKey,
    NoFsync,
}

#[derive(Debug, Clone)]
enum Happening {
    Act(usize),
    Stored(usize, u32),
    Arrives(usize, u32, CallId, Request),
    Answered(usize, u32, CallId, Reply),
    Wake(usize, u32),
    Resume(usize, u32),
    Crash(usize),
    Boot(usize),
    Partition(usize, bool),
}

#[derive(Debug, Clone)]
enum Request {
    Scan(Box<Entry>),
    Read(TicketId),
}

#[derive(Debug, Clone)]
enum Reply {
    Answer(Answer),
    Found(Found),
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
            .map(|number| Console::new(number, SignedDuration::from_secs(random.random_range(-300..300)), form))
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
            Happening::Wake(console, life) if self.lives(console, life) => self.tell(console, Input::Tick),
            Happening::Resume(console, life) if self.lives(console, life) => {
                self.tell(console, Input::Resume { user: None })
            }
            Happening::Arrives(console, life, call, request) => {
                self.arrives(console, life, call, &request);
                Ok(())
            }
            Happening::Answered(console, life, call, reply) => {
                // Of an answer and the end of waiting, the first counts.
                if !self.open.remove(&(console, life, call)) || !self.lives(console, life) {
                    return Ok(());
                }
                self.tell(
                    console,
                    match reply {
                        Reply::Answer(answer) => Input::Answered(call, answer),
                        Reply::Found(found) => Input::Found(call, found),
                    },
                )
            }
            Happening::Crash(console) => {
                let landed = self.random.random_range(0..3);
                self.consoles[console].drain = None;
                self.consoles[console].disk.crash(landed);
                self.after(200..20_000, Happening::Boot(console));
                Ok(())
            }
            Happening::Boot(console) => self.boot(console),
            Happening::Partition(console, is) => {
                self.consoles[console].partitioned = is;
                Ok(())
            }
            Happening::Stored(..) | Happening::Wake(..) | Happening::Resume(..) => Ok(()),
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
        // A `Date` header tells the offset to a second or two.
        let error = SignedDuration::from_millis(self.random.random_range(-2_000..2_000));
        let offset = -self.consoles[console].skew + error;
        self.tell(console, Input::ClockOffset(offset))?;
        self.tell(console, Input::Tick)
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
            disk.acknowledge(self.mutation != Mutation::NoFsync).map(Input::Kept)
        };
        input.map_or(Ok(()), |input| self.tell(console, input))
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
                }
                Output::Send(call, entry) => self.call(console, call, Request::Scan(entry)),
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

    fn shown(&mut self, console: usize, entry: &Entry) -> Result<(), String> {
        self.consoles[console].shown.insert(entry.id);
        let applied = self.service.log.iter().filter(|applied| applied.entry == entry.id).count();
        match &entry.state {
            EntryState::Accepted { .. } if applied != 1 => {
                Err(format!("{} shown as done, applied {applied}×", entry.id))
            }
            EntryState::Refused { .. } | EntryState::Withdrawn { .. } if applied != 0 => {
                Err(format!("{} shown as {:?}, and it was applied", entry.id, entry.state))
            }
            _ => Ok(()),
        }
    }

    fn call(&mut self, console: usize, call: CallId, request: Request) {
        let life = self.consoles[console].life;
        self.open.insert((console, life, call));
        if self.consoles[console].partitioned {
            // Either nothing gets out, or what gets out is never heard of again.
            if self.random.random_bool(0.7) {
                self.after(1..200, Happening::Answered(console, life, call, unreachable(&request)));
            } else {
                self.times_out(console, life, call, &request);
            }
            return;
        }
        self.times_out(console, life, call, &request);
        let (troubled, keyed) = (self.now < TROUBLED, self.service.form == Form::ByKey);
        if troubled && self.random.random_bool(0.05) {
            return;
        }
        if troubled && self.random.random_bool(0.05) {
            let reply = turned_away(&request, &mut self.random);
            return self.after(1..300, Happening::Answered(console, life, call, reply));
        }
        // Only a key makes a request harmless that comes after we stopped waiting for it, or that comes twice.
        let slow = troubled && keyed && self.random.random_bool(0.05);
        let delay = if slow { 1_000..15_000 } else { 5..400 };
        self.after(delay, Happening::Arrives(console, life, call, request.clone()));
        if troubled && keyed && self.random.random_bool(0.05) {
            self.after(5..20_000, Happening::Arrives(console, life, call, request));
        }
    }

    fn times_out(&mut self, console: usize, life: u32, call: CallId, request: &Request) {
        let reply = match request {
            Request::Scan(_) => Reply::Answer(Answer::Unknown(Trouble::TimedOut)),
            Request::Read(_) => Reply::Found(Found::Failed { trouble: Trouble::TimedOut, retry_after: None }),
        };
        self.at(self.now + TIMEOUT, Happening::Answered(console, life, call, reply));
    }

    fn arrives(&mut self, console: usize, life: u32, call: CallId, request: &Request) {
        let now: Timestamp = at(0) + self.now;
        let says_why = self.random.random_bool(0.5);
        let reply = match request {
            Request::Scan(entry) => Reply::Answer(self.service.scan(entry, now, says_why)),
            Request::Read(ticket) => Reply::Found(Found::Ticket(Box::new(self.service.read(ticket)))),
        };
        let troubled = self.now < TROUBLED;
        let lost = self.consoles[console].partitioned || (troubled && self.random.random_bool(0.07));
        let garbled = troubled && self.random.random_bool(0.03);
        let reply = match (request, garbled) {
            (Request::Scan(_), true) => Reply::Answer(Answer::Unknown(Trouble::ServiceFault { status: 502 })),
            _ => reply,
        };
        if !lost {
            self.after(5..400, Happening::Answered(console, life, call, reply));
        }
    }

    /// When all is quiet: the truth of the service against what the consoles hold.
    fn judge(&self) -> Result<(), String> {
        for console in &self.consoles {
            let drain = console.drain.as_ref().ok_or("a console is still dead")?;
            if let Some(open) = drain.entries().find(|entry| !entry.is_closed()) {
                return Err(format!("{} is still {:?}", open.id, open.state));
            }
            if let Some(lost) = console.shown.iter().find(|id| drain.entry(id).is_none()) {
                return Err(format!("{lost} was shown and is not in the outbox"));
            }
            for entry in drain.entries() {
                self.judge_entry(entry)?;
            }
            let kept = console.disk.by_id();
            if self.mutation == Mutation::None && drain.entries().any(|entry| kept.get(&entry.id) != Some(&entry)) {
                return Err("the disk says something else than the console".to_owned());
            }
            self.judge_order(console)?;
        }
        let known = |id: &EntryId| self.consoles.iter().any(|console| console.disk.by_id().contains_key(id));
        match self.service.log.iter().find(|applied| !known(&applied.entry)) {
            Some(stray) => Err(format!("{} was applied and no console knows of it", stray.entry)),
            None => Ok(()),
        }
    }

    fn judge_entry(&self, entry: &Entry) -> Result<(), String> {
        let applied: Vec<_> = self.service.log.iter().filter(|applied| applied.entry == entry.id).collect();
        match (&entry.state, &applied[..]) {
            (EntryState::Accepted { scan: Some(scan), .. }, [applied]) if applied.scan == *scan => Ok(()),
            (EntryState::Refused { settled: Some(_), .. } | EntryState::Withdrawn { .. }, []) => Ok(()),
            (state, applied) => Err(format!("{} ended as {state:?} and was applied as {applied:?}", entry.id)),
        }
    }

    /// Scans of one console on one ticket were applied in the order in which they were taken.
    fn judge_order(&self, console: &Console) -> Result<(), String> {
        let taken: Vec<EntryId> = console.disk.entries().iter().map(|entry| entry.id).collect();
        for ticket in &self.tickets {
            let places = self.service.log.iter().filter(|applied| applied.ticket == *ticket);
            let places: Vec<_> =
                places.filter_map(|applied| taken.iter().position(|id| *id == applied.entry)).collect();
            if !places.is_sorted() {
                return Err(format!("scans of {ticket} on {} were applied out of order", console.device));
            }
        }
        Ok(())
    }
}

fn unreachable(request: &Request) -> Reply {
    failed(request, Trouble::Unreachable, None)
}

fn turned_away(request: &Request, random: &mut ChaCha8Rng) -> Reply {
    match random.random_range(0..4) {
        0 => failed(request, Trouble::Unauthorized, None),
        1 => failed(request, Trouble::RateLimited, Some(Duration::from_secs(2))),
        2 => failed(request, Trouble::ServiceFault { status: 503 }, None),
        _ => failed(request, Trouble::NotTheService { detail: "HTML".into() }, None),
    }
}

fn failed(request: &Request, trouble: Trouble, retry_after: Option<Duration>) -> Reply {
    match request {
        Request::Scan(_) => Reply::Answer(Answer::Failed { trouble, retry_after }),
        Request::Read(_) => Reply::Found(Found::Failed { trouble, retry_after }),
    }
}
