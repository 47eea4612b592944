//! A client with the product's own patience, on a service that has no network.

#![allow(dead_code, reason = "each suite uses its part of it")]

use std::time::Duration;

use doorlist::api::{ApiSettings, Client, Outside, RetryPolicy};
use doorlist::domain::TenantId;

/// Everything that it asks goes to `outside`, wherever it thinks the service to be.
pub fn client(base_url: &str, outside: Outside) -> Client {
    client_with(base_url, "s3cret", outside)
}

/// The same with this token.
pub fn client_with(base_url: &str, token: &str, outside: Outside) -> Client {
    let settings = ApiSettings {
        base_url: base_url.to_owned(),
        tenant: TenantId::from_service("tnt_1"),
        token: Some(token.into()),
        timeout: Duration::from_secs(10),
        allow_insecure: false,
        retry: RetryPolicy::default(),
    };
    Client::with_outside(&settings, outside).unwrap()
}
