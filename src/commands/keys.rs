//! `doorlist token` and `doorlist sign`: what the service's key vouches for.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{CommandError, Outcome, state_folder};
use crate::cli::{SignArgs, TokenArgs};
use crate::config::{ConfigError, Loaded};
use crate::domain::{OrderId, UserId};
use crate::server::{SigningKey, TokenClaims, mint_token, sign_order};

/// Prints a token for the tenant of the settings.
pub fn mint(loaded: &Loaded, args: &TokenArgs) -> Result<Outcome, CommandError> {
    let Some(tenant) = loaded.settings.api.tenant_id.clone() else {
        return Err(
            ConfigError::NotConfigured { missing: vec!["api.tenant_id"], file: loaded.user_file.clone() }.into()
        );
    };
    let user = UserId::parse(&args.user)?;
    let now = Timestamp::now().as_second();
    let claims = TokenClaims {
        tenant,
        user,
        first_name: args.first_name.clone(),
        last_name: args.last_name.clone(),
        email: args.email.clone(),
        scopes: args.scopes.clone(),
        issued_at: now,
        expires_at: now.saturating_add(args.ttl.as_secs()),
    };
    let token = mint_token(&signing_key(loaded, args.service.database.clone())?, &claims).map_err(io::Error::other)?;
    print(&token)
}

/// Prints an order's signature.
pub fn sign(loaded: &Loaded, args: &SignArgs) -> Result<Outcome, CommandError> {
    let order = OrderId::parse(&args.order)?;
    print(&sign_order(&signing_key(loaded, args.service.database.clone())?, &order))
}

fn signing_key(loaded: &Loaded, database: Option<PathBuf>) -> Result<SigningKey, CommandError> {
    Ok(SigningKey::load_or_create(&key_file(&database_file(loaded, database)?))?)
}

/// The service's database: as given, or in the state folder.
pub(super) fn database_file(loaded: &Loaded, given: Option<PathBuf>) -> Result<PathBuf, CommandError> {
    match given {
        Some(file) => Ok(file),
        None => Ok(state_folder(loaded)?.path().join("service.db")),
    }
}

/// The service's key stands beside its database.
pub(super) fn key_file(database: &Path) -> PathBuf {
    database.with_extension("key")
}

fn print(text: &str) -> Result<Outcome, CommandError> {
    writeln!(io::stdout().lock(), "{text}")?;
    Ok(Outcome::Done)
}
