//! The connections of the service: whoever dawdles is let go, and at the end those under way are finished.

use std::time::Duration;

use axum::Router;
use axum::serve::{Listener, ListenerExt as _};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longest that a connection may be without a whole head of a request, be it idle or slow. Longer than our own client
/// keeps an idle connection, so that it is not closed under a request that is just being sent.
const HEAD: Duration = Duration::from_secs(60);
/// Longest that the end waits for requests that are under way.
const DRAIN: Duration = Duration::from_secs(10);

/// Answers requests until `stop`, then finishes those under way; none is left when it returns.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    // The end of a long page must not wait until the one before has been acknowledged.
    let mut listener = listener.tap_io(|connection| {
        if let Err(cause) = connection.set_nodelay(true) {
            tracing::debug!(%cause, "a connection is slower than it could be");
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = listener.accept() => {
                let requests = TowerToHyperService::new(router.clone());
                let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), requests));
                connections.spawn(async move {
                    if let Err(cause) = connection.await {
                        tracing::debug!(%peer, %cause, "a connection ended early");
                    }
                });
            }
            Some(_) = connections.join_next() => {}
            () = stop.cancelled() => break,
        }
    }
    drop(listener);
    if timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the time to finish them was over");
    }
    connections.shutdown().await;
}
