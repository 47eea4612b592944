//! Check-in and check-out, from the key to the banner.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::console::app::{App, Attempt, PendingScan};
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::time::{age, clock_time};
use crate::domain::{SafeText, Scan, ScanKind, ScanOutcome, ScanRefusal, Ticket, Trouble};

impl App {
    /// Sends a scan of the selected ticket; one at a time for a ticket.
    pub(super) fn scan_selected(&mut self, kind: ScanKind, now: Timestamp) -> Vec<Effect> {
        let Some(ticket) = self.selected_ticket() else { return Vec::new() };
        let (id, name) = (ticket.id.clone(), ticket.attendee.full_name());
        let known = ticket.scans.iter().map(|scan| scan.id.clone()).collect();
        if self.is_pending(&id) {
            return Vec::new();
        }
        self.acts.last += 1;
        let act = self.acts.last;
        // The next guest is next: what is typed from now on starts a new search, whenever the answer comes.
        self.search.done = true;
        let searches = self.search.runs;
        self.acts.pending.insert(act, PendingScan { ticket: id.clone(), kind, name: name.clone(), searches });
        let detail = SafeText::from(format!("{kind}: asking the service"));
        self.banner = Some(Banner { verdict: Verdict::Sending, name, detail, ticket: id.clone(), at: now });
        vec![Effect::Scan { act, ticket: id, kind, known }]
    }

    pub(super) fn scan_answered(&mut self, act: u64, outcome: ScanOutcome, now: Timestamp) -> Vec<Effect> {
        let Some(scan) = self.acts.pending.remove(&act) else { return Vec::new() };
        match outcome {
            ScanOutcome::Accepted(ticket) => self.scan_accepted(scan, *ticket, now),
            ScanOutcome::Refused { refusal, ticket } => self.scan_refused(scan, &refusal, ticket.map(|t| *t), now),
            ScanOutcome::Unknown(trouble) => self.scan_unknown(scan, &trouble, now),
            ScanOutcome::Failed(trouble) => self.scan_ended(scan, Verdict::NotDone, failed(&trouble), now),
        }
    }

    fn scan_accepted(&mut self, scan: PendingScan, ticket: Ticket, now: Timestamp) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        self.merge(ticket);
        // Counted after the merge, so that the order's figures hold this guest.
        let detail = self.index.get(&scan.ticket).map(|ticket| accepted_detail(self, ticket)).unwrap_or_default();
        let verdict = Verdict::accepted(scan.kind);
        self.say(Banner { verdict, name: scan.name, detail, ticket: scan.ticket, at: now })
    }

    fn scan_refused(
        &mut self,
        scan: PendingScan,
        refusal: &ScanRefusal,
        ticket: Option<Ticket>,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        if let Some(ticket) = ticket {
            self.merge(ticket);
        }
        let detail = refusal_detail(refusal, self.index.get(&scan.ticket), &self.session.zone, now);
        self.scan_ended(scan, Verdict::from(refusal), detail, now)
    }

    /// Sent, and no answer: the ticket is asked for, which then tells what became of it.
    fn scan_unknown(&mut self, scan: PendingScan, trouble: &Trouble, now: Timestamp) -> Vec<Effect> {
        let id = scan.ticket.clone();
        let mut effects = self.scan_ended(scan, Verdict::BeingVerified, unknown(trouble), now);
        effects.extend(self.fetch(id));
        effects
    }

    /// A ticket came for which the banner says that it is being verified: shows what the service has.
    pub(super) fn verify(&mut self, ticket: &Ticket, now: Timestamp) {
        let Some(banner) = &mut self.banner else { return };
        if banner.verdict != Verdict::BeingVerified || banner.ticket != ticket.id {
            return;
        }
        let state = match ticket.last_scan() {
            Some(scan) => scan_sentence(scan, &self.session.zone, now),
            None => "no scan at all".to_owned(),
        };
        banner.detail = SafeText::from(format!("The service has: {state}. If that is not this guest, scan again."));
    }

    /// A scan that let nobody through: kept with the ticket, and said.
    fn scan_ended(&mut self, scan: PendingScan, verdict: Verdict, detail: SafeText, now: Timestamp) -> Vec<Effect> {
        // The same guest is still at hand, unless somebody else was searched for meanwhile.
        if self.search.runs == scan.searches {
            self.search.done = false;
        }
        self.acts.remember(&scan.ticket, Attempt { at: now, kind: scan.kind, verdict });
        self.say(Banner { verdict, name: scan.name, detail, ticket: scan.ticket, at: now })
    }

    pub(super) fn say(&mut self, banner: Banner) -> Vec<Effect> {
        let bell = banner.verdict.bell();
        self.banner = Some(banner);
        bell.map(Effect::Ring).into_iter().collect()
    }
}

fn accepted_detail(app: &App, ticket: &Ticket) -> SafeText {
    let mut parts = vec![ticket.admission.name.to_string()];
    parts.extend(ticket.section.as_ref().map(|section| section.name.to_string()));
    let (inside, valid) = app.order_counts(&ticket.order_id);
    if valid > 1 {
        parts.push(format!("order: {inside} of {valid} in"));
    }
    parts.join(" · ").into()
}

fn refusal_detail(refusal: &ScanRefusal, ticket: Option<&Ticket>, zone: &TimeZone, now: Timestamp) -> SafeText {
    match refusal {
        ScanRefusal::Rule(rule) => match ticket.and_then(Ticket::last_scan) {
            Some(scan) => SafeText::from(scan_sentence(scan, zone, now)),
            None => SafeText::from(rule.to_string()),
        },
        ScanRefusal::WrongEvent { event } => SafeText::from(format!("this ticket is for {event}")),
        ScanRefusal::WrongDoor { admission } => SafeText::from(format!("{admission} enters elsewhere")),
        ScanRefusal::UnknownTicket => "the service knows no such ticket".into(),
        ScanRefusal::Other { message } => message.clone(),
    }
}

/// Who, when and which device: `in at 20:14 (12 min ago) by Mo Diaz on north-2`.
fn scan_sentence(scan: &Scan, zone: &TimeZone, now: Timestamp) -> String {
    let way = match scan.kind {
        ScanKind::CheckIn => "in",
        ScanKind::CheckOut => "out",
    };
    let (clock, ago) = (clock_time(scan.scanned_at, zone, now), age(scan.scanned_at, now));
    format!("{way} at {clock} ({ago}) by {} on {}", scan.scanned_by.name, scan.device_id)
}

fn unknown(trouble: &Trouble) -> SafeText {
    SafeText::from(format!("{trouble} It may have been taken; the service is being asked."))
}

fn failed(trouble: &Trouble) -> SafeText {
    SafeText::from(format!("{trouble} {}", trouble.advice()))
}
