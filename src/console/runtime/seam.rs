//! Where the console and the engine meet: effects become orders, reports become messages.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use crate::console::{Effect, Health, Message, Pace, Stored};
use crate::domain::SafeText;
use crate::sync::drain::Link;
use crate::sync::{Kept, Order, Report};

/// The way to the engine and back.
#[derive(Debug)]
pub(super) struct Seam {
    orders: mpsc::Sender<Order>,
    reports: mpsc::Receiver<Report>,
    /// Reports that came while an order waited for room.
    waiting: VecDeque<Report>,
}

impl Seam {
    pub(super) const fn new(orders: mpsc::Sender<Order>, reports: mpsc::Receiver<Report>) -> Self {
        Self { orders, reports, waiting: VecDeque::new() }
    }

    /// The next report; none once the engine has ended.
    pub(super) async fn report(&mut self) -> Option<Report> {
        match self.waiting.pop_front() {
            Some(report) => Some(report),
            None => self.reports.recv().await,
        }
    }

    /// A report that is there already.
    pub(super) fn came(&mut self) -> Option<Report> {
        self.waiting.pop_front().or_else(|| self.reports.try_recv().ok())
    }

    /// Has a report come again before all others.
    pub(super) fn put_back(&mut self, report: Report) {
        self.waiting.push_front(report);
    }

    /// How many reports are there already.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.waiting.len() + self.reports.len()
    }

    /// Hands an order over; whether the engine is still there, which it is until the program ends.
    ///
    /// Reports are taken in meanwhile: an engine that waits to be heard takes no orders.
    pub(super) async fn order(&mut self, order: Order) -> bool {
        loop {
            tokio::select! {
                biased;
                room = self.orders.reserve() => {
                    return room.map(|room| room.send(order)).is_ok();
                }
                Some(report) = self.reports.recv() => self.waiting.push_back(report),
            }
        }
    }
}

/// The engine's order for an effect; an effect that is not the engine's comes back.
pub(super) fn order(effect: Effect) -> Result<Order, Effect> {
    match effect {
        Effect::LoadEvent { sequence, pace: Pace::Anew } => Ok(Order::LoadAnew { sequence }),
        Effect::LoadEvent { sequence, pace } => Ok(Order::LoadEvent { sequence, politely: pace == Pace::Polite }),
        Effect::FetchTicket { sequence, id } => Ok(Order::FetchTicket { sequence, id }),
        Effect::LookUp { sequence, id } => Ok(Order::LookUp { sequence, id }),
        Effect::ListEvents { sequence, query } => Ok(Order::ListEvents { sequence, query }),
        Effect::VerifyPin { sequence, pin, hash } => Ok(Order::VerifyPin { sequence, pin, hash }),
        Effect::Take(entry) => Ok(Order::Take(entry)),
        Effect::Undo { target, with } => Ok(Order::Undo { target, with }),
        Effect::Settle { entry, settlement } => Ok(Order::Settle { entry, settlement }),
        Effect::Resume => Ok(Order::Resume),
        Effect::Record(record) => Ok(Order::Record(record)),
        Effect::Change { sequence, change } => Ok(Order::Change { sequence, change }),
        own => Err(own),
    }
}

/// The console's message for a report.
pub(super) fn message(report: Report) -> Message {
    match report {
        Report::Operator(operator) => Message::OperatorIdentified(operator),
        Report::Event { sequence, event, zone } => Message::EventLoaded { sequence, event, zone },
        Report::OtherEvent(event) => Message::OtherEventNamed(event),
        Report::Tickets { sequence, tickets } => Message::TicketsLoaded { sequence, tickets },
        Report::Listed { sequence } => Message::GuestsListed { sequence },
        Report::Loaded { sequence } => Message::LoadFinished { sequence },
        Report::NotLoaded { sequence, trouble } => Message::LoadFailed { sequence, trouble },
        Report::Ticket { sequence, ticket } => Message::TicketLoaded { sequence, ticket },
        Report::NoTicket { sequence, id, trouble } => Message::TicketNotLoaded { sequence, id, trouble },
        Report::LookedUp { sequence, found } => Message::CodeLookedUp { sequence, found },
        Report::Events { sequence, listed } => Message::EventsListed { sequence, listed },
        Report::PinVerified { sequence, is_right } => Message::PinVerified { sequence, is_right },
        Report::Changed { sequence, outcome } => Message::ChangeAnswered { sequence, outcome },
        Report::Opened(kept) => Message::StoreOpened(Box::new(stored(*kept))),
        Report::NotOpened(error) => Message::StoreNotOpened(words(&error)),
        Report::Amiss(finding) => Message::AmissFound(words(&finding)),
        Report::Told(entry) => Message::EntryKept(entry),
        Report::NotTaken { entry, why } => Message::EntryNotKept { entry, why: words(&why) },
        Report::Learnt(ticket) => Message::TicketLearnt(ticket),
        Report::NotRecorded(error) => Message::ActNotRecorded(words(&error)),
        Report::Link(link) => Message::ConnectionChanged(match link {
            Link::Online => Health::Online,
            Link::Slow => Health::Slow,
            Link::Offline { trouble, .. } => Health::Offline(trouble),
            Link::Paused(trouble) => Health::Paused(trouble),
        }),
    }
}

fn stored(kept: Kept) -> Stored {
    let Kept { entries, acts, event, taken_at, is_whole, tickets, findings } = kept;
    Stored { entries, acts, event, taken_at, is_whole, tickets, findings: findings.iter().map(words).collect() }
}

fn words(what: &impl ToString) -> SafeText {
    SafeText::from(what.to_string())
}
