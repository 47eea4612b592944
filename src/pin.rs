//! Hashing a PIN and comparing one with its hash: slow on purpose, so never where keys wait.

use argon2::password_hash::{self, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params};

use crate::domain::{Pin, PinHash};

/// Most memory, in KiB, that a hash from the settings may ask for: a typing slip must not stop the door's laptop.
const MOST_MEMORY: u32 = 256 * 1_024;
/// Most passes that a hash from the settings may ask for.
const MOST_PASSES: u32 = 16;

/// The hash of a PIN with a salt of its own.
pub fn hash(pin: &Pin) -> Result<PinHash, password_hash::Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    Ok(PinHash::new(Argon2::default().hash_password(pin.expose().as_bytes(), &salt)?.to_string()))
}

/// Whether it is the PIN of this hash; takes tens of milliseconds.
#[must_use]
pub fn matches(pin: &Pin, hash: &PinHash) -> bool {
    let parsed = PasswordHash::new(hash.as_str());
    parsed.is_ok_and(|parsed| Argon2::default().verify_password(pin.expose().as_bytes(), &parsed).is_ok())
}

/// Whether the text is an argon2id hash of a bearable cost.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(text) else { return false };
    let costs = Params::try_from(&parsed);
    Algorithm::try_from(parsed.algorithm) == Ok(Algorithm::Argon2id)
        && parsed.salt.is_some()
        && parsed.hash.is_some()
        && costs.is_ok_and(|costs| costs.m_cost() <= MOST_MEMORY && costs.t_cost() <= MOST_PASSES)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_pin_matches_its_own_hash_alone() {
        let pin = Pin::parse("4711").unwrap();
        let hashes = [hash(&pin).unwrap(), hash(&pin).unwrap()];
        assert_ne!(hashes[0], hashes[1], "the salt differs");
        assert!(hashes.iter().all(|hash| is_hash(hash.as_str()) && matches(&pin, hash)));
        assert!(!matches(&Pin::parse("4712").unwrap(), &hashes[0]));
        assert!(!matches(&pin, &PinHash::new("4711")));
    }

    #[rstest]
    #[case::pin("4711")]
    #[case::other_algorithm("$argon2i$v=19$m=4096,t=3,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A")]
    #[case::no_hash("$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHQ")]
    #[case::costs_a_laptop("$argon2id$v=19$m=4194304,t=3,p=1$c29tZXNhbHQ$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A")]
    fn what_is_no_hash_is_told(#[case] text: &str) {
        assert!(!is_hash(text));
    }
}
