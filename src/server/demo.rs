//! A generated, believable evening: for rehearsal, training, tests and a first look.
//!
//! The same seed at the same time gives the same evening. Nobody in it exists; addresses are of the domains that
//! are kept free for examples.

mod evening;
mod fill;
mod guests;
mod names;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::auth::{Scope, TokenClaims, mint_token};
use super::db::Store;
use super::fault::Fault;
use super::key::{SigningKey, sign_order};
use crate::domain::{EventId, OrderId, TenantId, UserId};

/// How long the demo's tokens are good for, in seconds: a long evening.
const TOKEN_SECONDS: i64 = 24 * 60 * 60;

/// How large the evening is, and which of all evenings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoPlan {
    /// Tickets of the event; a second, smaller event comes on top.
    pub tickets: usize,
    /// The same number gives the same guests.
    pub seed: u64,
}

/// How many tickets of a plan are written, for whoever waits for them; clones share the count.
#[derive(Debug, Clone, Default)]
pub struct Written(Arc<AtomicUsize>);

impl Written {
    /// So many as of now.
    #[must_use]
    pub fn tickets(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, tickets: usize) {
        self.0.fetch_add(tickets, Ordering::Relaxed);
    }
}

/// What a client needs to work on the generated event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoEvent {
    /// The tenant whose event it is.
    pub tenant_id: TenantId,
    /// The event.
    pub event_id: EventId,
    /// Tokens of one user, by what they permit.
    pub tokens: DemoTokens,
    /// An order of several tickets.
    pub order_id: OrderId,
    /// That order's signature.
    pub order_signature: String,
}

/// One token a permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoTokens {
    /// FULL.
    pub full: String,
    /// SCANNING.
    pub scanning: String,
    /// ORDER.
    pub order: String,
}

/// Fills the store with the planned evening, as it stands at `now`.
pub(crate) async fn fill(
    store: &Store,
    key: &SigningKey,
    plan: DemoPlan,
    written: Written,
    now: Timestamp,
) -> Result<DemoEvent, Fault> {
    let filled = store.write_catalogue(move |change| fill::write(change, plan, &written, now)).await?;
    let token = |scope| {
        let claims = claims(&filled.tenant, scope, now);
        mint_token(key, &claims).map_err(|cause| Fault::internal(&cause))
    };
    let tokens =
        DemoTokens { full: token(Scope::Full)?, scanning: token(Scope::Scanning)?, order: token(Scope::Order)? };
    let order_signature = sign_order(key, &filled.tenant, &filled.order);
    Ok(DemoEvent { tenant_id: filled.tenant, event_id: filled.event, tokens, order_id: filled.order, order_signature })
}

fn claims(tenant: &TenantId, scope: Scope, now: Timestamp) -> TokenClaims {
    let [operator, ..] = evening::STAFF;
    TokenClaims {
        tenant: tenant.clone(),
        user: UserId::from_service(operator.id),
        first_name: operator.first_name.to_owned(),
        last_name: operator.last_name.to_owned(),
        email: operator.email.to_owned(),
        scopes: vec![scope],
        issued_at: now.as_second(),
        expires_at: now.as_second() + TOKEN_SECONDS,
    }
}
