//! What was typed, taken apart.

use super::normalize::{MAX_WORD, Piece, fold};

/// Most characters looked at for an id: a pasted address has it somewhere in its first lines.
const MAX_PASTED: usize = 2_048;
/// Most characters of typed text that count.
const MAX_TYPED: usize = 160;
/// Most typed words that count.
pub(super) const MAX_TOKENS: usize = 8;
/// Characters of an id after its prefix.
const ID_BODY: usize = 26;

/// One typed word, in every way that it can be meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Typed {
    /// Folded as names are; empty for what can be no name.
    pub word: String,
    /// Other spellings of it: `oe` for `ö`, and the other way round.
    pub spellings: Vec<String>,
    /// An email address or the beginning of one.
    pub email: Option<TypedEmail>,
    /// A domain, or the beginning of one.
    pub domain: Option<String>,
    /// The digits of a phone number, or of a part of one.
    pub number: Option<TypedNumber>,
    /// An id, or the end of one.
    pub id: Option<TypedId>,
}

/// The sides of an `@`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TypedEmail {
    pub local: String,
    /// Whether an `@` was typed, and what after it.
    pub domain: Option<String>,
}

/// Digits as typed, and as dialled inside their country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TypedNumber {
    pub digits: String,
    pub national: String,
}

/// An id or its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TypedId {
    pub text: String,
    /// Nothing but an id can be meant.
    pub certain: bool,
}

/// Takes typed or pasted text apart.
pub(super) fn parse(text: &str) -> Vec<Typed> {
    let text = text.trim();
    if let Some(id) = pasted_id(text) {
        return vec![Typed { id: Some(TypedId { text: id, certain: true }), ..Typed::default() }];
    }
    if let Some((_, path)) = text.split_once("://") {
        // An address without a whole id yet: the last part of its path may become one.
        let last = path.rsplit(['/', '_', '=']).next().unwrap_or_default().chars().take(ID_BODY).collect();
        return vec![Typed { id: Some(TypedId { text: last, certain: true }), ..Typed::default() }];
    }
    let end = text.char_indices().nth(MAX_TYPED).map_or(text.len(), |(end, _)| end);
    let mut typed = Vec::new();
    let mut number = String::new();
    for raw in text[..end].split_whitespace() {
        if is_number(raw) {
            number.push_str(raw);
            continue;
        }
        flush(&mut number, &mut typed);
        take(raw, &mut typed);
    }
    flush(&mut number, &mut typed);
    typed.truncate(MAX_TOKENS);
    typed
}

/// An id in full: alone, with its prefix, or inside a link.
///
/// Without its prefix it is told from other long words by how it starts: with the time, so with a small digit.
fn pasted_id(text: &str) -> Option<String> {
    let end = text.char_indices().nth(MAX_PASTED).map_or(text.len(), |(end, _)| end);
    let text = &text[..end];
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter_map(|run| match run.rsplit_once('_') {
            Some((prefix, body)) if prefix.len() >= 3 => Some(body),
            _ => run.starts_with(|c| matches!(super::keys::look_alike(c), '0'..='7')).then_some(run),
        })
        .find(|body| body.len() == ID_BODY && body.bytes().any(|byte| byte.is_ascii_digit()))
        .map(str::to_ascii_lowercase)
}

fn is_number(raw: &str) -> bool {
    raw.chars().any(|c| crate::domain::digits(c.encode_utf8(&mut [0; 4])).next().is_some())
        && raw.chars().all(|c| {
            matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | '＋')
                || crate::domain::digits(c.encode_utf8(&mut [0; 4])).next().is_some()
        })
}

/// Digit groups side by side are one number.
fn flush(number: &mut String, typed: &mut Vec<Typed>) {
    if number.is_empty() {
        return;
    }
    let digits: String = crate::domain::digits(number).map(char::from).collect();
    let national = super::keys::national(number);
    number.clear();
    let id = Some(TypedId { text: digits.clone(), certain: false });
    let email = Some(TypedEmail { local: digits.clone(), domain: None });
    let mut word = digits.clone();
    word.truncate(MAX_WORD);
    // Some domains are numbers: `wang 163`.
    let domain = Some(digits.clone());
    typed.push(Typed { word, id, email, domain, number: Some(TypedNumber { digits, national }), ..Typed::default() });
}

fn take(raw: &str, typed: &mut Vec<Typed>) {
    let lower = raw.to_lowercase();
    if let Some((local, domain)) = lower.rsplit_once('@') {
        let email = TypedEmail { local: local.to_owned(), domain: Some(domain.to_owned()) };
        typed.push(Typed { email: Some(email), ..Typed::default() });
        return;
    }
    if let Some(rest) = ["tkt_", "ord_"].iter().find_map(|prefix| lower.strip_prefix(prefix)) {
        typed.push(Typed { id: Some(TypedId { text: rest.to_owned(), certain: true }), ..Typed::default() });
        return;
    }
    // Dots and underscores are those of an address; a hyphen may be a name's.
    let whole = lower.contains(['.', '_']) || raw.contains(|c: char| c.is_ascii_digit());
    let words = names(raw, whole);
    let one = words.len() == 1;
    for (word, spellings) in words {
        let plain = if one { lower.clone() } else { word.clone() };
        typed.push(Typed {
            email: Some(TypedEmail { local: plain.clone(), domain: None }),
            domain: Some(plain),
            id: Some(TypedId { text: word.clone(), certain: false }),
            word,
            spellings,
            number: None,
        });
    }
}

/// The folded words of a typed word, each with its other spellings.
fn names(raw: &str, whole: bool) -> Vec<(String, Vec<String>)> {
    let mut words = vec![(String::new(), String::new())];
    for character in raw.chars() {
        fold(character, |piece| match (piece, words.last_mut()) {
            (Piece::Letter(letter), Some((word, other))) if word.len() + letter.len_utf8() <= MAX_WORD => {
                word.push(letter);
                other.push(letter);
            }
            (Piece::Accent('\u{308}'), Some((_, other))) if other.ends_with(['a', 'o', 'u']) => other.push('e'),
            (Piece::Accent('\u{30A}'), Some((_, other))) if other.ends_with('a') => other.push('a'),
            (Piece::Gap, _) if !whole => words.push((String::new(), String::new())),
            _ => {}
        });
    }
    words.retain(|(word, _)| !word.is_empty());
    words.into_iter().map(|(word, other)| with_spellings(word, other)).collect()
}

fn with_spellings(word: String, other: String) -> (String, Vec<String>) {
    let mut spellings = Vec::new();
    if other != word {
        spellings.push(other);
    }
    for (two, one) in [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")] {
        if word.contains(two) {
            spellings.push(word.replace(two, one));
        }
    }
    (word, spellings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        parse(text).into_iter().map(|typed| typed.word).collect()
    }

    #[test]
    fn names_come_apart_as_they_do_on_tickets() {
        assert_eq!(words("  Mary-Kate O'Neill "), ["mary", "kate", "oneill"]);
        assert_eq!(words("kate.dawson"), ["katedawson"]);
        assert_eq!(parse("Müller")[0].spellings, ["mueller"]);
        assert_eq!(parse("mueller")[0].spellings, ["muller"]);
        assert_eq!(parse(""), []);
    }

    #[test]
    fn digit_groups_side_by_side_are_one_number() {
        let typed = parse("smith +61 (0)412 345-678");
        assert_eq!(typed.len(), 2);
        let number = typed[1].number.clone().unwrap_or_default();
        assert_eq!((number.digits.as_str(), number.national.as_str()), ("610412345678", "412345678"));
    }

    #[test]
    fn an_id_is_found_wherever_it_stands() {
        let id = "01jq8zv5k3m9x2c7b4n6d8f0ga";
        for text in [
            format!("tkt_{id}"),
            id.to_uppercase(),
            format!("https://tickets.example/t/tkt_{id}?x=1"),
            format!("HTTPS://X.example/{}", id.to_uppercase()),
        ] {
            assert_eq!(parse(&text)[0].id, Some(TypedId { text: id.into(), certain: true }), "{text}");
        }
    }

    #[test]
    fn whatever_is_pasted_stays_small() {
        assert!(words(&"a".repeat(1_000_000))[0].len() <= MAX_WORD);
        assert!(parse(&"x ".repeat(5_000)).len() <= MAX_TOKENS);
        assert_eq!(parse(&" ".repeat(5_000)), []);
    }
}
