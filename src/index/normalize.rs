//! One spelling for what people write in many: lower case, without accents, without punctuation.
//!
//! Tickets and typed text pass through the same fold, a character at a time, so that the letters
//! of a folded word can always be led back to the letters that are shown.

use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Longest word kept, in bytes: nobody types more of one, and typed words are cut alike.
pub(super) const MAX_WORD: usize = 48;

/// The words of a text, folded as names are, with one space between two.
#[must_use]
pub fn fold_words(raw: &str) -> String {
    let mut words = Words::default();
    words.read(raw, usize::MAX);
    words.iter().collect::<Vec<_>>().join(" ")
}

/// What one character, or a part of it, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Part of a word.
    Letter(char),
    /// An accent: gone from the word. Some stand for a second letter (ö for oe).
    Accent(char),
    /// Neither part of a word nor the end of one: apostrophes, dots, joiners.
    Nothing,
    /// Words end here.
    Gap,
}

/// Folds one character.
pub(super) fn fold(character: char, mut emit: impl FnMut(Piece)) {
    if character.is_ascii() {
        return emit(fold_ascii(character));
    }
    decompose_compatible(character, |part| {
        if part.is_ascii() {
            emit(fold_ascii(part));
        } else {
            part.to_lowercase().for_each(|lower| fold_lower(lower, &mut emit));
        }
    });
}

fn fold_ascii(character: char) -> Piece {
    match character {
        'a'..='z' | '0'..='9' => Piece::Letter(character),
        'A'..='Z' => Piece::Letter(character.to_ascii_lowercase()),
        '\'' | '.' | '`' => Piece::Nothing,
        _ => Piece::Gap,
    }
}

fn fold_lower(lower: char, emit: &mut impl FnMut(Piece)) {
    let plain = match lower {
        'ß' => "ss",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ə' => "e",
        _ => "",
    };
    if !plain.is_empty() {
        plain.chars().for_each(|letter| emit(Piece::Letter(letter)));
        // As after an umlaut: the Danes and the Norwegians type oe for ø.
        if lower == 'ø' {
            emit(Piece::Accent('\u{308}'));
        }
        return;
    }
    emit(match lower {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2BC}' | '\u{2BB}' | '\u{B4}' | '\u{2032}' | '\u{5F3}' | '\u{B7}'
        | '\u{200C}' | '\u{200D}' => Piece::Nothing,
        accent if is_accent(accent) => Piece::Accent(accent),
        katakana @ 'ァ'..='ヶ' => Piece::Letter(char::from_u32(u32::from(katakana) - 0x60).unwrap_or(katakana)),
        letter if letter.is_alphanumeric() || letter == 'ー' || is_combining_mark(letter) => Piece::Letter(letter),
        _ => Piece::Gap,
    });
}

/// Marks that people leave out. The vowel signs of Indic and Thai scripts are no such marks.
fn is_accent(mark: char) -> bool {
    matches!(mark,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

/// The folded words of a text, in a buffer that serves many texts.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    ranges: Vec<Range<usize>>,
}

impl Words {
    /// Forgets the last text and takes the first `most` words of another.
    pub(super) fn read(&mut self, raw: &str, most: usize) {
        self.text.clear();
        self.ranges.clear();
        self.read_more(raw, most);
    }

    /// Adds words, up to `most` in all.
    pub(super) fn read_more(&mut self, raw: &str, most: usize) {
        let mut start = self.text.len();
        for character in raw.chars() {
            if self.ranges.len() >= most {
                return;
            }
            let (text, ranges) = (&mut self.text, &mut self.ranges);
            fold(character, |piece| match piece {
                Piece::Letter(letter) if text.len() - start + letter.len_utf8() <= MAX_WORD => text.push(letter),
                Piece::Letter(_) | Piece::Accent(_) | Piece::Nothing => {}
                Piece::Gap => end_word(text, ranges, &mut start),
            });
        }
        if self.ranges.len() < most {
            end_word(&self.text, &mut self.ranges, &mut start);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.ranges.iter().map(|range| &self.text[range.clone()])
    }
}

fn end_word(text: &str, ranges: &mut Vec<Range<usize>>, start: &mut usize) {
    if text.len() > *start {
        ranges.push(*start..text.len());
        *start = text.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn folded(raw: &str) -> Vec<String> {
        let mut words = Words::default();
        words.read(raw, 16);
        words.iter().map(str::to_owned).collect()
    }

    #[rstest]
    #[case::plain("Ada LOVELACE", &["ada", "lovelace"])]
    #[case::apostrophes("O'Neill D’Arcy", &["oneill", "darcy"])]
    #[case::hyphen("Mary-Kate", &["mary", "kate"])]
    #[case::accents("Zoë Đặng Łukasz Ørsted Strauß", &["zoe", "dang", "lukasz", "orsted", "strauss"])]
    #[case::initials("J.R. Hartley", &["jr", "hartley"])]
    #[case::cyrillic("Фёдор Достоевский", &["федор", "достоевскии"])]
    #[case::cjk("王小明", &["王小明"])]
    #[case::kana("ガンダム がんだむ", &["かんたむ", "かんたむ"])]
    #[case::full_width("Ａｄａ", &["ada"])]
    #[case::hindi("कृष्णा", &["कृष्णा"])]
    #[case::nothing(" -- ' ", &[])]
    fn names_fold(#[case] raw: &str, #[case] expected: &[&str]) {
        assert_eq!(folded(raw), expected);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(raw in any::<String>()) {
            let once = folded(&raw);
            prop_assert_eq!(folded(&once.join(" ")), once);
        }
    }
}
