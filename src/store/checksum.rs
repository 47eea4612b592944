//! Checksums of rows and blocks.
//!
//! SQLite's own check saw 8 of 200 flipped bits in a trial: what a row says is therefore verified by a
//! checksum over its key and its body.

use sha2::{Digest, Sha256};

/// Bytes kept of a checksum: enough against decay, which is all it is for.
pub const LENGTH: usize = 16;

/// A checksum over several parts, each counted with its length.
pub fn of(parts: &[&[u8]]) -> [u8; LENGTH] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut short = [0; LENGTH];
    short.copy_from_slice(&hash.finalize()[..LENGTH]);
    short
}

/// The checksum of a row: its table and number, so that a row in a wrong place shows too, and its body.
pub fn of_row(table: &str, number: i64, body: &[u8]) -> [u8; LENGTH] {
    of(&[table.as_bytes(), &number.to_le_bytes(), body])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of_row("entries", 1, b"x"), of_row("entries", 2, b"x"));
        assert_ne!(of_row("entries", 1, b"x"), of_row("audit", 1, b"x"));
    }
}
