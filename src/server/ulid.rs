//! Fresh identifiers: a prefix and a lower-case ULID.

use jiff::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of a ULID: 10 of time, 16 of chance.
const LENGTH: usize = 26;

/// `<prefix>_<26 characters>`: milliseconds since 1970, then 80 bits of `chance`.
pub(crate) fn ulid(prefix: &str, at: Timestamp, chance: u128) -> String {
    let milliseconds = u128::try_from(at.as_millisecond()).unwrap_or(0);
    let mut value = (milliseconds << 80) | (chance & ((1 << 80) - 1));
    let mut body = [0_u8; LENGTH];
    for place in body.iter_mut().rev() {
        *place = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    let mut id = String::with_capacity(prefix.len() + 1 + LENGTH);
    id.push_str(prefix);
    id.push('_');
    id.extend(body.map(char::from));
    id
}

/// A fresh id of this kind.
pub(crate) fn fresh(prefix: &str, at: Timestamp) -> String {
    ulid(prefix, at, rand::random())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketId;

    #[test]
    fn ids_have_the_documented_form_and_sort_by_time() {
        let id = |at, chance| ulid("tkt", Timestamp::from_millisecond(at).unwrap(), chance);
        assert_eq!(id(0, 1), format!("tkt_{}1", "0".repeat(25)));
        assert!(TicketId::parse(&id(1_700_000_000_000, u128::MAX)).is_ok());
        assert!(id(1, 0) > id(0, u128::MAX));
    }
}
