//! A key table as it is written: rows under the names of modes, each with its line.

use std::collections::BTreeMap;

use serde::Deserialize;
use strum::IntoEnumIterator;
use toml::Spanned;

use super::{Chord, KeymapError, KeymapFault, Mode};
use crate::console::action::Action;
use crate::domain::SafeText;

/// One row, read and checked as far as it can be by itself.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub mode: Mode,
    pub line: usize,
    pub keys: Vec<Key>,
    /// None where no mode has an action of this name.
    pub run: Option<Action>,
    pub name: String,
    pub desc: Option<String>,
    pub hint: Option<String>,
}

/// A key of a row.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub chord: Chord,
    pub written: String,
    pub line: usize,
}

/// A key table and the name of its file, for what is said of it.
pub(super) struct Document<'a> {
    pub file: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    on: Vec<Spanned<String>>,
    run: Spanned<String>,
    desc: Option<String>,
    hint: Option<String>,
}

impl<'a> Document<'a> {
    pub(super) const fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// The rows in the order of the text.
    pub(super) fn rows(&self) -> Result<Vec<Row>, KeymapError> {
        let tables: BTreeMap<Spanned<String>, Vec<WrittenRow>> = toml::from_str(self.text).map_err(|error| {
            // The parser's picture of the line is left out: one sentence, as for settings.
            self.error(error.span().map(|span| span.start), KeymapFault::Syntax(error.message().to_owned()))
        })?;
        let mut rows = Vec::new();
        for (name, written) in tables {
            let mode = self.mode(&name)?;
            for row in written {
                rows.push(self.row(mode, row)?);
            }
        }
        rows.sort_by_key(|row| row.line);
        Ok(rows)
    }

    fn mode(&self, name: &Spanned<String>) -> Result<Mode, KeymapError> {
        name.as_ref().parse().map_err(|_| {
            let fault = KeymapFault::UnknownMode { name: safe(name.as_ref()), allowed: Mode::iter().collect() };
            self.error(Some(name.span().start), fault)
        })
    }

    fn row(&self, mode: Mode, row: WrittenRow) -> Result<Row, KeymapError> {
        Ok(Row {
            mode,
            line: self.line(row.run.span().start),
            keys: row.on.iter().map(|key| self.key(mode, key)).collect::<Result<_, _>>()?,
            run: row.run.as_ref().parse().ok(),
            name: safe(row.run.as_ref()),
            desc: row.desc,
            hint: row.hint,
        })
    }

    fn key(&self, mode: Mode, key: &Spanned<String>) -> Result<Key, KeymapError> {
        let (written, at) = (safe(key.as_ref()), key.span().start);
        let chord: Chord = written.parse().map_err(|words| self.error(Some(at), KeymapFault::UnknownKey(words)))?;
        if mode.takes_text() && chord.types_text() {
            return Err(self.error(Some(at), KeymapFault::Typed { key: written, mode }));
        }
        Ok(Key { chord, written, line: self.line(at) })
    }

    fn error(&self, at: Option<usize>, fault: KeymapFault) -> KeymapError {
        self.at_line(at.map(|at| self.line(at)), fault)
    }

    pub(super) fn at_line(&self, line: Option<usize>, fault: KeymapFault) -> KeymapError {
        KeymapError { file: self.file.to_owned(), line, fault }
    }

    fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).unwrap_or(self.text).matches('\n').count() + 1
    }
}

/// A name as somebody wrote it, which will be shown on a terminal.
fn safe(name: &str) -> String {
    SafeText::from_outside(name).to_string()
}
