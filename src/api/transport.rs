//! One request out, one answer back, as plain data.

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};

use super::settings::{SettingsError, is_this_machine};

/// Largest body that is read; a page of 100 tickets with long histories stays far below.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// A connection idle for longer has often been forgotten by the venue's router.
const IDLE: Duration = Duration::from_secs(30);

/// Carries one request and brings its answer.
///
/// It never follows a redirect and never repeats a request that may have reached the service. It may take
/// as long as it likes: the client limits the time of every attempt.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`; an answer of any status is `Ok`.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// A request, ready to be sent.
#[derive(Clone)]
pub struct HttpRequest {
    /// GET, POST or PUT.
    pub method: Method,
    /// With its query, which may carry a signature or a name.
    pub url: Url,
    /// All of them, credentials included.
    pub headers: HeaderMap,
    /// JSON.
    pub body: Option<Vec<u8>>,
}

/// Shows neither the query nor the body: both may carry what nobody may read.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

/// An answer, of the service or of whatever stands in its place.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status line's number.
    pub status: StatusCode,
    /// All of them.
    pub headers: HeaderMap,
    /// The whole body, or why it is not whole.
    pub body: Result<Vec<u8>, BodyFault>,
}

/// Shows the size of the body, not the guests in it.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

/// Why a body could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFault {
    /// The connection ended first.
    Truncated,
    /// Over 16 MiB.
    TooLarge,
}

/// Why there is no answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection came about, so nothing was sent.
    #[error("no connection")]
    NotSent,
    /// The request was sent, wholly or in part, and the connection ended without an answer.
    #[error("the connection broke before an answer came")]
    Broken,
}

/// HTTP over TCP and TLS.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport to the service at `base_url` whose attempts are given up after `timeout`.
    ///
    /// Half of that goes to connecting at most: a dead network then shows as "not sent", which is certain,
    /// and not as "no answer", which is not. Requests to this machine never go to a proxy.
    pub fn new(base_url: &Url, timeout: Duration) -> Result<Self, SettingsError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(timeout / 2)
            .pool_idle_timeout(IDLE);
        if base_url.host_str().is_some_and(is_this_machine) {
            builder = builder.no_proxy();
        }
        if base_url.scheme() == "http" {
            // Nothing to verify: a machine without certificates can still run the demo.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map(|client| Self { client }).map_err(|_| SettingsError::Transport)
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let mut outgoing = self.client.request(request.method, request.url).headers(request.headers);
            if let Some(body) = request.body {
                outgoing = outgoing.body(body);
            }
            let mut answer = outgoing.send().await.map_err(|error| not_answered(&error))?;
            let body = read_body(&mut answer).await;
            Ok(HttpResponse { status: answer.status(), headers: std::mem::take(answer.headers_mut()), body })
        })
    }
}

fn not_answered(error: &reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() { TransportError::NotSent } else { TransportError::Broken }
}

async fn read_body(answer: &mut reqwest::Response) -> Result<Vec<u8>, BodyFault> {
    let announced = answer.content_length().unwrap_or(0);
    if announced > MAX_BODY as u64 {
        return Err(BodyFault::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| BodyFault::Truncated)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(BodyFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether an answer says that it is JSON: `application/json`, with or without a charset, or a `+json` kind.
pub(super) fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(Ok(text)) = content_type.map(HeaderValue::to_str) else { return false };
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("application/json"), true)]
    #[case(Some("Application/JSON; charset=utf-8"), true)]
    #[case(Some("application/problem+json"), true)]
    #[case(Some("text/html"), false)]
    #[case(Some("application/jsonp"), false)]
    #[case(None, false)]
    fn only_json_is_json(#[case] kind: Option<&'static str>, #[case] expected: bool) {
        assert_eq!(is_json(kind.map(HeaderValue::from_static).as_ref()), expected);
    }

    #[test]
    fn debug_of_a_request_shows_no_query_header_or_body() {
        let request = HttpRequest {
            method: Method::GET,
            url: Url::parse("https://example.com/tickets?orderSignature=abc&query=Ada").unwrap(),
            headers: HeaderMap::from_iter([(
                reqwest::header::AUTHORIZATION,
                HeaderValue::from_static("Bearer s3cret"),
            )]),
            body: Some(b"{\"email\":\"ada@example.com\"}".to_vec()),
        };
        let shown = format!("{request:?}");
        assert!(shown.contains("/tickets"));
        for hidden in ["abc", "Ada", "s3cret", "ada@"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
