//! What is remembered from one start to the next: the event that was open last, and whose token it was.

use std::fmt;

use secrecy::SecretString;

use super::line::Line;
use crate::domain::{EventId, Operator};

/// Remembers from one start to the next. Every method blocks.
pub trait Memory: fmt::Debug + Send + Sync + 'static {
    /// The event that was open last.
    fn last_event(&self) -> Option<EventId>;
    /// Remembers an event for the next start.
    fn remember_event(&self, event: &EventId);
    /// Whose this very token is, where the service has told it before.
    fn operator_of(&self, token: &SecretString) -> Option<Operator>;
    /// Remembers whose a token is, in the place of the one before.
    fn remember_operator(&self, token: &SecretString, operator: &Operator);
}

/// Remembers an event, beside everything else.
pub(super) fn remember_event(line: &Line, event: EventId) {
    if let Some(memory) = line.settings().memory.clone() {
        drop(tokio::task::spawn_blocking(move || memory.remember_event(&event)));
    }
}

/// Remembers whose the token is, beside everything else.
pub(super) fn remember_operator(line: &Line, token: SecretString, operator: Operator) {
    if let Some(memory) = line.settings().memory.clone() {
        drop(tokio::task::spawn_blocking(move || memory.remember_operator(&token, &operator)));
    }
}

/// Says whose the token was when it was used last, so that a scan has somebody's name on it before the service has told,
/// or without it.
pub(super) async fn recall_operator(line: &Line) {
    let (Some(memory), Some(token)) = (line.settings().memory.clone(), line.client().token()) else { return };
    let recalled = tokio::task::spawn_blocking(move || memory.operator_of(&token)).await;
    if let Ok(Some(operator)) = recalled {
        line.recalled(operator).await;
    }
}
