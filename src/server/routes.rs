//! The operations of the contract, one module a resource.

mod events;
mod orders;
mod passages;
mod performance;
mod roster;
mod tickets;
mod users;

use std::sync::Arc;

use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};

use tower_http::catch_panic::CatchPanicLayer;

use super::Core;
use super::auth::{ToBe, ToOrder, ToRead, ToScan, ToWatch};
use super::fault::Fault;
use super::input::Nothing;
use super::observe::{observe, panicked};
use super::openapi::{self, Operation};

/// All routes; what is no route, or no method of one, is told in the contract's shape.
pub(crate) fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/tickets", get(tickets::list).post(tickets::create))
        .route("/tickets/{id}", get(tickets::get).put(tickets::update))
        .route("/tickets/{id}/scan", post(passages::scan))
        .route("/tickets/{id}/check-in", put(passages::check_in))
        .route("/tickets/{id}/check-out", put(passages::check_out))
        .route("/tickets/attendees", get(roster::list))
        .route("/tickets/attendees/index", get(roster::index))
        .route("/orders", get(orders::list))
        .route("/orders/complimentary", post(orders::complimentary))
        .route("/orders/{id}", get(orders::get))
        .route("/orders/{id}/resend", post(orders::resend))
        .route("/events", get(events::list))
        .route("/events/{key}", get(events::get))
        .route("/events/{key}/admissions", get(events::admissions))
        .route("/events/{key}/admissions/{id}", get(events::admission))
        .route("/events/{key}/sections", get(events::sections))
        .route("/events/{key}/sections/{id}", get(events::section))
        .route("/events/{key}/performance/attendance", get(performance::attendance))
        .route("/events/{key}/performance/turnout", get(performance::turnout))
        .route("/events/{key}/performance/pace", get(performance::pace))
        .route("/events/{key}/performance/scanners", get(performance::scanners))
        .route("/users/me", get(users::me))
        .route("/healthz", get(healthz))
        .route("/openapi.json", get(openapi))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(observe))
        .with_state(core)
}

/// Every operation of the contract, as `/openapi.json` tells it.
const OPERATIONS: &[Operation] = &[
    Operation::new::<tickets::ListInput, ToRead>("ticket.list", "get", "/tickets"),
    Operation::new::<tickets::CreateInput, ToOrder>("ticket.create", "post", "/tickets"),
    Operation::new::<tickets::GetInput, ToRead>("ticket.get", "get", "/tickets/{id}"),
    Operation::new::<tickets::UpdateInput, ToOrder>("ticket.update", "put", "/tickets/{id}"),
    Operation::new::<passages::ScanInput, ToScan>("ticket.scan", "post", "/tickets/{id}/scan"),
    Operation::new::<passages::KeyInput, ToScan>("ticket.checkInByKey", "put", "/tickets/{id}/check-in"),
    Operation::new::<passages::KeyInput, ToScan>("ticket.checkOutByKey", "put", "/tickets/{id}/check-out"),
    Operation::new::<roster::ListInput, ToRead>("ticket.attendees.list", "get", "/tickets/attendees"),
    Operation::new::<roster::IndexInput, ToRead>("ticket.attendees.index", "get", "/tickets/attendees/index"),
    Operation::new::<orders::ListInput, ToOrder>("order.list", "get", "/orders"),
    Operation::new::<orders::ComplimentaryInput, ToOrder>("order.createComplimentary", "post", "/orders/complimentary"),
    Operation::new::<orders::GetInput, ToOrder>("order.get", "get", "/orders/{id}"),
    Operation::new::<orders::ResendInput, ToOrder>("order.resend", "post", "/orders/{id}/resend"),
    Operation::public::<events::ListInput>("event.list", "get", "/events"),
    Operation::public::<events::GetInput>("event.get", "get", "/events/{key}"),
    Operation::public::<events::PartsInput>("admission.list", "get", "/events/{key}/admissions"),
    Operation::public::<events::AdmissionInput>("admission.get", "get", "/events/{key}/admissions/{id}"),
    Operation::public::<events::SectionsInput>("section.list", "get", "/events/{key}/sections"),
    Operation::public::<events::SectionInput>("section.get", "get", "/events/{key}/sections/{id}"),
    Operation::new::<performance::AttendanceInput, ToWatch>(
        "event.performance.attendance",
        "get",
        "/events/{key}/performance/attendance",
    ),
    Operation::new::<performance::TurnoutInput, ToWatch>(
        "event.performance.turnout",
        "get",
        "/events/{key}/performance/turnout",
    ),
    Operation::new::<performance::PaceInput, ToWatch>(
        "event.performance.pace",
        "get",
        "/events/{key}/performance/pace",
    ),
    Operation::new::<performance::ScannersInput, ToWatch>(
        "event.performance.scanners",
        "get",
        "/events/{key}/performance/scanners",
    ),
    Operation::new::<Nothing, ToBe>("user.me", "get", "/users/me"),
];

async fn openapi() -> Json<serde_json::Value> {
    Json(openapi::document(OPERATIONS))
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
