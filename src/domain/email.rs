//! Email addresses, as the contract's pattern has them.

/// Whether `text` is an address by the contract's own pattern.
///
/// It allows ASCII only, and no dot at the start or twice in a row.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte);
    let Some(last) = local.bytes().last() else { return false };
    let mut labels = host.split('.').rev();
    let top = labels.next().unwrap_or_default();
    let mut hosts = labels.peekable();
    !text.starts_with('.')
        && !text.contains("..")
        && word(last)
        && local.bytes().all(|byte| word(byte) || b"'.".contains(&byte))
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && hosts.peek().is_some()
        && hosts.all(|label| {
            label.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ada@example.com", true)]
    #[case("o'brien+tag@mail.example.co.uk", true)]
    #[case("a.b-c_d@x.io", true)]
    #[case(".a@example.com", false)]
    #[case("a..b@example.com", false)]
    #[case("a.@example.com", false)]
    #[case("a'@example.com", false)]
    #[case("@example.com", false)]
    #[case("a@example", false)]
    #[case("a@-x.com", false)]
    #[case("a@x.c", false)]
    #[case("zoë@example.com", false)]
    #[case("a@b@example.com", false)]
    fn addresses_fit_the_contract(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_email(text), expected);
    }
}
