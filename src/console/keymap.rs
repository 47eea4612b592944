//! The key table: from `assets/keymap.toml` to actions, the footer and the help.

mod chord;

use std::collections::HashMap;

use crossterm::event::KeyEvent;
use serde::Deserialize;

pub use chord::Chord;

use super::action::Action;

/// The table that comes with the program.
const BUILT_IN: &str = include_str!("../../assets/keymap.toml");

/// Which keys count: those of the panes, or those of what lies over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The panes.
    Door,
    /// The help.
    Help,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The keys.
    pub on: Vec<Chord>,
    /// The action.
    pub run: Action,
    /// What it does, as the help says it.
    pub desc: String,
    /// The footer's word for it; `None` keeps it out of the footer.
    #[serde(default)]
    pub hint: Option<String>,
}

/// Why a key table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeymapError {
    /// It is not a key table: an unknown action, key or field.
    #[error("the key table cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// One key means two things.
    #[error("`{chord}` is bound twice in [[{mode}]]")]
    Clash {
        /// The key.
        chord: Chord,
        /// The table's name.
        mode: &'static str,
    },
}

/// The key table, by mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    door: Table,
    help: Table,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    bindings: Vec<Binding>,
    by_chord: HashMap<Chord, Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    door: Vec<Binding>,
    help: Vec<Binding>,
}

impl Keymap {
    /// The table that comes with the program.
    pub fn built_in() -> Result<Self, KeymapError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a table.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let Document { door, help } = toml::from_str(text)?;
        Ok(Self { door: Table::new(door, "door")?, help: Table::new(help, "help")? })
    }

    /// What the key means in this mode, if anything.
    #[must_use]
    pub fn action(&self, mode: Mode, key: KeyEvent) -> Option<Action> {
        self.table(mode).by_chord.get(&Chord::from(key)).copied()
    }

    /// The rows of a mode, in the table's order.
    #[must_use]
    pub fn bindings(&self, mode: Mode) -> &[Binding] {
        &self.table(mode).bindings
    }

    const fn table(&self, mode: Mode) -> &Table {
        match mode {
            Mode::Door => &self.door,
            Mode::Help => &self.help,
        }
    }
}

impl Table {
    fn new(bindings: Vec<Binding>, mode: &'static str) -> Result<Self, KeymapError> {
        let mut by_chord = HashMap::new();
        for binding in &bindings {
            for chord in &binding.on {
                if by_chord.insert(*chord, binding.run).is_some() {
                    return Err(KeymapError::Clash { chord: *chord, mode });
                }
            }
        }
        Ok(Self { bindings, by_chord })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_sound() {
        let keymap = Keymap::built_in().unwrap();
        for mode in [Mode::Door, Mode::Help] {
            assert!(keymap.bindings(mode).iter().all(|binding| !binding.desc.is_empty() && !binding.on.is_empty()));
        }
    }

    #[test]
    fn a_clash_names_the_key() {
        let table = r#"
            help = []
            [[door]]
            on = ["ctrl-o"]
            run = "check-out"
            desc = "out"
            [[door]]
            on = ["f2", "ctrl-o"]
            run = "check-in"
            desc = "in"
        "#;
        assert_eq!(Keymap::parse(table).unwrap_err().to_string(), "`^O` is bound twice in [[door]]");
    }

    #[test]
    fn an_unknown_action_or_key_is_named() {
        for (on, run, word) in [("enter", "chek-in", "chek-in"), ("entre", "check-in", "entre")] {
            let table = format!("help = []\n[[door]]\non = [\"{on}\"]\nrun = \"{run}\"\ndesc = \"x\"");
            let error = Keymap::parse(&table).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
