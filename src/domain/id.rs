//! Identifiers, each kind a type of its own.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::SafeText;

/// Characters after the prefix and its underscore: a lower-case ULID.
const BODY_LENGTH: usize = 26;

/// Why a text is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Another prefix, or none.
    #[error("expected an id that starts with `{expected}_`")]
    Prefix {
        /// The three letters that were expected.
        expected: &'static str,
    },
    /// The prefix fits, the rest does not.
    #[error("expected {BODY_LENGTH} of 0-9 and a-z after `{expected}_`")]
    Body {
        /// The three letters of the kind.
        expected: &'static str,
    },
}

fn check(text: &str, prefix: &'static str) -> Result<(), IdError> {
    let body = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(IdError::Prefix { expected: prefix })?;
    let fits = body.len() == BODY_LENGTH && body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    if fits { Ok(()) } else { Err(IdError::Body { expected: prefix }) }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Cheap to clone. `as_str` is the text exactly as it came, to be sent back; `Display` is safe to show.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as the service gave it, without a check: a client never rejects the service's own id.
            pub fn from_service(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text as it came, to be sent back to the service.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&SafeText::from_outside(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        text_id!($(#[$doc])* $name);

        impl $name {
            /// The three letters that ids of this kind start with.
            pub const PREFIX: &'static str = $prefix;

            /// Reads an id that a person or a barcode gave; strict, unlike [`Self::from_service`].
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text, Self::PREFIX).map(|()| Self(text.into()))
            }
        }
    };
}

prefixed_id!(/** A ticket's id, `tkt_…`. */ TicketId, "tkt");
prefixed_id!(/** An order's id, `ord_…`. */ OrderId, "ord");
prefixed_id!(/** An event's id, `evt_…`. */ EventId, "evt");
prefixed_id!(/** An admission's (tier's) id, `adm_…`. */ AdmissionId, "adm");
prefixed_id!(/** A section's id, `sct_…`. */ SectionId, "sct");
prefixed_id!(/** A customer's id, `cus_…`. */ CustomerId, "cus");
prefixed_id!(/** A promoter's id, `pmt_…`. */ PromoterId, "pmt");
prefixed_id!(/** A team's id, `tem_…`. */ TeamId, "tem");
prefixed_id!(/** A user's id, `usr_…`. */ UserId, "usr");
prefixed_id!(/** A tenant's id, `tnt_…`; older tenants carry `ten_…`, so settings take it unchecked. */ TenantId, "tnt");
text_id!(/** A scan's id; its form is the service's own affair. */ ScanId);
text_id!(/** The name a console or a scanner goes by in scans. */ DeviceId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_takes_exactly_the_documented_form() {
        let good = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";
        assert_eq!(TicketId::parse(good).unwrap().as_str(), good);
        for (text, expected) in [
            ("", IdError::Prefix { expected: "tkt" }),
            ("ord_01jq8zv5k3m9x2c7b4n6d8f0ga", IdError::Prefix { expected: "tkt" }),
            ("tkt01jq8zv5k3m9x2c7b4n6d8f0ga", IdError::Prefix { expected: "tkt" }),
            ("tkt_01jq8zv5k3m9x2c7b4n6d8f0g", IdError::Body { expected: "tkt" }),
            ("tkt_01jq8zv5k3m9x2c7b4n6d8f0gaa", IdError::Body { expected: "tkt" }),
            ("tkt_01JQ8ZV5K3M9X2C7B4N6D8F0GA", IdError::Body { expected: "tkt" }),
        ] {
            assert_eq!(TicketId::parse(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn an_id_of_the_service_is_kept_verbatim_and_shown_harmless() {
        let id = DeviceId::from_service("door\u{1b}[31m-7");
        assert_eq!(id.as_str(), "door\u{1b}[31m-7");
        assert!(!id.to_string().contains('\u{1b}'));
    }
}
