//! A proxy on loopback that does to HTTP what networks do to it.
//!
//! One request a connection, so that a fault strikes exactly one. What strikes is the [`Weather`]'s to say; what each
//! [`Fault`] does is proven in `proxy/tests.rs`.

mod exchange;
mod fault;
mod http;
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

pub use self::fault::Fault;
pub use self::http::Request;

/// Connections that may wait to be taken.
const BACKLOG: u32 = 1_024;

/// Which fault strikes a request.
pub type Weather = Box<dyn FnMut(&Request) -> Fault + Send>;

/// A proxy at work; it ends when it drops, with every exchange that is under way.
pub struct Proxy {
    address: SocketAddr,
    orders: mpsc::Sender<Order>,
    weather: Arc<Mutex<Weather>>,
    _serving: JoinSet<()>,
}

/// Whether to take connections, and who is told once it is so.
type Order = (bool, oneshot::Sender<()>);

impl Proxy {
    /// Listens on a free port, with nothing in the way.
    pub fn start(service: SocketAddr) -> Self {
        // Nobody else gets the port while nobody listens on it.
        let held = bound(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = held.local_addr().unwrap();
        let (orders, inbox) = mpsc::channel(1);
        let weather: Arc<Mutex<Weather>> = Arc::new(Mutex::new(Box::new(|_| Fault::None)));
        let mut serving = JoinSet::new();
        serving.spawn(serve(held, listener(address), service, inbox, Arc::clone(&weather)));
        Self { address, orders, weather, _serving: serving }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has `weather` say which fault strikes each request from now on.
    pub fn set_weather(&self, weather: impl FnMut(&Request) -> Fault + Send + 'static) {
        *self.weather.lock().unwrap() = Box::new(weather);
    }

    /// Refuses connections, as where there is no network at all, or takes them again.
    pub async fn set_up(&self, is_up: bool) {
        let (done, is_done) = oneshot::channel();
        self.orders.send((is_up, done)).await.unwrap();
        is_done.await.unwrap();
    }
}

/// A socket on `address`, which others of ours may share.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

fn listener(address: SocketAddr) -> TcpListener {
    bound(address).listen(BACKLOG).unwrap()
}

async fn serve(
    held: TcpSocket,
    first: TcpListener,
    service: SocketAddr,
    mut orders: mpsc::Receiver<Order>,
    weather: Arc<Mutex<Weather>>,
) {
    let address = held.local_addr().unwrap();
    let mut listening = Some(first);
    let mut exchanges = JoinSet::new();
    loop {
        tokio::select! {
            Some(client) = accept(listening.as_ref()) => {
                exchanges.spawn(exchange::carry(client, service, Arc::clone(&weather)));
            }
            Some(_) = exchanges.join_next() => {}
            Some((is_up, done)) = orders.recv() => {
                // What is under way breaks.
                exchanges.shutdown().await;
                listening = is_up.then(|| listening.take().unwrap_or_else(|| listener(address)));
                let _ = done.send(());
            }
        }
    }
}

/// The next connection, where somebody listens.
async fn accept(listening: Option<&TcpListener>) -> Option<TcpStream> {
    match listening {
        Some(listener) => listener.accept().await.ok().map(|(client, _)| client),
        None => std::future::pending().await,
    }
}
