//! What a word sounds like, roughly, across the European languages written with Latin letters.
//!
//! In the manner of Metaphone: consonants that are confused share a code, vowels count only at the
//! start and in words too short to tell apart without them.

/// Most codes of a key.
const LENGTH: usize = 6;

/// The sound of a folded word; `None` for one that has no Latin letters or too few.
pub(super) fn key(word: &str) -> Option<u32> {
    let letters = word.as_bytes();
    if letters.len() < 2 || !letters.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let mut codes = Codes { packed: 0, count: 0, last: 0 };
    let mut at = 0;
    if is_vowel(letters[0]) || letters[0] == b'h' && letters.len() > 1 && is_vowel(letters[1]) {
        codes.push(if letters[0] == b'h' { 30 } else { 31 });
    }
    while at < letters.len() {
        let (code, used) = code(letters, at);
        codes.take(code);
        at += used;
    }
    if codes.count < 2 {
        codes.push(vowel_class(letters));
    }
    (codes.count > 0).then_some(codes.packed)
}

struct Codes {
    packed: u32,
    count: usize,
    last: u32,
}

impl Codes {
    /// Doubled sounds count once, unless a vowel stands between them.
    fn take(&mut self, code: Option<u32>) {
        match code {
            None => self.last = 0,
            Some(code) if code == self.last => {}
            Some(code) => {
                self.last = code;
                self.push(code);
            }
        }
    }

    fn push(&mut self, code: u32) {
        if self.count < LENGTH {
            self.packed = self.packed << 5 | code;
            self.count += 1;
        }
    }
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Front or back: `lee`, `leigh` and `li` are alike, `lowe` is another.
fn vowel_class(letters: &[u8]) -> u32 {
    match letters.iter().find(|letter| is_vowel(**letter)) {
        Some(b'e' | b'i' | b'y') => 28,
        Some(_) => 29,
        None => 27,
    }
}

const B: u32 = 1;
const K: u32 = 2;
const T: u32 = 3;
const F: u32 = 4;
const L: u32 = 5;
const M: u32 = 6;
const N: u32 = 7;
const R: u32 = 8;
const S: u32 = 9;
const SH: u32 = 10;
const J: u32 = 11;

/// The sound at a place, `None` for a vowel, and how many letters it takes.
fn code(letters: &[u8], at: usize) -> (Option<u32>, usize) {
    let next = letters.get(at + 1).copied().unwrap_or(0);
    let after = letters.get(at + 2).copied().unwrap_or(0);
    let sound = |code| (Some(code), 1);
    let pair = |code| (Some(code), 2);
    match (letters[at], next) {
        (b's' | b't', b'c') if after == b'h' => (Some(SH), 3),
        (b's' | b'c', b'h') => pair(SH),
        (b's' | b'c' | b't', b'z') => pair(S),
        (b'p', b'h') => pair(F),
        (b't', b'h') | (b'd', b't') => pair(T),
        (b'c', b'k') | (b'q', b'u') => pair(K),
        (b'k' | b'g', b'n') if at == 0 => pair(N),
        (b'w', b'r') if at == 0 => pair(R),
        (b'g', b'h') if at == 0 => pair(K),
        (b'g', b'h') => (None, 2),
        (b'd', b'g') => pair(J),
        (b'c', b'e' | b'i' | b'y') | (b's' | b'z', _) => sound(S),
        (b'g', b'e' | b'i' | b'y') | (b'j', _) => sound(J),
        (b'b' | b'p', _) => sound(B),
        (b'c' | b'k' | b'q' | b'g', _) => sound(K),
        (b'x', _) => (Some(if at == 0 { S } else { K }), 1),
        (b'd' | b't', _) => sound(T),
        (b'f' | b'v' | b'w', _) if letters[at] != b'w' || is_vowel(next) => sound(F),
        (b'l', _) => sound(L),
        (b'm', _) => sound(M),
        (b'n', _) => sound(N),
        (b'r', _) => sound(R),
        _ => (None, 1),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("stephen", "steven")]
    #[case("catherine", "kathryn")]
    #[case("philip", "filip")]
    #[case("schmidt", "schmitt")]
    #[case("meyer", "maier")]
    #[case("leigh", "lee")]
    #[case("knight", "nite")]
    #[case("geoffrey", "jeffrey")]
    #[case("wright", "rite")]
    #[case("thomson", "tomson")]
    #[case("nicholas", "nisholas")]
    fn these_sound_alike(#[case] a: &str, #[case] b: &str) {
        assert_eq!(key(a), key(b));
        assert!(key(a).is_some());
    }

    #[rstest]
    #[case("smith", "jones")]
    #[case("lee", "lowe")]
    #[case("harris", "ares")]
    #[case("anna", "hanna")]
    fn these_do_not(#[case] a: &str, #[case] b: &str) {
        assert_ne!(key(a), key(b));
    }

    #[test]
    fn other_scripts_have_no_key() {
        assert_eq!(key("王"), None);
        assert_eq!(key("a"), None);
    }
}
