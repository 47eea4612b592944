//! Sort keys and haystacks are kept folded; a database that was folded by other rules is folded anew when it is opened.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::server::fold;
use crate::wire::Attendee;

/// Folds every ticket anew if the rules have changed since; what it costs is paid once, before the service listens.
pub(super) fn refold(conn: &mut Connection) -> Result<(), rusqlite::Error> {
    let rules = fold::rules();
    let known: Option<String> = conn.query_row("SELECT rules FROM folded", [], |row| row.get(0)).optional()?;
    if known.as_ref() == Some(&rules) {
        return Ok(());
    }
    register(conn)?;
    let change = conn.transaction()?;
    let tickets = change.execute(
        "UPDATE tickets SET sort_key = sort_key_of(first_name, last_name, email, phone), \
         haystack = haystack_of(first_name, last_name, email, phone)",
        [],
    )?;
    change.execute("DELETE FROM folded", [])?;
    change.execute("INSERT INTO folded (rules) VALUES (?)", params![rules])?;
    change.commit()?;
    if tickets > 0 {
        tracing::info!(tickets, rules, "names were folded anew for order and search");
    }
    Ok(())
}

/// `sort_key_of` and `haystack_of` somebody's names, email and phone.
pub(super) fn register(conn: &Connection) -> Result<(), rusqlite::Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    conn.create_scalar_function("sort_key_of", 4, flags, |row| Ok(fold::sort_key(&attendee(row)?)))?;
    conn.create_scalar_function("haystack_of", 4, flags, |row| Ok(fold::haystack(&attendee(row)?)))
}

fn attendee(row: &Context<'_>) -> Result<Attendee, rusqlite::Error> {
    Ok(Attendee { first_name: row.get(0)?, last_name: row.get(1)?, email: row.get(2)?, phone: row.get(3)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with one ticket that other rules have folded.
    fn folded_by(rules: Option<&str>) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE folded (rules TEXT NOT NULL) STRICT; \
             CREATE TABLE tickets (first_name, last_name, email, phone, sort_key, haystack); \
             INSERT INTO tickets VALUES ('Zoë', 'Ng', 'zoe@example.com', '+61 400', 'old', 'old')",
        )
        .unwrap();
        if let Some(rules) = rules {
            conn.execute("INSERT INTO folded VALUES (?)", [rules]).unwrap();
        }
        conn
    }

    fn keys(conn: &Connection) -> (String, String) {
        conn.query_row("SELECT sort_key, haystack FROM tickets", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    #[test]
    fn other_rules_fold_every_ticket_anew_and_the_same_leave_it_alone() {
        let anew = ("zoe\u{1}ng".to_owned(), "zoe ng\u{1}zoe@example.com\u{1}61400".to_owned());
        let old = ("old".to_owned(), "old".to_owned());
        for (rules, expected) in [(None, &anew), (Some("0"), &anew), (Some(fold::rules().as_str()), &old)] {
            let mut conn = folded_by(rules);
            refold(&mut conn).unwrap();
            assert_eq!(keys(&conn), *expected, "{rules:?}");
            let known: Vec<String> = conn
                .prepare("SELECT rules FROM folded")
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .flatten()
                .collect();
            assert_eq!(known, [fold::rules()]);
        }
    }
}
