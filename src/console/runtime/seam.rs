//! Where the console and the engine meet: effects become orders, reports become messages.

use crate::console::{Effect, Health, Message, Pace};
use crate::sync::{self, Order, Report};

/// The engine's order for an effect; an effect that is not the engine's comes back.
pub(super) fn order(effect: Effect) -> Result<Order, Effect> {
    match effect {
        Effect::LoadEvent { sequence, pace } => Ok(Order::LoadEvent { sequence, politely: pace == Pace::Polite }),
        Effect::FetchTicket { sequence, id } => Ok(Order::FetchTicket { sequence, id }),
        Effect::LookUp { sequence, id } => Ok(Order::LookUp { sequence, id }),
        Effect::Scan { act, ticket, kind, known } => Ok(Order::Scan { act, ticket, kind, known }),
        Effect::ListEvents { sequence, query } => Ok(Order::ListEvents { sequence, query }),
        Effect::VerifyPin { sequence, pin, hash } => Ok(Order::VerifyPin { sequence, pin, hash }),
        Effect::Change { sequence, change } => Ok(Order::Change { sequence, change }),
        own => Err(own),
    }
}

/// The console's message for a report.
pub(super) fn message(report: Report) -> Message {
    match report {
        Report::Operator(name) => Message::OperatorIdentified(name),
        Report::Event { sequence, event, zone } => Message::EventLoaded { sequence, event, zone },
        Report::Tickets { sequence, tickets } => Message::TicketsLoaded { sequence, tickets },
        Report::Loaded { sequence } => Message::LoadFinished { sequence },
        Report::NotLoaded { sequence, trouble } => Message::LoadFailed { sequence, trouble },
        Report::Ticket { sequence, ticket } => Message::TicketLoaded { sequence, ticket },
        Report::NoTicket { sequence, id, trouble } => Message::TicketNotLoaded { sequence, id, trouble },
        Report::LookedUp { sequence, found } => Message::CodeLookedUp { sequence, found },
        Report::Scanned { act, outcome } => Message::ScanAnswered { act, outcome },
        Report::Events { sequence, listed } => Message::EventsListed { sequence, listed },
        Report::PinVerified { sequence, is_right } => Message::PinVerified { sequence, is_right },
        Report::Changed { sequence, outcome } => Message::ChangeAnswered { sequence, outcome },
        Report::Health(health) => Message::ConnectionChanged(match health {
            sync::Health::Online => Health::Online,
            sync::Health::Slow => Health::Slow,
            sync::Health::Offline(trouble) => Health::Offline(trouble),
        }),
    }
}
