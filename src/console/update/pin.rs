//! The question for a PIN, from the act that lacks its role to the act itself.

use jiff::Timestamp;

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::effect::Effect;
use crate::console::popup::{PinPrompt, PinStage, Popup, Told};
use crate::console::role::Role;
use crate::domain::{AuditAct, AuditRecord, Pin};

/// How a try is recorded.
const RIGHT: &str = "right: a supervisor's rights were lent";
const WRONG: &str = "wrong PIN";
const LATE: &str = "right, but the question was closed: no rights were lent";

impl App {
    /// Asks for the PIN that lends the rights `action` needs; what lies over the panes comes back afterwards.
    pub(super) fn ask_pin(&mut self, action: Action, needs: Role) -> Vec<Effect> {
        let beneath = self.popup.take();
        self.show(Popup::Pin(PinPrompt::new(action, needs, self.search.selected.clone(), beneath)))
    }

    pub(super) fn pin_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        let can_type = self.access.pin().is_some() && self.access.locked_for(now).is_none();
        let Some(Popup::Pin(prompt)) = &mut self.popup else { return Vec::new() };
        let is_checking = matches!(prompt.stage, PinStage::Checking { .. });
        match told {
            Told::Acted(Action::Close) => self.close_pin(),
            _ if is_checking || !can_type => {}
            Told::Acted(Action::Confirm) => return self.check_pin(),
            Told::Acted(_) => {}
            Told::Typed(key) => {
                prompt.field.typed(key);
                prompt.stage = PinStage::Typing;
            }
            Told::Pasted(text) => {
                prompt.field.paste(text);
                prompt.stage = PinStage::Typing;
            }
        }
        Vec::new()
    }

    /// Has the PIN compared, which takes too long for a key.
    fn check_pin(&mut self) -> Vec<Effect> {
        let sequence = self.next_sequence();
        let Some(hash) = self.access.pin().cloned() else { return Vec::new() };
        let Some(Popup::Pin(prompt)) = &mut self.popup else { return Vec::new() };
        let Some(pin) = Pin::parse(prompt.field.value()) else { return Vec::new() };
        prompt.stage = PinStage::Checking { sequence };
        vec![Effect::VerifyPin { sequence, pin, hash }]
    }

    /// A wrong one counts however the question fares meanwhile; a right one lends its rights to no other question.
    pub(super) fn pin_verified(&mut self, sequence: u64, is_right: bool, now: Timestamp) -> Vec<Effect> {
        if !is_right {
            self.access.refuse(now);
        }
        let asking = match &mut self.popup {
            Some(Popup::Pin(prompt)) if prompt.stage == (PinStage::Checking { sequence }) => prompt,
            _ => return self.pin_recorded(if is_right { LATE } else { WRONG }, now),
        };
        if !is_right {
            asking.field.clear();
            asking.stage = PinStage::Wrong;
            return self.pin_recorded(WRONG, now);
        }
        let (action, selected) = (asking.action, asking.selected.clone());
        self.access.raise(now);
        self.close_pin();
        let mut effects = self.pin_recorded(RIGHT, now);
        // A scan may have selected somebody else meanwhile: the rights were meant for the guest who was there.
        if selected == self.search.selected {
            effects.extend(self.dispatch(action, now));
        }
        effects
    }

    fn pin_recorded(&mut self, words: &str, now: Timestamp) -> Vec<Effect> {
        let record = self.record(AuditAct::Pin, "console", words, now);
        vec![self.keep_act(record, now)]
    }

    /// Tries before a restart count: a lock that a restart opens is none.
    pub(super) fn recall_pins(&mut self, acts: &[AuditRecord]) {
        let tries = acts.iter().filter(|record| record.act == AuditAct::Pin && record.outcome.as_str() != LATE);
        let wrong: Vec<_> = tries.take_while(|record| record.outcome.as_str() == WRONG).collect();
        self.access.recall(wrong.into_iter().rev().map(|record| record.at));
    }

    /// Shows again what lay over the panes before the question.
    fn close_pin(&mut self) {
        if let Some(Popup::Pin(prompt)) = self.popup.take() {
            self.popup = prompt.beneath.map(|popup| *popup);
        }
    }
}
