//! A change of the service's records, from the yes to the banner.

use jiff::Timestamp;

use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::changes::{Pending, Unknown};
use crate::console::effect::{Bell, Effect};
use crate::console::form::{Asks, Step};
use crate::console::popup::{Popup, Sent, Turn};
use crate::domain::{
    AuditRecord, Change, ChangeOutcome, Faults, FieldChange, Made, SafeText, Ticket, TicketChange, TicketId, Trouble,
};

impl App {
    /// Sends what the open form holds; one change at a time.
    pub(super) fn send_change(&mut self, now: Timestamp) -> Vec<Effect> {
        let key = self.next_key(now);
        let Some(mut pending) = self.popup.as_ref().and_then(|popup| pending(popup, key)) else { return Vec::new() };
        let is_busy = self.changes.pending.is_some();
        let Some(form) = self.popup.as_mut().and_then(Popup::form_mut) else { return Vec::new() };
        if is_busy {
            form.said = Some("Another change is still on its way. Try again when its answer is there.".into());
            return Vec::new();
        }
        form.forgive();
        form.step = Step::Waiting;
        pending.sequence = self.next_sequence();
        let effect = Effect::Change { sequence: pending.sequence, change: Box::new(pending.change.clone()) };
        self.keep_comp(&pending);
        // Kept before it goes out: whatever ends the console now, the next start knows that it was asked for.
        let asked = self.kept(&pending, pending.target(), Verdict::Sending, Some("Asked for; no answer yet."), now);
        self.changes.pending = Some(pending);
        vec![asked, effect]
    }

    /// What tells a change, and a comp's repeat, from any other: the device is this console's own, and time moves on.
    fn next_key(&mut self, now: Timestamp) -> String {
        let number = self.next_sequence();
        format!("{}:{now}:{number}", self.session.device.as_str())
    }

    pub(super) fn change_answered(&mut self, sequence: u64, outcome: ChangeOutcome, now: Timestamp) -> Vec<Effect> {
        let Some(pending) = self.changes.pending.take_if(|pending| pending.sequence == sequence) else {
            return Vec::new();
        };
        match outcome {
            ChangeOutcome::Made(made) => self.change_made(&pending, made, now),
            ChangeOutcome::Differs(ticket) => self.change_differs(&pending, *ticket, now),
            ChangeOutcome::Refused(faults) => self.change_refused(&pending, &faults, now),
            ChangeOutcome::Unknown { trouble, before } => self.change_unknown(pending, &trouble, before, now),
            ChangeOutcome::Failed(trouble) => self.change_failed(&pending, &trouble, now),
        }
    }

    /// The service has it: the list follows at once, the form closes, the banner says it.
    pub(super) fn change_made(&mut self, pending: &Pending, made: Made, now: Timestamp) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        let ids: Vec<_> = made.tickets.iter().map(|ticket| ticket.id.clone()).collect();
        made.tickets.into_iter().for_each(|ticket| _ = self.merge(ticket));
        if self.awaits_answer() {
            self.popup = None;
            self.scans.confirmed = Some(now);
        }
        // A correction may have given the guest another name.
        let named = pending.ticket().and_then(|id| self.index.get(id)).map(|ticket| ticket.attendee.full_name());
        let pending = &Pending { name: named.unwrap_or_else(|| pending.name.clone()), ..pending.clone() };
        let ticket = pending.ticket().or(ids.first()).cloned();
        let target = made.order.as_ref().map_or_else(|| pending.target().to_owned(), |order| order.as_str().to_owned());
        self.comp_issued(pending, made.order, ids);
        let verdict = made_verdict(&pending.change);
        let mut effects = vec![self.kept(pending, &target, verdict, None, now)];
        effects.extend(self.change_said(verdict, pending, ticket, pending.words.clone(), now));
        effects
    }

    /// Somebody else was first: the form shows theirs beside ours, and nothing was sent.
    fn change_differs(&mut self, pending: &Pending, ticket: Ticket, now: Timestamp) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        let theirs = ticket.clone();
        self.merge(ticket);
        let words = "Somebody else changed this ticket meanwhile; yours was not taken.";
        let effects = self.not_made(pending, Step::Filling, words.into(), now);
        self.form_learns(&theirs);
        effects
    }

    /// The service's words stand beside the fields that they are about.
    fn change_refused(&mut self, pending: &Pending, faults: &Faults, now: Timestamp) -> Vec<Effect> {
        self.session.connection.fresh_at = Some(now);
        self.comp_settled(pending);
        let words = match faults.form.as_slice() {
            [] => "The service does not accept this; nothing was changed.".to_owned(),
            form => {
                format!("The service refused: {}", form.iter().map(SafeText::as_str).collect::<Vec<_>>().join("; "))
            }
        };
        let effects = self.not_made(pending, Step::Filling, words.into(), now);
        if let Some(form) = self.popup.as_mut().and_then(Popup::form_mut) {
            for (field, words) in &faults.fields {
                if let Some(line) = form.line_mut(Asks::Attendee(*field)) {
                    line.fault = Some(words.clone());
                }
            }
            form.go_to_fault();
        }
        effects
    }

    /// Certainly not made. A comp that had no answer before stays unsettled: this says nothing of that attempt.
    fn change_failed(&mut self, pending: &Pending, trouble: &Trouble, now: Timestamp) -> Vec<Effect> {
        if pending.is_repeat {
            let words = format!("{trouble} {} It is still not known whether the comp was issued.", trouble.advice());
            return self.not_made(pending, Step::Unsettled, words.into(), now);
        }
        self.comp_settled(pending);
        let words = format!("Nothing was changed. {trouble} {}", trouble.advice());
        self.not_made(pending, Step::Filling, words.into(), now)
    }

    /// No answer: the form stays, and never says that it is done. A ticket is read again, and then it tells.
    fn change_unknown(
        &mut self,
        mut pending: Pending,
        trouble: &Trouble,
        before: Option<Vec<TicketId>>,
        now: Timestamp,
    ) -> Vec<Effect> {
        if let Change::ExtraTicket(extra) = &mut pending.change {
            extra.before = before;
        }
        self.keep_comp(&pending);
        let words = "No answer yet: the service may have it or not.";
        let ticket = pending.ticket().cloned();
        if self.awaits_answer() {
            let step = if ticket.is_some() { Step::Filling } else { Step::Unsettled };
            self.say_in_form(step, format!("{trouble} It may have the change or not: that is not known yet.").into());
        }
        let verdict = Verdict::BeingVerified;
        let mut effects = vec![self.kept(&pending, pending.target(), verdict, Some(words), now)];
        effects.extend(self.change_said(verdict, &pending, ticket.clone(), words.into(), now));
        if ticket.is_some() {
            self.changes.unknown.push(Unknown::at(pending, now));
        }
        effects.extend(ticket.into_iter().flat_map(|id| self.fetch(id)));
        effects
    }

    /// Nothing came of it: the form says why, or the banner where the form is not there any more.
    fn not_made(&mut self, pending: &Pending, step: Step, words: SafeText, now: Timestamp) -> Vec<Effect> {
        let mut effects = vec![self.kept(pending, pending.target(), Verdict::NotDone, Some(&words), now)];
        if self.awaits_answer() {
            self.say_in_form(step, words);
            effects.push(Effect::Ring(Bell::Attention));
        } else {
            effects.extend(self.change_said(Verdict::NotDone, pending, pending.ticket().cloned(), words, now));
        }
        effects
    }

    /// The record of a change: what came of it, what it was, why it was wanted, and what there is to say of it.
    pub(super) fn kept(
        &mut self,
        pending: &Pending,
        target: &str,
        verdict: Verdict,
        said: Option<&str>,
        now: Timestamp,
    ) -> Effect {
        let mut words = format!("{}: {}", verdict.words(), pending.words);
        if !pending.reason.is_empty() {
            words.extend(["; reason: ", &pending.reason]);
        }
        if let Some(said) = said {
            words.extend([". ", said]);
        }
        let record = self.record(pending.act(), target, words, now);
        let (change, guest) = (Some(pending.key.clone()), pending.name.as_str().into());
        self.keep_act(AuditRecord { change, guest, ..record }, now)
    }

    fn say_in_form(&mut self, step: Step, words: SafeText) {
        if let Some(form) = self.popup.as_mut().and_then(Popup::form_mut) {
            form.step = step;
            form.said = Some(words);
        }
    }

    /// Whether the open form is the one whose answer is awaited.
    fn awaits_answer(&self) -> bool {
        self.popup.as_ref().is_some_and(Popup::is_waiting)
    }

    pub(super) fn is_open_for(&self, change: &Change) -> bool {
        let Change::Ticket { ticket, .. } = change else { return false };
        self.popup.as_ref().and_then(Popup::changes).is_some_and(|open| open == ticket)
    }

    pub(super) fn change_said(
        &mut self,
        verdict: Verdict,
        pending: &Pending,
        ticket: Option<TicketId>,
        detail: SafeText,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.say(banner(verdict, pending, ticket, detail, now))
    }
}

fn banner(verdict: Verdict, pending: &Pending, ticket: Option<TicketId>, detail: SafeText, now: Timestamp) -> Banner {
    // A comp that was not issued is about no ticket yet.
    let ticket = ticket.unwrap_or_else(|| TicketId::from_service(""));
    let (act, name) = (pending.act(), pending.name.clone());
    Banner { act, verdict, name, detail, ticket, entry: None, at: now }
}

/// What the open form sends, with the words for it; nothing as long as something is missing.
fn pending(popup: &Popup, key: String) -> Option<Pending> {
    let (Sent { key, change }, name, words) = match popup {
        Popup::Edit(edit) => {
            let change = edit.change();
            (Sent { key, change }, edit.shown.full_name(), correction_words(&edit.changes()))
        }
        Popup::MoveTier(move_tier) => {
            let words = format!("{} → {}", move_tier.shown.name, move_tier.picked.as_ref()?.name);
            (Sent { key, change: move_tier.change()? }, move_tier.name.clone(), words)
        }
        Popup::Validity(validity) => {
            let words = match validity.turn {
                Turn::Cancel => "no longer valid for entry",
                Turn::Reactivate => "valid for entry again",
            };
            (Sent { key, change: validity.change() }, validity.name.clone(), words.to_owned())
        }
        Popup::Comp(comp) => {
            let sent = comp.to_send(key)?;
            let words = comp_words(&sent.change, &comp.tier()?.name);
            (sent, comp.guest().full_name(), words)
        }
        _ => return None,
    };
    // Why an order is free is a part of it, and among its words.
    let is_order = matches!(change, Change::FreeOrder(_));
    let reason = if is_order { SafeText::default() } else { popup.form()?.value(Asks::Reason).into() };
    let is_repeat = matches!(popup, Popup::Comp(comp) if comp.sent.is_some());
    Some(Pending { sequence: 0, key, change, name, words: words.into(), reason, is_repeat })
}

fn correction_words(changes: &[FieldChange]) -> String {
    let words = changes.iter().map(|change| match &*change.from {
        "" => format!("{}: {}", change.field, change.to),
        from => format!("{}: {from} → {}", change.field, change.to),
    });
    words.collect::<Vec<_>>().join(" · ")
}

fn comp_words(change: &Change, tier: &str) -> String {
    match change {
        Change::FreeOrder(order) if order.quantity > 1 => {
            format!("{} tickets · {tier} · {}", order.quantity, order.reason)
        }
        Change::FreeOrder(order) => format!("{tier} · {}", order.reason),
        _ => tier.to_owned(),
    }
}

const fn made_verdict(change: &Change) -> Verdict {
    match change {
        Change::Ticket { change: TicketChange::Correct(_), .. } => Verdict::Saved,
        Change::Ticket { change: TicketChange::Move { .. }, .. } => Verdict::Moved,
        Change::Ticket { change: TicketChange::Cancel { .. }, .. } => Verdict::TicketCancelled,
        Change::Ticket { change: TicketChange::Reactivate, .. } => Verdict::Reactivated,
        Change::FreeOrder(_) | Change::ExtraTicket(_) => Verdict::CompIssued,
    }
}
