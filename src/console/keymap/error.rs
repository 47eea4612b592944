//! Why a key table cannot be used, in words for the person who wrote it.

use std::fmt;

use super::Mode;
use crate::console::action::Action;

/// What is wrong with a key table, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {}{fault}", at(*.line))]
pub struct KeymapError {
    /// The table's file, as the person knows it.
    pub file: String,
    /// The line, counted from 1, where one line is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: KeymapFault,
}

/// What is wrong with a key table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapFault {
    /// It is not TOML, or not rows of a table.
    #[error("{0}")]
    Syntax(String),
    /// A table of a mode that does not exist.
    #[error("there is no [[{name}]]; the tables are {}", list(allowed))]
    UnknownMode {
        /// The name as written.
        name: String,
        /// The modes there are.
        allowed: Vec<Mode>,
    },
    /// An action that does not exist, or not here.
    #[error("`{name}` is no action of [[{mode}]]; it has {}", list(allowed))]
    UnknownAction {
        /// The name as written.
        name: String,
        /// In which table.
        mode: Mode,
        /// The actions that the mode has.
        allowed: Vec<Action>,
    },
    /// A key that does not exist.
    #[error("{0}")]
    UnknownKey(String),
    /// A key that types a character where characters are typed.
    #[error("`{key}` types a character in [[{mode}]]; put ctrl- or alt- before it, or take a function key")]
    Typed {
        /// The key as written.
        key: String,
        /// In which table.
        mode: Mode,
    },
    /// One key means two things.
    #[error("`{key}` in [[{mode}]] stands for both {first} and {second}")]
    Clash {
        /// The key as written.
        key: String,
        /// In which table.
        mode: Mode,
        /// What it means already.
        first: Action,
        /// What it should mean besides.
        second: Action,
    },
    /// An action has two rows in one table: only one of them could count.
    #[error("{action} stands in [[{mode}]] twice: put all of its keys into one row")]
    Twice {
        /// The action.
        action: Action,
        /// In which table.
        mode: Mode,
    },
    /// Nobody would get out again.
    #[error("[[{mode}]] leaves no key for {action}")]
    NoWayOut {
        /// In which table.
        mode: Mode,
        /// The action that needs a key.
        action: Action,
    },
    /// A mode has no keys at all.
    #[error("there is no [[{0}]]")]
    NoTable(Mode),
    /// A row of the built-in table does not say what it does.
    #[error("{action} in [[{mode}]] has no `desc`")]
    NoWords {
        /// The action.
        action: Action,
        /// In which table.
        mode: Mode,
    },
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

fn list<T: fmt::Display>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
