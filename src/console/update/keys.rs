//! Keys and pasted text.

use crossterm::event::KeyEvent;
use jiff::{SignedDuration, Timestamp};

use crate::console::action::Action;
use crate::console::app::App;
use crate::console::door::ScanAction;
use crate::console::effect::Effect;
use crate::console::field::is_text;
use crate::console::keymap::Mode;
use crate::console::popup::{Dashboard, Help, Popup, Told, Turn};
use crate::console::role::Role;
use crate::domain::{Code, Entry, ScanKind, TicketId};

/// A yes this soon behind the one that closed a pop-up or led to a question is the same one: keys bounce, and so do
/// hands.
const BOUNCE: SignedDuration = SignedDuration::from_secs(1);
/// An undo this soon behind one is the same one. No longer than a held key waits before it repeats: who has read the
/// question answers it.
const HELD: SignedDuration = SignedDuration::from_millis(700);

impl App {
    /// The one place that routes keys: the mode's table first, then the field that has the focus.
    pub(super) fn key_pressed(&mut self, key: KeyEvent, now: Timestamp) -> Vec<Effect> {
        let action = self.keymap.action(self.mode(), key);
        if self.is_yes_over_again(key, action, now) {
            // A key that is held down stays the same one, however long.
            if let Some(answered) = self.scans.answered.as_mut().filter(|(last, _)| *last == key) {
                answered.1 = now;
            }
            return Vec::new();
        }
        let before = self.question();
        let is_yes = is_yes(action) || is_yes(self.keymap.action(Mode::Door, key));
        let takes_back = action == Some(Action::Undo) && self.mode() == Mode::Door;
        (self.scans.answered, self.scans.confirmed) = (None, None);
        self.search.lacks_guest = false;
        let effects = match (action, &self.popup) {
            (Some(action), _) => self.dispatch(action, now),
            (None, Some(_)) => self.popup_told(Told::Typed(key), now),
            (None, None) => self.typed(key, now),
        };
        if takes_back || is_yes && self.question() != before {
            self.scans.answered = Some((key, now));
        }
        effects
    }

    /// Whether a yes now would answer a question that nobody can have read yet, or would take back one act more.
    ///
    /// A form asks its own before it sends, and what is sent again is the very same.
    fn is_yes_over_again(&self, key: KeyEvent, action: Option<Action>, now: Timestamp) -> bool {
        let is_soon = |at, patience| now.duration_since(at).abs() <= patience;
        let same = self.scans.answered.filter(|(last, _)| *last == key);
        let is_same = same.is_some_and(|(_, at)| is_soon(at, BOUNCE));
        let is_sent = self.mode() == Mode::Door && self.scans.confirmed.is_some_and(|at| is_soon(at, BOUNCE));
        match action {
            Some(Action::Undo) => same.is_some_and(|(_, at)| is_soon(at, HELD)),
            action => is_yes(action) && (is_sent || is_same && !matches!(self.mode(), Mode::Form | Mode::Repeat)),
        }
    }

    /// What a yes is given to: where it changes, the next yes is another one.
    fn question(&self) -> (Mode, bool, bool) {
        let asks = matches!(&self.popup, Some(Popup::Order(order)) if order.asked);
        (self.mode(), asks, self.popup.as_ref().is_some_and(Popup::takes_no_text))
    }

    /// Does what a person means, here or in the open pop-up, if the role in force may; else asks for the PIN.
    pub(super) fn dispatch(&mut self, action: Action, now: Timestamp) -> Vec<Effect> {
        if self.popup.is_none() && action.needs_guest() && self.is_nobody_at_hand() {
            self.search.lacks_guest = true;
            return Vec::new();
        }
        let needs = self.needed(action);
        if needs > self.access.role(now) {
            return self.ask_pin(action, needs);
        }
        match (action, &self.popup) {
            (Action::Quit | Action::Suspend, _) | (_, None) => self.act(action, now),
            (_, Some(_)) => self.popup_told(Told::Acted(action), now),
        }
    }

    /// Whether no ticket is selected, and nothing is said of a code that none has.
    fn is_nobody_at_hand(&self) -> bool {
        let is_said = self.banner.as_ref().is_some_and(|banner| self.search.selected.as_ref() == Some(&banner.ticket));
        self.selected_ticket().is_none() && !is_said
    }

    /// Whether a key of the open pop-up has something to do: it is not offered where it has nothing.
    #[must_use]
    pub fn is_of_use(&self, action: Action) -> bool {
        match (action, &self.popup) {
            (Action::Settle, Some(Popup::Inbox(inbox))) => {
                inbox.selected.and_then(|id| self.outbox.entry(&id)).is_some_and(Entry::is_conflict)
            }
            (Action::SelectNext, Some(Popup::Inbox(inbox))) if inbox.settling.is_none() => self.inbox_rows().len() > 1,
            (Action::Confirm, Some(Popup::Pin(_))) => self.access.pin().is_some(),
            _ => true,
        }
    }

    /// The least role that may do it here: lent rights may run out while what they opened is still open.
    fn needed(&self, action: Action) -> Role {
        match (action, &self.popup) {
            (Action::Confirm | Action::Settle, Some(popup)) => action.needs().max(popup.needs()),
            _ => action.needs(),
        }
    }

    pub(super) fn pasted(&mut self, text: &str, now: Timestamp) -> Vec<Effect> {
        (self.scans.answered, self.scans.confirmed) = (None, None);
        if self.popup.is_some() {
            return self.popup_told(Told::Pasted(text), now);
        }
        let readings = Code::readings(text);
        if !readings.is_empty() {
            return self.take_code(&readings, ScanAction::Show, now);
        }
        if self.search.done {
            self.search.clear();
        }
        self.search.input.paste(text);
        self.search_now(now)
    }

    /// Which keys count.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.popup.as_ref().map_or(Mode::Door, Popup::mode)
    }

    /// Hands a key, an act or pasted text to the open pop-up, and to nothing else.
    fn popup_told(&mut self, told: Told<'_>, now: Timestamp) -> Vec<Effect> {
        match self.popup {
            Some(Popup::Help(_)) => self.help_told(told, now),
            Some(Popup::Palette(_)) => self.palette_told(told, now),
            Some(Popup::Filters(_)) => self.filters_told(told, now),
            Some(Popup::Events(_)) => self.events_told(told),
            Some(Popup::Activity(_)) => self.activity_told(&told, now),
            Some(Popup::Dashboard(_)) => self.dashboard_told(&told, now),
            Some(Popup::Pin(_)) => self.pin_told(told, now),
            Some(Popup::Order(_)) => self.order_told(told, now),
            Some(Popup::Gate(_)) => self.gate_told(told, now),
            Some(Popup::Override(_)) => self.override_told(told, now),
            Some(Popup::Edit(_) | Popup::MoveTier(_) | Popup::Validity(_) | Popup::Comp(_)) => {
                self.form_told(&told, now)
            }
            Some(Popup::Issued(_)) => self.issued_told(&told, now),
            Some(Popup::Inbox(_)) => self.inbox_told(&told, now),
            Some(Popup::Leave(_)) => self.leave_told(&told),
            None => Vec::new(),
        }
    }

    /// An act at the panes.
    fn act(&mut self, action: Action, now: Timestamp) -> Vec<Effect> {
        match action {
            Action::CheckIn if self.is_end_of_code(now) || self.is_bounce(now) => Vec::new(),
            Action::CheckIn => self.scan_selected(ScanKind::CheckIn, now),
            Action::CheckOut => self.scan_selected(ScanKind::CheckOut, now),
            Action::Order => self.open_order(),
            Action::Undo => self.undo(now),
            Action::Gate => self.open_gate(),
            Action::OverrideGate => self.open_override(now),
            Action::SelectPrevious => self.move_by(-1),
            Action::SelectNext => self.move_by(1),
            Action::PageUp => self.move_by(-self.page_step()),
            Action::PageDown => self.move_by(self.page_step()),
            Action::Clear => self.clear(now),
            Action::Reload => self.reload_and_resume(),
            Action::Help => self.show(Popup::Help(Help::default())),
            Action::Palette => self.open_palette(),
            Action::Filter => self.open_filters(),
            Action::SwitchEvent => self.open_events(),
            Action::ClearFilters => self.clear_filters(now),
            Action::StepDown => {
                self.access.lower();
                Vec::new()
            }
            Action::Edit => self.open_edit(),
            Action::MoveTier => self.open_move_tier(),
            Action::CancelTicket => self.open_validity(Turn::Cancel),
            Action::ReactivateTicket => self.open_validity(Turn::Reactivate),
            Action::IssueComp => self.open_comp(),
            Action::Suspend => vec![Effect::Suspend],
            Action::Inbox => self.open_inbox(),
            Action::Dashboard => self.show(Popup::Dashboard(Dashboard)),
            Action::Activity => self.open_activity(now),
            Action::Quit => self.quit(),
            Action::Confirm | Action::GiveReason | Action::Mark | Action::Settle | Action::Close => Vec::new(),
        }
    }

    /// Opens a pop-up.
    pub(super) fn show(&mut self, popup: Popup) -> Vec<Effect> {
        self.popup = Some(popup);
        Vec::new()
    }

    pub(super) fn page_step(&self) -> isize {
        isize::try_from(self.view.page).unwrap_or(isize::MAX)
    }

    fn move_by(&mut self, rows: isize) -> Vec<Effect> {
        let before = self.search.selected.clone();
        self.search.move_selection(rows);
        self.scans.confirmed = None;
        if self.search.selected == before { Vec::new() } else { self.fetch_selected() }
    }

    /// Esc: the banner first, then what was found amiss, then what is typed, then the filters.
    fn clear(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.banner.take().is_some() {
            return Vec::new();
        }
        // One at a time is shown, so one at a time is read.
        if !self.session.findings.is_empty() {
            self.session.findings.remove(0);
            return Vec::new();
        }
        if self.search.input.value().is_empty() {
            return self.clear_filters(now);
        }
        self.search.clear();
        self.search_now(now)
    }

    pub(super) fn typed(&mut self, key: KeyEvent, now: Timestamp) -> Vec<Effect> {
        // Text after a finished search starts a new one.
        if self.search.done && is_text(key) {
            self.search.clear();
        }
        self.search.done = false;
        if self.search.input.typed(key) { self.search_now(now) } else { Vec::new() }
    }

    pub(super) fn search_now(&mut self, now: Timestamp) -> Vec<Effect> {
        let before = self.search.selected.clone();
        self.search.run(&mut self.index, now);
        if self.search.selected == before { Vec::new() } else { self.fetch_selected() }
    }

    /// Reads the selected ticket again: another door may have scanned it.
    pub(super) fn fetch_selected(&mut self) -> Vec<Effect> {
        let Some(id) = self.search.selected.clone() else { return Vec::new() };
        self.fetch(id)
    }

    /// Reads one ticket again; the answer to an older question no longer counts.
    pub(super) fn fetch(&mut self, id: TicketId) -> Vec<Effect> {
        self.loads.fetch_sequence = self.next_sequence();
        vec![Effect::FetchTicket { sequence: self.loads.fetch_sequence, id }]
    }
}

/// Whether it goes on with what is asked, or lets somebody in.
const fn is_yes(action: Option<Action>) -> bool {
    matches!(action, Some(Action::CheckIn | Action::Confirm | Action::Settle))
}
