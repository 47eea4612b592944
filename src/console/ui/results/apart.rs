//! What tells a guest from others of the same name, and what matched besides the name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use ratatui::style::Style;

use crate::console::app::App;
use crate::console::ui::text::{Row, tail, width};
use crate::console::ui::theme::Theme;
use crate::domain::{Ticket, digits};
use crate::index::{Hit, Lit};

/// Characters of an id's end that are shown.
const ID_END: usize = 6;
/// Digits of a phone number's end that are shown.
const PHONE_END: usize = 4;

/// Which of the found guests share their name, and with whom.
pub(super) struct Namesakes<'a> {
    groups: HashMap<String, Vec<&'a Ticket>>,
    typed: usize,
}

impl<'a> Namesakes<'a> {
    /// Looks at all rows, on other pages too: a guest's row says the same wherever it is shown.
    pub(super) fn among(app: &'a App) -> Self {
        let mut groups: HashMap<String, Vec<&Ticket>> = HashMap::with_capacity(app.search.hits.len());
        for ticket in app.search.hits.iter().filter_map(|hit| app.index.get(&hit.id)) {
            groups.entry(folded_name(ticket)).or_default().push(ticket);
        }
        groups.retain(|_, group| group.len() > 1);
        let typed = app.search.input.value().chars().filter(|character| !character.is_whitespace()).count();
        Self { groups, typed }
    }

    /// What the row of `ticket` says besides the name and the tier.
    pub(super) fn tell_apart<'t>(&self, hit: &'t Hit, ticket: &'t Ticket) -> Apart<'t> {
        let group = self.groups.get(&folded_name(ticket)).map_or(&[][..], Vec::as_slice);
        // A name that has every typed letter says enough about why the row is here.
        let is_named = lit_bytes(&hit.lit.first_name) + lit_bytes(&hit.lit.last_name) >= self.typed;
        let is_told = |field: &Field| !is_named && field.matched(&hit.lit) || field.is_alone(ticket, group);
        let mut marks: Vec<_> = Field::ALL.into_iter().filter(is_told).collect();
        if marks.is_empty() && group.len() > 1 {
            // Nothing sets the guest apart but the ticket itself.
            marks.push(Field::Ticket);
        }
        let marks = marks.into_iter().map(|field| field.mark(ticket, &hit.lit)).collect();
        Apart { marks }
    }
}

/// The name as namesakes share it.
fn folded_name(ticket: &Ticket) -> String {
    ticket.attendee.full_name().to_lowercase()
}

fn lit_bytes(ranges: &[Range<usize>]) -> usize {
    ranges.iter().map(ExactSizeIterator::len).sum()
}

/// The fields that tell tickets apart, best known to the guest first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Email,
    Phone,
    Order,
    Ticket,
}

impl Field {
    const ALL: [Self; 4] = [Self::Email, Self::Phone, Self::Order, Self::Ticket];

    /// Whether what was typed was found here.
    fn matched(self, lit: &Lit) -> bool {
        !self.lit(lit).is_empty()
    }

    /// Whether no namesake has the same; the ticket's id is always alone, and says nothing to a guest.
    fn is_alone(self, ticket: &Ticket, group: &[&Ticket]) -> bool {
        let own = self.value(ticket);
        group.len() > 1
            && self != Self::Ticket
            && !own.is_empty()
            && !group.iter().any(|other| other.id != ticket.id && self.value(other) == own)
    }

    fn lit(self, lit: &Lit) -> &[Range<usize>] {
        match self {
            Self::Email => &lit.email,
            Self::Phone => &lit.phone,
            Self::Order => &lit.order,
            Self::Ticket => &lit.ticket,
        }
    }

    fn value(self, ticket: &Ticket) -> &str {
        match self {
            Self::Email => &ticket.attendee.email,
            Self::Phone => ticket.attendee.phone.as_deref().unwrap_or_default(),
            Self::Order => ticket.order_id.as_str(),
            Self::Ticket => ticket.id.as_str(),
        }
    }

    fn mark<'t>(self, ticket: &'t Ticket, lit: &Lit) -> Mark<'t> {
        let value = self.value(ticket);
        let lit = self.lit(lit);
        match self {
            Self::Phone if lit.is_empty() => {
                Mark { before: "phone …", text: last_digits(value).into(), lit: Vec::new() }
            }
            Self::Email | Self::Phone => Mark { before: "", text: value.into(), lit: lit.to_vec() },
            Self::Order | Self::Ticket => {
                let (end, start) = tail(value, ID_END);
                let before = if self == Self::Order { "order …" } else { "ticket …" };
                Mark { before, text: end.into(), lit: shifted(lit, start) }
            }
        }
    }
}

fn last_digits(phone: &str) -> String {
    let digits: Vec<u8> = digits(phone).collect();
    digits[digits.len().saturating_sub(PHONE_END)..].iter().map(|digit| char::from(*digit)).collect()
}

/// The ranges as they lie in what is left of a text from byte `start` on.
fn shifted(lit: &[Range<usize>], start: usize) -> Vec<Range<usize>> {
    let shift = |range: &Range<usize>| range.start.saturating_sub(start)..range.end.saturating_sub(start);
    lit.iter().map(shift).filter(|range| !range.is_empty()).collect()
}

struct Mark<'t> {
    before: &'static str,
    text: Cow<'t, str>,
    lit: Vec<Range<usize>>,
}

/// A few words that only this row has.
pub(super) struct Apart<'t> {
    marks: Vec<Mark<'t>>,
}

impl Apart<'_> {
    pub(super) const fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Writes as many of the marks as there is room for, the first one in any case.
    pub(super) fn put(&self, row: &mut Row<'_>, theme: &Theme, style: Style) {
        for (at, mark) in self.marks.iter().enumerate() {
            if at > 0 {
                if row.columns() < width(mark.before) + ID_END + 3 {
                    return;
                }
                row.put(" · ", style);
            }
            row.put(mark.before, style).put_lit(&mark.text, &mark.lit, style, theme.lit);
        }
    }
}
