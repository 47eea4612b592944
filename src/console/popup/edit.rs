//! Correcting an attendee.

use crate::console::field::Field;
use crate::console::form::{Asks, Blank, Form, Line, MAX_TYPED, Step};
use crate::console::popup::Told;
use crate::domain::{Attendee, AttendeeField, Change, FieldChange, Ticket, TicketChange, TicketId};

/// The attendee of a ticket, as a person corrects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Whose.
    pub ticket: TicketId,
    /// The attendee as the service has it, as far as it was heard.
    pub shown: Attendee,
    /// Fields that somebody else changed while they were being corrected here.
    pub theirs: Vec<AttendeeField>,
    /// The fields, and a reason.
    pub form: Form,
}

impl Edit {
    /// The form for `ticket`, filled in with what is known.
    pub(in crate::console) fn of(ticket: &Ticket) -> Self {
        let line = |field| Line::text(Asks::Attendee(field), ticket.attendee.field(field));
        let mut lines: Vec<_> = AttendeeField::ALL.into_iter().map(line).collect();
        lines.push(Line::text(Asks::Reason, ""));
        Self { ticket: ticket.id.clone(), shown: ticket.attendee.clone(), theirs: Vec::new(), form: Form::new(lines) }
    }

    /// The attendee as it is to be.
    #[must_use]
    pub fn wanted(&self) -> Attendee {
        let mut wanted = self.shown.clone();
        for field in AttendeeField::ALL.into_iter().filter(|field| self.is_changed(*field)) {
            wanted.set(field, self.form.value(Asks::Attendee(field)).into());
        }
        wanted
    }

    /// What is to be another.
    #[must_use]
    pub fn changes(&self) -> Vec<FieldChange> {
        FieldChange::between(&self.shown, &self.wanted())
    }

    /// Whether the field holds something else than the service has.
    #[must_use]
    pub fn is_changed(&self, field: AttendeeField) -> bool {
        self.form.value(Asks::Attendee(field)) != as_filled_in(self.shown.field(field))
    }

    /// Takes a key or text into the lines, and judges them at once.
    pub(in crate::console) fn told(&mut self, told: &Told<'_>) {
        if self.form.told(told) {
            self.form.said = None;
            self.check();
        }
    }

    /// Judges what is to be another; what was there before is the service's own affair.
    fn check(&mut self) {
        let changed: Vec<_> = AttendeeField::ALL.into_iter().filter(|field| self.is_changed(*field)).collect();
        self.form.check_attendee(|field, _| changed.contains(&field));
    }

    /// Shows what would be sent, or why nothing can be.
    pub(in crate::console) fn review(&mut self) {
        self.form.said = None;
        self.check();
        if self.form.go_to_fault() {
            return;
        }
        if self.changes().is_empty() {
            self.form.said = Some("Nothing is changed yet.".into());
        } else {
            self.form.step = Step::Reviewing;
        }
    }

    /// What is sent.
    pub(in crate::console) fn change(&self) -> Change {
        Change::Ticket { ticket: self.ticket.clone(), change: TicketChange::Correct(self.changes()) }
    }

    /// The service told the ticket anew: what was not touched here follows it, what was touched shows both.
    pub(in crate::console) fn learn(&mut self, ticket: &Ticket) {
        if ticket.id != self.ticket || ticket.attendee == self.shown {
            return;
        }
        let mut is_disputed = false;
        for field in AttendeeField::ALL {
            let (old, new) = (self.shown.field(field), ticket.attendee.field(field));
            if old == new {
                continue;
            }
            if !self.is_changed(field) {
                if let Some(line) = self.form.line_mut(Asks::Attendee(field)) {
                    line.blank = Blank::Text(Field::holding(new, MAX_TYPED));
                }
            } else if self.form.value(Asks::Attendee(field)) != as_filled_in(new) {
                is_disputed = true;
                self.theirs.retain(|theirs| *theirs != field);
                self.theirs.push(field);
            }
        }
        self.shown = ticket.attendee.clone();
        if is_disputed {
            self.form.step = Step::Filling;
            self.form.said = Some("Somebody else changed this guest meanwhile. Theirs stands beside yours.".into());
        }
    }
}

/// A text as a field holds it: on one line, without spaces at its ends.
fn as_filled_in(text: &str) -> String {
    Field::holding(text, MAX_TYPED).value().trim().to_owned()
}
