//! First answers, given again to those who repeat themselves.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use super::Change;
use crate::server::fault::Fault;

/// How long an answer is given again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Most outdated answers that are forgotten with one new one: enough to keep pace, little enough not to be felt.
const FORGET: i64 = 4;

/// What a repeated request must be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub tenant: i64,
    /// The client's key.
    pub key: &'a str,
    /// Which operation, and which way.
    pub kind: &'a str,
    /// On what.
    pub target: &'a str,
    /// With which parameters.
    pub request: &'a str,
}

/// An answer as it was given.
#[derive(Debug)]
pub(crate) struct Given {
    pub status: u16,
    pub body: String,
}

/// The first answer to the same question, if it was asked within 24 hours.
///
/// The contract binds a key to its target and its kind, not to the other parameters: a success is given again
/// whatever they are. A refusal changed nothing, and is given again to the very same request only. With other parameters
/// the rules are asked anew, for the contract has a client repeat a partial check-in with `allowPartialOrderCheckIn`
/// once its operator has agreed, and under the key of its first try that could otherwise never succeed.
pub(crate) fn recall(change: &Change<'_>, ask: &Ask<'_>) -> Result<Option<Given>, Fault> {
    let row = change
        .view
        .conn
        .prepare_cached(
            "SELECT kind, target, request, status, body FROM answers WHERE tenant = ? AND key = ? AND given_at > ?",
        )?
        .query_row(params![ask.tenant, ask.key, horizon(change.now)], |row| {
            let same = row.get_ref(0)?.as_str()? == ask.kind && row.get_ref(1)?.as_str()? == ask.target;
            let repeated = row.get_ref(2)?.as_str()? == ask.request;
            Ok((same, repeated, Given { status: row.get(3)?, body: row.get(4)? }))
        })
        .optional()?;
    match row {
        Some((false, ..)) => Err(Fault::conflict("The idempotency key was used for something else")),
        Some((true, repeated, given)) if repeated || given.status < 400 => Ok(Some(given)),
        _ => Ok(None),
    }
}

/// Keeps an answer, in the same transaction as what it tells of.
pub(crate) fn keep(change: &Change<'_>, ask: &Ask<'_>, given: &Given) -> Result<(), Fault> {
    let conn = change.view.conn;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO answers (tenant, key, kind, target, request, status, body, given_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        ask.tenant,
        ask.key,
        ask.kind,
        ask.target,
        ask.request,
        given.status,
        given.body,
        change.now.as_millisecond()
    ])?;
    conn.prepare_cached(
        "DELETE FROM answers WHERE (tenant, key) IN \
         (SELECT tenant, key FROM answers WHERE given_at <= ? ORDER BY given_at LIMIT ?)",
    )?
    .execute(params![horizon(change.now), FORGET])?;
    Ok(())
}

fn horizon(now: Timestamp) -> i64 {
    (now - KEPT).as_millisecond()
}
