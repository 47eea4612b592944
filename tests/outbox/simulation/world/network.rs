//! What goes over the network, and what becomes of it there.

use std::time::Duration;

use doorlist::domain::{Entry, TicketId, Trouble, UserId};
use doorlist::sync::drain::{Answer, CallId, Form, Found, Input};
use jiff::Timestamp;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Happening, TIMEOUT, TROUBLED, World};
use crate::outbox::make::at;

#[derive(Debug, Clone)]
pub(super) enum Request {
    /// A scan, with the token of this user.
    Scan(Box<Entry>, UserId),
    Read(TicketId),
}

#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer(Answer),
    Found(Found),
}

impl Reply {
    pub(super) fn input(self, call: CallId) -> Input {
        match self {
            Self::Answer(answer) => Input::Answered(call, answer),
            Self::Found(found) => Input::Found(call, found),
        }
    }
}

impl Reply {
    /// Whether the service itself said it, and with it what time it is there.
    pub(super) fn tells_the_time(&self) -> bool {
        matches!(self, Self::Answer(Answer::Accepted(_) | Answer::Refused { .. }) | Self::Found(Found::Ticket(_)))
    }
}

impl World {
    pub(super) fn call(&mut self, console: usize, call: CallId, request: Request) {
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
        let slow = troubled && self.random.random_bool(0.05);
        let delay = match (slow, keyed) {
            (true, true) => 1_000..15_000,
            (true, false) => 1_000..4_900,
            (false, _) => 5..400,
        };
        self.after(delay, Happening::Arrives(console, life, call, request.clone()));
        if troubled && keyed && self.random.random_bool(0.05) {
            self.after(5..20_000, Happening::Arrives(console, life, call, request));
        }
    }

    fn times_out(&mut self, console: usize, life: u32, call: CallId, request: &Request) {
        let reply = match request {
            Request::Scan(..) => Reply::Answer(Answer::Unknown(Trouble::TimedOut)),
            Request::Read(_) => Reply::Found(Found::Failed { trouble: Trouble::TimedOut, retry_after: None }),
        };
        self.at(self.now + TIMEOUT, Happening::Answered(console, life, call, reply));
    }

    pub(super) fn arrives(&mut self, console: usize, life: u32, call: CallId, request: &Request) -> Result<(), String> {
        let now: Timestamp = at(0) + self.now;
        let says_why = self.random.random_bool(0.5);
        let reply = match request {
            Request::Scan(entry, user) => Reply::Answer(self.service.scan(entry, user, now, says_why)),
            Request::Read(ticket) => Reply::Found(Found::Ticket(Box::new(self.service.read(ticket)))),
        };
        let troubled = self.now < TROUBLED;
        let lost = self.consoles[console].partitioned || (troubled && self.random.random_bool(0.07));
        let garbled = troubled && self.random.random_bool(0.03);
        let reply = match (request, garbled) {
            (Request::Scan(..), true) => Reply::Answer(Answer::Unknown(Trouble::ServiceFault { status: 502 })),
            _ => reply,
        };
        if !lost {
            if troubled && self.random.random_bool(0.05) {
                self.after(5..9_000, Happening::Again(console, life, call, reply.clone()));
            }
            self.after(5..400, Happening::Answered(console, life, call, reply));
        }
        match request {
            Request::Scan(entry, _) if self.service.applied(&entry.id) > 1 => {
                Err(format!("{} was applied twice", entry.id))
            }
            _ => Ok(()),
        }
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
        Request::Scan(..) => Reply::Answer(Answer::Failed { trouble, retry_after }),
        Request::Read(_) => Reply::Found(Found::Failed { trouble, retry_after }),
    }
}
