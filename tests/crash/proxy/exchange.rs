//! One request and its answer, through one fault.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::http::{self, Request};
use super::{Fault, Weather};

const PORTAL: &str = "<!doctype html><title>Welcome to VenueNet</title><p>Please sign in.";

/// Carries one request to the service and its answer back; a connection that breaks on the way is the network's way.
pub async fn carry(mut client: TcpStream, service: SocketAddr, weather: Arc<Mutex<Weather>>) {
    let Ok(Some(request)) = Request::read(&mut client).await else { return };
    let fault = (weather.lock().unwrap())(&request);
    if let Ok(answer) = suffer(&request, fault, service).await {
        let _ = client.write_all(&answer).await;
        let _ = client.shutdown().await;
    }
}

/// What comes back to the client; empty where the connection breaks.
async fn suffer(request: &Request, fault: Fault, service: SocketAddr) -> io::Result<Vec<u8>> {
    let bytes = &request.bytes;
    match fault {
        Fault::None => ask(bytes, service).await,
        Fault::CutBefore => Ok(Vec::new()),
        Fault::CutDuring => {
            TcpStream::connect(service).await?.write_all(&bytes[..bytes.len() / 2]).await?;
            Ok(Vec::new())
        }
        Fault::CutAfter => ask(bytes, service).await.map(|_| Vec::new()),
        Fault::Delayed(long) => {
            sleep(long).await;
            ask(bytes, service).await
        }
        Fault::AnsweredLate(long) => {
            let answer = ask(bytes, service).await;
            sleep(long).await;
            answer
        }
        Fault::Twice => {
            ask(bytes, service).await?;
            ask(bytes, service).await
        }
        Fault::TooMany(seconds) => {
            Ok(http::answer("429 Too Many Requests", &format!("retry-after: {seconds}\r\n"), ""))
        }
        Fault::Failed => Ok(http::answer("500 Internal Server Error", "", "")),
        Fault::FailedAfter => ask(bytes, service).await.map(|_| http::answer("500 Internal Server Error", "", "")),
        Fault::Truncated => ask(bytes, service).await.map(|answer| http::half_of(&answer).to_vec()),
        Fault::Portal => Ok(http::answer("200 OK", "content-type: text/html\r\n", PORTAL)),
    }
}

/// Sends `bytes` and reads what comes back to its end.
async fn ask(bytes: &[u8], service: SocketAddr) -> io::Result<Vec<u8>> {
    let mut service = TcpStream::connect(service).await?;
    service.write_all(bytes).await?;
    let mut answer = Vec::new();
    service.read_to_end(&mut answer).await?;
    Ok(answer)
}
