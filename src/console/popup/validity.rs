//! Cancelling a ticket, and making a cancelled one valid again.

use crate::console::form::{Asks, Form, Line, Step};
use crate::console::popup::Told;
use crate::domain::{Act, Change, SafeText, Ticket, TicketChange, TicketId, TicketStatus, Transition, transition};

/// A ticket that shall be void, or valid again; a typed word makes it certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its guest.
    pub name: String,
    /// What is to be done.
    pub turn: Turn,
    /// The status that it has, as far as it was heard.
    pub shown: TicketStatus,
    /// The word, and a reason.
    pub form: Form,
}

/// Which way the ticket turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is no longer valid for entry.
    Cancel,
    /// It is valid for entry again.
    Reactivate,
}

impl Turn {
    /// What has to be typed: nobody types a whole word by accident.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Reactivate => "valid",
        }
    }

    const fn act(self) -> Act {
        match self {
            Self::Cancel => Act::Cancel,
            Self::Reactivate => Act::Reactivate,
        }
    }
}

impl Validity {
    /// The form for `ticket`; it says so where the ticket cannot turn that way.
    pub(in crate::console) fn of(ticket: &Ticket, turn: Turn) -> Self {
        let mut form = Form::new(vec![Line::text(Asks::Word, ""), Line::text(Asks::Reason, "")]);
        form.said = check(ticket.status, turn).err();
        Self { ticket: ticket.id.clone(), name: ticket.attendee.full_name(), turn, shown: ticket.status, form }
    }

    /// Whether the ticket can turn that way and the word was typed.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        check(self.shown, self.turn).is_ok() && self.form.value(Asks::Word).to_lowercase() == self.turn.word()
    }

    /// Takes a key or text into the lines.
    pub(in crate::console) fn told(&mut self, told: &Told<'_>) {
        if self.form.told(told) {
            self.form.said = None;
        }
    }

    /// Says what is missing.
    pub(in crate::console) fn doubt(&mut self) {
        let missing = || format!("Type {} to go on.", self.turn.word()).into();
        self.form.said = Some(check(self.shown, self.turn).err().unwrap_or_else(missing));
    }

    /// What is sent.
    pub(in crate::console) fn change(&self) -> Change {
        let change = match self.turn {
            Turn::Cancel => TicketChange::Cancel { from: self.shown },
            Turn::Reactivate => TicketChange::Reactivate,
        };
        Change::Ticket { ticket: self.ticket.clone(), change }
    }

    /// The service told the ticket anew: another status than the one shown asks for the word again.
    pub(in crate::console) fn learn(&mut self, ticket: &Ticket) {
        if ticket.id != self.ticket || ticket.status == self.shown {
            return;
        }
        self.shown = ticket.status;
        self.form.step = Step::Filling;
        if let Some(line) = self.form.line_mut(Asks::Word) {
            *line = Line::text(Asks::Word, "");
        }
        self.form.said = Some(match check(self.shown, self.turn) {
            Ok(()) => "The ticket changed meanwhile. Look again, and type the word if you still mean it.".into(),
            Err(why) => why,
        });
    }
}

/// Whether the transition table lets a ticket turn that way.
fn check(status: TicketStatus, turn: Turn) -> Result<(), SafeText> {
    match transition(status, turn.act()) {
        Transition::To(_) => Ok(()),
        Transition::NoChange if turn == Turn::Cancel => Err("This ticket is cancelled already.".into()),
        Transition::NoChange => Err("This ticket is valid already.".into()),
        Transition::Refused(refusal) => Err(format!("{refusal}.").into()),
    }
}
