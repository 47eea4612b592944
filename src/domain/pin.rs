//! A PIN as it is typed, and what is kept of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Fewest characters of a PIN.
pub const SHORTEST_PIN: usize = 4;
/// Most characters of a PIN.
pub const LONGEST_PIN: usize = 32;

/// A PIN in the clear; it shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// The PIN, if it has as many characters as one may have.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let length = text.chars().count();
        let is_plain = !text.chars().any(|character| character.is_control() || character.is_whitespace());
        (is_plain && (SHORTEST_PIN..=LONGEST_PIN).contains(&length)).then(|| Self(text.to_owned()))
    }

    /// The characters, for the hash alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The argon2id hash of a PIN, in the PHC's form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
///
/// It is no secret like the PIN, yet whoever has it can try PINs at leisure: it shows itself nowhere either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PinHash(String);

impl PinHash {
    /// Takes a text that was found to be a hash.
    #[must_use]
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC's form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("4711", true)]
    #[case("0000", true)]
    #[case("471", false)]
    #[case("47 11", false)]
    #[case("47\n11", false)]
    #[case("ångström", true)]
    #[case("12345678901234567890123456789012", true)]
    #[case("123456789012345678901234567890123", false)]
    fn a_pin_has_its_length(#[case] text: &str, #[case] is_pin: bool) {
        assert_eq!(Pin::parse(text).is_some(), is_pin);
    }

    #[test]
    fn neither_shows_itself() {
        let shown = format!("{:?} {:?}", Pin::parse("4711"), PinHash::new("$argon2id$x"));
        assert_eq!(shown, "Some(Pin(…)) PinHash(…)");
    }
}
