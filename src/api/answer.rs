//! From an HTTP answer to a result, whoever gave it.

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde::de::DeserializeOwned;

use super::retry::retry_after;
use super::transport::is_json;
use super::{BodyFault, Failure, Foreign, HttpResponse, ServiceError};
use crate::wire::{ErrorBody, ErrorCode};

/// Reads what an operation answers; `now` is what a `Retry-After` date is compared with.
pub(super) fn read<T: DeserializeOwned>(response: &HttpResponse, now: Timestamp) -> Result<T, Failure> {
    let status = response.status.as_u16();
    match status {
        200..=299 => success(response).map_err(|body| Failure::NotTheService { status, body }),
        400..=599 => Err(failure(response, now)),
        _ => Err(Failure::NotTheService { status, body: foreign(response) }),
    }
}

/// A success must say that it is JSON: a captive portal answers 200 with its sign-in page.
fn success<T: DeserializeOwned>(response: &HttpResponse) -> Result<T, Foreign> {
    let body = whole_body(response)?;
    if !is_json(response.headers.get(CONTENT_TYPE)) {
        return Err(foreign(response));
    }
    // The parser's own message may quote a guest: only its kind is kept.
    serde_json::from_slice(body).map_err(|error| if error.is_eof() { Foreign::Truncated } else { Foreign::OtherShape })
}

fn failure(response: &HttpResponse, now: Timestamp) -> Failure {
    let status = response.status.as_u16();
    let header = response.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = header.and_then(|value| retry_after(value, now));
    let Some(error) = whole_body(response).ok().and_then(|body| serde_json::from_slice::<ErrorBody>(body).ok()) else {
        return Failure::Status { status, body: foreign(response), retry_after };
    };
    let validation = (error.code == ErrorCode::InputValidationFailed).then(|| data(&error)).flatten();
    let refusal = (status == 400).then(|| data(&error)).flatten();
    Failure::Service(Box::new(ServiceError {
        status,
        defined: error.defined,
        code: error.code,
        message: error.message.into(),
        validation,
        refusal,
        retry_after,
    }))
}

fn data<T: DeserializeOwned>(error: &ErrorBody) -> Option<T> {
    error.data.as_ref().and_then(|data| T::deserialize(data).ok())
}

fn whole_body(response: &HttpResponse) -> Result<&[u8], Foreign> {
    match &response.body {
        Ok(body) => Ok(body),
        Err(BodyFault::Truncated) => Err(Foreign::Truncated),
        Err(BodyFault::TooLarge) => Err(Foreign::TooLarge),
    }
}

fn foreign(response: &HttpResponse) -> Foreign {
    match whole_body(response) {
        Err(fault) => fault,
        Ok([]) => Foreign::Empty,
        Ok(_) if is_json(response.headers.get(CONTENT_TYPE)) => Foreign::OtherShape,
        Ok(_) => Foreign::NotJson,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;
    use crate::wire::TicketList;

    proptest! {
        #[test]
        fn any_body_under_any_status_is_survived(
            status in 100_u16..1000,
            body in proptest::collection::vec(any::<u8>(), 0..200),
            json in any::<bool>(),
        ) {
            let kind = if json { "application/json" } else { "text/html" };
            let response = HttpResponse {
                status: StatusCode::from_u16(status).unwrap(),
                headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]),
                body: Ok(body),
            };
            prop_assert!(read::<TicketList>(&response, Timestamp::UNIX_EPOCH).is_err());
        }
    }
}
