//! The roster: light rows and the A–Z index.

use rusqlite::{OptionalExtension as _, ToSql, params};

use super::View;
use super::tickets::{Filter, Place, Stored, count, instant};
use crate::domain::{AdmissionId, ScanKind, SectionId};
use crate::server::fault::Fault;
use crate::wire::{RosterAdmission, RosterBucket, RosterRow, RosterScan, RosterSection};

/// A ticket as the roster shows it.
pub(crate) fn row(view: &View<'_>, ticket: &Stored) -> Result<RosterRow, Fault> {
    let admission = &view.catalogue.admission_by_key(ticket.admission)?.wire;
    let section = ticket.section.map(|key| view.catalogue.section_by_key(key)).transpose()?;
    let last = last_scan(view, ticket.key, "kind IN (0, 1)")?;
    let last_check_in = match &last {
        Some(scan) if scan.kind == ScanKind::CheckOut => last_scan(view, ticket.key, "kind = 0")?,
        last => last.clone(),
    };
    Ok(RosterRow {
        id: ticket.id.clone(),
        order_id: ticket.order_id.clone(),
        status: ticket.status,
        attendee: ticket.attendee.clone(),
        admission: RosterAdmission {
            id: AdmissionId::from_service(admission.id.as_str()),
            name: admission.name.clone(),
            entry_ends_at: admission.entry_ends_at,
        },
        section: section.map(|section| RosterSection {
            id: SectionId::from_service(section.wire.id.as_str()),
            name: section.wire.name.clone(),
        }),
        last_scan: last,
        last_check_in_at: last_check_in.map(|scan| scan.scanned_at),
    })
}

fn last_scan(view: &View<'_>, ticket: i64, which: &str) -> Result<Option<RosterScan>, Fault> {
    let sql = format!("SELECT kind, scanned_at FROM scans WHERE ticket = ? AND {which} ORDER BY key DESC LIMIT 1");
    Ok(view
        .conn
        .prepare_cached(&sql)?
        .query_row([ticket], |row| {
            let kind = if row.get::<_, i64>(0)? == 0 { ScanKind::CheckIn } else { ScanKind::CheckOut };
            Ok(RosterScan { kind, scanned_at: instant(row.get(1)?) })
        })
        .optional()?)
}

/// How many guests there are by the first letter of the roster's order, and where each bucket starts. A sort key's
/// first character is its bucket's.
pub(crate) fn index(view: &View<'_>, event: i64, filter: &Filter) -> Result<Vec<RosterBucket>, Fault> {
    let mut conditions = vec!["t.event = ?".to_owned()];
    let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(event)];
    filter.add(&mut conditions, &mut values);
    let conditions = conditions.join(" AND ");
    let parameters: Vec<&dyn ToSql> = values.iter().map(AsRef::as_ref).collect();
    let sql = format!(
        "SELECT substr(t.sort_key, 1, 1) AS letter, count(*) FROM tickets t WHERE {conditions} \
         GROUP BY letter ORDER BY letter"
    );
    let mut rows = view.conn.prepare_cached(&sql)?;
    let letters: Vec<(String, u64)> =
        rows.query_map(&*parameters, |row| Ok((row.get(0)?, count(row, 1)?)))?.collect::<Result<_, _>>()?;
    let bucket = |(letter, count): (String, u64)| {
        let anchor = first(view, event, &letter)?.to_text();
        Ok(RosterBucket { key: letter.to_ascii_uppercase(), count, anchor })
    };
    letters.into_iter().map(bucket).collect()
}

/// Where the names with this first letter start; filtered rows in between do not matter to a place.
fn first(view: &View<'_>, event: i64, letter: &str) -> Result<Place, Fault> {
    Ok(view
        .conn
        .prepare_cached(
            "SELECT sort_key, id FROM tickets WHERE event = ? AND sort_key >= ? ORDER BY sort_key, id LIMIT 1",
        )?
        .query_row(params![event, letter], |row| Ok(Place { sort_key: row.get(0)?, id: row.get(1)? }))?)
}
