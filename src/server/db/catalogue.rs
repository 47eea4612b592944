//! Events, tiers and sections, kept in memory: they are few, and every ticket's answer tells of them.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::de::DeserializeOwned;

use super::Change;
use crate::domain::{SectionId, TenantId};
use crate::server::fault::Fault;
use crate::wire;

/// All events of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    tenants: HashMap<String, i64>,
    events: HashMap<i64, Event>,
    admissions: HashMap<i64, Admission>,
    sections: HashMap<i64, Section>,
}

/// An event and what its tickets tell of it.
#[derive(Debug)]
pub(crate) struct Event {
    pub key: i64,
    pub tenant: i64,
    /// As it is kept: whether it is over depends on when one asks.
    pub wire: wire::Event,
    pub on_ticket: wire::TicketEvent,
    ends_at: Option<Timestamp>,
    /// Keys of its tiers, in the promoter's order.
    pub admissions: Vec<i64>,
    /// Keys of its sections, in the promoter's order.
    pub sections: Vec<i64>,
}

/// A tier and what its tickets tell of it.
#[derive(Debug)]
pub(crate) struct Admission {
    pub key: i64,
    pub event: i64,
    pub section: Option<i64>,
    pub wire: wire::Admission,
    pub on_ticket: wire::TicketAdmission,
}

/// A section and what its tickets tell of it.
#[derive(Debug)]
pub(crate) struct Section {
    pub key: i64,
    pub event: i64,
    pub wire: wire::Section,
    pub on_ticket: wire::TicketSection,
}

impl Catalogue {
    /// Reads everything.
    pub fn load(conn: &Connection) -> Result<Self, rusqlite::Error> {
        let mut catalogue = Self::default();
        let mut rows = conn.prepare("SELECT id, key FROM tenants")?;
        catalogue.tenants = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut rows = conn.prepare("SELECT key, tenant, body FROM events")?;
        for event in rows.query_map([], |row| Ok(Event::new(row.get(0)?, row.get(1)?, body(row, 2)?)))? {
            let event = event?;
            catalogue.events.insert(event.key, event);
        }
        let mut rows = conn.prepare("SELECT key, event, body FROM sections")?;
        for section in rows.query_map([], |row| Ok(Section::new(row.get(0)?, row.get(1)?, body(row, 2)?)))? {
            let section = section?;
            catalogue.sections.insert(section.key, section);
        }
        let mut rows = conn.prepare("SELECT key, event, section, body FROM admissions")?;
        let read = |row: &rusqlite::Row<'_>| Ok(Admission::new(row.get(0)?, row.get(1)?, row.get(2)?, body(row, 3)?));
        for admission in rows.query_map([], read)? {
            let admission = admission?;
            catalogue.admissions.insert(admission.key, admission);
        }
        catalogue.arrange();
        Ok(catalogue)
    }

    fn arrange(&mut self) {
        let mut admissions: Vec<_> = self.admissions.values().collect();
        admissions.sort_by(|a, b| (a.wire.order, &a.wire.id).cmp(&(b.wire.order, &b.wire.id)));
        for admission in admissions {
            self.events.entry(admission.event).and_modify(|event| event.admissions.push(admission.key));
        }
        let mut sections: Vec<_> = self.sections.values().collect();
        sections.sort_by(|a, b| (a.wire.order, &a.wire.id).cmp(&(b.wire.order, &b.wire.id)));
        for section in sections {
            self.events.entry(section.event).and_modify(|event| event.sections.push(section.key));
        }
    }

    /// The tenant's key; a tenant that has nothing has none.
    pub fn tenant(&self, id: &TenantId) -> Option<i64> {
        self.tenants.get(id.as_str()).copied()
    }

    /// All events of a tenant.
    pub fn events(&self, tenant: i64) -> impl Iterator<Item = &Event> {
        self.events.values().filter(move |event| event.tenant == tenant)
    }

    /// The tenant's event of this id or slug.
    pub fn event(&self, tenant: Option<i64>, key: &str) -> Option<&Event> {
        self.events(tenant?).find(|event| event.wire.id == key || event.wire.slug == key)
    }

    /// The event of this key.
    pub fn event_by_key(&self, key: i64) -> Result<&Event, Fault> {
        self.events.get(&key).ok_or_else(|| lost("event", key))
    }

    /// The tier of this key.
    pub fn admission_by_key(&self, key: i64) -> Result<&Admission, Fault> {
        self.admissions.get(&key).ok_or_else(|| lost("admission", key))
    }

    /// The section of this key.
    pub fn section_by_key(&self, key: i64) -> Result<&Section, Fault> {
        self.sections.get(&key).ok_or_else(|| lost("section", key))
    }

    /// The event's tier of this id.
    pub fn admission<'a>(&'a self, event: &'a Event, id: &str) -> Option<&'a Admission> {
        self.admissions_of(event).find(|admission| admission.wire.id == id)
    }

    /// The event's section of this id.
    pub fn section<'a>(&'a self, event: &'a Event, id: &str) -> Option<&'a Section> {
        self.sections_of(event).find(|section| section.wire.id == id)
    }

    /// The event's tiers, in order.
    pub fn admissions_of<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'a Admission> {
        event.admissions.iter().filter_map(|key| self.admissions.get(key))
    }

    /// The event's sections, in order.
    pub fn sections_of<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'a Section> {
        event.sections.iter().filter_map(|key| self.sections.get(key))
    }
}

/// The catalogue is read anew with every change of events, so a key that it lacks is a fault of this program.
fn lost(what: &str, key: i64) -> Fault {
    Fault::internal(&format!("{what} {key} is not in the catalogue"))
}

fn body<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> Result<T, rusqlite::Error> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(cause))
    })
}

impl Event {
    fn new(key: i64, tenant: i64, wire: wire::Event) -> Self {
        let on_ticket = wire::TicketEvent {
            id: wire.id.clone(),
            name: wire.name.clone(),
            slug: wire.slug.clone(),
            location: wire.location.clone(),
            entry_starts_at: wire.entry_starts_at,
            entry_ends_at: wire.entry_ends_at,
            images: wire.images.clone(),
        };
        let zone = TimeZone::get(&wire.location.time_zone).unwrap_or(TimeZone::UTC);
        let ends_at = wire.entry_ends_at.to_zoned(zone).ok().map(|end| end.timestamp());
        Self { key, tenant, wire, on_ticket, ends_at, admissions: Vec::new(), sections: Vec::new() }
    }

    /// Over when the last entry is, at the venue.
    pub fn status_at(&self, now: Timestamp) -> &'static str {
        if self.ends_at.is_some_and(|end| end < now) { "ENDED" } else { "UPCOMING" }
    }

    /// The event as it is told at this moment.
    pub fn told_at(&self, now: Timestamp) -> wire::Event {
        wire::Event { status: self.status_at(now).to_owned(), ..self.wire.clone() }
    }
}

impl Admission {
    fn new(key: i64, event: i64, section: Option<i64>, wire: wire::Admission) -> Self {
        let on_ticket = wire::TicketAdmission {
            id: wire.id.clone(),
            name: wire.name.clone(),
            price: wire.price.clone(),
            entry_starts_at: wire.entry_starts_at,
            entry_ends_at: wire.entry_ends_at,
        };
        Self { key, event, section, wire, on_ticket }
    }
}

impl Section {
    fn new(key: i64, event: i64, wire: wire::Section) -> Self {
        let on_ticket = wire::TicketSection {
            id: SectionId::from_service(wire.id.as_str()),
            name: wire.name.clone(),
            location: wire::TicketSectionLocation {
                name: wire.location.name.clone(),
                time_zone: Some(wire.location.time_zone.clone()),
            },
        };
        Self { key, event, wire, on_ticket }
    }
}

/// The tenant's key, made if it is new.
pub(crate) fn ensure_tenant(change: &Change<'_>, id: &TenantId) -> Result<i64, Fault> {
    let conn = change.view.conn;
    conn.prepare_cached("INSERT INTO tenants (id) VALUES (?) ON CONFLICT DO NOTHING")?.execute([id.as_str()])?;
    Ok(conn.prepare_cached("SELECT key FROM tenants WHERE id = ?")?.query_row([id.as_str()], |row| row.get(0))?)
}

/// Whether another event of the tenant goes by this one's slug.
pub(crate) fn is_slug_taken(change: &Change<'_>, tenant: i64, event: &wire::Event) -> Result<bool, Fault> {
    let mut rows = change.view.conn.prepare_cached("SELECT 1 FROM events WHERE tenant = ? AND slug = ? AND id <> ?")?;
    Ok(rows.exists(params![tenant, event.slug, event.id])?)
}

/// Keys that an event and its parts were given.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub event: i64,
    pub admissions: HashMap<String, i64>,
    pub sections: HashMap<String, i64>,
}

/// Adds an event with its sections and tiers, or those of them that the tenant lacks.
pub(crate) fn ensure_event(change: &Change<'_>, tenant: i64, mut event: wire::Event) -> Result<Keys, Fault> {
    let conn = change.view.conn;
    let (sections, admissions) = (event.sections.take(), event.admissions.take());
    let known: Option<i64> = conn
        .prepare_cached("SELECT key FROM events WHERE tenant = ? AND id = ?")?
        .query_row(params![tenant, event.id], |row| row.get(0))
        .optional()?;
    let key = match known {
        Some(key) => key,
        None => conn
            .prepare_cached("INSERT INTO events (tenant, id, slug, body) VALUES (?, ?, ?, ?)")?
            .insert(params![tenant, event.id, event.slug, json(&event)?])?,
    };
    let mut keys = Keys { event: key, ..Keys::default() };
    for section in sections.into_iter().flatten() {
        conn.prepare_cached("INSERT INTO sections (event, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")?
            .execute(params![key, section.id, json(&section)?])?;
        let section_key = part_key(conn, "SELECT key FROM sections WHERE event = ? AND id = ?", key, &section.id)?;
        keys.sections.insert(section.id, section_key);
    }
    for admission in admissions.into_iter().flatten() {
        let section = admission.section_id.as_ref().and_then(|id| keys.sections.get(id));
        conn.prepare_cached(
            "INSERT INTO admissions (event, section, id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?
        .execute(params![key, section, admission.id, json(&admission)?])?;
        let part = part_key(conn, "SELECT key FROM admissions WHERE event = ? AND id = ?", key, &admission.id)?;
        keys.admissions.insert(admission.id, part);
    }
    Ok(keys)
}

fn part_key(conn: &Connection, sql: &str, event: i64, id: &str) -> Result<i64, rusqlite::Error> {
    conn.prepare_cached(sql)?.query_row(params![event, id], |row| row.get(0))
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|cause| Fault::internal(&cause))
}
