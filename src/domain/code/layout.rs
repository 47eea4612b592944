//! The keyboard layouts that garble codes, and how to undo them.
//!
//! A scanner is set to a US keyboard as it leaves the factory. On a machine with another layout the same keys type
//! other characters; each table holds what arrives, and what was meant.

use std::borrow::Cow;

/// The layout of the machine that the scanner types on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// The scanner's own, or one that differs in the separator only.
    Same,
    /// French.
    Azerty,
    /// Belgian.
    BelgianAzerty,
    /// German, Austrian, Swiss and others.
    Qwertz,
}

impl Layout {
    /// The likeliest first.
    pub const ALL: [Self; 4] = [Self::Same, Self::Azerty, Self::BelgianAzerty, Self::Qwertz];

    /// What the scanner meant by what arrived.
    pub fn undo(self, typed: &str) -> Cow<'_, str> {
        let tables: &[&[(char, char)]] = match self {
            Self::Same => return Cow::Borrowed(typed),
            Self::Azerty => &[FRENCH, AZERTY],
            Self::BelgianAzerty => &[BELGIAN, AZERTY],
            Self::Qwertz => &[QWERTZ],
        };
        let meant = |typed: char| {
            let pairs = tables.iter().copied().flatten();
            pairs.copied().find(|(arrives, _)| *arrives == typed).map_or(typed, |(_, meant)| meant)
        };
        Cow::Owned(typed.chars().map(meant).collect())
    }
}

/// What all AZERTY keyboards share. Capital accents come with Caps Lock; digits then arrive as digits.
const AZERTY: &[(char, char)] = &[
    ('a', 'q'),
    ('q', 'a'),
    ('z', 'w'),
    ('w', 'z'),
    (',', 'm'),
    ('A', 'Q'),
    ('Q', 'A'),
    ('Z', 'W'),
    ('W', 'Z'),
    ('?', 'M'),
    ('M', ':'),
    (';', ','),
    (':', '.'),
    ('&', '1'),
    ('é', '2'),
    ('É', '2'),
    ('"', '3'),
    ('\'', '4'),
    ('(', '5'),
    ('è', '7'),
    ('È', '7'),
    ('ç', '9'),
    ('Ç', '9'),
    ('à', '0'),
    ('À', '0'),
    ('°', '_'),
    (')', '-'),
];

const FRENCH: &[(char, char)] = &[('-', '6'), ('_', '8'), ('!', '/'), ('§', '?')];

const BELGIAN: &[(char, char)] = &[('§', '6'), ('!', '8'), ('=', '/'), ('-', '='), ('_', '+')];

const QWERTZ: &[(char, char)] = &[
    ('y', 'z'),
    ('z', 'y'),
    ('Y', 'Z'),
    ('Z', 'Y'),
    ('?', '_'),
    ('_', '?'),
    ('ß', '-'),
    ('\'', '-'),
    ('-', '/'),
    ('Ö', ':'),
];
