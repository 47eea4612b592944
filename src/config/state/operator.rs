//! Whose token was used last, as it is written down: a salted hash tells whether a token is the same, and not which it was.

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::domain::Operator;

#[derive(Serialize, Deserialize)]
struct Remembered {
    /// The key of the hash, made anew for every file.
    salt: [u8; 16],
    /// The hash of the token.
    token: Vec<u8>,
    operator: Operator,
}

/// The file that says whose `token` is.
pub(super) fn write(token: &SecretString, operator: &Operator) -> Vec<u8> {
    let salt: [u8; 16] = rand::random();
    let token = hash(&salt, token).finalize().into_bytes().to_vec();
    let remembered = Remembered { salt, token, operator: operator.clone() };
    // Plain names and numbers always make JSON.
    serde_json::to_vec(&remembered).unwrap_or_default()
}

/// Whose `token` is, by a file that was written of the same one.
pub(super) fn read(file: &[u8], token: &SecretString) -> Option<Operator> {
    let remembered: Remembered = serde_json::from_slice(file).ok()?;
    let is_the_same = hash(&remembered.salt, token).verify_slice(&remembered.token).is_ok();
    is_the_same.then_some(remembered.operator)
}

#[expect(clippy::expect_used, reason = "a key of any length makes an HMAC")]
fn hash(salt: &[u8], token: &SecretString) -> Hmac<Sha256> {
    let mut hash = Hmac::<Sha256>::new_from_slice(salt).expect("a key of any length");
    hash.update(token.expose_secret().trim().as_bytes());
    hash
}
