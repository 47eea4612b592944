//! What the service finds wrong with an input, field by field.

use crate::api::{ApiError, ServiceError};
use crate::domain::{AttendeeField, ChangeOutcome, Faults, SafeText, Trouble};
use crate::wire::ValidationErrors;

/// An error after which it is certain that nothing changed.
pub(super) fn refused_or_failed(error: &ApiError) -> ChangeOutcome {
    match Trouble::from(error) {
        Trouble::Rejected { message } => {
            let validation = error.service().and_then(|service: &ServiceError| service.validation.as_ref());
            let faults = validation.map(read).filter(|faults| *faults != Faults::default());
            ChangeOutcome::Refused(faults.unwrap_or_else(|| Faults { form: vec![message], ..Faults::default() }))
        }
        trouble => ChangeOutcome::Failed(trouble),
    }
}

/// The attendee is an object within the input, so its fields are named in the messages of the whole object.
fn read(errors: &ValidationErrors) -> Faults {
    let mut faults =
        Faults { form: errors.form_errors.iter().map(|words| words.as_str().into()).collect(), ..Faults::default() };
    for (name, messages) in &errors.field_errors {
        for message in messages {
            match field(name) {
                Some(field) => faults.fields.push((field, message.as_str().into())),
                None => message.split("; ").for_each(|part| read_part(name, part, &mut faults)),
            }
        }
    }
    faults
}

fn read_part(object: &str, part: &str, faults: &mut Faults) {
    match part.split_once(": ").and_then(|(name, words)| field(name).zip(Some(words))) {
        Some((field, words)) => faults.fields.push((field, words.into())),
        None => faults.form.push(SafeText::from(format!("{object}: {part}"))),
    }
}

fn field(name: &str) -> Option<AttendeeField> {
    AttendeeField::ALL.into_iter().find(|field| field.as_str() == name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nested("attendee", "email: Expected an email address; firstName: Must not be empty",
        &[(AttendeeField::Email, "Expected an email address"), (AttendeeField::FirstName, "Must not be empty")], &[])]
    #[case::flat("phone", "Too long", &[(AttendeeField::Phone, "Too long")], &[])]
    #[case::other("admissionId", "Expected an id", &[], &["admissionId: Expected an id"])]
    #[case::half("customer", "lastName: Required; vip: Unknown field",
        &[(AttendeeField::LastName, "Required")], &["customer: vip: Unknown field"])]
    fn faults_go_to_their_fields(
        #[case] name: &str,
        #[case] message: &str,
        #[case] fields: &[(AttendeeField, &str)],
        #[case] form: &[&str],
    ) {
        let errors = ValidationErrors {
            field_errors: [(name.to_owned(), vec![message.to_owned()])].into(),
            ..ValidationErrors::default()
        };
        let expected = Faults {
            fields: fields.iter().map(|(field, words)| (*field, (*words).into())).collect(),
            form: form.iter().map(|words| (*words).into()).collect(),
        };
        assert_eq!(read(&errors), expected);
    }
}
