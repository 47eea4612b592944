//! The person who holds a ticket.

use std::fmt;

use super::{SafeText, is_email};

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

    /// One of the fields; a phone that is not known is empty.
    #[must_use]
    pub fn field(&self, field: AttendeeField) -> &str {
        match field {
            AttendeeField::FirstName => &self.first_name,
            AttendeeField::LastName => &self.last_name,
            AttendeeField::Email => &self.email,
            AttendeeField::Phone => self.phone.as_deref().unwrap_or_default(),
        }
    }

    /// Puts `text` into one of the fields; an empty phone is none.
    pub fn set(&mut self, field: AttendeeField, text: SafeText) {
        match field {
            AttendeeField::FirstName => self.first_name = text,
            AttendeeField::LastName => self.last_name = text,
            AttendeeField::Email => self.email = text,
            AttendeeField::Phone => self.phone = Some(text).filter(|text| !text.trim().is_empty()),
        }
    }
}

/// A field of an attendee that a person can correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AttendeeField {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Email address.
    Email,
    /// Phone number.
    Phone,
}

impl AttendeeField {
    /// Every field, as forms show them.
    pub const ALL: [Self; 4] = [Self::FirstName, Self::LastName, Self::Email, Self::Phone];

    /// The field's name in the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// Whether the service takes `text` in this field: names are not empty, an address is one, a phone is anything.
    pub fn check(self, text: &str) -> Result<(), FieldFault> {
        match self {
            Self::FirstName | Self::LastName if text.is_empty() => Err(FieldFault::Empty),
            Self::Email if !is_email(text) => Err(FieldFault::NotAnAddress),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for AttendeeField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::FirstName => "First name",
            Self::LastName => "Last name",
            Self::Email => "Email",
            Self::Phone => "Phone",
        })
    }
}

/// What is wrong with a text in a field of an attendee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldFault {
    /// Something has to be there.
    #[error("must not be empty")]
    Empty,
    /// It does not read as an email address.
    #[error("is no email address")]
    NotAnAddress,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

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

    #[test]
    fn what_is_set_is_what_is_read() {
        let mut attendee = Attendee::default();
        for field in AttendeeField::ALL {
            attendee.set(field, field.as_str().into());
        }
        assert!(AttendeeField::ALL.iter().all(|field| attendee.field(*field) == field.as_str()));
        attendee.set(AttendeeField::Phone, "  ".into());
        assert_eq!((attendee.phone.clone(), attendee.field(AttendeeField::Phone)), (None, ""));
    }

    #[rstest]
    #[case(AttendeeField::FirstName, "", Err(FieldFault::Empty))]
    #[case(AttendeeField::LastName, "x", Ok(()))]
    #[case(AttendeeField::Email, "", Err(FieldFault::NotAnAddress))]
    #[case(AttendeeField::Email, "ada@example", Err(FieldFault::NotAnAddress))]
    #[case(AttendeeField::Email, "ada@example.com", Ok(()))]
    #[case(AttendeeField::Phone, "", Ok(()))]
    #[case(AttendeeField::Phone, "ask at the bar", Ok(()))]
    fn fields_hold_what_the_service_takes(
        #[case] field: AttendeeField,
        #[case] text: &str,
        #[case] expected: Result<(), FieldFault>,
    ) {
        assert_eq!(field.check(text), expected);
    }
}
