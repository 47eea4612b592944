//! Keys in the outbox and its conflicts.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{Inbox, Popup, Settling, Told};
use crate::domain::{Entry, EntryId, EntryState, SafeText, SettleReason, Settlement};

/// Settled conflicts that are still shown, the newest first.
const SETTLED_SHOWN: usize = 50;

impl App {
    pub(super) fn open_inbox(&mut self) -> Vec<Effect> {
        let selected = self.inbox_rows().first().map(|entry| entry.id);
        self.show(Popup::Inbox(Inbox { selected, settling: None }))
    }

    /// What waits for a person, then what waits for the service, then what was put to rest.
    #[must_use]
    pub fn inbox_rows(&self) -> Vec<&Entry> {
        let settled = self.outbox.entries().rev().filter(|entry| was_settled(entry)).take(SETTLED_SHOWN);
        self.outbox.conflicts().chain(self.outbox.unsent()).chain(settled).collect()
    }

    pub(super) fn inbox_told(&mut self, told: &Told<'_>, now: Timestamp) -> Vec<Effect> {
        let Some(Popup::Inbox(inbox)) = &self.popup else { return Vec::new() };
        let mut inbox = inbox.clone();
        let closes = matches!(told, Told::Acted(Action::Close));
        let mut effects = Vec::new();
        if let Some(settling) = &mut inbox.settling {
            let settles = matches!(told, Told::Acted(Action::Confirm)) && settling.is_whole();
            if settles {
                effects.push(self.settle(settling, now));
            }
            give_reason(settling, told);
            if settles || closes {
                inbox.settling = None;
            }
        } else if closes {
            self.popup = None;
            return effects;
        } else {
            self.browse(&mut inbox, told);
        }
        self.popup = Some(Popup::Inbox(inbox));
        effects
    }

    fn browse(&self, inbox: &mut Inbox, told: &Told<'_>) {
        let rows: Vec<EntryId> = self.inbox_rows().iter().map(|entry| entry.id).collect();
        let at = rows.iter().position(|id| Some(*id) == inbox.selected).unwrap_or(0);
        let step = match told {
            Told::Acted(Action::SelectPrevious) => -1,
            Told::Acted(Action::SelectNext) => 1,
            Told::Acted(Action::PageUp) => -self.page_step(),
            Told::Acted(Action::PageDown) => self.page_step(),
            Told::Acted(Action::Settle) => {
                let conflict = rows.get(at).filter(|id| self.outbox.entry(id).is_some_and(Entry::is_conflict));
                inbox.settling = conflict.map(|id| Settling::of(*id));
                0
            }
            _ => 0,
        };
        inbox.selected = rows.get(at.saturating_add_signed(step).min(rows.len().saturating_sub(1))).copied();
    }

    fn settle(&self, settling: &Settling, now: Timestamp) -> Effect {
        let settlement = Settlement {
            reason: settling.reason(),
            note: SafeText::from(settling.note.value().trim()),
            by: self.operator(now),
            at: now,
        };
        Effect::Settle { entry: settling.entry, settlement }
    }
}

/// Moves over the reasons, or writes the note.
fn give_reason(settling: &mut Settling, told: &Told<'_>) {
    let last = SettleReason::CHOICES.len() - 1;
    match told {
        Told::Acted(Action::SelectPrevious) => settling.choice = settling.choice.saturating_sub(1),
        Told::Acted(Action::SelectNext) => settling.choice = (settling.choice + 1).min(last),
        Told::Acted(_) => {}
        Told::Typed(key) => _ = settling.note.typed(*key),
        Told::Pasted(text) => _ = settling.note.paste(text),
    }
}

/// A conflict that a person has put to rest; a refusal told at the door was none.
fn was_settled(entry: &Entry) -> bool {
    match &entry.state {
        EntryState::Refused { settled: Some(settled), .. } => settled.reason != SettleReason::ToldAtOnce,
        _ => false,
    }
}
