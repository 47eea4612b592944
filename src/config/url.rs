//! The address of a ticket service.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use serde::Deserialize;

/// Why a text is not the address of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute address at all.
    #[error("not an address")]
    NotAnAddress,
    /// Another scheme than http and https.
    #[error("only http and https are spoken")]
    Scheme,
    /// A user or password stands in it: secrets do not belong in a settings file.
    #[error("an address may carry no user and no password")]
    Credentials,
    /// A query or a fragment, which requests would lose.
    #[error("an address may carry no query and no fragment")]
    Trailing,
}

/// Where a ticket service answers: http or https, a host, perhaps a port and a path, nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ServiceUrl(Url);

impl ServiceUrl {
    /// Reads an address that a person wrote.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text).map_err(|_| UrlError::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError::Trailing);
        }
        Ok(Self(url))
    }

    /// Whether nobody on the way can read along: https, or this very machine.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.0.scheme() == "https" || self.is_loopback()
    }

    /// The address.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl TryFrom<String> for ServiceUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        Self::parse(&text)
    }
}

impl fmt::Display for ServiceUrl {
    /// Without the slash at the end, ready for a path to follow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://api.session.services", true)]
    #[case("https://10.0.0.7:8443/tickets/", true)]
    #[case("http://127.0.0.1:8080", true)]
    #[case("http://127.9.9.9", true)]
    #[case("http://[::1]:8080", true)]
    #[case("http://LOCALHOST:1", true)]
    #[case("http://localhost.example.org", false)]
    #[case("http://127.0.0.1.example.org", false)]
    #[case("http://10.0.0.7", false)]
    #[case("http://[::ffff:10.0.0.7]", false)]
    fn https_and_this_machine_are_private(#[case] text: &str, #[case] private: bool) {
        assert_eq!(ServiceUrl::parse(text).unwrap().is_private(), private);
    }

    #[rstest]
    #[case("api.session.services", UrlError::NotAnAddress)]
    #[case("https://", UrlError::NotAnAddress)]
    #[case("ftp://example.org", UrlError::Scheme)]
    #[case("localhost:8080", UrlError::Scheme)]
    #[case("https://ada:secret@example.org", UrlError::Credentials)]
    #[case("https://example.org/?tenant=1", UrlError::Trailing)]
    #[case("https://example.org/#top", UrlError::Trailing)]
    fn anything_else_is_refused(#[case] text: &str, #[case] expected: UrlError) {
        assert_eq!(ServiceUrl::parse(text), Err(expected));
    }

    #[test]
    fn shown_without_the_slash_at_the_end() {
        assert_eq!(ServiceUrl::parse("https://example.org/").unwrap().to_string(), "https://example.org");
        assert_eq!(ServiceUrl::parse("https://example.org/v1/").unwrap().to_string(), "https://example.org/v1");
    }
}
