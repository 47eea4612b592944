//! `GET /users/me`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;

use crate::server::Core;
use crate::server::auth::{Allowed, Scope, ToBe};
use crate::server::fault::Fault;
use crate::server::input::{Input, Nothing};
use crate::wire::{Me, User};

pub(crate) async fn me(
    State(_): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToBe>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<Me>, Fault> {
    let claims = user.claims;
    let since = Timestamp::from_second(claims.issued_at).unwrap_or_default();
    Ok(Json(Me {
        is_admin: claims.may(&[Scope::Full]),
        user: Some(User {
            id: claims.user.as_str().to_owned(),
            created_at: since,
            updated_at: since,
            email: claims.email,
            first_name: claims.first_name,
            last_name: claims.last_name,
        }),
        members: Vec::new(),
    }))
}
