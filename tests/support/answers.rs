//! What the outbox tells of a scan, as messages to the console.

use doorlist::console::Message;
use doorlist::domain::{Entry, EntryState, ScanRefusal, SettleReason, Settlement, Ticket, Why};
use jiff::Timestamp;

/// What comes of a scan.
pub enum Answer {
    /// The service took it; the ticket afterwards.
    Accepted(Ticket),
    /// A rule refused it at the door; the ticket, where it came along.
    Refused(ScanRefusal, Option<Ticket>),
    /// No answer came.
    Unknown,
    /// It happened on our word.
    Promised,
    /// It was not kept, for this reason.
    NotKept(&'static str),
}

/// What the console hears of `entry`, which it has just had taken.
pub fn messages(entry: &Entry, answer: Answer, at: Timestamp) -> Vec<Message> {
    let kept = |state, promised| Message::EntryKept(Box::new(Entry { state, promised, ..entry.clone() }));
    let learnt = |ticket: &Ticket| Message::TicketLearnt(Box::new(ticket.clone()));
    let sending = kept(EntryState::Sending, false);
    match answer {
        Answer::Accepted(ticket) => {
            let scan = ticket.last_scan().map(|scan| scan.id.clone());
            vec![sending, learnt(&ticket), kept(EntryState::Accepted { scan, at }, false)]
        }
        Answer::Refused(refusal, ticket) => {
            let theirs = ticket.as_ref().and_then(Ticket::last_scan).cloned().map(Box::new);
            let settled = Settlement {
                reason: SettleReason::ToldAtOnce,
                note: "".into(),
                by: doorlist::domain::Operator::default(),
                at,
            };
            let state = EntryState::Refused { why: Why::Rule(refusal), theirs, at, settled: Some(settled) };
            std::iter::once(sending).chain(ticket.as_ref().map(learnt)).chain([kept(state, false)]).collect()
        }
        Answer::Unknown => vec![sending, kept(EntryState::Unknown, false)],
        Answer::Promised => vec![kept(EntryState::Queued, true)],
        Answer::NotKept(why) => vec![Message::EntryNotKept { entry: entry.id, why: why.into() }],
    }
}
