//! Typed words with up to two mistakes: a letter wrong, missing, too many, or two swapped.

use super::lexicon::{Lexicon, WordId};

/// Most mistakes that are ever forgiven in one word.
pub(super) const MOST_ERRORS: usize = 2;

/// Everything that a typed word may have come from, letter by letter.
///
/// A bit-parallel automaton (Wu and Manber's, with swaps): bit `j` of row `d` says that the first
/// `j` typed bytes fit what was read with at most `d` mistakes.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    /// The typed bytes, as far as they count.
    typed: Box<[u8]>,
    /// Each of them once, in order.
    bytes: Box<[u8]>,
    masks: Box<[u64; 256]>,
    length: u32,
    letters: u32,
}

/// How many mistakes a word takes: as a whole, and as far as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Distance {
    /// From the typed word to the whole word.
    pub whole: usize,
    /// From the typed word to the nearest beginning of the word.
    pub start: usize,
}

const FAR: usize = MOST_ERRORS + 1;

#[derive(Clone, Copy, Debug)]
struct Rows([u64; FAR]);

impl Automaton {
    pub(super) fn new(typed: &str) -> Self {
        let mut masks = Box::new([0; 256]);
        for (place, byte) in typed.bytes().take(63).enumerate() {
            masks[usize::from(byte)] |= 1 << place;
        }
        let length = u32::try_from(typed.len().min(63)).unwrap_or(63);
        let letters = super::lexicon::letters(typed.as_bytes());
        let typed = &typed.as_bytes()[..length as usize];
        let mut bytes = typed.to_vec();
        bytes.sort_unstable();
        bytes.dedup();
        Self { typed: typed.into(), bytes: bytes.into(), masks, length, letters }
    }

    /// The mistakes between the typed word and `word`; more than [`MOST_ERRORS`] is just that.
    pub(super) fn distance(&self, word: &str, letters: u32) -> Distance {
        let far = Distance { whole: FAR, start: FAR };
        if self.lacks(letters) {
            return far;
        }
        let (mut before, mut rows, mut last) = (Rows([0; FAR]), Self::start(), 0);
        let mut start = self.errors(rows);
        for byte in word.bytes() {
            let next = self.step(rows, before, byte, last);
            (before, rows, last) = (rows, next, byte);
            start = start.min(self.errors(rows));
            if rows.0[MOST_ERRORS] == 0 {
                return Distance { whole: FAR, start };
            }
        }
        Distance { whole: self.errors(rows), start }
    }

    /// Words that stand, with at most one mistake, at the start of what was typed, and where they end there.
    ///
    /// For names run together: `matthenwguyen` starts with `matthew`, and `guyen` is left.
    pub(super) fn heads(&self, words: &Lexicon, fewest: usize, mut found: impl FnMut(WordId, usize, usize)) {
        let sorted = words.sorted();
        let mut walk = Walk { rows: [Self::start(); 10], best: [FAR; 9], depth: 0, key: 0, late: u64::MAX };
        walk.rows[0] = Rows([0; FAR]);
        let mut at = sorted.start();
        while let Some((key, id)) = at.entry() {
            if let Some(dead) = walk.to(self, key, 1) {
                at.pass(dead.last);
                continue;
            }
            if words.length(id) >= fewest {
                let rows = self.read_on(walk.rows[walk.depth + 1], walk.rows[walk.depth], words.text(id), walk.depth);
                for (errors, row) in rows.0.into_iter().enumerate().take(2).filter(|(_, row)| *row != 0) {
                    (0..64).filter(|end| row >> end & 1 == 1).for_each(|end| found(id, errors, end));
                }
            }
            at.advance();
        }
    }

    /// The rows at the end of a word of which the first `read` bytes were read.
    fn read_on(&self, mut rows: Rows, mut before: Rows, word: &str, read: usize) -> Rows {
        let bytes = word.as_bytes();
        let mut last = if read == 0 { 0 } else { bytes[read - 1] };
        for byte in &bytes[read.min(bytes.len())..] {
            (before, rows) = (rows, self.step(rows, before, *byte, last));
            last = *byte;
        }
        rows
    }

    /// Whether a text that starts like this may still be one mistake away.
    pub(super) fn may_become(&self, text: &str) -> bool {
        self.read_on(Self::start(), Rows([0; FAR]), text, 0).0[1] != 0
    }

    /// Whether more typed letters are missing among `letters` than mistakes could explain.
    pub(super) const fn lacks(&self, letters: u32) -> bool {
        (self.letters & !letters).count_ones() as usize > MOST_ERRORS
    }

    fn start() -> Rows {
        Rows([0b1, 0b11, 0b111])
    }

    /// The fewest mistakes with which all that was typed fits.
    fn errors(&self, rows: Rows) -> usize {
        rows.0.iter().position(|row| row >> self.length & 1 == 1).unwrap_or(FAR)
    }

    /// Reads one byte more; `before` are the rows before `last`, for swaps.
    fn step(&self, rows: Rows, before: Rows, byte: u8, last: u8) -> Rows {
        let fits = self.masks[usize::from(byte)];
        let swapped = fits & self.masks[usize::from(last)] >> 1;
        let mut next = [0; FAR];
        next[0] = (rows.0[0] & fits) << 1;
        for errors in 1..FAR {
            let fewer = rows.0[errors - 1];
            next[errors] = (rows.0[errors] & fits) << 1
                | fewer
                | fewer << 1
                | next[errors - 1] << 1
                | (before.0[errors - 1] & swapped) << 2;
        }
        let kept = u64::MAX >> (63 - self.length);
        Rows(next.map(|row| row & kept))
    }

    /// Every word within `most` mistakes, whole or (where `partial`) as far as it was typed; some come twice.
    ///
    /// Of two mistakes at most one may stand in the first half of what was typed, or both must, and then the
    /// second half is that of the word: a whole word is found all the same, at a tenth of the branches. A word
    /// that is only begun, with two mistakes in the first half already, is not worth the rest.
    pub(super) fn near(&self, words: &Lexicon, most: usize, partial: bool, mut found: impl FnMut(WordId)) {
        if most < MOST_ERRORS {
            return self.walk(words, most, partial, 0, found);
        }
        let half = self.typed.len() / 2;
        self.walk(words, most, partial, half, &mut found);
        for id in words.ending_with(&self.typed[half..]) {
            if self.distance(words.text(id), words.letters(id)).whole <= most {
                found(id);
            }
        }
    }

    /// Walks the sorted words as a tree: what no word of a branch can mend is stepped over in one leap.
    ///
    /// The last mistake is granted only after the first `early` letters.
    fn walk(&self, words: &Lexicon, most: usize, partial: bool, early: usize, mut found: impl FnMut(WordId)) {
        let sorted = words.sorted();
        let mut walk = Walk { rows: [Self::start(); 10], best: [FAR; 9], depth: 0, key: 0, late: u64::MAX << early };
        walk.best[0] = self.errors(walk.rows[1]);
        walk.rows[0] = Rows([0; FAR]);
        let mut at = sorted.start();
        while let Some((key, id)) = at.entry() {
            match walk.to(self, key, most) {
                // No word that shares these bytes can be near, unless its beginning was already.
                Some(dead) if !(partial && walk.best[dead.depth - 1] <= most) => {
                    at.pass(dead.last);
                    continue;
                }
                Some(_) => found(id),
                None => {
                    let distance = if words.length(id) > 8 {
                        self.distance(words.text(id), words.letters(id))
                    } else {
                        Distance { whole: self.errors(walk.rows[walk.depth + 1]), start: walk.best[walk.depth] }
                    };
                    let errors = if partial { distance.whole.min(distance.start) } else { distance.whole };
                    if errors <= most {
                        found(id);
                    }
                }
            }
            at.advance();
        }
    }
}

/// Where a walk came to a byte after which nothing fits any more.
struct Dead {
    /// How many bytes were read, this one included.
    depth: usize,
    /// The last key before the next byte with which it might.
    last: u64,
}

/// The automaton's rows along the first bytes of the last word that was read.
struct Walk {
    /// `rows[n + 1]` after `n` bytes; `rows[0]` is the nothing before the first.
    rows: [Rows; 10],
    /// The fewest mistakes of any beginning of at most `n` bytes.
    best: [usize; 9],
    depth: usize,
    key: u64,
    /// The places in what was typed at which two mistakes may have been made.
    late: u64,
}

impl Walk {
    /// Reads the bytes that `key` does not share with the last; tells where nothing fits any more.
    fn to(&mut self, automaton: &Automaton, key: u64, most: usize) -> Option<Dead> {
        let shared = ((self.key ^ key).leading_zeros() / 8) as usize;
        self.depth = self.depth.min(shared);
        self.key = key;
        let bytes = key.to_be_bytes();
        while self.depth < 8 && bytes[self.depth] != 0 {
            let last = if self.depth == 0 { 0 } else { bytes[self.depth - 1] };
            let next = self.step(automaton, bytes[self.depth], last);
            if next.0[most] == 0 {
                // The dead byte is read anew for the next word: it may share it.
                return Some(self.dead(automaton, key, last, most));
            }
            self.depth += 1;
            self.rows[self.depth + 1] = next;
            self.best[self.depth] = self.best[self.depth - 1].min(automaton.errors(next));
        }
        None
    }

    fn step(&self, automaton: &Automaton, byte: u8, last: u8) -> Rows {
        let mut next = automaton.step(self.rows[self.depth + 1], self.rows[self.depth], byte, last);
        next.0[MOST_ERRORS] = next.0[MOST_ERRORS] & self.late | next.0[MOST_ERRORS - 1];
        next
    }

    /// What may follow a dead byte in its place: only a byte that was typed can do better.
    fn dead(&self, automaton: &Automaton, key: u64, last: u8, most: usize) -> Dead {
        let byte = key.to_be_bytes()[self.depth];
        let typed = automaton.bytes.iter().copied().filter(|other| *other > byte);
        let next = typed.into_iter().find(|other| self.step(automaton, *other, last).0[most] != 0);
        let open = |bytes: usize| u64::MAX.checked_shr(u32::try_from(8 * bytes).unwrap_or(64)).unwrap_or(0);
        let all = key | open(self.depth);
        let last = next.map_or(all, |next| {
            let above = 8 * (7 - self.depth);
            (all & !open(self.depth) | u64::from(next) << above) - 1
        });
        Dead { depth: self.depth + 1, last }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Optimal string alignment, by the book.
    fn distance(a: &[u8], b: &[u8]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = match (i, j) {
                    (0, other) | (other, 0) => other,
                    _ => {
                        let swap = (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                            .then(|| table[i - 2][j - 2] + 1);
                        let change = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let plain = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                        swap.map_or(plain, |swap| plain.min(swap))
                    }
                };
            }
        }
        table[a.len()][b.len()]
    }

    fn by_the_book(typed: &str, word: &str) -> Distance {
        let (typed, word) = (typed.as_bytes(), word.as_bytes());
        let start = (0..=word.len()).map(|end| distance(typed, &word[..end])).min().unwrap_or(FAR);
        Distance { whole: distance(typed, word).min(FAR), start: start.min(FAR) }
    }

    proptest! {
        #[test]
        fn the_automaton_counts_by_the_book(typed in "[abc]{0,8}", word in "[abc]{0,12}") {
            let mask = super::super::lexicon::letters(word.as_bytes());
            prop_assert_eq!(Automaton::new(&typed).distance(&word, mask), by_the_book(&typed, &word));
        }

        #[test]
        fn the_walk_finds_what_a_scan_finds(
            texts in proptest::collection::vec("[a-d]{1,11}", 0..200),
            typed in "[a-d]{3,9}",
            most in 1usize..=2,
            partial: bool,
        ) {
            let mut words = Lexicon::default();
            for text in &texts {
                words.intern(text);
            }
            let mut found = Vec::new();
            Automaton::new(&typed).near(&words, most, partial, |id| found.push(id));
            for id in 0..u32::try_from(words.len()).unwrap() {
                let distance = by_the_book(&typed, words.text(id));
                // Two mistakes in the first half of a word that is only begun may be too many.
                let begun = partial && distance.start <= 1;
                let is_found = found.contains(&id);
                prop_assert!(is_found || distance.whole > most && !begun, "{} is lost", words.text(id));
                prop_assert!(!is_found || distance.whole <= most || partial && distance.start <= most);
            }
        }
    }
}
