//! The key table: from `assets/keymap.toml` to actions, the footer and the help.

mod chord;

use std::collections::HashMap;

use crossterm::event::KeyEvent;
use serde::Deserialize;
use strum::IntoEnumIterator;

pub use chord::Chord;

use super::action::Action;

/// The table that comes with the program.
const BUILT_IN: &str = include_str!("../../assets/keymap.toml");

/// Which keys count: those of the panes, or those of what lies over them.
///
/// The table of a mode is headed by its name in kebab-case: `[[door]]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, strum::Display, strum::EnumIter)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Mode {
    /// The panes.
    Door,
    /// The help.
    Help,
    /// The command palette.
    Palette,
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

impl Binding {
    /// The keys as people read them: `^O or F4`.
    #[must_use]
    pub fn keys(&self) -> String {
        self.on.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }
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
        /// In which table.
        mode: Mode,
    },
    /// A mode has no keys at all: nobody would get out of it.
    #[error("there is no [[{0}]] in the key table")]
    Missing(Mode),
}

/// The key table, by mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    tables: HashMap<Mode, Table>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    bindings: Vec<Binding>,
    by_chord: HashMap<Chord, Action>,
}

impl Keymap {
    /// The table that comes with the program.
    pub fn built_in() -> Result<Self, KeymapError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a table that has keys for every mode.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let mut document: HashMap<Mode, Vec<Binding>> = toml::from_str(text)?;
        let table = |mode| {
            let bindings = document.remove(&mode).ok_or(KeymapError::Missing(mode))?;
            Ok((mode, Table::new(bindings, mode)?))
        };
        Ok(Self { tables: Mode::iter().map(table).collect::<Result<_, KeymapError>>()? })
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
}

impl Table {
    fn new(bindings: Vec<Binding>, mode: Mode) -> Result<Self, KeymapError> {
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

    /// The table, and empty ones for every mode that it leaves out.
    fn with_other_modes(table: &str) -> String {
        let missing = |mode: &Mode| !table.contains(&format!("[[{mode}]]"));
        let others: Vec<_> = Mode::iter().filter(missing).map(|mode| format!("{mode} = []")).collect();
        others.join("\n") + "\n" + table
    }

    #[test]
    fn the_built_in_table_is_sound() {
        let keymap = Keymap::built_in().unwrap();
        for mode in Mode::iter() {
            assert!(keymap.bindings(mode).iter().all(|binding| !binding.desc.is_empty() && !binding.on.is_empty()));
        }
    }

    #[test]
    fn a_clash_names_the_key() {
        let table = r#"
            [[door]]
            on = ["ctrl-o"]
            run = "check-out"
            desc = "out"
            [[door]]
            on = ["f2", "ctrl-o"]
            run = "check-in"
            desc = "in"
        "#;
        let error = Keymap::parse(&with_other_modes(table)).unwrap_err();
        assert_eq!(error.to_string(), "`^O` is bound twice in [[door]]");
    }

    #[test]
    fn a_mode_without_keys_or_of_another_name_is_told() {
        let error = |table| Keymap::parse(table).unwrap_err().to_string();
        assert_eq!(error("door = []\npalette = []"), "there is no [[help]] in the key table");
        assert!(error("hlep = []").contains("unknown variant `hlep`"));
    }

    #[test]
    fn an_unknown_action_or_key_is_named() {
        for (on, run, word) in [("enter", "chek-in", "chek-in"), ("entre", "check-in", "entre")] {
            let table = format!("[[door]]\non = [\"{on}\"]\nrun = \"{run}\"\ndesc = \"x\"");
            let error = Keymap::parse(&with_other_modes(&table)).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
