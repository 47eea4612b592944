//! Short numbers that sort as the texts they stand for, so that a search reads numbers side by side, not texts apart.

use std::ops::RangeInclusive;

use crate::domain::digits;

/// Characters of an email's local part in its key.
pub(super) const EMAIL_CHARS: usize = 12;
/// Characters of an id in its key.
pub(super) const ID_CHARS: usize = 6;
/// Digits of a phone number in its key.
pub(super) const PHONE_DIGITS: usize = 9;

const LETTERS_AND_DIGITS: u64 = 37;
const DIGITS: u64 = 11;

/// The first characters of a name's words: sorts as the words do, as far as it reaches.
pub(super) fn name<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let mut packer = Sextets { bits: 0, left: 10 };
    for word in words {
        word.chars().for_each(|letter| packer.letter(letter));
        packer.push(0);
        if packer.left == 0 {
            break;
        }
    }
    packer.bits << (6 * packer.left)
}

/// The keys of all names that start with these words, the last of them perhaps only begun.
pub(super) fn names_from<'a>(words: impl Iterator<Item = &'a str>, begun: &'a str) -> RangeInclusive<u64> {
    let mut packer = Sextets { bits: 0, left: 10 };
    for word in words {
        word.chars().for_each(|letter| packer.letter(letter));
        packer.push(0);
    }
    begun.chars().for_each(|letter| packer.letter(letter));
    let low = packer.bits << (6 * packer.left);
    low..=low | ((1 << (6 * packer.left)) - 1)
}

struct Sextets {
    bits: u64,
    left: u32,
}

impl Sextets {
    fn letter(&mut self, letter: char) {
        match letter {
            '0'..='9' => self.push(u64::from(letter) - u64::from('0') + 1),
            'a'..='z' => self.push(u64::from(letter) - u64::from('a') + 11),
            other => {
                self.push(63);
                for shift in [18, 12, 6, 0] {
                    self.push(u64::from(other) >> shift & 63);
                }
            }
        }
    }

    fn push(&mut self, sextet: u64) {
        if self.left > 0 {
            self.bits = self.bits << 6 | sextet;
            self.left -= 1;
        }
    }
}

/// The first characters of an id after its prefix: sorts as ids of one kind do, as far as it reaches.
pub(super) fn id_start(id: &str) -> u64 {
    let body = id.rsplit_once('_').map_or(id, |(_, body)| body);
    let mut packer = Sextets { bits: 0, left: 10 };
    for letter in body.chars() {
        if packer.left == 0 {
            break;
        }
        packer.letter(letter);
    }
    packer.bits << (6 * packer.left)
}

/// The first bytes of a word: sorts as the word does, as far as it reaches.
pub(super) fn word(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let kept = text.len().min(8);
    bytes[..kept].copy_from_slice(&text.as_bytes()[..kept]);
    u64::from_be_bytes(bytes)
}

/// The last bytes of a word, last first.
pub(super) fn word_end(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(text.iter().rev()).for_each(|(place, byte)| *place = *byte);
    u64::from_be_bytes(bytes)
}

/// The keys of all words that end with `text`, and of some that only share its last eight bytes.
pub(super) fn words_to(text: &[u8]) -> RangeInclusive<u64> {
    with_open_end(word_end(text), text.len())
}

/// The keys of all words that start with `text`, and of some that only share its first eight bytes.
pub(super) fn words_from(text: &str) -> RangeInclusive<u64> {
    with_open_end(word(text), text.len())
}

/// All keys that share the first `bytes` bytes of this one.
fn with_open_end(low: u64, bytes: usize) -> RangeInclusive<u64> {
    low..=low | u64::MAX.checked_shr(8 * u32::try_from(bytes.min(8)).unwrap_or(8)).unwrap_or(0)
}

/// All keys of texts that start with the same codes.
fn pack(codes: impl Iterator<Item = u64>, base: u64, length: usize) -> RangeInclusive<u64> {
    let mut low = 0;
    let mut left = length;
    for code in codes.take(length) {
        low = low * base + code;
        left -= 1;
    }
    let open = (0..left).fold(1, |open, _| open * base);
    low * open..=low * open + (open - 1)
}

fn small(range: &RangeInclusive<u64>) -> RangeInclusive<u32> {
    let small = |key: u64| u32::try_from(key).unwrap_or(u32::MAX);
    small(*range.start())..=small(*range.end())
}

fn letter_code(letter: char) -> u64 {
    match letter {
        '0'..='9' => u64::from(letter) - u64::from('0') + 1,
        'a'..='z' => u64::from(letter) - u64::from('a') + 11,
        other => u64::from(other) % 36 + 1,
    }
}

/// The letters and digits of an email's local part: what people remember of it.
pub(super) fn local_letters(local: &str) -> impl DoubleEndedIterator<Item = char> + Clone {
    local.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase())
}

/// Keys of emails whose local part starts with `letters` (or ends with them, if they come last first).
pub(super) fn emails(letters: impl Iterator<Item = char>) -> RangeInclusive<u64> {
    pack(letters.map(letter_code), LETTERS_AND_DIGITS, EMAIL_CHARS)
}

/// The letters that an email's key was made of, as far as it reaches; in `letters`, from the first on.
pub(super) fn email_letters(key: u64, letters: &mut [u8; EMAIL_CHARS]) -> &str {
    let mut rest = key;
    for letter in letters.iter_mut().rev() {
        *letter = match rest % LETTERS_AND_DIGITS {
            0 => 0,
            digit @ 1..=10 => b'0' + u8::try_from(digit - 1).unwrap_or(0),
            letter => b'a' + u8::try_from(letter - 11).unwrap_or(0),
        };
        rest /= LETTERS_AND_DIGITS;
    }
    let end = letters.iter().position(|letter| *letter == 0).unwrap_or(EMAIL_CHARS);
    std::str::from_utf8(&letters[..end]).unwrap_or_default()
}

/// Characters that are taken for one another when an id is read aloud or off paper.
pub(super) fn look_alike(letter: char) -> char {
    match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    }
}

/// Keys of ids that end with `text`.
pub(super) fn ids(text: &str) -> RangeInclusive<u32> {
    let last_first = text.chars().rev().filter(|letter| letter.is_alphanumeric());
    small(&pack(last_first.map(|letter| letter_code(look_alike(letter))), LETTERS_AND_DIGITS, ID_CHARS))
}

/// Keys of phones whose digits start with these (or end with them, if they come last first).
pub(super) fn phones(digits: impl Iterator<Item = u8>) -> RangeInclusive<u32> {
    small(&pack(digits.map(|digit| u64::from(digit - b'0') + 1), DIGITS, PHONE_DIGITS))
}

/// The number as dialled inside its country: no calling code, no leading zeros.
pub(super) fn national(raw: &str) -> String {
    let all: String = digits(raw).map(char::from).collect();
    let international = raw.trim_start().starts_with(['+', '＋']);
    let rest = match all.strip_prefix("00") {
        Some(rest) => without_calling_code(rest),
        None if international => without_calling_code(&all),
        None => &all,
    };
    rest.trim_start_matches('0').to_owned()
}

/// Takes the calling code off an international number; the codes are prefix-free (ITU-T E.164).
pub(super) fn without_calling_code(digits: &str) -> &str {
    const TWO: &[&str] = &[
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let length = match digits.get(..2) {
        Some(two) if two.starts_with(['1', '7']) => 1,
        Some(two) if TWO.contains(&two) => 2,
        Some(_) => 3,
        None => 0,
    };
    digits.get(length..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_in_any_format_is_one_national_number() {
        for raw in ["+61 (0)412-345 678", "0412 345 678", "0061412345678", "412345678", "+61412345678"] {
            assert_eq!(national(raw), "412345678", "{raw}");
        }
        assert_eq!(national("+1 (555) 010-4821"), "5550104821");
        assert_eq!(national("+353 86 123 4567"), "861234567");
    }

    #[test]
    fn look_alikes_are_one() {
        assert_eq!(ids("tkt_01jqOIL"), ids("tkt_01jq011"));
    }

    proptest! {
        #[test]
        fn a_beginning_covers_its_names(word in "[a-z王é]{1,9}", begun in "[a-z王é]{0,5}", rest in "[a-z王é]{0,9}") {
            let range = names_from(std::iter::once(word.as_str()), &begun);
            let whole = name([word, begun + &rest].iter().map(String::as_str));
            prop_assert!(range.contains(&whole));
        }

        #[test]
        fn a_prefix_covers_its_words(prefix in "[a-zé]{0,5}", rest in "[a-zé]{0,9}") {
            let whole = format!("{prefix}{rest}");
            prop_assert!(words_from(&prefix).contains(&word(&whole)));
            prop_assert!(emails(prefix.chars()).contains(emails(whole.chars()).start()));
        }

        #[test]
        fn name_keys_sort_as_names(a in "[a-z0-9王é]{0,12}", b in "[a-z0-9王é]{0,12}") {
            if name([a.as_str()].into_iter()) < name([b.as_str()].into_iter()) {
                prop_assert!(a < b);
            }
        }
    }
}
