//! Pages of orders, filtered and sorted as asked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::ToSql;
use rusqlite::types::Value;

use super::{COLUMNS, Stored};
use crate::server::db::View;
use crate::server::fault::Fault;

const TABLES: &str = "orders o JOIN customers c ON c.key = o.customer JOIN events e ON e.key = o.event";

/// What can be compared and sorted by; the expression is SQL over `o`, `c` and `e`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Text.
    Text(&'static str),
    /// A whole number.
    Number(&'static str),
    /// Milliseconds since 1970, given as a date or a time.
    Time(&'static str),
    /// Orders of this service never have it.
    Absent,
}

impl Column {
    /// The column of the contract's name for it.
    pub fn named(name: &str) -> Self {
        match name {
            "STATUS" => Self::Text("o.status"),
            "PAYMENT_METHOD" => Self::Text("o.method"),
            "CUSTOMER_EMAIL" => Self::Text("c.email"),
            "CUSTOMER_PHONE" => Self::Text("ifnull(c.phone, '')"),
            "CUSTOMER_NAME" => Self::Text("c.first_name || ' ' || c.last_name"),
            "CUSTOMER_ID" => Self::Text("c.id"),
            "ORDER_ID" => Self::Text("o.id"),
            "EVENT_ID" => Self::Text("e.id"),
            "EVENT_NAME" => Self::Text("json_extract(e.body, '$.name')"),
            "PROMOTER_ID" => Self::Text("json_extract(e.body, '$.promoterId')"),
            "CURRENCY" => Self::Text("json_extract(e.body, '$.currency')"),
            "TOTAL" => Self::Number("o.total"),
            "TICKETS" => Self::Number("o.quantity"),
            "CREATED_AT" => Self::Time("o.created_at"),
            "UPDATED_AT" => Self::Time("o.updated_at"),
            _ => Self::Absent,
        }
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Text(sql) | Self::Number(sql) | Self::Time(sql) => sql,
            Self::Absent => "''",
        }
    }

    /// A value as the column keeps it; `None` where the text cannot be one.
    fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Text(_) | Self::Absent => Some(Value::Text(text.to_owned())),
            Self::Number(_) => text.parse().ok().map(Value::Integer),
            Self::Time(_) => time(text).map(Value::Integer),
        }
    }
}

fn time(text: &str) -> Option<i64> {
    let instant = text.parse::<jiff::Timestamp>().ok();
    instant.or_else(|| day_start(text.parse().ok()?)).map(jiff::Timestamp::as_millisecond)
}

/// The first instant of a day in UTC.
pub(crate) fn day_start(day: jiff::civil::Date) -> Option<jiff::Timestamp> {
    day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|start| start.timestamp())
}

/// Which orders, and in which order.
#[derive(Debug)]
pub(crate) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
    pub sort: Column,
    pub descending: bool,
}

impl Filter {
    /// All of a tenant's, by the time of their last change, the newest first.
    pub fn new(tenant: i64) -> Self {
        Self {
            conditions: vec!["o.tenant = ?".to_owned()],
            values: vec![Value::Integer(tenant)],
            sort: Column::named("UPDATED_AT"),
            descending: true,
        }
    }

    /// Only where the column is this text.
    pub fn is(&mut self, column: &str, text: &str) {
        self.conditions.push(format!("{} = ?", Column::named(column).sql()));
        self.values.push(Value::Text(text.to_owned()));
    }

    /// Only those that this user issued.
    pub fn issued_by(&mut self, user: &str) {
        self.conditions.push("o.issuer IN (SELECT key FROM users WHERE tenant = o.tenant AND id = ?)".to_owned());
        self.values.push(Value::Text(user.to_owned()));
    }

    /// Only of events of this team.
    pub fn of_team(&mut self, team: &str) {
        self.conditions.push("json_extract(e.body, '$.teamId') = ?".to_owned());
        self.values.push(Value::Text(team.to_owned()));
    }

    /// Only made at or after (`>=`), or before (`<`), this time.
    pub fn made(&mut self, comparison: &'static str, time: jiff::Timestamp) {
        self.conditions.push(format!("o.created_at {comparison} ?"));
        self.values.push(Value::Integer(time.as_millisecond()));
    }

    /// Only where every word is found in the customer, the order's id or one of its attendees.
    pub fn query(&mut self, text: &str) {
        self.conditions.push(
            "(found(o.id || char(1) || haystack_of(c.first_name, c.last_name, c.email, c.phone), ?) \
             OR EXISTS (SELECT 1 FROM tickets t WHERE t.\"order\" = o.key AND found(t.haystack, ?)))"
                .to_owned(),
        );
        self.values.extend([Value::Text(text.to_owned()), Value::Text(text.to_owned())]);
    }

    /// One of the contract's comparisons; the refusal says what is wrong with the values.
    pub fn compare(&mut self, column: Column, operator: &str, texts: &[String]) -> Result<(), &'static str> {
        let sql = column.sql();
        let mut values = texts
            .iter()
            .map(|text| column.value(text))
            .collect::<Option<Vec<_>>>()
            .ok_or("filters: a value does not fit its field")?;
        let wanted = match operator {
            "IS_EMPTY" | "IS_NOT_EMPTY" => 0..=usize::MAX,
            "IS_ANY_OF" => 1..=usize::MAX,
            "BETWEEN" => 2..=2,
            _ => 1..=1,
        };
        if !wanted.contains(&values.len()) {
            return Err("filters: the operator takes another number of values");
        }
        self.conditions.push(match operator {
            "IS" => format!("{sql} = ?"),
            "IS_NOT" => format!("{sql} <> ?"),
            "IS_ANY_OF" => format!("{sql} IN ({})", vec!["?"; values.len()].join(", ")),
            "CONTAINS" => format!("instr(lower({sql}), lower(?)) > 0"),
            "BETWEEN" => format!("{sql} BETWEEN ? AND ?"),
            "GTE" => format!("{sql} >= ?"),
            "LTE" => format!("{sql} <= ?"),
            "IS_EMPTY" => format!("{sql} = ''"),
            _ => format!("{sql} <> ''"),
        });
        if matches!(operator, "IS_EMPTY" | "IS_NOT_EMPTY") {
            values.clear();
        }
        self.values.append(&mut values);
        Ok(())
    }
}

/// One page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub orders: Vec<Stored>,
    /// To ask for the next page with.
    pub after: Option<String>,
}

/// The page after `cursor`; `None` where the cursor is not one of this list.
pub(crate) fn list(
    view: &View<'_>,
    filter: &Filter,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Option<Page>, Fault> {
    let sort = filter.sort.sql();
    let (direction, comparison) = if filter.descending { ("DESC", "<") } else { ("ASC", ">") };
    let mut conditions = filter.conditions.clone();
    let mut values = filter.values.clone();
    if let Some(cursor) = cursor {
        let Some((place, key)) = place(filter.sort, cursor) else { return Ok(None) };
        conditions.push(format!("({sort}, o.key) {comparison} (?, ?)"));
        values.extend([place, Value::Integer(key)]);
    }
    values.push(Value::Integer(i64::try_from(limit + 1).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT {COLUMNS}, CAST({sort} AS TEXT) FROM {TABLES} WHERE {} \
         ORDER BY {sort} {direction}, o.key {direction} LIMIT ?",
        conditions.join(" AND ")
    );
    let mut rows = view.conn.prepare_cached(&sql)?;
    let parameters: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    let read = |row: &rusqlite::Row<'_>| Ok((Stored::read(row)?, row.get::<_, String>(10)?));
    let mut found: Vec<(Stored, String)> = rows.query_map(&*parameters, read)?.collect::<Result<_, _>>()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let after = found
        .last()
        .filter(|_| more)
        .map(|(order, place)| URL_SAFE_NO_PAD.encode(format!("{}\u{2}{place}", order.key)));
    Ok(Some(Page { orders: found.into_iter().map(|(order, _)| order).collect(), after }))
}

fn place(sort: Column, cursor: &str) -> Option<(Value, i64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (key, place) = text.split_once('\u{2}')?;
    let place = match sort {
        Column::Text(_) | Column::Absent => Value::Text(place.to_owned()),
        Column::Number(_) | Column::Time(_) => Value::Integer(place.parse().ok()?),
    };
    Some((place, key.parse().ok()?))
}
