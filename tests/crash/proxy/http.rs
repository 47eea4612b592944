//! As much of HTTP/1.1 as the proxy reads and writes.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A request, in the bytes that are passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `PUT /tickets/tkt_1/check-in`.
    pub what: String,
    pub bytes: Vec<u8>,
}

impl Request {
    /// Reads one; `None` where the connection ends before there is one.
    pub async fn read(client: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(head) = position(&bytes, END_OF_HEAD) {
                break head + END_OF_HEAD.len();
            }
            if client.read_buf(&mut bytes).await? == 0 {
                return Ok(None);
            }
        };
        let lines = String::from_utf8_lossy(&bytes[..head]).into_owned();
        let whole = head + content_length(&lines);
        while bytes.len() < whole {
            if client.read_buf(&mut bytes).await? == 0 {
                return Ok(None);
            }
        }
        let what = lines.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        // The service ends its answer by closing, so that whoever reads it knows where it ends.
        let kept = lines.lines().filter(|line| !line.is_empty() && !is_header(line, "connection"));
        let mut passed_on: Vec<u8> = kept.flat_map(|line| [line, "\r\n"]).collect::<String>().into_bytes();
        passed_on.extend_from_slice(b"connection: close\r\n\r\n");
        passed_on.extend_from_slice(&bytes[head..]);
        Ok(Some(Self { what, bytes: passed_on }))
    }
}

/// An answer of our own; `headers` are whole lines.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

/// The answer up to the middle of its body.
pub fn half_of(answer: &[u8]) -> &[u8] {
    let head = position(answer, END_OF_HEAD).map_or(answer.len(), |at| at + END_OF_HEAD.len());
    &answer[..head + (answer.len() - head) / 2]
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find(|line| is_header(line, "content-length"));
    line.and_then(|line| line.split_once(':')?.1.trim().parse().ok()).unwrap_or(0)
}

fn is_header(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
