//! Keys and pasted text.

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use tui_input::backend::crossterm::EventHandler;

use crate::console::action::Action;
use crate::console::app::{App, Popup};
use crate::console::door::ScanAction;
use crate::console::effect::Effect;
use crate::console::keymap::Mode;
use crate::domain::{Code, ScanKind, TicketId};

impl App {
    pub(super) fn key_pressed(&mut self, key: KeyEvent, now: Timestamp) -> Vec<Effect> {
        match self.keymap.action(self.mode(), key) {
            Some(action) => self.act(action, now),
            None if self.popup.is_none() => self.typed(key, now),
            None => Vec::new(),
        }
    }

    pub(super) fn pasted(&mut self, text: &str, now: Timestamp) -> Vec<Effect> {
        if self.popup.is_some() {
            return Vec::new();
        }
        let readings = Code::readings(text);
        if !readings.is_empty() {
            return self.take_code(&readings, ScanAction::Show, now);
        }
        if self.search.done {
            self.search.clear();
        }
        self.search.insert(text);
        self.search_now(now)
    }

    /// Which keys count.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        match self.popup {
            None => Mode::Door,
            Some(Popup::Help { .. }) => Mode::Help,
        }
    }

    fn act(&mut self, action: Action, now: Timestamp) -> Vec<Effect> {
        match action {
            Action::CheckIn => self.scan_selected(ScanKind::CheckIn, now),
            Action::CheckOut => self.scan_selected(ScanKind::CheckOut, now),
            Action::SelectPrevious => self.move_by(-1),
            Action::SelectNext => self.move_by(1),
            Action::PageUp => self.move_by(-self.page_step()),
            Action::PageDown => self.move_by(self.page_step()),
            Action::Clear => self.clear(now),
            Action::Reload => self.reload(),
            Action::Help => self.show(Popup::Help { scroll: 0 }),
            Action::Close => {
                self.popup = None;
                Vec::new()
            }
            Action::Suspend => vec![Effect::Suspend],
            Action::Quit => vec![Effect::Quit],
        }
    }

    fn show(&mut self, popup: Popup) -> Vec<Effect> {
        self.popup = Some(popup);
        Vec::new()
    }

    fn page_step(&self) -> isize {
        isize::try_from(self.view.page).unwrap_or(isize::MAX)
    }

    fn move_by(&mut self, rows: isize) -> Vec<Effect> {
        if let Some(Popup::Help { scroll }) = &mut self.popup {
            // The pane shows no further than its last line; here it is enough that the number stays near.
            *scroll = scroll.saturating_add_signed(rows).min(self.keymap.bindings(Mode::Door).len());
            return Vec::new();
        }
        let before = self.search.selected.clone();
        self.search.move_selection(rows);
        if self.search.selected == before { Vec::new() } else { self.fetch_selected() }
    }

    /// Esc: the banner first, then the search.
    fn clear(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.banner.take().is_some() {
            return Vec::new();
        }
        self.search.clear();
        self.search_now(now)
    }

    fn typed(&mut self, key: KeyEvent, now: Timestamp) -> Vec<Effect> {
        if starts_anew(key) && self.search.done {
            self.search.clear();
        }
        self.search.done = false;
        let before = self.search.input.value().to_owned();
        if let KeyCode::Char(character) = key.code
            && is_text(key)
        {
            self.search.insert_typed(character);
        } else {
            self.search.input.handle_event(&TerminalEvent::Key(key));
        }
        if self.search.input.value() == before { Vec::new() } else { self.search_now(now) }
    }

    fn search_now(&mut self, now: Timestamp) -> Vec<Effect> {
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

/// A character that is meant as text, not as a command.
fn is_text(key: KeyEvent) -> bool {
    // AltGr arrives as Control with Alt on some terminals, and types `@` on many layouts.
    let commands = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    commands.is_empty() || commands == KeyModifiers::CONTROL | KeyModifiers::ALT
}

/// Whether the key types text, which after a finished search starts a new one.
fn starts_anew(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char(_)) && is_text(key)
}
