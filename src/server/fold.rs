//! Names, emails and phones folded for order and for search.

use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::digits;
use crate::wire::Attendee;

/// Between the parts of a haystack and of a sort key: sorts before every letter, so that shorter names come first.
const SEPARATOR: char = '\u{1}';
/// What sort keys start with that no letter of a–z starts: the key of their bucket, which sorts before all letters.
pub(crate) const OTHERS: &str = "#";
/// Fewest digits that make a phone number's end worth comparing alone.
const LOCAL_DIGITS: usize = 8;

/// The rules of this module by number: raise it with every change of what a text is folded to.
const RULES: u32 = 2;

/// The rules and the tables of Unicode that they go by: what was folded by others is to be folded anew.
pub(crate) fn rules() -> String {
    let version = |(major, minor, update): (u8, u8, u8)| format!("{major}.{minor}.{update}");
    format!("{RULES} {} {}", version(char::UNICODE_VERSION), version(unicode_normalization::UNICODE_VERSION))
}

/// Lower case, without accents: `Zoë` and `ZOE` are one. Letters of every script stay; control characters, which
/// nobody reads and keys are parted by, do not.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
        folded.retain(|character| !is_hidden(character));
        return folded;
    }
    for character in
        text.nfkd().filter(|character| !is_accent(*character) && !is_hidden(*character)).flat_map(char::to_lowercase)
    {
        match character {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            // The same letter at a word's end: what is typed may go on.
            'ς' => folded.push('σ'),
            // Lower-casing `İ` leaves a dot above behind.
            other if is_accent(other) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic. Marks that other scripts
/// spell with are letters to their readers.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{670}')
}

/// Control characters but those that part words.
fn is_hidden(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
}

/// What tickets are ordered by: first name, then last name. What starts with none of a–z comes before them in one
/// run, whatever its script, so that every bucket of the roster can be walked from its anchor to its end.
pub(crate) fn sort_key(attendee: &Attendee) -> String {
    let first = fold(&attendee.first_name);
    let rank = if first.starts_with(|letter: char| letter.is_ascii_lowercase()) { "" } else { OTHERS };
    format!("{rank}{first}{SEPARATOR}{}", fold(&attendee.last_name))
}

/// What a query is looked for in: names, email and the phone's digits.
pub(crate) fn haystack(attendee: &Attendee) -> String {
    let name = |text: &str| plain_name(&fold(text));
    let mut hay = format!("{} {}", name(&attendee.first_name), name(&attendee.last_name));
    hay.push(SEPARATOR);
    hay.push_str(&fold(&attendee.email));
    if let Some(phone) = &attendee.phone {
        hay.push(SEPARATOR);
        hay.extend(digits(phone).map(char::from));
    }
    hay
}

/// Apostrophes and dots vanish, hyphens part words: `O'Brien` is `obrien`, `Anne-Marie` is two words.
fn plain_name(folded: &str) -> String {
    folded
        .chars()
        .filter(|character| !matches!(character, '\'' | '’' | '‘' | 'ʼ' | '`' | '.'))
        .map(|character| if matches!(character, '-' | '‐' | '‑' | '–') { ' ' } else { character })
        .collect()
}

/// A query made ready: every word of it must be found in a haystack.
pub(crate) struct Query {
    terms: Vec<Term>,
}

/// Found if any of these is.
struct Term(Vec<Finder<'static>>);

impl Query {
    /// Reads what a person typed.
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let mut terms = Vec::new();
        let mut number = Vec::new();
        for word in folded.split_whitespace() {
            if is_number(word) {
                number.push(word);
                continue;
            }
            terms.extend(number_term(&std::mem::take(&mut number)));
            terms.extend(word_terms(word));
        }
        terms.extend(number_term(&number));
        Self { terms }
    }

    /// Whether every word is there.
    pub fn matches(&self, haystack: &[u8]) -> bool {
        self.terms.iter().all(|Term(forms)| forms.iter().any(|form| form.find(haystack).is_some()))
    }
}

fn term(forms: &[&str]) -> Term {
    Term(forms.iter().map(|form| Finder::new(form.as_bytes()).into_owned()).collect())
}

/// A word as an email spells it, or as a name does: `anne-marie` is found in either.
fn word_terms(word: &str) -> Vec<Term> {
    let name = plain_name(word);
    let mut parts = name.split_whitespace();
    match (parts.next(), parts.next()) {
        (None, _) => vec![term(&[word])],
        (Some(only), None) => vec![term(&[word, only])],
        (Some(_), Some(_)) if word.contains('@') => vec![term(&[word])],
        (Some(_), Some(_)) => vec![term(&[word, &name])],
    }
}

/// Digits with what people put between them.
fn is_number(word: &str) -> bool {
    let punctuation = |character| matches!(character, '+' | '(' | ')' | '-' | '.' | '/');
    digits(word).next().is_some() && word.chars().all(|character| punctuation(character) || character.is_numeric())
}

/// A phone number, whatever trunk or country prefix either side wrote; several words may be one number.
fn number_term(words: &[&str]) -> Option<Term> {
    let whole: String = words.iter().flat_map(|word| digits(word)).map(char::from).collect();
    if whole.is_empty() {
        return None;
    }
    let national = whole.trim_start_matches('0');
    let local = whole.len().checked_sub(LOCAL_DIGITS).filter(|start| *start > 1).map(|start| &whole[start..]);
    let mut forms = vec![whole.as_str()];
    forms.extend(Some(national).filter(|text| !text.is_empty() && text.len() < whole.len()));
    forms.extend(local);
    // A single short word may also be a part of an email or of a name.
    forms.extend(words.first().filter(|_| words.len() == 1));
    Some(term(&forms))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn attendee(first: &str, last: &str, email: &str, phone: &str) -> Attendee {
        Attendee {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email: email.to_owned(),
            phone: Some(phone.to_owned()),
        }
    }

    #[rstest]
    #[case("Zoë", "zoe")]
    #[case("ÅSE", "ase")]
    #[case("Łukasz Strauß", "lukasz strauss")]
    #[case("İpek", "ipek")]
    #[case("Ｆｕｌｌ", "full")]
    #[case("山田", "山田")]
    #[case("नमिता", "नमिता")]
    #[case("Νίκος", "νικοσ")]
    #[case("ΝΙΚΟΣ", "νικοσ")]
    #[case("Ann\u{2}x", "annx")]
    #[case("Zo\u{1}ë\u{9c}", "zoe")]
    #[case("Ann\tMarie", "ann\tmarie")]
    fn folding_takes_case_and_accents_away(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(fold(text), expected);
    }

    #[rstest]
    #[case("zoe", true)]
    #[case("OBRIEN", true)]
    #[case("o'brien zoë", true)]
    #[case("o’brien", true)]
    #[case("anne-marie", true)]
    #[case("marie", true)]
    #[case("zoe.obrien@example.com", true)]
    #[case("example", true)]
    #[case("0412 345 678", true)]
    #[case("+61412345678", true)]
    #[case("0061 412-345-678", true)]
    #[case("678", true)]
    #[case("zoe 678", true)]
    #[case("zoe smith", false)]
    #[case("0412 345 679", false)]
    #[case("anne@example", false)]
    fn every_word_must_match(#[case] query: &str, #[case] expected: bool) {
        let hay = haystack(&attendee("Zoë Anne-Marie", "O'Brien", "Zoe.OBrien@example.com", "+61 (0)412 345 678"));
        // The `(0)` of the stored number is a digit to the haystack: the end of the number still finds it.
        assert_eq!(Query::new(query).matches(hay.as_bytes()), expected, "{query:?} in {hay:?}");
    }

    /// What is kept in databases under this number; where this fails, raise [`RULES`] and write down what is new.
    #[test]
    fn the_rules_fold_to_what_they_did_under_their_number() {
        let folded = |first: &str, last: &str, phone: &str| {
            let attendee = attendee(first, last, "Zoe.OBrien@Example.com", phone);
            format!("{}|{}", sort_key(&attendee), haystack(&attendee)).replace(SEPARATOR, "/")
        };
        let samples = [
            folded("Zoë Anne-Marie", "O'Brien", "+61 (0)412 345 678"),
            folded("ŁUKASZ", "Strauß–Ångström", ""),
            folded("Þór Æsir", "Œuvre Đặng", "٠٤١٢"),
            folded("İpek\u{2}", "Νίκος", "x"),
            folded("山田 Ｆ", "St. J’on", "0412/345-678"),
        ];
        let kept = [
            "zoe anne-marie/o'brien|zoe anne marie obrien/zoe.obrien@example.com/610412345678",
            "lukasz/strauss–angstrom|lukasz strauss angstrom/zoe.obrien@example.com/",
            "thor aesir/oeuvre dang|thor aesir oeuvre dang/zoe.obrien@example.com/0412",
            "ipek/νικοσ|ipek νικοσ/zoe.obrien@example.com/",
            "#山田 f/st. j’on|山田 f st jon/zoe.obrien@example.com/0412345678",
        ];
        assert_eq!((RULES, samples.each_ref().map(String::as_str)), (2, kept));
    }

    #[test]
    fn names_sort_by_first_then_last() {
        let key = |first, last| sort_key(&attendee(first, last, "", ""));
        assert!(key("Ann", "Zed") < key("Anna", "Abel"));
        assert!(key("ann", "abel") < key("Ann", "Zed"));
        for other in ["山田", "Ωmega", "Жанна", "नमिता", "7", "(x)", "#", "", "~", " Ann"] {
            assert!(key(other, "Zed") < key("A", "Abel"), "{other}");
        }
    }
}
