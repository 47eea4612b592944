//! The key table: from `assets/keymap.toml` and the person's own to actions, the footer and the help.

mod chord;
mod document;
mod error;

use std::collections::{HashMap, HashSet};

use crossterm::event::KeyEvent;
use strum::IntoEnumIterator;

pub use chord::Chord;
pub use error::{KeymapError, KeymapFault};

use self::document::{Document, Row};
use super::action::Action;

/// The table that comes with the program.
const BUILT_IN: &str = include_str!("../../assets/keymap.toml");
/// Its name in errors, which only its tests see.
const BUILT_IN_NAME: &str = "assets/keymap.toml";
/// What must stay at hand in every mode that has it.
const WAYS_OUT: [Action; 2] = [Action::Close, Action::Quit];

/// Which keys count: those of the panes, or those of what lies over them.
///
/// The table of a mode is headed by its name in kebab-case: `[[door]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Mode {
    /// The panes.
    Door,
    /// The help.
    Help,
    /// The command palette.
    Palette,
    /// The filters.
    Filters,
    /// The choice of an event.
    Events,
    /// What was done and refused here.
    Activity,
    /// How the evening goes.
    Dashboard,
    /// The question for a PIN.
    Pin,
    /// An order's check-in.
    Order,
    /// What enters at this door.
    Gate,
    /// A guest at the wrong door.
    Override,
    /// The tiers that a ticket can move to.
    Tiers,
    /// A form that is filled in.
    Form,
    /// What a form would do, before the yes.
    Review,
    /// A form that had no answer, before it is sent again as it was.
    Repeat,
    /// A form whose answer is awaited.
    Waiting,
    /// What was issued.
    Issued,
    /// The outbox and its conflicts.
    Inbox,
    /// The reason that puts a conflict to rest.
    Settle,
    /// The question before leaving.
    Leave,
}

impl Mode {
    /// Whether characters are typed into a field here, so that none of them can be a command.
    #[must_use]
    pub const fn takes_text(self) -> bool {
        !matches!(
            self,
            Self::Help
                | Self::Dashboard
                | Self::Order
                | Self::Review
                | Self::Repeat
                | Self::Waiting
                | Self::Issued
                | Self::Inbox
                | Self::Leave
        )
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys; without one the action is reached by the command palette alone.
    pub on: Vec<Chord>,
    /// The action.
    pub run: Action,
    /// What it does, as the help says it.
    pub desc: String,
    /// The footer's word for it; `None` keeps it out of the footer.
    pub hint: Option<String>,
}

impl Binding {
    /// The keys as people read them: `^O or F4`.
    #[must_use]
    pub fn keys(&self) -> String {
        self.on.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }
}

/// The key table, by mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    tables: HashMap<Mode, Table>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Table {
    bindings: Vec<Binding>,
    by_chord: HashMap<Chord, Action>,
}

impl Keymap {
    /// The table that comes with the program.
    pub fn built_in() -> Result<Self, KeymapError> {
        Self::parse(BUILT_IN_NAME, BUILT_IN)
    }

    /// Reads a table that has keys for every mode.
    fn parse(file: &str, text: &str) -> Result<Self, KeymapError> {
        let document = Document::new(file, text);
        let rows = document.rows()?;
        let mut tables: HashMap<Mode, Table> = HashMap::new();
        for row in &rows {
            let (run, mode) =
                (row.run.ok_or_else(|| unknown_action(&document, row, Action::iter().collect()))?, row.mode);
            let no_words = || document.at_line(Some(row.line), KeymapFault::NoWords { action: run, mode });
            let desc = row.desc.clone().ok_or_else(no_words)?;
            let on = row.keys.iter().map(|key| key.chord).collect();
            tables.entry(mode).or_default().bindings.push(Binding { on, run, desc, hint: row.hint.clone() });
        }
        if let Some(mode) = Mode::iter().find(|mode| !tables.contains_key(mode)) {
            return Err(document.at_line(None, KeymapFault::NoTable(mode)));
        }
        Self { tables }.checked(&document, &rows)
    }

    /// This table with the rows of a person's own laid over it: each replaces the keys of its action.
    ///
    /// `file` is the table's name for the person who wrote it.
    pub fn overridden(mut self, file: &str, text: &str) -> Result<Self, KeymapError> {
        let document = Document::new(file, text);
        let rows = document.rows()?;
        for row in &rows {
            let bindings = &mut self.tables.entry(row.mode).or_default().bindings;
            let Some(binding) = bindings.iter_mut().find(|binding| Some(binding.run) == row.run) else {
                return Err(unknown_action(&document, row, bindings.iter().map(|binding| binding.run).collect()));
            };
            binding.on = row.keys.iter().map(|key| key.chord).collect();
            if let Some(desc) = &row.desc {
                binding.desc.clone_from(desc);
            }
            if row.hint.is_some() {
                binding.hint.clone_from(&row.hint);
            }
        }
        self.checked(&document, &rows)
    }

    /// What the key means in this mode, if anything.
    #[must_use]
    pub fn action(&self, mode: Mode, key: KeyEvent) -> Option<Action> {
        self.tables.get(&mode)?.by_chord.get(&Chord::from(key)).copied()
    }

    /// The rows of a mode, in the table's order.
    #[must_use]
    pub fn bindings(&self, mode: Mode) -> &[Binding] {
        self.tables.get(&mode).map_or(&[], |table| &table.bindings)
    }

    /// Finds clashes, and modes that nobody would get out of; what is at fault is one of the rows just read.
    fn checked(mut self, document: &Document<'_>, rows: &[Row]) -> Result<Self, KeymapError> {
        let mut seen = HashSet::new();
        for row in rows {
            if let Some(action) = row.run.filter(|action| !seen.insert((row.mode, *action))) {
                return Err(document.at_line(Some(row.line), KeymapFault::Twice { action, mode: row.mode }));
            }
        }
        for mode in Mode::iter() {
            let Some(table) = self.tables.get_mut(&mode) else { continue };
            table.by_chord = chords(&table.bindings).map_err(|clash| clash.error(mode, document, rows))?;
            let is_lost = |binding: &&Binding| WAYS_OUT.contains(&binding.run) && binding.on.is_empty();
            if let Some(Binding { run, .. }) = table.bindings.iter().find(is_lost) {
                let line = rows.iter().find(|row| row.mode == mode && row.run == Some(*run)).map(|row| row.line);
                return Err(document.at_line(line, KeymapFault::NoWayOut { mode, action: *run }));
            }
        }
        Ok(self)
    }
}

/// One key of two actions.
struct Clash {
    chord: Chord,
    first: Action,
    second: Action,
}

/// What each key means, unless one means two things.
fn chords(bindings: &[Binding]) -> Result<HashMap<Chord, Action>, Clash> {
    let mut by_chord = HashMap::new();
    for binding in bindings {
        for chord in &binding.on {
            if let Some(first) = by_chord.insert(*chord, binding.run) {
                return Err(Clash { chord: *chord, first, second: binding.run });
            }
        }
    }
    Ok(by_chord)
}

impl Clash {
    /// The error, at the last of the rows just read that binds the key.
    fn error(self, mode: Mode, document: &Document<'_>, rows: &[Row]) -> KeymapError {
        let keys = rows.iter().filter(|row| row.mode == mode).flat_map(|row| &row.keys);
        let key = keys.rev().find(|key| key.chord == self.chord);
        let written = key.map_or_else(|| self.chord.to_string(), |key| key.written.clone());
        let fault = KeymapFault::Clash { key: written, mode, first: self.first, second: self.second };
        document.at_line(key.map(|key| key.line), fault)
    }
}

fn unknown_action(document: &Document<'_>, row: &Row, allowed: Vec<Action>) -> KeymapError {
    let fault = KeymapFault::UnknownAction { name: row.name.clone(), mode: row.mode, allowed };
    document.at_line(Some(row.line), fault)
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    fn pressed(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn the_built_in_table_is_sound() {
        let keymap = Keymap::built_in().unwrap();
        for mode in Mode::iter() {
            let bindings = keymap.bindings(mode);
            assert!(bindings.iter().all(|binding| !binding.desc.is_empty() && !binding.on.is_empty()), "{mode}");
            assert!(bindings.iter().any(|binding| WAYS_OUT.contains(&binding.run)), "{mode}");
        }
    }

    #[test]
    fn a_mode_without_a_table_is_told() {
        let door = "[[door]]\non = [\"enter\"]\nrun = \"check-in\"\ndesc = \"in\"";
        assert_eq!(Keymap::parse("keys", door).unwrap_err().to_string(), "keys: there is no [[help]]");
    }

    #[test]
    fn an_override_replaces_the_keys_of_its_action_and_nothing_else() {
        let own = "[[door]]\non = [\"f11\"]\nrun = \"check-out\"\n[[door]]\non = [\"f4\"]\nrun = \"reload\"\nhint = \"again\"";
        let built_in = Keymap::built_in().unwrap();
        let keymap = built_in.clone().overridden("keymap.toml", own).unwrap();
        assert_eq!(keymap.action(Mode::Door, pressed(KeyCode::F(11))), Some(Action::CheckOut));
        assert_eq!(keymap.action(Mode::Door, pressed(KeyCode::F(4))), Some(Action::Reload), "keys can change places");
        assert_eq!(keymap.action(Mode::Door, pressed(KeyCode::F(5))), None);
        assert_eq!(keymap.bindings(Mode::Help), built_in.bindings(Mode::Help));
        for (now, before) in keymap.bindings(Mode::Door).iter().zip(built_in.bindings(Mode::Door)) {
            assert_eq!((now.run, &now.desc), (before.run, &before.desc));
            let is_ours = [Action::CheckOut, Action::Reload].contains(&now.run);
            assert_eq!(now.on != before.on, is_ours, "{now:?}");
            assert_eq!(now.hint != before.hint, now.run == Action::Reload, "{now:?}");
        }
    }

    #[test]
    fn an_action_can_do_without_keys() {
        let keymap = Keymap::built_in().unwrap();
        let keymap = keymap.overridden("keymap.toml", "[[door]]\non = []\nrun = \"suspend\"").unwrap();
        let suspend = keymap.bindings(Mode::Door).iter().find(|binding| binding.run == Action::Suspend).unwrap();
        assert_eq!(suspend.keys(), "");
    }
}
