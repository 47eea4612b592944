//! A line of text that a person types or pastes.

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

/// One line of text with a cursor in it, of a bounded length.
#[derive(Debug, Clone)]
pub struct Field {
    input: Input,
    most: usize,
}

impl Field {
    /// An empty line that takes at most so many characters.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { input: Input::default(), most }
    }

    /// A line that holds `text`, with the cursor at its end.
    #[must_use]
    pub fn holding(text: &str, most: usize) -> Self {
        let mut field = Self::new(most);
        field.paste(text);
        field
    }

    /// The text.
    #[must_use]
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Characters before the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Whether nothing but spaces was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.value().trim().is_empty()
    }

    /// Takes a key: a character, or one that moves or deletes; whether the text changed.
    pub(super) fn typed(&mut self, key: KeyEvent) -> bool {
        let before = self.input.clone();
        match key.code {
            KeyCode::Char(character) if is_text(key) => _ = self.input.handle(InputRequest::InsertChar(character)),
            _ => _ = self.input.handle_event(&TerminalEvent::Key(key)),
        }
        let is_longer = self.value().len() > before.value().len();
        if is_longer && self.value().chars().count() > self.most {
            self.input = before;
            return false;
        }
        self.value() != before.value()
    }

    /// Puts `text` where the cursor stands, on one line and without control characters; whether the text changed.
    pub(super) fn paste(&mut self, text: &str) -> bool {
        let (value, cursor) = (self.input.value(), self.input.cursor());
        let room = self.most.saturating_sub(value.chars().count());
        let inserted: String = one_line(text).chars().take(room).collect();
        let before: String = value.chars().take(cursor).collect();
        let after: String = value.chars().skip(cursor).collect();
        let cursor = cursor + inserted.chars().count();
        self.input = Input::new(format!("{before}{inserted}{after}")).with_cursor(cursor);
        !inserted.is_empty()
    }

    /// Empties the line.
    pub(super) fn clear(&mut self) {
        self.input = Input::default();
    }
}

impl PartialEq for Field {
    /// What is shown counts, not what was cut before and could be put back.
    fn eq(&self, other: &Self) -> bool {
        (self.value(), self.cursor(), self.most) == (other.value(), other.cursor(), other.most)
    }
}

impl Eq for Field {}

/// Whether the key types a character and is no command.
pub(super) fn is_text(key: KeyEvent) -> bool {
    // AltGr arrives as Control with Alt on some terminals, and types `@` on many layouts.
    let commands = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    let plain = commands.is_empty() || commands == KeyModifiers::CONTROL | KeyModifiers::ALT;
    plain && matches!(key.code, KeyCode::Char(_))
}

fn one_line(text: &str) -> String {
    let spaced = text.trim().chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    spaced.filter(|character| !character.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[rstest]
    #[case::letter(KeyCode::Char('x'), KeyModifiers::NONE, "adax", true)]
    #[case::shifted(KeyCode::Char('X'), KeyModifiers::SHIFT, "adaX", true)]
    #[case::alt_graph(KeyCode::Char('@'), KeyModifiers::CONTROL.union(KeyModifiers::ALT), "ada@", true)]
    #[case::alt(KeyCode::Char('x'), KeyModifiers::ALT, "ada", false)]
    #[case::control(KeyCode::Char('x'), KeyModifiers::CONTROL, "ada", false)]
    #[case::backspace(KeyCode::Backspace, KeyModifiers::NONE, "ad", true)]
    #[case::line(KeyCode::Char('u'), KeyModifiers::CONTROL, "", true)]
    #[case::left(KeyCode::Left, KeyModifiers::NONE, "ada", false)]
    fn keys_edit(
        #[case] code: KeyCode,
        #[case] modifiers: KeyModifiers,
        #[case] expected: &str,
        #[case] changed: bool,
    ) {
        let mut field = Field::holding("ada", 10);
        assert_eq!(field.typed(key(code, modifiers)), changed);
        assert_eq!(field.value(), expected);
    }

    #[test]
    fn a_full_line_takes_no_more_and_still_lets_go() {
        let mut field = Field::holding("abcdef", 4);
        assert_eq!((field.value(), field.cursor()), ("abcd", 4));
        assert!(!field.typed(key(KeyCode::Char('x'), KeyModifiers::NONE)));
        assert!(!field.paste("more"));
        field.typed(key(KeyCode::Char('u'), KeyModifiers::CONTROL));
        field.paste("xyz");
        assert!(!field.typed(key(KeyCode::Char('y'), KeyModifiers::CONTROL)), "what was cut would be too long");
        assert_eq!(field.value(), "xyz");
    }

    #[test]
    fn pasted_text_lands_at_the_cursor() {
        let mut field = Field::holding("ad", 10);
        field.typed(key(KeyCode::Left, KeyModifiers::NONE));
        assert!(field.paste(" b\tc\u{1b}\n"));
        assert_eq!((field.value(), field.cursor()), ("ab cd", 4));
    }
}
