//! The mouse's clicks and its wheel, where they are wanted; never its way over the screen.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::Command;

/// Whether the console hears the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mouse {
    /// Clicks and the wheel reach the console; the terminal selects text with Shift held.
    Heard,
    /// The mouse stays the terminal's: it selects text.
    #[default]
    Terminals,
}

impl From<bool> for Mouse {
    fn from(is_heard: bool) -> Self {
        if is_heard { Self::Heard } else { Self::Terminals }
    }
}

/// Whether it is to be heard whenever the terminal is ours.
static HEARD: AtomicBool = AtomicBool::new(false);

pub(super) fn choose(mouse: Mouse) {
    HEARD.store(mouse == Mouse::Heard, Ordering::SeqCst);
}

/// Presses and the wheel, told by numbers that have room for wide terminals.
///
/// Not crossterm's own command: that one also asks for every move of the pointer, which over SSH is a flood.
pub(super) struct Enable;

/// Gives back what [`Enable`] took.
pub(super) struct Disable;

impl Command for Enable {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        if HEARD.load(Ordering::SeqCst) { f.write_str("\x1b[?1000h\x1b[?1006h") } else { Ok(()) }
    }
}

impl Command for Disable {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        if HEARD.load(Ordering::SeqCst) { f.write_str("\x1b[?1006l\x1b[?1000l") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_given_back_and_nothing_is_asked_for_unwanted() {
        let written = |mouse| {
            choose(mouse);
            let (mut taken, mut given) = (String::new(), String::new());
            Enable.write_ansi(&mut taken).unwrap();
            Disable.write_ansi(&mut given).unwrap();
            (taken, given)
        };
        let (taken, given) = written(Mouse::Heard);
        for mode in ["?1000", "?1006"] {
            assert!(taken.contains(&format!("{mode}h")) && given.contains(&format!("{mode}l")));
        }
        assert_eq!(written(Mouse::Terminals), (String::new(), String::new()));
    }
}
