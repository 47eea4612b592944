//! What handlers give on success, with the shape of its body in the type.

use std::marker::PhantomData;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::db::idempotency::Given;
use super::fault::Fault;

/// An answer and the shape that its body has.
pub(crate) trait Answer: IntoResponse {
    /// The body.
    type Body: JsonSchema;
}

impl<T: Serialize + JsonSchema> Answer for Json<T> {
    type Body = T;
}

/// A `T`, or its refusal, as it was given the first time: kept as text, a repeat is the same to the letter.
#[derive(Debug)]
pub(crate) struct Kept<T>(Given, PhantomData<T>);

impl<T: JsonSchema> Answer for Kept<T> {
    type Body = T;
}

impl<T> From<Given> for Kept<T> {
    fn from(given: Given) -> Self {
        Self(given, PhantomData)
    }
}

impl<T> IntoResponse for Kept<T> {
    fn into_response(self) -> Response {
        match StatusCode::from_u16(self.0.status) {
            Ok(status) => (status, [(header::CONTENT_TYPE, "application/json")], self.0.body).into_response(),
            Err(cause) => Fault::internal(&cause).into_response(),
        }
    }
}
