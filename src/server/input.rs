//! Strict input: one table of fields an operation, which reads the request and describes itself.

mod query;
mod validate;

use std::sync::Arc;
use std::time::Duration;

use axum::RequestExt as _;
use axum::extract::{FromRequest, RawPathParams, Request};
use axum::http::{Method, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::Core;
use super::fault::Fault;

pub(crate) use validate::{EMAIL, Source};

/// Largest body that is read.
pub(crate) const MAX_BODY: usize = 256 * 1024;
/// Longest that a body may take to arrive.
const BODY: Duration = Duration::from_secs(60);

/// One field of an input.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it must be.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What stands in for it.
    pub default: Option<Default>,
}

/// What stands in for a field that is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Default {
    /// A number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// One of the words of a choice.
    Word(&'static str),
}

impl Field {
    /// A field that must be there.
    pub const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: true, default: None }
    }

    /// A field that may be there.
    pub const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false, default: None }
    }

    /// An optional field that is never missing in the end.
    pub const fn or(self, default: Default) -> Self {
        Self { default: Some(default), ..self }
    }
}

/// What a field must be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Text of so many characters.
    Text {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// An id with this prefix.
    Id(&'static str),
    /// An email address as the contract's pattern has it.
    Email,
    /// A whole number within bounds.
    Integer {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// A number within bounds.
    Number {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// A number above zero.
    Positive {
        /// Greatest.
        max: f64,
    },
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `YYYY-MM-DD`.
    Date,
    /// So many of a kind.
    List {
        /// What each is.
        of: &'static Kind,
        /// Fewest.
        min: usize,
        /// Most.
        max: usize,
    },
    /// An object of these fields; others are ignored, for the contract is strict at the top level only.
    Object(&'static [Field]),
    /// A kind or `null`.
    Nullable(&'static Kind),
    /// An object that is taken and not looked at.
    Ignored,
}

/// Text of any length.
pub(crate) const TEXT: Kind = Kind::Text { min: 0, max: usize::MAX };
/// Text that is not empty.
pub(crate) const FILLED: Kind = Kind::Text { min: 1, max: usize::MAX };
/// An order's signature.
pub(crate) const SIGNATURE: Kind = Kind::Text { min: 16, max: 16 };
/// How many rows a page has.
pub(crate) const PAGE: Kind = Kind::Integer { min: 1, max: 100 };

/// An input with its table of fields.
pub(crate) trait Shape: DeserializeOwned {
    /// The fields, those of the path among them.
    const FIELDS: &'static [Field];
}

/// No input at all.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Nothing {}

impl Shape for Nothing {
    const FIELDS: &'static [Field] = &[];
}

/// A request's input, checked: path, and query (GET) or JSON body (others), in one value.
pub(crate) struct Input<T>(pub T);

impl<T: Shape> FromRequest<Arc<Core>> for Input<T> {
    type Rejection = Fault;

    async fn from_request(mut request: Request, _: &Arc<Core>) -> Result<Self, Fault> {
        let path = request.extract_parts::<RawPathParams>().await.map_err(|_| Fault::no_route())?;
        let asks = [Method::GET, Method::HEAD].contains(request.method());
        let (mut fields, source) = if asks {
            (query::read(request.uri().query().unwrap_or_default()), Source::Query)
        } else {
            (body(request).await?, Source::Body)
        };
        // The path wins: the same field in the body is the same resource, or a mistake.
        for (name, value) in &path {
            let named = Value::String(value.to_owned());
            if fields.insert(name.to_owned(), named.clone()).is_some_and(|other| other != named) {
                return Err(Fault::invalid_field(name, "Differs from the path"));
            }
        }
        read(fields, source).map(Self)
    }
}

/// Checks `fields` against the table and reads them.
pub(crate) fn read<T: Shape>(fields: Map<String, Value>, source: Source) -> Result<T, Fault> {
    let checked = validate::check(T::FIELDS, fields, source).map_err(|errors| Fault::invalid(&errors))?;
    serde_json::from_value(Value::Object(checked)).map_err(|cause| Fault::internal(&cause))
}

async fn body(request: Request) -> Result<Map<String, Value>, Fault> {
    let json = request.headers().get(header::CONTENT_TYPE).is_none_or(|value| {
        value.to_str().is_ok_and(|kind| kind.split(';').next().is_some_and(|kind| is_json(kind.trim())))
    });
    let bytes = match timeout(BODY, Limited::new(request.into_body(), MAX_BODY).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(cause)) if cause.is::<LengthLimitError>() => return Err(Fault::too_large()),
        Ok(Err(_)) | Err(_) => return Err(Fault::bad_request("The body did not arrive whole")),
    };
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if !json {
        return Err(Fault::bad_request("The body must be application/json"));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Fault::invalid(&validate::not_an_object())),
        Err(_) => Err(Fault::bad_request("The body is not JSON")),
    }
}

fn is_json(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}
