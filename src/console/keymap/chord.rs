//! One key with what is held down beside it.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key and its modifiers, as the key table writes them: `ctrl-o`, `f1`, `pageup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// The modifiers that a table can name, and how.
const MODIFIERS: [(&str, KeyModifiers); 3] =
    [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];

/// The keys with names of their own; letters and function keys go by their signs.
const NAMED: [(&str, KeyCode); 16] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("insert", KeyCode::Insert),
    ("delete", KeyCode::Delete),
    ("backspace", KeyCode::Backspace),
    ("space", KeyCode::Char(' ')),
];

/// What terminals send as another key: bound to it, an action could never be reached.
const NEVER_ARRIVING: [(char, &str); 3] = [('i', "tab"), ('m', "enter"), ('[', "esc")];

impl Chord {
    /// Whether the key types a character.
    #[must_use]
    pub fn types_text(&self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && (self.modifiers - KeyModifiers::SHIFT).is_empty()
    }
}

impl From<KeyEvent> for Chord {
    /// Terminals differ in how they tell Shift with a letter; it is dropped where the letter tells it.
    fn from(key: KeyEvent) -> Self {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match key.code {
            KeyCode::Char(character) => {
                modifiers -= KeyModifiers::SHIFT;
                let command = modifiers.contains(KeyModifiers::CONTROL);
                KeyCode::Char(if command { character.to_ascii_lowercase() } else { character })
            }
            KeyCode::BackTab | KeyCode::Tab if key.code == KeyCode::BackTab || modifiers == KeyModifiers::SHIFT => {
                modifiers -= KeyModifiers::SHIFT;
                KeyCode::BackTab
            }
            other => other,
        };
        Self { code, modifiers }
    }
}

impl FromStr for Chord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        while let Some((name, modifier)) =
            MODIFIERS.iter().find(|(name, _)| rest.len() > name.len() && rest.starts_with(name))
        {
            modifiers |= *modifier;
            rest = &rest[name.len()..];
        }
        let code =
            code(rest).ok_or_else(|| format!("`{text}` is no key; keys look like ctrl-o, f1, enter or pageup"))?;
        let chord = Self::from(KeyEvent::new(code, modifiers));
        let arrives_as = |(letter, name): &(char, &'static str)| {
            (chord.modifiers == KeyModifiers::CONTROL && chord.code == KeyCode::Char(*letter)).then_some(*name)
        };
        match NEVER_ARRIVING.iter().find_map(arrives_as) {
            Some(name) => Err(format!("`{text}` reaches no program: terminals send {name} for it")),
            None => Ok(chord),
        }
    }
}

fn code(name: &str) -> Option<KeyCode> {
    if let Some((_, code)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*code);
    }
    let mut characters = name.chars();
    match (characters.next()?, characters.as_str()) {
        (character, "") => Some(KeyCode::Char(character)),
        ('f', number) => number.parse().ok().filter(|number| (1..=12).contains(number)).map(KeyCode::F),
        _ => None,
    }
}

/// As the footer and the help write it: `^O`, `F1`, `Enter`, `Alt-x`.
impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (name, modifier) in MODIFIERS {
            if self.modifiers.contains(modifier) {
                text.push_str(if modifier == KeyModifiers::CONTROL { "^" } else { name });
            }
        }
        match self.code {
            KeyCode::Char(' ') => text.push_str("Space"),
            KeyCode::Char(character) => text.extend(character.to_uppercase()),
            KeyCode::F(number) => text.extend(["F", &number.to_string()]),
            KeyCode::Up => text.push('↑'),
            KeyCode::Down => text.push('↓'),
            KeyCode::Left => text.push('←'),
            KeyCode::Right => text.push('→'),
            KeyCode::PageUp => text.push_str("PgUp"),
            KeyCode::PageDown => text.push_str("PgDn"),
            KeyCode::BackTab => text.push_str("Shift-Tab"),
            code => text.push_str(&code.to_string()),
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ctrl-o", KeyEvent::new(KeyCode::Char('o'), KeyModifiers::CONTROL), "^O")]
    #[case("ctrl-o", KeyEvent::new(KeyCode::Char('O'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), "^O")]
    #[case("f12", KeyEvent::new(KeyCode::F(12), KeyModifiers::NONE), "F12")]
    #[case("enter", KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE), "Enter")]
    #[case("pageup", KeyEvent::new(KeyCode::PageUp, KeyModifiers::NONE), "PgUp")]
    #[case("backtab", KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT), "Shift-Tab")]
    #[case("shift-tab", KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT), "Shift-Tab")]
    #[case("ctrl-O", KeyEvent::new(KeyCode::Char('o'), KeyModifiers::CONTROL), "^O")]
    #[case("ctrl-space", KeyEvent::new(KeyCode::Char(' '), KeyModifiers::CONTROL), "^Space")]
    #[case("ctrl-alt-x", KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL | KeyModifiers::ALT), "^alt-X")]
    fn a_name_meets_its_key(#[case] name: &str, #[case] key: KeyEvent, #[case] shown: &str) {
        let chord: Chord = name.parse().unwrap();
        assert_eq!(chord, Chord::from(key));
        assert_eq!(chord.to_string(), shown);
    }

    #[rstest]
    #[case("")]
    #[case("f13")]
    #[case("ctrl-")]
    #[case("hyper-x")]
    #[case("return")]
    #[case("ctrl-m")]
    #[case("ctrl-shift-I")]
    fn what_is_no_key_is_refused(#[case] name: &str) {
        assert!(name.parse::<Chord>().is_err());
    }
}
