//! What became of our scans: from the outbox's word to the banner.

use jiff::Timestamp;

use super::deeds::act_of;
use super::scanning::{refusal_detail, scan_sentence, verifying};
use crate::console::app::{App, Attempt, Health};
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::{Bell, Effect};
use crate::console::outbox::{OneYes, is_answer};
use crate::domain::{AuditAct, Entry, EntryId, EntryState, Refusal, SafeText, Scan, ScanRefusal, Ticket, Trouble, Why};

impl App {
    /// An entry is kept as it stands here.
    pub(super) fn entry_kept(&mut self, entry: &Entry, now: Timestamp) -> Vec<Effect> {
        let was_conflict = self.outbox.entry(&entry.id).is_some_and(Entry::is_conflict);
        self.outbox.put(entry.clone());
        self.overlay(&entry.ticket);
        if let EntryState::Refused { settled: Some(settlement), .. } = &entry.state
            && was_conflict
        {
            self.note_settled(entry, settlement, now);
        }
        if !is_answer(entry) {
            return Vec::new();
        }
        if matches!(entry.state, EntryState::Withdrawn { .. }) {
            self.outbox.forget_undo(&entry.id);
        }
        let awaited = self.outbox.answered(&entry.id);
        let verdict = verdict(entry, awaited.is_some());
        self.note_entry(entry, verdict, now);
        if awaited.is_none() && !self.is_shown(&entry.id) {
            // The guest went long ago: the badge says that somebody has to look.
            let fresh = entry.is_conflict() && !was_conflict;
            return fresh.then_some(Effect::Ring(Bell::Attention)).into_iter().collect();
        }
        if verdict.keeps_at_hand() && verdict != Verdict::BeingVerified {
            self.attempts.remember(&entry.ticket, Attempt { at: now, kind: entry.kind, verdict });
        }
        let effects = self.tell_entry(entry, verdict, now);
        if let Some(yes) = OneYes::of(entry) {
            self.sum_up(&yes, now);
        }
        effects
    }

    /// Says what became of an entry; what was said before is not rung for again.
    fn tell_entry(&mut self, entry: &Entry, verdict: Verdict, now: Timestamp) -> Vec<Effect> {
        let said = self.banner.as_ref().filter(|_| self.is_shown(&entry.id)).map(|banner| banner.verdict);
        if said == Some(verdict) {
            return Vec::new();
        }
        let detail = self.entry_detail(entry, verdict, now);
        let (name, ticket) = (self.name_of(&entry.ticket), entry.ticket.clone());
        let effects =
            self.say(Banner { act: act_of(entry), verdict, name, detail, ticket, entry: Some(entry.id), at: now });
        // On our word the guest is through: it is rung again only where the service disagrees.
        let confirmed = match entry.state {
            EntryState::Accepted { .. } => entry.promised,
            EntryState::Unknown => said == Some(Verdict::promised(entry.kind)),
            _ => false,
        };
        if confirmed { Vec::new() } else { effects }
    }

    /// What the banner says of an entry.
    fn entry_detail(&self, entry: &Entry, verdict: Verdict, now: Timestamp) -> SafeText {
        let ticket = self.index.get(&entry.ticket);
        let facts = ticket.map(|ticket| self.passage_detail(ticket)).unwrap_or_default();
        let (kept, again) = (self.until_sent(entry), self.until_sendable());
        self.entry_told(entry, verdict, Telling { ticket, facts, kept, again, at: now })
    }

    /// Who, when, where or why, as one line.
    pub(super) fn entry_told(&self, entry: &Entry, verdict: Verdict, telling: Telling<'_>) -> SafeText {
        let zone = &self.session.zone;
        let Telling { ticket, facts, kept, again, at: now } = telling;
        match (&entry.state, verdict) {
            (_, Verdict::BeingVerified) => verifying(entry.promised),
            (EntryState::Withdrawn { .. }, Verdict::NotDone) if self.waits_for_a_person(entry) => {
                "An earlier scan of this ticket was refused: a supervisor has to settle that first.".into()
            }
            (EntryState::Withdrawn { .. }, Verdict::NotDone) => {
                format!("It cannot be sent, and `offline.policy` lets nobody in on our word: scan again {again}.")
                    .into()
            }
            (EntryState::Withdrawn { .. }, _) => "It was never sent, and counts no more.".into(),
            (EntryState::Refused { why: Why::Overtaken, theirs, .. }, _) => overtaken(theirs.as_deref(), zone, now),
            (
                EntryState::Refused {
                    why: Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn)),
                    theirs: Some(scan),
                    ..
                },
                _,
            ) => SafeText::from(scan_sentence(scan, zone, now)),
            (EntryState::Refused { why: Why::Rule(ScanRefusal::WrongDoor { .. }), .. }, _) if ticket.is_some() => {
                ticket.map(|ticket| self.wrong_door(ticket)).unwrap_or_default()
            }
            (EntryState::Refused { why: Why::Rule(rule), .. }, _) => refusal_detail(rule, ticket, zone, now),
            (EntryState::Queued | EntryState::Sending, _) => SafeText::from(format!("{facts} · kept here, {kept}")),
            _ => {
                let undone = entry.undoes.is_some().then(|| format!("the {} was taken back · ", entry.kind.opposite()));
                SafeText::from(undone.unwrap_or_default() + &facts)
            }
        }
    }

    /// The way to the service is another: the banner of a scan that waits for it says what it waits for now.
    pub(super) fn say_what_is_waited_for(&mut self, now: Timestamp) {
        let Some(id) = self.banner.as_ref().and_then(|banner| banner.entry) else { return };
        let Some(entry) = self.outbox.entry(&id).cloned() else { return };
        let promised = Verdict::promised(entry.kind);
        let detail = self.entry_detail(&entry, promised, now);
        if let Some(banner) = self.banner.as_mut().filter(|banner| entry.is_unsent() && banner.verdict == promised) {
            banner.detail = detail;
        }
    }

    /// What a scan that happened on our word waits for.
    fn until_sent(&self, entry: &Entry) -> &'static str {
        match &self.session.connection.health {
            Health::Online | Health::Slow if entry.state == EntryState::Sending => "the service is slow to answer",
            Health::Paused(Trouble::Forbidden) => "sent once the token may scan",
            Health::Paused(_) => "sent once the token is renewed",
            _ => "sent when the service is back",
        }
    }

    /// When a scan that cannot be sent could be.
    const fn until_sendable(&self) -> &'static str {
        match &self.session.connection.health {
            Health::Paused(Trouble::Forbidden) => "once the token may scan",
            Health::Paused(_) => "once the token is renewed",
            _ => "when the service is back",
        }
    }

    /// Whether an earlier scan of the same ticket is a conflict.
    fn waits_for_a_person(&self, entry: &Entry) -> bool {
        self.outbox.of_ticket(&entry.ticket).any(Entry::is_conflict)
    }

    /// Tier, section, and how much of the order is in.
    fn passage_detail(&self, ticket: &Ticket) -> String {
        let (inside, valid) = self.order_counts(&ticket.order_id);
        let order = (valid > 1).then(|| format!(" · order: {inside} of {valid} in"));
        passage(ticket) + &order.unwrap_or_default()
    }

    /// A scan was not kept, so it did not happen; or an answer could not be kept, and will be asked for again.
    pub(super) fn entry_not_kept(&mut self, id: &EntryId, why: SafeText, now: Timestamp) -> Vec<Effect> {
        if let Some(entry) = self.outbox.entry(id).cloned() {
            return self.change_not_kept(entry, why, now);
        }
        let Some(scan) = self.outbox.answered(id) else {
            self.note_finding(why);
            return vec![Effect::Ring(Bell::Attention)];
        };
        let verdict = Verdict::NotDone;
        self.attempts.remember(&scan.ticket, Attempt { at: now, kind: scan.kind, verdict });
        let (act, entry) = (AuditAct::of_scan(scan.kind), Some(*id));
        let banner = Banner { act, verdict, name: scan.name, detail: why, ticket: scan.ticket.clone(), entry, at: now };
        self.note_unkept(&banner);
        let effects = self.say(banner);
        if let Some(yes) = scan.yes {
            self.outbox.remember_unkept(yes.clone(), scan.ticket);
            self.sum_up(&yes, now);
        }
        effects
    }

    /// What became of a scan that is kept was not: it may have happened, so it is never said not to have been done.
    fn change_not_kept(&mut self, mut entry: Entry, why: SafeText, now: Timestamp) -> Vec<Effect> {
        let never_sent = entry.state == EntryState::Queued && entry.attempts.is_none();
        if never_sent && let Some(undo) = self.outbox.give_up_undo(&entry.id) {
            let detail = SafeText::from(format!("It was not taken back. {why}"));
            let (verdict, ticket) = (Verdict::NotDone, undo.ticket);
            let (act, name) = (AuditAct::Undo, undo.name);
            let banner = Banner { act, verdict, name, detail, ticket, entry: None, at: now };
            self.note_unkept(&banner);
            return self.say(banner);
        }
        self.note_finding(why);
        let mut effects = vec![Effect::Ring(Bell::Attention)];
        if entry.state == EntryState::Sending {
            // The outbox asks the service again what came of it.
            entry.state = EntryState::Unknown;
            self.outbox.put(entry.clone());
            if self.is_shown(&entry.id) {
                effects = self.tell_entry(&entry, Verdict::BeingVerified, now);
            }
        }
        effects
    }

    /// The service told a ticket along with an answer.
    pub(super) fn ticket_learnt(&mut self, ticket: Ticket, now: Timestamp) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        self.merge(ticket);
        Vec::new()
    }
}

/// What is so while an entry is told: at the door what is so now, on the list of acts what was so then and stays so.
pub(super) struct Telling<'a> {
    /// The ticket, where what the list has of it may be said.
    pub ticket: Option<&'a Ticket>,
    /// What the guest passed with.
    pub facts: String,
    /// What a scan that is not sent waits for.
    pub kept: &'static str,
    /// When to scan again whom nobody let in.
    pub again: &'static str,
    /// When it is told.
    pub at: Timestamp,
}

/// Tier and section.
pub(super) fn passage(ticket: &Ticket) -> String {
    let section = ticket.section.as_ref().map(|section| format!(" · {}", section.name)).unwrap_or_default();
    format!("{}{section}", ticket.admission.name)
}

/// What an entry says at the door; `awaited` where the person still waits for its first answer.
pub(super) fn verdict(entry: &Entry, awaited: bool) -> Verdict {
    if entry.is_in_doubt() {
        return Verdict::BeingVerified;
    }
    match &entry.state {
        EntryState::Queued | EntryState::Sending | EntryState::Unknown => Verdict::promised(entry.kind),
        EntryState::Accepted { .. } => Verdict::accepted(entry.kind),
        EntryState::Refused { why: Why::Rule(rule), .. } => Verdict::from(rule),
        EntryState::Refused { why: Why::Overtaken, .. } => Verdict::Refused,
        EntryState::Withdrawn { .. } if awaited => Verdict::NotDone,
        EntryState::Withdrawn { .. } => Verdict::TakenBack,
    }
}

fn overtaken(theirs: Option<&Scan>, zone: &jiff::tz::TimeZone, now: Timestamp) -> SafeText {
    match theirs {
        Some(scan) => SafeText::from(format!("not taken back: {}", scan_sentence(scan, zone, now))),
        None => "not taken back: another scan came after it".into(),
    }
}
