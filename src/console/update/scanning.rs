//! Check-in and check-out, from the key to the order to keep and send it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::deeds::act_of;
use crate::console::app::{App, Attempt, StoreState};
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::outbox::{Awaited, OneYes};
use crate::console::time::{age, clock_time};
use crate::domain::{
    AuditAct, AuditRecord, Entry, EntryId, EntryState, EventId, Operator, OrderId, Rules, SafeText, Scan, ScanKind,
    ScanRefusal, Ticket, TicketId,
};

/// A scan as the door means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::console) struct NewScan {
    /// Whose.
    pub ticket: TicketId,
    /// In or out.
    pub kind: ScanKind,
    /// The order that is checked in as a whole, where it is.
    pub order: Option<OrderId>,
    /// Why a person lets it happen although this door does not admit the ticket.
    pub override_reason: Option<SafeText>,
}

impl NewScan {
    /// A scan of one ticket, by the rules.
    pub const fn of(ticket: TicketId, kind: ScanKind) -> Self {
        Self { ticket, kind, order: None, override_reason: None }
    }
}

impl App {
    /// Scans the selected ticket.
    pub(super) fn scan_selected(&mut self, kind: ScanKind, now: Timestamp) -> Vec<Effect> {
        match self.selected_ticket().map(|ticket| ticket.id.clone()) {
            Some(ticket) => self.scan(NewScan::of(ticket, kind), now),
            None => Vec::new(),
        }
    }

    /// Has a scan kept and sent; one at a time for a ticket.
    ///
    /// What our own rules forbid is refused here while the service is away, or while an own scan of the ticket is not
    /// settled; else the service is asked, whose word outweighs the index.
    pub(in crate::console) fn scan(&mut self, scan: NewScan, now: Timestamp) -> Vec<Effect> {
        if self.outbox.is_awaited(&scan.ticket) {
            return Vec::new();
        }
        if let StoreState::Failed(why) = &self.session.store {
            let why = why.clone();
            return self.not_done(&scan, why, now);
        }
        let Some(event) = self.event_of(&scan.ticket) else {
            return self.not_done(&scan, "The event is not known yet: scan again in a moment.".into(), now);
        };
        if scan.kind == ScanKind::CheckIn && scan.override_reason.is_none() && self.door.is_unsettled() {
            return self.not_done(&scan, "The event is not known yet, so this door's tiers are not.".into(), now);
        }
        let against = self.against(&scan, &event);
        let own = self.outbox.last_unsent(&scan.ticket);
        match (against, own) {
            (Some(_), Some(own)) if own.is_in_doubt() && own.kind == scan.kind => {
                let own = own.clone();
                self.still_verifying(&own, now)
            }
            // What enters at which door is ours to know; the ticket is read again, in case it was moved just now.
            (Some(rule @ ScanRefusal::WrongDoor { .. }), _) => {
                let mut effects = self.refuse_here(&scan, &rule, now);
                effects.extend(self.fetch(scan.ticket));
                effects
            }
            (Some(rule), own) if own.is_some() || !self.session.connection.health.is_up() => {
                self.refuse_here(&scan, &rule, now)
            }
            (against, _) => self.take(scan, event, against, now),
        }
    }

    fn event_of(&self, ticket: &TicketId) -> Option<EventId> {
        let on = self.session.event.as_ref().map(|event| event.summary.id.clone());
        on.or_else(|| self.index.get(ticket).map(|ticket| ticket.event.id.clone()))
    }

    /// The rule that forbids a scan by what is known here: the list, and our own scans over it.
    fn against(&self, scan: &NewScan, event: &EventId) -> Option<ScanRefusal> {
        let Some(ticket) = self.index.get(&scan.ticket) else { return Some(ScanRefusal::UnknownTicket) };
        let status = self.outbox.last_unsent(&scan.ticket).map_or(ticket.status, Entry::leads_to);
        let gate = self.gate_for(scan);
        Rules { event, gate: &gate }.forbids(ticket, status, scan.kind)
    }

    /// What the door admits; a person who overrides it admits all.
    fn gate_for(&self, scan: &NewScan) -> crate::domain::Gate {
        if scan.override_reason.is_some() { crate::domain::Gate::default() } else { self.door.gate.clone() }
    }

    fn take(&mut self, scan: NewScan, event: EventId, against: Option<ScanRefusal>, now: Timestamp) -> Vec<Effect> {
        let entry = self.new_entry(scan, event, against, now);
        let name = self.name_of(&entry.ticket);
        // The next guest is next: what is typed from now on starts a new search, whatever the answer is.
        self.search.done = true;
        let (ticket, kind) = (entry.ticket.clone(), entry.kind);
        let awaited =
            Awaited { ticket: ticket.clone(), kind, name: name.clone(), undoes: None, yes: OneYes::of(&entry) };
        self.outbox.await_answer(entry.id, awaited);
        let detail = SafeText::from(format!("{kind}: asking the service"));
        let (act, verdict, id) = (act_of(&entry), Verdict::Sending, Some(entry.id));
        self.banner = Some(Banner { act, verdict, name, detail, ticket, entry: id, at: now });
        vec![Effect::Take(Box::new(entry))]
    }

    /// A new entry, as this operator on this device makes it.
    pub(in crate::console) fn new_entry(
        &mut self,
        scan: NewScan,
        event: EventId,
        against: Option<ScanRefusal>,
        now: Timestamp,
    ) -> Entry {
        Entry {
            id: self.outbox.next_id(now),
            gate: self.gate_for(&scan),
            kind: scan.kind,
            ticket: scan.ticket,
            order: scan.order,
            event,
            device: self.session.device.clone(),
            operator: self.operator(now),
            taken_at: now,
            undoes: None,
            against,
            override_reason: scan.override_reason,
            promised: false,
            attempts: None,
            state: EntryState::Queued,
        }
    }

    /// Our rules refuse it, and nobody is asked.
    fn refuse_here(&mut self, scan: &NewScan, rule: &ScanRefusal, now: Timestamp) -> Vec<Effect> {
        let detail = match (self.outbox.last_unsent(&scan.ticket), self.index.get(&scan.ticket)) {
            (_, Some(ticket)) if matches!(rule, ScanRefusal::WrongDoor { .. }) => self.wrong_door(ticket),
            (Some(own), _) => own_sentence(own, &self.session.zone, now),
            (None, ticket) => refusal_detail(rule, ticket, &self.session.zone, now),
        };
        let verdict = Verdict::from(rule);
        let outcome = format!("{}: {detail}", verdict.words());
        let refusal = self.record(AuditAct::Refusal, scan.ticket.as_str(), outcome, now);
        let kept = self.keep_act(AuditRecord { tried: Some(scan.kind), ..refusal }, now);
        let name = self.name_of(&scan.ticket);
        self.search.done = true;
        self.attempts.remember(&scan.ticket, Attempt { at: now, kind: scan.kind, verdict });
        let (act, ticket) = (AuditAct::of_scan(scan.kind), scan.ticket.clone());
        let banner = Banner { act, verdict, name, detail, ticket, entry: None, at: now };
        std::iter::once(kept).chain(self.say(banner)).collect()
    }

    /// Nothing happened.
    fn not_done(&mut self, scan: &NewScan, why: SafeText, now: Timestamp) -> Vec<Effect> {
        let name = self.name_of(&scan.ticket);
        self.search.done = true;
        let (act, ticket, verdict) = (AuditAct::of_scan(scan.kind), scan.ticket.clone(), Verdict::NotDone);
        self.attempts.remember(&ticket, Attempt { at: now, kind: scan.kind, verdict });
        let banner = Banner { act, verdict, name, detail: why, ticket, entry: None, at: now };
        self.note_unkept(&banner);
        self.say(banner)
    }

    /// The same scan was sent already, and nobody knows what became of it.
    fn still_verifying(&mut self, own: &Entry, now: Timestamp) -> Vec<Effect> {
        let name = self.name_of(&own.ticket);
        let (verdict, ticket, entry) = (Verdict::BeingVerified, own.ticket.clone(), Some(own.id));
        self.say(Banner { act: act_of(own), verdict, name, detail: verifying(own.promised), ticket, entry, at: now })
    }

    /// The record of an act of this operator on this device.
    pub(in crate::console) fn record(
        &self,
        act: AuditAct,
        target: &str,
        outcome: impl Into<String>,
        now: Timestamp,
    ) -> AuditRecord {
        AuditRecord {
            at: now,
            operator: self.operator(now),
            device: self.session.device.clone(),
            act,
            target: target.to_owned(),
            entry: None,
            tried: None,
            change: None,
            guest: SafeText::default(),
            outcome: SafeText::from(outcome.into()),
        }
    }

    /// Who works the console, in the role that is in force.
    pub(super) fn operator(&self, now: Timestamp) -> Operator {
        Operator { role: Some(self.access.role(now)), ..self.session.operator.clone() }
    }

    pub(super) fn name_of(&self, ticket: &TicketId) -> String {
        self.index.get(ticket).map_or_else(|| ticket.to_string(), |ticket| ticket.attendee.full_name())
    }

    pub(super) fn say(&mut self, banner: Banner) -> Vec<Effect> {
        let bell = banner.verdict.bell();
        self.banner = Some(banner);
        bell.map(Effect::Ring).into_iter().collect()
    }

    /// Whether the banner speaks of this entry.
    pub(super) fn is_shown(&self, entry: &EntryId) -> bool {
        self.banner.as_ref().is_some_and(|banner| banner.entry.as_ref() == Some(entry))
    }
}

/// What is said while nobody knows what became of a scan.
pub(super) fn verifying(promised: bool) -> SafeText {
    if promised {
        "Done here on our word, and perhaps taken: the service is being asked.".into()
    } else {
        "Perhaps taken: the service is being asked. Let nobody through yet.".into()
    }
}

/// What our own unsent scan says, as one line.
fn own_sentence(own: &Entry, zone: &TimeZone, now: Timestamp) -> SafeText {
    let way = way(own.kind);
    let (clock, ago) = (clock_time(own.taken_at, zone, now), age(own.taken_at, now));
    SafeText::from(format!("{way} at {clock} ({ago}) by {} on this device, not yet sent", own.operator.name))
}

/// Why a scan was refused, as one line.
pub(super) fn refusal_detail(
    refusal: &ScanRefusal,
    ticket: Option<&Ticket>,
    zone: &TimeZone,
    now: Timestamp,
) -> SafeText {
    match refusal {
        ScanRefusal::Rule(rule) => match ticket.and_then(Ticket::last_scan) {
            Some(scan) => SafeText::from(scan_sentence(scan, zone, now)),
            None => SafeText::from(rule.to_string()),
        },
        ScanRefusal::WrongEvent { event } => SafeText::from(format!("this ticket is for {event}")),
        ScanRefusal::WrongDoor { admission } => SafeText::from(format!("{admission} enters elsewhere")),
        ScanRefusal::UnknownTicket => "no ticket of this event has this id".into(),
        ScanRefusal::Other { message } => message.clone(),
    }
}

/// Who, when and which device: `in at 20:14 (12 min ago) by Mo Diaz on north-2`.
pub(super) fn scan_sentence(scan: &Scan, zone: &TimeZone, now: Timestamp) -> String {
    let way = way(scan.kind);
    let (clock, ago) = (clock_time(scan.scanned_at, zone, now), age(scan.scanned_at, now));
    format!("{way} at {clock} ({ago}) by {} on {}", scan.scanned_by.name, scan.device_id)
}

const fn way(kind: ScanKind) -> &'static str {
    match kind {
        ScanKind::CheckIn => "in",
        ScanKind::CheckOut => "out",
    }
}
