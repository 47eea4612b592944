//! What enters at this door: the settings' names made ids, the picker, and a supervisor's override.

use jiff::Timestamp;

use super::scanning::NewScan;
use crate::console::action::Action;
use crate::console::app::App;
use crate::console::banner::{Banner, Verdict};
use crate::console::effect::Effect;
use crate::console::popup::{GatePicker, OverrideGate, Popup, Told};
use crate::domain::{AuditAct, Event, Gate, SafeText, ScanKind, Ticket, TicketId, TicketStatus};

impl App {
    /// The event is known: the names in the settings become the ids of its tiers and sections.
    ///
    /// A name that the event does not have stays as it is: it admits nobody, rather than everybody.
    pub(super) fn settle_gate(&mut self) {
        let Some(event) = &self.session.event else { return };
        if self.door.settled_for.as_ref() == Some(&event.summary.id) {
            return;
        }
        let (gate, strange) = self.door.names.resolve(event);
        let id = event.summary.id.clone();
        self.door.settled_for = Some(id.clone());
        // What was chosen here for this event, before another one was on, counts again.
        let chosen = self.door.chosen.get(&id).cloned();
        let is_chosen = chosen.is_some();
        self.door.gate = chosen.unwrap_or(gate);
        if is_chosen || !self.door.chosen.is_empty() {
            let as_chosen = if is_chosen { "as it was chosen here" } else { "what was chosen is for the other event" };
            let finding = format!("{}, {as_chosen}.", self.door_words());
            self.note_finding(finding.into());
        }
        if is_chosen {
            return;
        }
        for name in strange {
            let finding = format!("This event has no tier or section “{name}”: by that name nobody enters here.");
            self.note_finding(finding.into());
        }
    }

    pub(super) fn open_gate(&mut self) -> Vec<Effect> {
        match &self.session.event {
            Some(event) => {
                let picker = GatePicker::new(event, &self.door.gate);
                self.show(Popup::Gate(picker))
            }
            None => Vec::new(),
        }
    }

    pub(super) fn gate_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Gate(gate)) = &mut self.popup else { return Vec::new() };
        if gate.picker.told(&told) {
            return Vec::new();
        }
        let (chosen, is_changed) = (gate.gate(), gate.is_changed());
        match told {
            Told::Acted(Action::Confirm) => {
                self.popup = None;
                if is_changed { self.set_gate(chosen, now) } else { Vec::new() }
            }
            Told::Acted(Action::Close) => {
                self.popup = None;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// From now on this enters here, and at this event again when another one was on meanwhile.
    fn set_gate(&mut self, gate: Gate, now: Timestamp) -> Vec<Effect> {
        if let Some(event) = &self.session.event {
            self.door.choose(event, gate);
        }
        let (act, verdict, detail) = (AuditAct::Gate, Verdict::DoorSet, format!("{}.", self.door_words()));
        let record = self.record(act, "door", format!("{}: {detail}", verdict.words()), now);
        let kept = self.keep_act(record, now);
        let (name, ticket) = (String::new(), TicketId::from_service(""));
        let said = self.say(Banner { act, verdict, name, detail: detail.into(), ticket, entry: None, at: now });
        std::iter::once(kept).chain(said).collect()
    }

    /// Who enters here, as the beginning of a sentence.
    fn door_words(&self) -> String {
        if self.door.gate.is_open() {
            "This door admits everybody".to_owned()
        } else {
            format!("This door is for {}", self.gate_words())
        }
    }

    /// What enters here, in words: `Floor, Balcony`, or everybody.
    #[must_use]
    pub fn gate_words(&self) -> String {
        let names = self.session.event.as_deref().map(|event| gate_names(event, self)).unwrap_or_default();
        match (names.is_empty(), self.door.gate.is_open()) {
            (_, true) => "every tier and section".to_owned(),
            (true, false) => "no tier of this event".to_owned(),
            (false, false) => names.join(", "),
        }
    }

    /// Why a ticket does not enter here, and what does.
    pub(in crate::console) fn wrong_door(&self, ticket: &Ticket) -> SafeText {
        let section = ticket.section.as_ref().map(|section| format!(" · {}", section.name)).unwrap_or_default();
        let (tier, here) = (&ticket.admission.name, self.gate_words());
        format!("{tier}{section} enters at another door. This one is for {here}.").into()
    }

    /// Whether the selected guest has just been told that this is the wrong door.
    #[must_use]
    pub fn is_at_wrong_door(&self) -> bool {
        let told = self.banner.as_ref().filter(|banner| banner.verdict == Verdict::WrongDoor);
        told.is_some_and(|banner| self.search.selected.as_ref() == Some(&banner.ticket))
    }

    /// Whether this door admits the ticket.
    #[must_use]
    pub fn enters_here(&self, ticket: &Ticket) -> bool {
        let section = ticket.section.as_ref().map(|section| &section.id);
        self.door.gate.admits(&ticket.admission.id, section)
    }

    /// Opens the override for the selected ticket, where this door does not admit it; else says that none is needed.
    pub(super) fn open_override(&mut self, now: Timestamp) -> Vec<Effect> {
        let Some(ticket) = self.selected_ticket() else { return Vec::new() };
        let needless = match (ticket.status, self.enters_here(ticket)) {
            (TicketStatus::Redeemed, _) => "There is nothing to override: the guest is in already.",
            (_, true) => "There is nothing to override: the ticket enters at this door.",
            (_, false) => {
                let popup = OverrideGate::new(ticket.id.clone());
                return self.show(Popup::Override(popup));
            }
        };
        let (act, verdict, ticket) = (AuditAct::Override, Verdict::NotDone, ticket.id.clone());
        let name = self.name_of(&ticket);
        self.say(Banner { act, verdict, name, detail: needless.into(), ticket, entry: None, at: now })
    }

    /// Scans against the door's rule; recorded where it comes to a scan, whose own record says what became of it.
    fn scan_overriding(&mut self, scan: NewScan, outcome: String, now: Timestamp) -> Vec<Effect> {
        let mut record = self.record(AuditAct::Override, scan.ticket.as_str(), outcome, now);
        let mut effects = self.scan(scan, now);
        if let Some(Effect::Take(entry)) = effects.first() {
            record.entry = Some(entry.id);
            effects.insert(0, Effect::Record(Box::new(record)));
        }
        effects
    }

    pub(super) fn override_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Override(popup)) = &mut self.popup else { return Vec::new() };
        match told {
            Told::Typed(key) => _ = popup.reason.typed(key),
            Told::Pasted(text) => _ = popup.reason.paste(text),
            // Without a reason nothing is overridden.
            Told::Acted(Action::Confirm) if !popup.reason.is_blank() => {
                let reason = SafeText::from_outside(popup.reason.value().trim());
                let scan =
                    NewScan { override_reason: Some(reason), ..NewScan::of(popup.ticket.clone(), ScanKind::CheckIn) };
                let outcome = format!("override asked for: {}", popup.reason.value().trim());
                self.popup = None;
                return self.scan_overriding(scan, outcome, now);
            }
            Told::Acted(Action::Close) => self.popup = None,
            Told::Acted(_) => {}
        }
        Vec::new()
    }
}

fn gate_names(event: &Event, app: &App) -> Vec<String> {
    let gate = &app.door.gate;
    let tiers = event.admissions.iter().map(|admission| &admission.summary);
    let tiers = tiers.filter(|tier| gate.admissions.contains(&tier.id)).map(|tier| tier.name.to_string());
    let sections = event.sections.iter().map(|section| &section.summary);
    let sections =
        sections.filter(|section| gate.sections.contains(&section.id)).map(|section| section.name.to_string());
    tiers.chain(sections).collect()
}
