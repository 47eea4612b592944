//! Where the service is, who asks, and how patiently.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::RetryPolicy;
use crate::domain::TenantId;

/// What stands before the token in its header.
const SCHEME: &str = "Bearer ";

/// What a client is made from.
#[derive(Clone)]
pub struct ApiSettings {
    /// Scheme, host and, where there is one, a path; `https`, or `http` to this machine.
    pub base_url: String,
    /// Sent with every request.
    pub tenant: TenantId,
    /// The bearer token; public operations do without.
    pub token: Option<SecretString>,
    /// Longest wait for one whole answer.
    pub timeout: Duration,
    /// Allows `http` to other machines.
    pub allow_insecure: bool,
    /// When and how often to ask again.
    pub retry: RetryPolicy,
}

/// Leaves out the address as well as the token: a mistyped one may carry a password.
impl fmt::Debug for ApiSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiSettings")
            .field("tenant", &self.tenant)
            .field("token", &self.token.as_ref().map(|_| "[hidden]"))
            .field("timeout", &self.timeout)
            .field("allow_insecure", &self.allow_insecure)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Why no client can be made from the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not an absolute address.
    #[error("the base URL is not an address such as https://tickets.example.com")]
    BaseUrl,
    /// A scheme other than http and https.
    #[error("the base URL must start with https://, not {scheme}://")]
    Scheme {
        /// What it starts with.
        scheme: String,
    },
    /// Plain http to another machine would send the token in clear.
    #[error("the base URL is http:// to another machine ({host}): use https://, or allow it with api.allow_insecure")]
    Insecure {
        /// The host.
        host: String,
    },
    /// A user name, a password, a query or a fragment.
    #[error("the base URL must not carry a user name, a password, a query or a fragment")]
    Extras,
    /// A tenant that no header can carry.
    #[error("the tenant id has characters that cannot be sent")]
    Tenant,
    /// A token that no header can carry.
    #[error("the token is empty or has characters that cannot be sent")]
    Token,
    /// A wait of nothing.
    #[error("the timeout must be longer than nothing")]
    Timeout,
    /// The system's certificates or the resolver failed.
    #[error("the HTTP client cannot start: the system's certificates or proxy settings are not usable")]
    Transport,
}

/// The base URL, checked; requests append to its path.
pub(super) fn base_url(settings: &ApiSettings) -> Result<Url, SettingsError> {
    let url = Url::parse(settings.base_url.trim()).map_err(|_| SettingsError::BaseUrl)?;
    let host = url.host_str().ok_or(SettingsError::BaseUrl)?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(SettingsError::Extras);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if settings.allow_insecure || is_this_machine(host) => Ok(url),
        "http" => Err(SettingsError::Insecure { host: host.to_owned() }),
        scheme => Err(SettingsError::Scheme { scheme: scheme.to_owned() }),
    }
}

/// Whether a host is certainly this machine, so that plain http stays on it.
pub(super) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The tenant as a header value.
pub(super) fn tenant(settings: &ApiSettings) -> Result<HeaderValue, SettingsError> {
    match settings.tenant.as_str() {
        "" => Err(SettingsError::Tenant),
        tenant => HeaderValue::from_str(tenant).map_err(|_| SettingsError::Tenant),
    }
}

/// The `Authorization` header, marked so that no `Debug` shows it; empty without a token.
pub(super) fn credentials(token: Option<&SecretString>) -> Result<HeaderMap, SettingsError> {
    let mut headers = HeaderMap::new();
    let Some(token) = token else { return Ok(headers) };
    let token = token.expose_secret().trim();
    if token.is_empty() {
        return Err(SettingsError::Token);
    }
    let mut value = HeaderValue::from_str(&format!("{SCHEME}{token}")).map_err(|_| SettingsError::Token)?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(headers)
}

/// The token in the header that [`credentials`] makes.
pub(super) fn token_of(credentials: &HeaderMap) -> Option<SecretString> {
    credentials.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix(SCHEME).map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn settings(base_url: &str, allow_insecure: bool) -> ApiSettings {
        ApiSettings {
            base_url: base_url.into(),
            tenant: TenantId::from_service("tnt_1"),
            token: Some("s3cret-token".into()),
            timeout: Duration::from_secs(5),
            allow_insecure,
            retry: RetryPolicy::default(),
        }
    }

    #[rstest]
    #[case("https://api.example.com", false)]
    #[case("https://api.example.com/v1/", false)]
    #[case("http://127.0.0.1:8080", false)]
    #[case("http://[::1]:8080", false)]
    #[case("http://localhost:8080", false)]
    #[case("http://10.0.0.7:8080", true)]
    fn addresses_that_keep_the_token_safe(#[case] address: &str, #[case] allow_insecure: bool) {
        assert!(base_url(&settings(address, allow_insecure)).is_ok());
    }

    #[rstest]
    #[case("api.example.com", false, SettingsError::BaseUrl)]
    #[case("", false, SettingsError::BaseUrl)]
    #[case("http://10.0.0.7:8080", false, SettingsError::Insecure { host: "10.0.0.7".into() })]
    #[case("http://localhost.example.com", false, SettingsError::Insecure { host: "localhost.example.com".into() })]
    #[case("http://127.0.0.1.example.com", false, SettingsError::Insecure { host: "127.0.0.1.example.com".into() })]
    #[case("ftp://example.com", true, SettingsError::Scheme { scheme: "ftp".into() })]
    #[case("https://ann:pass@example.com", false, SettingsError::Extras)]
    #[case("https://example.com/?key=1", false, SettingsError::Extras)]
    fn addresses_that_are_refused(#[case] address: &str, #[case] insecure: bool, #[case] expected: SettingsError) {
        assert_eq!(base_url(&settings(address, insecure)), Err(expected));
    }

    #[rstest]
    #[case("", Err(SettingsError::Token))]
    #[case("two\nlines", Err(SettingsError::Token))]
    #[case(" token\n", Ok("Bearer token"))]
    fn a_token_must_fit_a_header(#[case] token: &str, #[case] expected: Result<&str, SettingsError>) {
        let sent = credentials(Some(&token.into())).map(|headers| headers[AUTHORIZATION].clone());
        assert_eq!(sent.as_ref().map(|value| value.to_str().unwrap()), expected.as_ref().map(|text| *text));
        let read = credentials(Some(&token.into())).ok().and_then(|headers| token_of(&headers));
        assert_eq!(read.is_some(), expected.is_ok());
        assert!(read.is_none_or(|read| read.expose_secret() == token.trim()));
    }

    #[test]
    fn debug_shows_neither_token_nor_address() {
        let shown = format!("{:?}", settings("https://ann:pass@example.com", false));
        assert!(!shown.contains("s3cret") && !shown.contains("pass"), "{shown}");
        let headers = format!("{:?}", credentials(settings("https://example.com", false).token.as_ref()).unwrap());
        assert!(!headers.contains("s3cret"), "{headers}");
    }
}
