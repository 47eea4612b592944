//! The operations of the contract, one module a resource.

mod events;
mod passages;
mod tickets;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post, put};

use super::Core;
use super::fault::Fault;

/// All routes; what is no route, or no method of one, is told in the contract's shape.
pub(crate) fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/tickets", get(tickets::list).post(tickets::create))
        .route("/tickets/{id}", get(tickets::get).put(tickets::update))
        .route("/tickets/{id}/scan", post(passages::scan))
        .route("/tickets/{id}/check-in", put(passages::check_in))
        .route("/tickets/{id}/check-out", put(passages::check_out))
        .route("/events", get(events::list))
        .route("/events/{key}", get(events::get))
        .route("/events/{key}/admissions", get(events::admissions))
        .route("/events/{key}/admissions/{id}", get(events::admission))
        .route("/events/{key}/sections", get(events::sections))
        .route("/events/{key}/sections/{id}", get(events::section))
        .route("/users/me", get(users::me))
        .route("/healthz", get(healthz))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .with_state(core)
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn no_route() -> Fault {
    Fault::no_route()
}

async fn no_method() -> Fault {
    Fault::no_method()
}
