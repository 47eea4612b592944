//! Writing many new rows at once.

use super::{Change, tallies};
use crate::server::fault::Fault;

/// The cache while many rows are written, in KiB: the keys of a million tickets lie in it, and each comes at a place by
/// chance.
const CACHE: i64 = 256 * 1024;

/// Runs `work`, which writes many rows, without what only readers need, and makes that again behind it.
///
/// A row of its own costs each index a walk to a place by chance, and the tallies a statement; made afterwards, an index
/// is one sort and the tallies are one count. Keys stay unique meanwhile: SQLite keeps those indexes itself, and they
/// have no text in its schema. The change is one transaction, so nobody reads the tables in between, and a failure
/// leaves them as they were.
pub(crate) fn in_bulk<T>(change: &Change<'_>, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let conn = change.view.conn;
    let cache: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", -CACHE)?;
    let done = without_indexes(change, work);
    conn.pragma_update(None, "cache_size", cache)?;
    done
}

fn without_indexes<T>(change: &Change<'_>, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let conn = change.view.conn;
    let parts: Vec<(String, String, String)> = conn
        .prepare("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (kind, name, _) in &parts {
        conn.execute_batch(&format!("DROP {kind} \"{name}\""))?;
    }
    let done = work()?;
    tallies::count_anew(change)?;
    for (_, _, sql) in &parts {
        conn.execute_batch(sql)?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::server::db::{Database, Store, View};
    use crate::server::demo::{self, DemoPlan, Written};
    use crate::server::{Clock, SigningKey};

    /// Every index and trigger, in words.
    const PARTS: &str = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema \
         WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name)";
    /// Tallies that are not what there is, either way.
    const WRONG: &str = "WITH there AS (SELECT event, admission, ifnull(section, 0), status, count(*) FROM tickets \
         GROUP BY 1, 2, 3, 4) SELECT (SELECT count(*) FROM (SELECT * FROM there EXCEPT SELECT * FROM tallies)) \
         + (SELECT count(*) FROM (SELECT * FROM tallies EXCEPT SELECT * FROM there))";

    #[tokio::test]
    async fn what_was_left_out_is_made_again() {
        let store = Store::open(&Database::Temporary, Clock::system()).unwrap();
        let text = |view: &View<'_>| Ok(view.conn.query_row(PARTS, [], |row| row.get::<_, String>(0))?);
        let before = store.read(text).await.unwrap();
        let written = Written::default();
        let plan = DemoPlan { tickets: 300, seed: 1 };
        demo::fill(&store, &SigningKey::generate(), plan, written.clone(), Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(written.tickets(), 340, "tonight's and tomorrow's");
        assert_eq!(store.read(text).await.unwrap(), before);
        let wrong = |view: &View<'_>| Ok(view.conn.query_row(WRONG, [], |row| row.get::<_, i64>(0))?);
        assert_eq!(store.read(wrong).await.unwrap(), 0);
        store.close().await;
    }
}
