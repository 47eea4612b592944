//! The person who holds a ticket.

use super::SafeText;

/// Who a ticket admits, as the service tells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Attendee {
    /// Given name.
    pub first_name: SafeText,
    /// Family name.
    pub last_name: SafeText,
    /// Where the ticket was mailed to.
    pub email: SafeText,
    /// In whatever format the guest typed it.
    pub phone: Option<SafeText>,
}

impl Attendee {
    /// First and last name with one space between, either of which may be missing.
    #[must_use]
    pub fn full_name(&self) -> String {
        match (self.first_name.trim(), self.last_name.trim()) {
            ("", last) => last.to_owned(),
            (first, "") => first.to_owned(),
            (first, last) => format!("{first} {last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_name_never_starts_or_ends_with_a_space() {
        for (first, last, expected) in
            [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), (" ", "Lovelace", "Lovelace"), ("", "", "")]
        {
            let attendee = Attendee { first_name: first.into(), last_name: last.into(), ..Attendee::default() };
            assert_eq!(attendee.full_name(), expected);
        }
    }
}
