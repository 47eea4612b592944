//! Keys that follow close upon each other, and what they may be.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{BEAT, FAST, ROLLOVER, SETTLED, SHORTEST, SHORTEST_ENDED, SLOW, STALL};
use crate::console::field::is_text;
use crate::console::message::Message;
use crate::domain::{Code, Hint};

/// Longer than any address on a ticket.
const LONGEST: usize = 512;
/// Characters that tell whether a code begins.
const BEGINNING: usize = 8;
/// A busy machine may keep one key of a fast scanner waiting for this long.
const HICCUP: Duration = Duration::from_millis(20);
/// Keys that were read one by one are at least this far apart; those closer came in one piece, and nothing is known
/// of the rhythm in which they were pressed.
const TOGETHER: Duration = Duration::from_micros(500);

/// One key, as far as scanners go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Types one character.
    Text { key: KeyEvent, character: char, acts: bool, at: Duration },
    /// Enter, which may stand before a code and after it.
    Enter { key: KeyEvent, at: Duration },
    /// No part of a code; `ends_codes` says that some scanners send it in the place of Enter.
    Other { ends_codes: bool },
}

impl Stroke {
    pub fn new(key: KeyEvent, acts: bool, at: Duration) -> Self {
        match key.code {
            KeyCode::Enter if key.modifiers.is_empty() => Self::Enter { key, at },
            KeyCode::Tab => Self::Other { ends_codes: true },
            // The line feed after a carriage return arrives as Control-J.
            KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => Self::Other { ends_codes: true },
            KeyCode::Char(character) if is_text(key) => Self::Text { key, character, acts, at },
            _ => Self::Other { ends_codes: false },
        }
    }

    const fn at(&self) -> Duration {
        match self {
            Self::Text { at, .. } | Self::Enter { at, .. } => *at,
            Self::Other { .. } => Duration::ZERO,
        }
    }

    /// Whether passing it on does something that cannot be taken back.
    const fn acts(&self) -> bool {
        matches!(self, Self::Enter { .. } | Self::Text { acts: true, .. })
    }

    const fn character(&self) -> Option<char> {
        match self {
            Self::Text { character, .. } => Some(*character),
            _ => None,
        }
    }

    fn pressed(&self) -> Option<Message> {
        match self {
            Self::Text { key, .. } | Self::Enter { key, .. } => Some(Message::KeyPressed(*key)),
            Self::Other { .. } => None,
        }
    }
}

/// What a burst comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judgement {
    /// A person typed it.
    Typing,
    /// A code, from this stroke on.
    Code { start: usize, readings: Vec<Code> },
    /// A scan that holds no id, from this stroke on.
    Unreadable { start: usize },
}

/// The last keys: those that may turn out to be a scan, and those that are held back.
#[derive(Debug, Default)]
pub(super) struct Burst {
    strokes: Vec<Stroke>,
    /// How many of them were passed on.
    released: usize,
}

impl Burst {
    pub const fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }

    /// Whether a character read `at` this time may belong to what came before.
    pub fn continues(&self, at: Duration) -> bool {
        let Some(gap) = self.gap_to(at) else { return true };
        self.strokes.len() < LONGEST && (gap <= SLOW || (gap <= STALL && self.hint() == Hint::Surely))
    }

    /// Whether there is nothing but Enter, and another one read `at` this time is as fast as a scanner's.
    pub fn is_enters_until(&self, at: Duration) -> bool {
        let enters = self.strokes.iter().all(|stroke| matches!(stroke, Stroke::Enter { .. }));
        enters && self.gap_to(at).is_none_or(|gap| gap <= FAST)
    }

    /// Adds a stroke; gives whether all that is held back can be passed on now.
    pub fn push(&mut self, stroke: Stroke) -> bool {
        let gap = self.gap_to(stroke.at());
        let is_held = self.released < self.strokes.len();
        self.strokes.push(stroke);
        let is_fast = gap.is_some_and(|gap| gap <= FAST);
        // Behind something that is held back only what may become a code waits too.
        !is_fast && !stroke.acts() && (!is_held || self.hint() == Hint::No)
    }

    /// When the burst has to be looked at again.
    pub fn deadline(&self) -> Option<Duration> {
        let last = self.strokes.last()?.at();
        let held = &self.strokes[self.released..];
        let patience = match self.judge() {
            // More may be coming of what has begun like a code.
            Judgement::Unreadable { .. } if self.hint() == Hint::Surely => STALL,
            Judgement::Code { .. } | Judgement::Unreadable { .. } => SETTLED,
            Judgement::Typing if held.is_empty() => return None,
            Judgement::Typing if self.hint() == Hint::Surely => SETTLED,
            Judgement::Typing if held.iter().any(Stroke::acts) => BEAT,
            Judgement::Typing => ROLLOVER,
        };
        Some(last + patience)
    }

    /// Passes on all that is held back. What came up to the last act can no longer be taken back.
    pub fn release(&mut self, heard: &mut Vec<Message>) {
        if self.released == 0 && self.strokes.first().is_some_and(|first| !first.acts()) {
            heard.push(Message::TypingBegan);
        }
        for (number, stroke) in self.strokes.iter().enumerate().skip(self.released) {
            heard.extend(stroke.pressed());
            let follows = self.strokes.get(number + 1);
            if stroke.acts() && follows.is_some_and(|next| !next.acts()) {
                heard.push(Message::TypingBegan);
            }
        }
        if let Some(act) = self.strokes.iter().rposition(Stroke::acts) {
            self.strokes.drain(..=act);
        }
        self.released = self.strokes.len();
    }

    /// Takes the scan from `start` on out: what was shown of it is taken back, what a person typed before it stays.
    pub fn withdraw(&mut self, start: usize, heard: &mut Vec<Message>) {
        let scan = self.strokes.split_off(start);
        let was_shown = self.released > start;
        // An Enter in the rhythm of the scan is its own.
        let pace = FAST.max(mean_gap(&scan) * 2);
        let mut next = scan.first().map(Stroke::at);
        while let (Some(Stroke::Enter { at, .. }), Some(following)) = (self.strokes.last(), next)
            && following.saturating_sub(*at) <= pace
        {
            next = Some(*at);
            self.strokes.pop();
        }
        if was_shown {
            heard.push(Message::TypingWithdrawn);
            heard.extend(self.strokes.iter().filter_map(Stroke::pressed));
        } else {
            self.released = self.released.min(self.strokes.len());
            self.release(heard);
        }
        *self = Self::default();
    }

    /// What it is, by itself.
    pub fn judge(&self) -> Judgement {
        self.judge_from(SHORTEST)
    }

    /// What it is, with a key behind it at this time that ends codes.
    pub fn judge_ended(&self, at: Duration) -> Judgement {
        let is_fast = self.gap_to(at).is_some_and(|gap| gap <= FAST);
        self.judge_from(if is_fast { SHORTEST_ENDED } else { SHORTEST })
    }

    fn judge_from(&self, shortest: usize) -> Judgement {
        if self.strokes.len() < shortest {
            return Judgement::Typing;
        }
        let fast_from = self.fast_from();
        if let Some((start, readings)) = self.code(fast_from) {
            return Judgement::Code { start, readings };
        }
        let strokes = &self.strokes[fast_from..];
        let is_one_key = strokes.iter().all(|stroke| stroke.character() == strokes[0].character());
        // Keys that were read together are no evidence, however many they are.
        let fast = gaps(strokes).filter(|gap| (TOGETHER..=FAST).contains(gap)).count();
        if fast + 1 >= shortest && !is_one_key { Judgement::Unreadable { start: fast_from } } else { Judgement::Typing }
    }

    /// The first code that ends the burst; where its keys are as fast as a scanner's, they are from `fast_from` on.
    fn code(&self, fast_from: usize) -> Option<(usize, Vec<Code>)> {
        if self.strokes.len() < Code::SHORTEST {
            return None;
        }
        let codes = self.starts().filter(|&start| start == fast_from || start == 0 || self.hint_at(start) != Hint::No);
        for start in codes {
            let strokes = &self.strokes[start..];
            if mean_gap(strokes) > SLOW {
                continue;
            }
            let readings = Code::readings(&text(strokes));
            if !readings.is_empty() {
                return Some((start, readings));
            }
        }
        None
    }

    pub fn text_from(&self, start: usize) -> String {
        text(&self.strokes[start..])
    }

    /// How much the burst looks like the beginning of a code.
    fn hint(&self) -> Hint {
        self.starts().map(|start| self.hint_at(start)).max().unwrap_or(Hint::No)
    }

    fn hint_at(&self, start: usize) -> Hint {
        let end = self.strokes.len().min(start + BEGINNING);
        Code::hint(&text(&self.strokes[start..end]))
    }

    /// Where a code may begin: at the first character, and wherever a person's rhythm lies before it.
    fn starts(&self) -> impl Iterator<Item = usize> {
        (0..self.strokes.len()).filter(|&at| {
            let before = at.checked_sub(1).map(|before| &self.strokes[before]);
            self.strokes[at].character().is_some()
                && before.is_none_or(|before| {
                    matches!(before, Stroke::Enter { .. }) || self.strokes[at].at().saturating_sub(before.at()) > FAST
                })
        })
    }

    /// Where the characters begin that were fast to the end, a hiccup among them aside.
    fn fast_from(&self) -> usize {
        let loosely = self.closer_from(HICCUP);
        let rhythm: Vec<_> = gaps(&self.strokes[loosely..]).filter(|gap| *gap >= TOGETHER).collect();
        let beats = u32::try_from(rhythm.len()).unwrap_or(u32::MAX);
        if rhythm.iter().sum::<Duration>() <= FAST.saturating_mul(beats) { loosely } else { self.closer_from(FAST) }
    }

    /// Where the characters begin of which none kept the next one waiting for longer than `most`.
    fn closer_from(&self, most: Duration) -> usize {
        let parts = |pair: &[Stroke]| pair[0].character().is_none() || pair[1].at().saturating_sub(pair[0].at()) > most;
        self.strokes.windows(2).rposition(parts).map_or(0, |before| before + 1)
    }

    fn gap_to(&self, at: Duration) -> Option<Duration> {
        self.strokes.last().map(|last| at.saturating_sub(last.at()))
    }
}

fn text(strokes: &[Stroke]) -> String {
    strokes.iter().filter_map(Stroke::character).collect()
}

fn gaps(strokes: &[Stroke]) -> impl Iterator<Item = Duration> {
    strokes.windows(2).map(|pair| pair[1].at().saturating_sub(pair[0].at()))
}

fn mean_gap(strokes: &[Stroke]) -> Duration {
    let (Some(first), Some(last)) = (strokes.first(), strokes.last()) else { return Duration::ZERO };
    let gaps = u32::try_from(strokes.len() - 1).unwrap_or(u32::MAX).max(1);
    last.at().saturating_sub(first.at()) / gaps
}
