//! The operations of the contract, one module a resource.

mod events;
mod orders;
mod passages;
mod performance;
mod roster;
mod table;
mod tickets;
mod users;

use std::sync::Arc;

use axum::http::header;
use axum::routing::get;
use axum::{Router, middleware};
use serde::Deserialize;
use tower_http::catch_panic::CatchPanicLayer;

use super::Core;
use super::fault::Fault;
use super::input::{Field, SIGNATURE, Shape, TEXT};
use super::observe::{observe, panicked};
use table::Table;

/// All routes; what is no route, or no method of one, is told in the contract's shape.
pub(crate) fn router(core: Arc<Core>) -> Router {
    let (operations, document) = operations().finish();
    let document = async || ([(header::CONTENT_TYPE, "application/json")], document);
    operations
        .route("/healthz", get(healthz))
        .route("/openapi.json", get(document))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(observe))
        .with_state(core)
}

/// Every operation of the contract, by the contract's own names and paths.
fn operations() -> Table {
    Table::new()
        .get("ticket.list", "/tickets", tickets::list)
        .post("ticket.create", "/tickets", tickets::create)
        .get("ticket.get", "/tickets/{id}", tickets::get)
        .put("ticket.update", "/tickets/{id}", tickets::update)
        .post("ticket.scan", "/tickets/{id}/scan", passages::scan)
        .put("ticket.checkInByKey", "/tickets/{key}/check-in", passages::check_in)
        .put("ticket.checkOutByKey", "/tickets/{key}/check-out", passages::check_out)
        .get("ticket.attendees.list", "/tickets/attendees", roster::list)
        .get("ticket.attendees.index", "/tickets/attendees/index", roster::index)
        .get("order.list", "/orders", orders::list)
        .post("order.createComplimentary", "/orders/complimentary", orders::complimentary)
        .get("order.get", "/orders/{id}", orders::get)
        .post("order.resend", "/orders/{id}/resend", orders::resend)
        .get("event.list", "/events", events::list)
        .get("event.get", "/events/{key}", events::get)
        .get("admission.list", "/events/{eventId}/admissions", events::admissions)
        .get("admission.get", "/events/{eventId}/admissions/{id}", events::admission)
        .get("section.list", "/events/{eventId}/sections", events::sections)
        .get("section.get", "/events/{eventId}/sections/{id}", events::section)
        .get("event.performance.attendance", "/events/{eventId}/performance/attendance", performance::attendance)
        .get("event.performance.turnout", "/events/{eventId}/performance/turnout", performance::turnout)
        .get("event.performance.pace", "/events/{eventId}/performance/pace", performance::pace)
        .get("event.performance.scanners", "/events/{eventId}/performance/scanners", performance::scanners)
        .get("user.me", "/users/me", users::me)
}

/// A ticket or an order, with a signature where the public asks.
#[derive(Debug, Deserialize)]
pub(crate) struct GetInput {
    id: String,
    signature: Option<String>,
}

impl Shape for GetInput {
    const FIELDS: &'static [Field] = &[Field::required("id", TEXT), Field::optional("signature", SIGNATURE)];
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
