//! Tells a barcode scanner from a person, by the rhythm of the keys.
//!
//! A scanner is a second keyboard: it "types" its code into whatever has the focus. [`Wedge`] hears every key with
//! the time at which it was read, and says what the console shall take it for. It has no clock: whoever feeds it
//! also wakes it at its [`Wedge::deadline`].
//!
//! What is a scan:
//! - an id, or an address with one, whose keys came at [`SLOW`] apart or less on average;
//! - [`SHORTEST`] keys or more that came [`FAST`] apart or less, whatever they say; with an Enter or a Tab as fast behind
//!   them, [`SHORTEST_ENDED`] will do, for that Enter would let somebody in. Keys that were read together have no
//!   rhythm: after a stall of the link a person's typing looks like that, so it counts only if it is an id.
//!
//! All else is typing. Text shows at once and is taken back if it turns out to have been a scan; what cannot be taken
//! back (Enter, a letter that is bound to an act) waits a moment instead, because a scanner may send Enter first.

mod burst;
#[cfg(test)]
mod rhythms;

use std::time::Duration;

use crossterm::event::KeyEvent;

use self::burst::{Burst, Judgement, Stroke};
use super::message::Message;
use crate::domain::{Code, SafeText};

/// Keys this far apart or less come from no person.
pub const FAST: Duration = Duration::from_millis(5);
/// The keys of a slow scanner, or of one behind a slow link, are this far apart on average.
pub const SLOW: Duration = Duration::from_millis(50);
/// Fast keys are a scan from this many on: fingers that roll over two or three keys are as fast.
pub const SHORTEST: usize = 6;
/// The same where an Enter or a Tab follows as fast: no hand is at that key so soon.
pub const SHORTEST_ENDED: usize = 3;
/// A code that has begun may be interrupted for this long by the link.
const STALL: Duration = Duration::from_millis(500);
/// A whole code ends once nothing has followed for this long; not every scanner sends Enter.
const SETTLED: Duration = Duration::from_millis(60);
/// Enter waits this long for a code behind it.
const BEAT: Duration = Duration::from_millis(40);
/// A letter that came as fast as a scanner's waits this long for the next one.
const ROLLOVER: Duration = Duration::from_millis(8);
/// An Enter this soon after a code belongs to it.
const TRAILING: Duration = Duration::from_millis(100);
/// The same code again within this time is the same scan.
const REPEAT: Duration = Duration::from_secs(2);

/// What a scanner read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// The ids that it may be, the likeliest first.
    Code(Vec<Code>),
    /// No id at all; what it was, to be shown.
    Unreadable(SafeText),
}

/// The ear between the keyboard and the console.
#[derive(Debug, Default)]
pub struct Wedge {
    burst: Burst,
    /// When the last scan ended.
    ended_at: Option<Duration>,
    /// The last scan, and when it was last seen.
    last: Option<(Scanned, Duration)>,
}

impl Wedge {
    /// Hears a key that was read `at` this time since some fixed moment.
    ///
    /// `acts` says that the key would do something that cannot be taken back, Enter aside.
    pub fn key(&mut self, key: KeyEvent, acts: bool, at: Duration) -> Vec<Message> {
        let mut heard = match self.deadline() {
            Some(deadline) if deadline <= at => self.wake(deadline),
            _ => Vec::new(),
        };
        match Stroke::new(key, acts, at) {
            Stroke::Text { .. } if self.burst.continues(at) => {}
            Stroke::Text { .. } => self.end_burst(at, &mut heard),
            Stroke::Enter { .. } => return self.enter(key, at, heard),
            Stroke::Other { ends_codes } => {
                if !(ends_codes && self.ended(at, &mut heard)) {
                    self.end_burst(at, &mut heard);
                    heard.push(Message::KeyPressed(key));
                }
                return heard;
            }
        }
        if self.burst.push(Stroke::new(key, acts, at)) {
            self.burst.release(&mut heard);
        }
        heard
    }

    /// When [`Self::wake`] is due, if no key comes before.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.burst.deadline()
    }

    /// The deadline has come: ends a scan, or lets go of what was held back.
    pub fn wake(&mut self, at: Duration) -> Vec<Message> {
        let mut heard = Vec::new();
        if self.deadline().is_some_and(|deadline| deadline <= at) && !self.judge(self.burst.judge(), at, &mut heard) {
            self.burst.release(&mut heard);
        }
        heard
    }

    /// Ends what has begun: something else than a key comes next, or nothing any more.
    pub fn flush(&mut self, at: Duration) -> Vec<Message> {
        let mut heard = Vec::new();
        self.end_burst(at, &mut heard);
        heard
    }

    fn enter(&mut self, key: KeyEvent, at: Duration, mut heard: Vec<Message>) -> Vec<Message> {
        if self.ended(at, &mut heard) {
            return heard;
        }
        if !self.burst.is_enters_until(at) {
            self.end_burst(at, &mut heard);
        }
        self.burst.push(Stroke::new(key, true, at));
        heard
    }

    /// Whether a key that ends codes has ended one, or belongs to the end of the last one.
    fn ended(&mut self, at: Duration, heard: &mut Vec<Message>) -> bool {
        if !self.burst.is_empty() {
            return self.judge(self.burst.judge_ended(at), at, heard);
        }
        self.ended_at.is_some_and(|ended| at.saturating_sub(ended) <= TRAILING)
    }

    /// Makes a scan of the burst, if it was judged to be one.
    fn judge(&mut self, judgement: Judgement, at: Duration, heard: &mut Vec<Message>) -> bool {
        let (start, scanned) = match judgement {
            Judgement::Typing => return false,
            Judgement::Code { start, readings } => (start, Scanned::Code(readings)),
            Judgement::Unreadable { start } => {
                (start, Scanned::Unreadable(SafeText::from_outside(&self.burst.text_from(start))))
            }
        };
        self.burst.withdraw(start, heard);
        self.ended_at = Some(at);
        let repeated =
            self.last.as_ref().is_some_and(|(last, seen)| *last == scanned && at.saturating_sub(*seen) <= REPEAT);
        self.last = Some((scanned.clone(), at));
        if !repeated {
            heard.push(Message::Scanned(scanned));
        }
        true
    }

    /// Nothing more belongs to the burst: it is a scan by itself, or typing.
    fn end_burst(&mut self, at: Duration, heard: &mut Vec<Message>) {
        if !self.judge(self.burst.judge(), at, heard) {
            self.burst.release(heard);
            self.burst = Burst::default();
        }
    }
}
