//! `GET /users/me`.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::server::Core;
use crate::server::auth::{Allowed, Scope, ToBe, TokenClaims};
use crate::server::fault::Fault;
use crate::server::input::{Input, Nothing};
use crate::wire::{Me, Member, MemberUser, User};

/// Characters of an id after its prefix.
const ID_LENGTH: usize = 26;
/// What ids are spelt with.
const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Who the token is, and what it permits: the same in every team that has events, since a token is a tenant's.
pub(crate) async fn me(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToBe>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<Json<Me>, Fault> {
    let catalogue = core.store.catalogue();
    let events = catalogue.tenant(&user.tenant).into_iter().flat_map(|tenant| catalogue.events(tenant));
    let teams: BTreeSet<_> = events.map(|event| event.wire.team_id.as_str()).collect();
    let claims = user.claims;
    let since = Timestamp::from_second(claims.issued_at).unwrap_or_default();
    let members = teams.into_iter().map(|team| member(&claims, team, since)).collect();
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
        members,
    }))
}

fn member(claims: &TokenClaims, team: &str, since: Timestamp) -> Member {
    let user = claims.user.as_str();
    let nodes: BTreeSet<_> = claims.scopes.iter().flat_map(|scope| scope.nodes()).collect();
    Member {
        id: member_id(team, user),
        created_at: since,
        updated_at: since,
        team_id: team.to_owned(),
        user_id: user.to_owned(),
        user: MemberUser {
            id: user.to_owned(),
            email: claims.email.clone(),
            first_name: claims.first_name.clone(),
            last_name: claims.last_name.clone(),
        },
        permissions: Some(nodes.into_iter().map(|node| (*node).to_owned()).collect()),
        is_owner: false,
        tenant_id: claims.tenant.as_str().to_owned(),
    }
}

/// Members are not kept: the same user in the same team has the same id every time.
fn member_id(team: &str, user: &str) -> String {
    let digest = Sha256::digest(format!("{team}:{user}"));
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).map_or('0', |letter| char::from(*letter));
    format!("mbr_{}", digest.iter().take(ID_LENGTH).map(letter).collect::<String>())
}
