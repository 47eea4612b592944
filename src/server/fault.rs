//! Failures in the contract's shape.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::wire::{ErrorBody, ErrorCode, ValidationErrors};

/// Why a request is not answered with success.
#[derive(Debug)]
pub(crate) struct Fault {
    defined: bool,
    status: StatusCode,
    code: ErrorCode,
    message: String,
    data: Option<serde_json::Value>,
    retry_after: Option<u64>,
}

impl Fault {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { defined: true, status, code, message: message.into(), data: None, retry_after: None }
    }

    /// 400: bad input or a refused transition.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// 401: no token, or one that is expired or false.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthorized, message)
    }

    /// 403: the token lacks the permission.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
    }

    /// 404 of a resource: `what` is not there in this tenant.
    pub fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, format!("{what} not found"))
    }

    /// 404 of a route: nothing is declared there, which tells a missing form of the API from a wrong id.
    pub fn no_route() -> Self {
        Self { defined: false, ..Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "No such route") }
    }

    /// 405: the route has no such method.
    pub fn no_method() -> Self {
        let code = ErrorCode::MethodNotSupported;
        Self { defined: false, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, code, "The route has no such method") }
    }

    /// 409: the request contradicts one that came before.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, ErrorCode::Conflict, message)
    }

    /// 413: the body is too large.
    pub fn too_large() -> Self {
        let code = ErrorCode::PayloadTooLarge;
        Self { defined: false, ..Self::new(StatusCode::PAYLOAD_TOO_LARGE, code, "The body is too large") }
    }

    /// 422: the input does not fit the schema.
    pub fn invalid(errors: &ValidationErrors) -> Self {
        let code = ErrorCode::InputValidationFailed;
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "Input validation failed").with_data(errors)
    }

    /// 422 for one field.
    pub fn invalid_field(name: &str, message: &str) -> Self {
        let mut errors = ValidationErrors::default();
        errors.field_errors.insert(name.to_owned(), vec![message.to_owned()]);
        Self::invalid(&errors)
    }

    /// 429: come back after `seconds`.
    pub fn too_many_requests(seconds: u64) -> Self {
        let fault = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyRequests, "Too many requests");
        Self { retry_after: Some(seconds), ..fault }
    }

    /// 500: the service's own fault; `cause` goes to the log and not to the client.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal fault");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalServerError, "Internal error")
    }

    /// The same fault with what its code promises.
    pub fn with_data(self, data: &impl Serialize) -> Self {
        match serde_json::to_value(data) {
            Ok(data) => Self { data: Some(data), ..self },
            Err(cause) => Self::internal(&cause),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as it is sent.
    pub fn into_body(self) -> ErrorBody {
        ErrorBody {
            defined: self.defined,
            code: self.code,
            status: self.status.as_u16(),
            message: self.message,
            data: self.data,
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::internal(&cause)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status, self.retry_after);
        let mut response = (status, Json(self.into_body())).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
