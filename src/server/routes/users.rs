//! `GET /users/me`.

use axum::Json;
use jiff::Timestamp;

use crate::server::auth::{Allowed, Scope, ToBe};
use crate::server::input::{Input, Nothing};
use crate::wire::{Me, User};

pub(crate) async fn me(Allowed(user, _): Allowed<ToBe>, Input(Nothing {}): Input<Nothing>) -> Json<Me> {
    let claims = user.claims;
    let since = Timestamp::from_second(claims.issued_at).unwrap_or_default();
    Json(Me {
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
    })
}
