//! What is told of every request: an id and a line in the log, without secrets and without attendees.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::fault::Fault;

/// Names the request in answers and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, and logs how it went. The route's pattern is logged, never the path: ids stay out.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    tracing::info!(
        request = %id,
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        took = ?begun.elapsed(),
        "answered"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A panic is the service's own fault, and costs one request only.
pub(crate) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Fault::internal(&"a request panicked").into_response()
}
