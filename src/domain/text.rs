//! Text from outside, made harmless once.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_segmentation::UnicodeSegmentation;

/// Longest text kept, in graphemes; what is longer ends with an ellipsis.
const MAX_GRAPHEMES: usize = 200;
/// Most combining marks kept on one base character.
const MAX_MARKS: usize = 8;
/// Most characters kept of one grapheme: room for the longest joined emoji, none for endless chains.
const MAX_CHARACTERS: usize = 16;
/// Stands where something harmful was taken out.
const REMOVED: char = '\u{FFFD}';

/// Text that may be drawn on a terminal, whatever was sent.
///
/// Control characters, bidirectional overrides, tags and the like are replaced by one `U+FFFD` a
/// run, so that a person sees that something was there; line breaks and tabs become spaces; what is
/// merely invisible goes without a trace. At most 8 combining marks stay on a character and at most
/// 200 graphemes in the text. Joiners stay: emoji and several scripts need them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(Arc<str>);

impl SafeText {
    /// Sanitises `raw`.
    #[must_use]
    pub fn from_outside(raw: &str) -> Self {
        if raw.len() <= MAX_GRAPHEMES && raw.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return Self(raw.into());
        }
        if is_short_and_harmless(raw) {
            return Self(raw.into());
        }
        Self(shorten(&limit_marks(&replace_harmful(raw))).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `raw` is too short for any limit to bite and holds nothing that is replaced: most names are.
///
/// It spares a hundred thousand names the walk over their graphemes when they are loaded.
fn is_short_and_harmless(raw: &str) -> bool {
    let mut marks = 0;
    raw.chars().nth(MAX_CHARACTERS).is_none()
        && raw.chars().all(|character| {
            marks += usize::from(is_mark(character));
            matches!(fate(character), Fate::Keep) && marks <= MAX_MARKS
        })
}

/// What becomes of one character.
enum Fate {
    Keep,
    Space,
    Vanish,
    Mark,
}

fn fate(character: char) -> Fate {
    match character {
        // Line breaks and tabs; blank letters that draw as nothing and hide text behind them.
        '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{115F}' | '\u{1160}'
        | '\u{3164}' | '\u{FFA0}' => Fate::Space,
        // Soft hyphen, Arabic letter mark, zero-width space, direction marks, word joiner and its kin, BOM.
        '\u{AD}' | '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => {
            Fate::Vanish
        }
        // Embeddings, overrides, isolates and deprecated formatting; interlinear marks; language tags.
        '\u{202A}'..='\u{202E}' | '\u{2065}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => {
            Fate::Mark
        }
        other if other.is_control() => Fate::Mark,
        _ => Fate::Keep,
    }
}

fn replace_harmful(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    for character in raw.chars() {
        match fate(character) {
            Fate::Keep => clean.push(character),
            Fate::Space => clean.push(' '),
            Fate::Vanish => {}
            Fate::Mark if clean.ends_with(REMOVED) => {}
            Fate::Mark => clean.push(REMOVED),
        }
    }
    clean
}

fn limit_marks(text: &str) -> String {
    let mut limited = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        // Emoji sequences of joined people are long too: only marks of no width of their own count.
        let mut marks = 0;
        let kept = grapheme.chars().filter(|character| {
            marks += usize::from(is_mark(*character));
            !is_mark(*character) || marks <= MAX_MARKS
        });
        limited.extend(kept.take(MAX_CHARACTERS));
    }
    limited
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

fn shorten(text: &str) -> String {
    match text.grapheme_indices(true).nth(MAX_GRAPHEMES) {
        None => text.to_owned(),
        Some(_) => text.graphemes(true).take(MAX_GRAPHEMES - 1).chain(["…"]).collect(),
    }
}

impl Default for SafeText {
    fn default() -> Self {
        Self::from_outside("")
    }
}

impl Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for SafeText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::from_outside(raw)
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::from_outside(&raw)
    }
}

impl Serialize for SafeText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

/// Sanitises again: a file is from outside too.
impl<'de> Deserialize<'de> for SafeText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::from)
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Ada Lovelace", "Ada Lovelace")]
    #[case::accents("Zoë Đặng", "Zoë Đặng")]
    #[case::family_emoji("Sam 👨‍👩‍👧 Lee", "Sam 👨‍👩‍👧 Lee")]
    #[case::escape_sequence("Eve\u{1b}[2J\u{1b}]52;c;aGk=\u{7}", "Eve\u{FFFD}[2J\u{FFFD}]52;c;aGk=\u{FFFD}")]
    #[case::c1("a\u{9b}31mb", "a\u{FFFD}31mb")]
    #[case::newline("Anna\nBell", "Anna Bell")]
    #[case::override_("\u{202E}evil", "\u{FFFD}evil")]
    #[case::invisible("A\u{200B}d\u{AD}a\u{FEFF}", "Ada")]
    #[case::tags("x\u{E0041}\u{E0042}y", "x\u{FFFD}y")]
    fn harmful_characters_are_taken_out(#[case] raw: &str, #[case] expected: &str) {
        assert_eq!(SafeText::from_outside(raw).as_str(), expected);
    }

    #[test]
    fn marks_and_length_are_bounded() {
        let zalgo = format!("Z{}", "\u{0301}".repeat(200));
        assert_eq!(SafeText::from_outside(&zalgo).chars().count(), 1 + MAX_MARKS);
        let long = SafeText::from_outside(&"é".repeat(5_000));
        assert_eq!(long.graphemes(true).count(), MAX_GRAPHEMES);
        assert!(long.ends_with('…'));
    }

    proptest! {
        #[test]
        fn nothing_harmful_passes_and_a_second_pass_changes_nothing(raw in any::<String>()) {
            let once = SafeText::from_outside(&raw);
            prop_assert!(once.chars().all(|c| matches!(fate(c), Fate::Keep)));
            prop_assert_eq!(SafeText::from_outside(&once), once);
        }
    }
}
