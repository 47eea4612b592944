//! Who asks: the tenant of the request and the user of its token.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::Core;
use super::fault::Fault;
use super::key::SigningKey;
use crate::domain::{OrderId, TenantId, UserId};

/// The header that names the tenant.
const TENANT_HEADER: &str = "x-tenant-id";
/// Clocks of consoles and services differ a little.
const LEEWAY: Duration = Duration::from_secs(30);

/// What a token permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the contract's own words; the module `api` of the contract explains them")]
pub enum Scope {
    Event,
    Order,
    Finance,
    Scanning,
    Marketing,
    Billing,
    Promoter,
    Team,
    Venue,
    Editor,
    Full,
}

impl Scope {
    /// Every scope, in the contract's order.
    pub const ALL: [Self; 11] = [
        Self::Event,
        Self::Order,
        Self::Finance,
        Self::Scanning,
        Self::Marketing,
        Self::Billing,
        Self::Promoter,
        Self::Team,
        Self::Venue,
        Self::Editor,
        Self::Full,
    ];

    /// The contract's spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "EVENT",
            Self::Order => "ORDER",
            Self::Finance => "FINANCE",
            Self::Scanning => "SCANNING",
            Self::Marketing => "MARKETING",
            Self::Billing => "BILLING",
            Self::Promoter => "PROMOTER",
            Self::Team => "TEAM",
            Self::Venue => "VENUE",
            Self::Editor => "EDITOR",
            Self::Full => "FULL",
        }
    }

    /// The same in the dotted nodes that the contract tells permissions in: what the operations of this service
    /// ask of the scope, or the whole branch where there is none.
    pub(crate) const fn nodes(self) -> &'static [&'static str] {
        match self {
            Self::Event => &["event.*", "performance.read"],
            Self::Order => &["order.*", "performance.read", "ticket.create", "ticket.read", "ticket.update"],
            Self::Finance => &["finance.*"],
            Self::Scanning => &["performance.read", "ticket.read", "ticket.scan"],
            Self::Marketing => &["marketing.*"],
            Self::Billing => &["billing.*"],
            Self::Promoter => &["promoter.*"],
            Self::Team => &["team.*"],
            Self::Venue => &["venue.*"],
            Self::Editor => &["editor.*"],
            Self::Full => &["*"],
        }
    }
}

/// What a token says of its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenClaims {
    /// The tenant that it is good for.
    #[serde(rename = "tenantId")]
    pub tenant: TenantId,
    /// The user.
    #[serde(rename = "sub")]
    pub user: UserId,
    /// Given name, as scans show it.
    #[serde(rename = "given_name")]
    pub first_name: String,
    /// Family name, as scans show it.
    #[serde(rename = "family_name")]
    pub last_name: String,
    /// Email address.
    pub email: String,
    /// What it permits.
    pub scopes: Vec<Scope>,
    /// Seconds since 1970 when it was minted.
    #[serde(rename = "iat")]
    pub issued_at: i64,
    /// Seconds since 1970 after which it is refused.
    #[serde(rename = "exp")]
    pub expires_at: i64,
}

impl TokenClaims {
    pub(crate) fn may(&self, any_of: &[Scope]) -> bool {
        self.scopes.iter().any(|scope| *scope == Scope::Full || any_of.contains(scope))
    }
}

/// A token, to be sent as `Authorization: Bearer …`.
pub fn mint_token(key: &SigningKey, claims: &TokenClaims) -> Result<String, jsonwebtoken::errors::Error> {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(key.as_bytes()))
}

/// Reads tokens; made once, since the key schedule is worth keeping.
pub(crate) struct TokenReader {
    key: DecodingKey,
    validation: Validation,
}

impl TokenReader {
    pub fn new(key: &SigningKey) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY.as_secs();
        validation.set_required_spec_claims(&["exp", "sub"]);
        Self { key: DecodingKey::from_secret(key.as_bytes()), validation }
    }

    fn read(&self, token: &str) -> Result<TokenClaims, Fault> {
        use jsonwebtoken::errors::ErrorKind;
        jsonwebtoken::decode(token, &self.key, &self.validation).map(|token| token.claims).map_err(|cause| {
            Fault::unauthorized(match cause.kind() {
                ErrorKind::ExpiredSignature => "The token has expired",
                _ => "The token is not valid",
            })
        })
    }
}

/// The tenant of a request and, where it brought a token, its user.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The tenant that the request is about.
    pub tenant: TenantId,
    /// Whom the token names; public routes need none.
    pub claims: Option<TokenClaims>,
}

impl Caller {
    /// The token's user, who must have one of these scopes.
    pub fn permitted(self, any_of: &[Scope]) -> Result<User, Fault> {
        let claims = self.claims.ok_or_else(no_token)?;
        if any_of.is_empty() || claims.may(any_of) {
            return Ok(User { tenant: self.tenant, claims });
        }
        let needed: Vec<_> = any_of.iter().map(|scope| scope.as_str()).collect();
        Err(Fault::forbidden(format!("The token lacks the permission: {}", needed.join(" or "))))
    }
}

/// A user who may do what is asked.
#[derive(Debug)]
pub(crate) struct User {
    /// The tenant that the request is about.
    pub tenant: TenantId,
    /// What the token says.
    pub claims: TokenClaims,
}

/// What an operation asks of a token; one type each, so that a route's signature says who may.
pub(crate) trait Permission {
    /// Any of these will do; none means that every valid token does.
    const ANY_OF: &'static [Scope];
}

macro_rules! permission {
    ($(#[$doc:meta])* $name:ident: $($scope:ident),*) => {
        $(#[$doc])*
        pub(crate) enum $name {}

        impl Permission for $name {
            const ANY_OF: &'static [Scope] = &[$(Scope::$scope),*];
        }
    };
}

permission!(/** Letting guests in and out. */ ToScan: Scanning);
permission!(/** Looking at tickets. */ ToRead: Scanning, Order);
permission!(/** Creating and changing tickets, and all about orders. */ ToOrder: Order);
permission!(/** Looking at how an event goes. */ ToWatch: Scanning, Order, Event);
permission!(/** Being somebody. */ ToBe:);

/// Who may use an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    /// Everybody.
    Public,
    /// Whoever has a token with one of these scopes; with none named, any valid token.
    Token(&'static [Scope]),
    /// The same, or whoever has the signature of the order in question.
    TokenOrSignature(&'static [Scope]),
}

/// What stands at an operation's door; a handler's signature names it.
pub(crate) trait Guard {
    /// Whom it lets through.
    const ACCESS: Access;
}

impl Guard for Caller {
    const ACCESS: Access = Access::Public;
}

/// A user whose token permits `P`; refused before the input is looked at.
pub(crate) struct Allowed<P>(pub User, pub PhantomData<P>);

impl<P: Permission> Guard for Allowed<P> {
    const ACCESS: Access = Access::Token(P::ANY_OF);
}

/// Public access to one order by its signature, or a token that permits `P`; which one is known with the input.
pub(crate) struct AllowedOrSigned<P>(Caller, PhantomData<P>);

impl<P: Permission> Guard for AllowedOrSigned<P> {
    const ACCESS: Access = Access::TokenOrSignature(P::ANY_OF);
}

impl<P: Permission> AllowedOrSigned<P> {
    /// The tenant that the request is about; permits nothing yet.
    pub fn tenant(&self) -> &TenantId {
        &self.0.tenant
    }

    /// The tenant, if the signature fits the order or, where none was given, the token permits it.
    pub fn permitted(self, core: &Core, signed: Option<(&OrderId, &str)>) -> Result<TenantId, Fault> {
        match signed {
            Some((order, signature)) if core.key.verifies(&self.0.tenant, order, signature) => Ok(self.0.tenant),
            Some(_) => Err(Fault::forbidden("The signature does not fit the order")),
            None => self.0.permitted(P::ANY_OF).map(|user| user.tenant),
        }
    }
}

impl<P: Permission> FromRequestParts<Arc<Core>> for AllowedOrSigned<P> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, Fault> {
        Caller::from_request_parts(parts, core).await.map(|caller| Self(caller, PhantomData))
    }
}

impl<P: Permission> FromRequestParts<Arc<Core>> for Allowed<P> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, Fault> {
        let caller = Caller::from_request_parts(parts, core).await?;
        caller.permitted(P::ANY_OF).map(|user| Self(user, PhantomData))
    }
}

impl FromRequestParts<Arc<Core>> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, core: &Arc<Core>) -> Result<Self, Fault> {
        let token = bearer(&parts.headers)?;
        let claims = token.map(|token| core.tokens.read(token)).transpose()?;
        if let (Some(limiter), Some(token)) = (&core.limiter, token) {
            limiter.admit(token, Instant::now())?;
        }
        let tenant = parts
            .headers
            .get(TENANT_HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Fault::bad_request("The header x-tenant-id is missing"))?;
        match &claims {
            Some(claims) if claims.tenant.as_str() != tenant => {
                Err(Fault::forbidden("The token is for another tenant"))
            }
            _ => Ok(Self { tenant: TenantId::from_service(tenant), claims }),
        }
    }
}

fn no_token() -> Fault {
    Fault::unauthorized("A token is needed")
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Fault::unauthorized("The Authorization header is no bearer token")),
    }
}
