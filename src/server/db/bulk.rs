//! Writing many new rows at once.

use super::Change;
use crate::server::fault::Fault;

/// Runs `work`, which writes many rows, without the indexes that only readers need, and makes them again behind it.
///
/// A row of its own costs each index a walk to a place by chance; made afterwards, an index is one sort. Keys stay
/// unique meanwhile: SQLite keeps those indexes itself, and they have no text in its schema. The change is one
/// transaction, so nobody reads the tables in between, and a failure leaves the indexes as they were.
pub(crate) fn in_bulk<T>(change: &Change<'_>, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let conn = change.view.conn;
    let indexes: Vec<(String, String)> = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (name, _) in &indexes {
        conn.execute_batch(&format!("DROP INDEX \"{name}\""))?;
    }
    let done = work()?;
    for (_, sql) in &indexes {
        conn.execute_batch(sql)?;
    }
    Ok(done)
}
