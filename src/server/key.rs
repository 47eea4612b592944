//! The secret that signs tokens and orders.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::domain::{OrderId, TenantId};

/// Fewest bytes of a key: as many as SHA-256 gives.
const MIN_BYTES: usize = 32;
/// Rights of a key file: its owner's alone.
const OWNER: u32 = 0o600;
/// Rights of the group and of everybody else.
const OTHERS: u32 = 0o077;
/// Bytes of an order's signature: 16 characters of base64url.
const SIGNATURE_BYTES: usize = 12;

/// Why a signing key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Too short to be safe.
    #[error("the signing key has {0} bytes; at least {MIN_BYTES} are needed")]
    TooShort(usize),
    /// The key file cannot be read or made.
    #[error("the signing key file {} cannot be used: {cause}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Others than the owner have rights on the key file.
    #[error("others can read the signing key file {0}: run `chmod 600 {0}`", file.display())]
    Exposed {
        /// The file.
        file: PathBuf,
    },
}

/// The service's secret; whoever has it can mint tokens and sign orders.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// A fresh random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(rand::random::<[u8; MIN_BYTES]>().to_vec())
    }

    /// A key from the settings: any text or bytes of at least 32 bytes.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let bytes = bytes.into();
        if bytes.len() < MIN_BYTES { Err(KeyError::TooShort(bytes.len())) } else { Ok(Self(bytes)) }
    }

    /// The key in the file `path`, which must be its owner's alone.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let unusable = |cause| KeyError::File { file: path.to_owned(), cause };
        let mut file = File::open(path).map_err(unusable)?;
        // The rights are those of the open file, so that nobody can swap it in between.
        if file.metadata().map_err(unusable)?.permissions().mode() & OTHERS != 0 {
            return Err(KeyError::Exposed { file: path.to_owned() });
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unusable)?;
        Self::from_bytes(bytes.trim_ascii())
    }

    /// The key in the file `path`, which is made with a fresh one, readable by its owner only, if it is missing.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match Self::load(path) {
            Err(KeyError::File { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
                Self::create(path).map_err(|cause| KeyError::File { file: path.to_owned(), cause })?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    fn create(path: &Path) -> io::Result<()> {
        let text = URL_SAFE_NO_PAD.encode(rand::random::<[u8; MIN_BYTES]>());
        let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Compares in constant time.
    pub(crate) fn verifies(&self, tenant: &TenantId, order: &OrderId, signature: &str) -> bool {
        sign_order(self, tenant, order).as_bytes().ct_eq(signature.as_bytes()).into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// The signature that opens one order of one tenant to the public: 16 characters, base64url.
///
/// Ids are unique within a tenant only: an import may bring another's.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "it cannot: HMAC takes a key of any length")]
pub fn sign_order(key: &SigningKey, tenant: &TenantId, order: &OrderId) -> String {
    // Tokens are signed with the same key; no token's signing input starts with this word.
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("a key of any length");
    mac.update(b"order:");
    // An order's id has no colon, so that no two pairs are the same text.
    mac.update(tenant.as_str().as_bytes());
    mac.update(b":");
    mac.update(order.as_str().as_bytes());
    URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..SIGNATURE_BYTES])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tenant(text: &str) -> TenantId {
        TenantId::from_service(text)
    }

    fn order(text: &str) -> OrderId {
        OrderId::from_service(text)
    }

    #[test]
    fn a_signature_opens_its_own_order_only() {
        let key = SigningKey::generate();
        let (ours, theirs) = (tenant("tnt_1"), tenant("tnt_2"));
        let signature = sign_order(&key, &ours, &order("ord_1"));
        assert_eq!(signature.len(), 16);
        assert!(key.verifies(&ours, &order("ord_1"), &signature));
        assert!(!key.verifies(&ours, &order("ord_2"), &signature));
        assert!(!key.verifies(&theirs, &order("ord_1"), &signature));
        assert!(!SigningKey::generate().verifies(&ours, &order("ord_1"), &signature));
        assert!(!key.verifies(&ours, &order("ord_1"), &signature[..12]));
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        let first = SigningKey::load_or_create(&path).unwrap();
        assert_eq!(SigningKey::load_or_create(&path).unwrap().as_bytes(), first.as_bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        SigningKey::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(SigningKey::load_or_create(&path), Err(KeyError::Exposed { file }) if file == path));
    }

    #[test]
    fn a_key_that_the_settings_name_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing.key");
        assert!(matches!(SigningKey::load(&path), Err(KeyError::File { .. })));
        assert!(!path.exists());
    }

    #[test]
    fn a_short_key_is_refused_and_a_key_is_never_shown() {
        assert!(matches!(SigningKey::from_bytes("short"), Err(KeyError::TooShort(5))));
        let key = SigningKey::from_bytes("s".repeat(32)).unwrap();
        assert!(!format!("{key:?}").contains("ss"));
    }
}
