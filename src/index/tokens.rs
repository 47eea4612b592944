//! What a typed word costs against every word of a name.

use super::fields;
use super::keys;
use super::lexicon::WordId;
use super::nicknames;
use super::query::Typed;
use super::shelves::Shelves;
use super::sound;
use super::spelling::{Automaton, Distance, MOST_ERRORS};

/// How well a typed word fits, best first: the ranks of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(super) enum Class {
    /// Every word of the ticket's name was typed, and no other.
    #[default]
    WholeName,
    /// Letter for letter.
    Exact,
    /// The beginning of it.
    Prefix,
    /// A nickname, or another way to write it.
    Variant,
    /// One mistake away.
    Near,
    /// It sounds the same.
    Sound,
    /// Two mistakes away.
    Far,
    /// Some of its letters, in order.
    Letters,
    /// It does not fit.
    None,
}

impl Class {
    const ALL: [Self; 9] = [
        Self::WholeName,
        Self::Exact,
        Self::Prefix,
        Self::Variant,
        Self::Near,
        Self::Sound,
        Self::Far,
        Self::Letters,
        Self::None,
    ];
}

/// A class, what makes one fit of that class worse than another, and the letters that are still missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost(u16);

impl Cost {
    pub(super) const NONE: Self = Self::new(Class::None, 0, 0);

    #[expect(clippy::cast_possible_truncation, reason = "at most 15 is kept")]
    pub(super) const fn new(class: Class, extra: u8, left: usize) -> Self {
        let extra = if extra > 15 { 15 } else { extra as u16 };
        let left = if left > 15 { 15 } else { left as u16 };
        Self((class as u16) << 8 | extra << 4 | left)
    }

    pub(super) const fn class(self) -> Class {
        Class::ALL[(self.0 >> 8) as usize]
    }

    /// Class and extra in one number that adds up.
    pub(super) const fn weight(self) -> u32 {
        (self.0 >> 4) as u32
    }

    pub(super) const fn left(self) -> u32 {
        (self.0 & 15) as u32
    }
}

/// Most words that a beginning is taken for: a letter or two say nothing yet.
const MOST_WORDS: usize = 4_096;
/// Costs that were asked for lately, by word.
const REMEMBERED: usize = 2_048;

/// A typed word, ready to be compared.
#[derive(Debug)]
pub(super) struct Token {
    pub typed: Typed,
    chars: usize,
    /// Nothing but consonants: `wllm`.
    is_skeleton: bool,
    sound: u32,
    automaton: Automaton,
    /// Other names and spellings, as words of the lexicon.
    variants: Vec<(WordId, u8)>,
    /// Words of which it has some letters in order; found only when nothing else fits.
    abbreviated: Vec<(WordId, Cost)>,
    /// The domains that may be meant.
    pub domains: Vec<WordId>,
    memory: Box<[u64]>,
    /// A bit for every word that may fit up to the class `noted`.
    fits: Vec<u64>,
    noted: Option<Class>,
    expanded: Vec<Expanded>,
    words_known: usize,
}

/// The words that a typed word may mean, up to a class.
#[derive(Clone, Debug)]
struct Expanded {
    class: Class,
    words: Vec<(Cost, WordId)>,
}

const fn is_consonant(letter: u8) -> bool {
    letter.is_ascii_lowercase() && !matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Whether `word` has these consonants and no other; a vowel may come first in it.
fn is_skeleton(consonants: &str, word: &str) -> bool {
    word.len() > consonants.len() && word.bytes().filter(|letter| is_consonant(*letter)).eq(consonants.bytes())
}

/// How many mistakes a word of so many letters may have, whole and where it is only begun.
const fn tolerance(chars: usize) -> (usize, usize) {
    match chars {
        0 | 1 => (0, 0),
        2 | 3 => (1, 0),
        4 | 5 => (2, 1),
        _ => (2, 2),
    }
}

impl Token {
    pub(super) fn new(typed: Typed) -> Self {
        Self {
            chars: typed.word.chars().count(),
            is_skeleton: typed.word.len() > 2 && typed.word.bytes().all(is_consonant),
            sound: sound::key(&typed.word).unwrap_or(0),
            automaton: Automaton::new(&typed.word),
            typed,
            variants: Vec::new(),
            abbreviated: Vec::new(),
            domains: Vec::new(),
            memory: vec![0; REMEMBERED].into_boxed_slice(),
            fits: Vec::new(),
            noted: None,
            expanded: Vec::new(),
            words_known: usize::MAX,
        }
    }

    /// Takes note of the words of which it is an abbreviation.
    pub(super) fn abbreviate(&mut self, words: Vec<(WordId, Cost)>) {
        self.expanded.retain(|known| known.class != Class::Letters);
        self.abbreviated = words;
    }

    pub(super) fn word(&self) -> &str {
        &self.typed.word
    }

    pub(super) const fn automaton(&self) -> &Automaton {
        &self.automaton
    }

    pub(super) const fn chars(&self) -> usize {
        self.chars
    }

    /// Takes note of the words that came since the last search.
    pub(super) fn refresh(&mut self, shelves: &Shelves) {
        let names = &shelves.names;
        self.domains = fields::domains(&self.typed, shelves).collect();
        if self.words_known == names.len() {
            return;
        }
        self.words_known = names.len();
        self.expanded.clear();
        self.noted = None;
        self.abbreviated.clear();
        let others = nicknames::of(&self.typed.word).iter();
        let spellings = self.typed.spellings.iter();
        let respelt = spellings.clone().flat_map(|other| nicknames::of(other));
        let nicknames = others.chain(respelt).map(|(name, direct)| (*name, if *direct { 1 } else { 3 }));
        let variants = spellings.map(|other| (other.as_str(), 0)).chain(nicknames);
        self.variants = variants.filter_map(|(name, worse)| Some((names.find(name)?, worse))).collect();
        // A cost that was remembered before such a word came is still true of every other word.
        self.memory.fill(0);
    }

    /// What it costs to take `word` for what was typed.
    pub(super) fn cost(&mut self, shelves: &Shelves, word: WordId) -> Cost {
        let place = word as usize % REMEMBERED;
        let stamp = u64::from(word) + 1;
        if self.memory[place] >> 16 == stamp {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is the cost")]
            return Cost(self.memory[place] as u16);
        }
        let cost = self.compare(shelves, word);
        self.memory[place] = stamp << 16 | u64::from(cost.0);
        cost
    }

    /// As [`Self::cost`], and of words of which it is an abbreviation, where they are asked for.
    pub(super) fn cost_up_to(&mut self, shelves: &Shelves, word: WordId, class: Class) -> Cost {
        if self.fitting(&[word], class) == 0 {
            return Cost::NONE;
        }
        let cost = self.cost(shelves, word);
        if class < Class::Letters || cost.class() < Class::Letters {
            return cost;
        }
        self.abbreviated.iter().find(|(known, _)| *known == word).map_or(Cost::NONE, |(_, cost)| *cost)
    }

    fn compare(&self, shelves: &Shelves, word: WordId) -> Cost {
        let text = shelves.names.text(word);
        if let Some(rest) = text.strip_prefix(self.word()) {
            let class = if rest.is_empty() { Class::Exact } else { Class::Prefix };
            return Cost::new(class, 0, rest.len());
        }
        if self.is_skeleton && is_skeleton(self.word(), text) {
            return Cost::new(Class::Variant, 2, 0);
        }
        if let Some((_, worse)) = self.variants.iter().find(|(other, _)| *other == word) {
            return Cost::new(Class::Variant, *worse, 0);
        }
        if self.typed.spellings.iter().any(|other| other.chars().count() > 2 && text.starts_with(other.as_str())) {
            return Cost::new(Class::Variant, 2, text.len().saturating_sub(self.word().len()));
        }
        if tolerance(self.chars).0 == 0 {
            return Cost::NONE;
        }
        let spelling = self.judge(self.automaton.distance(text, shelves.names.letters(word)), text);
        if spelling.class() > Class::Near && self.sound != 0 && shelves.sound_of[word as usize] == self.sound {
            return Cost::new(Class::Sound, u8::from(!self.same_start(text)), text.len().abs_diff(self.word().len()));
        }
        spelling
    }

    fn same_start(&self, text: &str) -> bool {
        text.as_bytes().first() == self.word().as_bytes().first()
    }

    fn judge(&self, distance: Distance, text: &str) -> Cost {
        let (whole, begun) = tolerance(self.chars);
        let whole = if distance.whole <= whole { distance.whole } else { MOST_ERRORS + 1 };
        let begun = if distance.start <= begun { distance.start } else { MOST_ERRORS + 1 };
        let other_start = u8::from(!self.same_start(text));
        let left = text.len().abs_diff(self.word().len());
        let class = |errors| match errors {
            0 | 1 => Class::Near,
            MOST_ERRORS => Class::Far,
            _ => Class::None,
        };
        let as_whole = Cost::new(class(whole), other_start, left);
        let as_begun = Cost::new(class(begun), 2 + other_start, left);
        as_whole.min(as_begun)
    }

    /// The words that it may mean, up to `class`, cheapest first; also those that no ticket has any more.
    pub(super) fn expand(&mut self, shelves: &Shelves, class: Class) -> &[(Cost, WordId)] {
        if let Some(at) = self.expanded.iter().position(|known| known.class == class) {
            return &self.expanded[at].words;
        }
        let mut words = match class {
            _ if self.word().is_empty() => Vec::new(),
            Class::WholeName | Class::Exact => {
                self.begun(shelves).take(1).filter(|(cost, _)| cost.left() == 0).collect()
            }
            Class::Prefix => self.begun(shelves).take(MOST_WORDS).collect(),
            Class::Letters => {
                let known = self.expand(shelves, Class::Far).to_vec();
                let new = self.abbreviated.clone().into_iter().map(|(word, cost)| (cost, word));
                let new = new.filter(|(_, word)| self.cost(shelves, *word).class() > Class::Far);
                known.into_iter().chain(new).collect()
            }
            _ => self.words_up_to(shelves, class),
        };
        words.retain(|(cost, _)| cost.class() <= class);
        if class <= Class::Prefix {
            // They come in order.
            words.sort_by_key(|(cost, _)| *cost);
        } else {
            // The order must not be that of the numbers, which is the order of arrival.
            let names = &shelves.names;
            words.sort_by_cached_key(|(cost, word)| (*cost, keys::word(names.text(*word))));
            let tied = |a: &(Cost, WordId), b: &(Cost, WordId)| {
                a.0 == b.0 && keys::word(names.text(a.1)) == keys::word(names.text(b.1))
            };
            words.chunk_by_mut(tied).for_each(|run| run.sort_by_key(|(_, word)| names.text(*word)));
        }
        self.expanded.push(Expanded { class, words });
        self.expanded.last().map_or(&[], |known| &known.words)
    }

    /// Whether [`Self::expand`] tells all words that it may mean up to `class`.
    pub(super) fn is_complete(&self, shelves: &Shelves, class: Class) -> bool {
        !(self.is_skeleton && class > Class::Prefix || self.chars <= 2 && class >= Class::Near)
            && shelves.names.count_starting_with(self.word()) < MOST_WORDS
    }

    /// Notes which words fit, so that tickets without any of them are passed over at a glance.
    pub(super) fn note_fits(&mut self, shelves: &Shelves, class: Class) {
        // An expansion leaves some of the words out where vowels are missing, and all abbreviations.
        if Some(class) <= self.noted || class >= Class::Letters || self.is_skeleton && class > Class::Prefix {
            return;
        }
        let mut fits = std::mem::take(&mut self.fits);
        fits.clear();
        fits.resize(shelves.names.len().div_ceil(64), 0);
        let mut note = |word: WordId| fits[word as usize / 64] |= 1 << (word % 64);
        shelves.names.starting_with(&self.typed.word).for_each(&mut note);
        if class > Class::Prefix {
            self.variants.iter().for_each(|(word, _)| note(*word));
            let spellings = self.typed.spellings.iter().filter(|other| other.chars().count() > 2);
            spellings.flat_map(|other| shelves.names.starting_with(other)).for_each(&mut note);
        }
        if class >= Class::Near {
            match self.expanded.iter().find(|known| known.class == class && self.chars > 2) {
                Some(known) => known.words.iter().for_each(|(_, word)| note(*word)),
                None => self.mistaken(shelves, class, note),
            }
        }
        self.fits = fits;
        self.noted = Some(class);
    }

    /// Which of `words` may fit up to `class`, as far as that is known without comparing: a bit for each.
    pub(super) fn fitting(&self, words: &[WordId], class: Class) -> u32 {
        if Some(class) > self.noted {
            return (1 << words.len()) - 1;
        }
        let fits = |word: &WordId| (self.fits[*word as usize / 64] >> (word % 64) & 1) as u32;
        words.iter().rev().fold(0, |bits, word| bits << 1 | fits(word))
    }

    /// The words that start with what was typed, in order: the word itself comes first.
    fn begun<'a>(&self, shelves: &'a Shelves) -> impl Iterator<Item = (Cost, WordId)> + use<'a, '_> {
        let typed = self.word().len();
        shelves.names.starting_with(self.word()).map(move |word| {
            let left = shelves.names.length(word) - typed;
            (Cost::new(if left == 0 { Class::Exact } else { Class::Prefix }, 0, left), word)
        })
    }

    fn words_up_to(&mut self, shelves: &Shelves, class: Class) -> Vec<(Cost, WordId)> {
        let names = &shelves.names;
        let mut words = Vec::new();
        words.extend(names.starting_with(self.word()).take(MOST_WORDS));
        words.extend(self.variants.iter().map(|(word, _)| *word));
        for other in self.typed.spellings.iter().filter(|other| other.chars().count() > 2) {
            words.extend(names.starting_with(other).take(MOST_WORDS));
        }
        if self.is_skeleton {
            words.extend(
                names.starting_with(&self.word()[..1]).filter(|word| is_skeleton(self.word(), names.text(*word))),
            );
        }
        // Two letters may come from too many words: they are compared where another word leads.
        if class >= Class::Near && self.chars > 2 {
            self.mistaken(shelves, class, |word| words.push(word));
        }
        words.sort_unstable();
        words.dedup();
        words.into_iter().map(|word| (self.cost(shelves, word), word)).collect()
    }

    /// The words that it may be mistaken for, or that sound like it; some come twice.
    fn mistaken(&self, shelves: &Shelves, class: Class, mut found: impl FnMut(WordId)) {
        let names = &shelves.names;
        let (whole, begun) = tolerance(self.chars);
        if whole > 0 {
            let most = if class >= Class::Far { whole } else { 1 };
            self.automaton.near(names, most, begun >= most, &mut found);
            if begun > 0 && begun < most {
                self.automaton.near(names, begun, true, &mut found);
            }
        }
        if class >= Class::Sound && self.sound != 0 {
            shelves.sounds.range(self.sound..=self.sound).for_each(|(_, word)| found(word));
        }
    }

    /// Whether it can only be part of an address: it has digits among its letters, dots or underscores.
    pub(super) fn is_address(&self) -> bool {
        let local = self.typed.email.as_ref().map_or("", |email| email.local.trim_end_matches(['.', '_']));
        self.typed.number.is_none() && local.contains(|letter: char| matches!(letter, '.' | '_' | '0'..='9'))
    }

    /// Whether it has other names or spellings.
    pub(super) fn has_variants(&self) -> bool {
        self.is_skeleton || !self.variants.is_empty() || !self.typed.spellings.is_empty()
    }

    /// Words that stand, perhaps with a mistake, at the start of what was typed: word, mistakes, where it ends.
    pub(super) fn heads(&self, shelves: &Shelves, fewest: usize) -> Vec<(WordId, usize, usize)> {
        let mut heads = Vec::new();
        self.automaton.heads(&shelves.names, fewest, |word, errors, end| {
            if shelves.carriers(word) > 0 {
                heads.push((word, errors, end));
            }
        });
        heads
    }

    /// Whether a word of some name is, or starts with, what was typed.
    pub(super) fn is_begun(&self, shelves: &Shelves) -> bool {
        shelves.names.starting_with(self.word()).any(|word| shelves.carriers(word) > 0)
    }
}
