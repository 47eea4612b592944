//! `doorlist token` and `doorlist sign`: what the service's key vouches for.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{CommandError, Outcome, state_folder};
use crate::cli::{SignArgs, TokenArgs};
use crate::config::{ConfigError, Loaded};
use crate::domain::{OrderId, TenantId, UserId};
use crate::server::{SigningKey, TokenClaims, mint_token, sign_order};

/// Prints a token for the tenant of the settings.
pub fn mint(loaded: &Loaded, args: &TokenArgs) -> Result<Outcome, CommandError> {
    let tenant = tenant(loaded)?;
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
    let token = mint_token(&key_of(loaded, args.service.database.clone())?, &claims).map_err(io::Error::other)?;
    print(&token)
}

/// Prints the signature of an order of the settings' tenant.
pub fn sign(loaded: &Loaded, args: &SignArgs) -> Result<Outcome, CommandError> {
    let order = OrderId::parse(&args.order)?;
    let key = key_of(loaded, args.service.database.clone())?;
    print(&sign_order(&key, &tenant(loaded)?, &order))
}

fn key_of(loaded: &Loaded, database: Option<PathBuf>) -> Result<SigningKey, CommandError> {
    signing_key(loaded, &database_file(loaded, database)?)
}

/// The tenant of the settings.
pub(super) fn tenant(loaded: &Loaded) -> Result<TenantId, CommandError> {
    let missing = || ConfigError::NotConfigured { missing: vec!["api.tenant_id"], file: loaded.user_file.clone() };
    Ok(loaded.settings.api.tenant_id.clone().ok_or_else(missing)?)
}

/// The service's database: as given, or in the state folder.
pub(super) fn database_file(loaded: &Loaded, given: Option<PathBuf>) -> Result<PathBuf, CommandError> {
    match given {
        Some(file) => Ok(file),
        None => Ok(state_folder(loaded)?.path().join("service.db")),
    }
}

/// The key of the settings or, where they name none, the one beside the service's database.
pub(super) fn signing_key(loaded: &Loaded, database: &Path) -> Result<SigningKey, CommandError> {
    Ok(match &loaded.settings.serve.signing_key_file {
        Some(file) => SigningKey::load(file)?,
        None => SigningKey::load_or_create(&database.with_extension("key"))?,
    })
}

fn print(text: &str) -> Result<Outcome, CommandError> {
    writeln!(io::stdout().lock(), "{text}")?;
    Ok(Outcome::Done)
}
