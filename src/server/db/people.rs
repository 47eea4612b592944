//! Users, who scan and issue, and customers, who buy.

use rusqlite::{OptionalExtension as _, params};

use super::{Change, View};
use crate::server::auth::TokenClaims;
use crate::server::fault::Fault;
use crate::wire;

/// Somebody who scans or issues.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worker<'a> {
    pub id: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
}

impl<'a> From<&'a TokenClaims> for Worker<'a> {
    fn from(claims: &'a TokenClaims) -> Self {
        Self {
            id: claims.user.as_str(),
            first_name: &claims.first_name,
            last_name: &claims.last_name,
            email: &claims.email,
        }
    }
}

/// The key of the user as their token names them. Somebody who is called otherwise since is another row of the same id:
/// what they scanned and issued before stays as it was told then.
pub(crate) fn ensure_user<'a>(change: &Change<'_>, tenant: i64, worker: impl Into<Worker<'a>>) -> Result<i64, Fault> {
    let Worker { id, first_name, last_name, email } = worker.into();
    let conn = change.view.conn;
    let known = conn
        .prepare_cached(
            "SELECT key FROM users WHERE tenant = ? AND id = ? AND first_name = ? AND last_name = ? AND email = ?",
        )?
        .query_row(params![tenant, id, first_name, last_name, email], |row| row.get(0))
        .optional()?;
    if let Some(key) = known {
        return Ok(key);
    }
    Ok(conn
        .prepare_cached(
            "INSERT INTO users (tenant, id, first_name, last_name, email, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![tenant, id, first_name, last_name, email, change.now.as_millisecond()])?)
}

/// A customer by key.
#[derive(Debug)]
pub(crate) struct Customer {
    pub id: String,
    pub attendee: wire::Attendee,
}

/// The customer of this key.
pub(crate) fn customer(view: &View<'_>, key: i64) -> Result<Customer, Fault> {
    Ok(view
        .conn
        .prepare_cached("SELECT id, first_name, last_name, email, phone FROM customers WHERE key = ?")?
        .query_row([key], |row| {
            Ok(Customer {
                id: row.get(0)?,
                attendee: wire::Attendee {
                    first_name: row.get(1)?,
                    last_name: row.get(2)?,
                    email: row.get(3)?,
                    phone: row.get(4)?,
                },
            })
        })?)
}

/// The key of the tenant's customer of this id.
pub(crate) fn customer_key(view: &View<'_>, tenant: Option<i64>, id: &str) -> Result<Option<i64>, Fault> {
    Ok(view
        .conn
        .prepare_cached("SELECT key FROM customers WHERE tenant = ? AND id = ?")?
        .query_row(params![tenant, id], |row| row.get(0))
        .optional()?)
}

/// Adds a customer.
pub(crate) fn insert_customer(
    change: &Change<'_>,
    tenant: i64,
    id: &str,
    attendee: &wire::Attendee,
) -> Result<i64, Fault> {
    Ok(change
        .view
        .conn
        .prepare_cached(
            "INSERT INTO customers (tenant, id, first_name, last_name, email, phone) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![tenant, id, attendee.first_name, attendee.last_name, attendee.email, attendee.phone])?)
}

/// The user of this key.
pub(crate) fn user(view: &View<'_>, key: i64) -> Result<wire::OrderPerson, Fault> {
    Ok(view.conn.prepare_cached("SELECT id, first_name, last_name, email FROM users WHERE key = ?")?.query_row(
        [key],
        |row| {
            Ok(wire::OrderPerson {
                id: row.get(0)?,
                first_name: row.get(1)?,
                last_name: row.get(2)?,
                email: row.get(3)?,
                phone: None,
            })
        },
    )?)
}
