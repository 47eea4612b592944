//! The embedded ticket service: the whole contract over HTTP, on SQLite.
//!
//! [`start`] opens the store, listens and serves until [`Service::shutdown`]. SQL lives in `db` alone; the
//! rules of the door are the domain's transition table and `passage`; every route reads its input through
//! the strict tables of `input`, and every failure leaves in the contract's shape.

mod answer;
mod auth;
mod connections;
mod db;
pub mod demo;
mod fault;
mod fold;
mod import;
mod input;
mod key;
mod limit;
mod observe;
mod openapi;
mod passage;
mod routes;
mod ulid;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use auth::{Scope, TokenClaims, mint_token};
pub use db::{Database, StoreError};
pub use demo::{DemoEvent, DemoPlan, Written};
pub use import::{ImportPlan, Imported};
pub use key::{KeyError, SigningKey, sign_order};
pub use limit::RateLimit;

/// What a service is started with.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the tickets are kept.
    pub database: Database,
    /// Signs tokens and orders.
    pub signing_key: SigningKey,
    /// How often one token may ask; `None` is as often as it likes.
    pub rate_limit: Option<RateLimit>,
    /// Tells the time.
    pub clock: Clock,
    /// An evening to be generated into the store before it listens.
    pub demo: Option<DemoPlan>,
    /// Counts what is generated, for whoever waits for it.
    pub written: Written,
    /// Tickets to be read into the store before it listens.
    pub import: Option<ImportPlan>,
}

impl ServiceSettings {
    /// A service on a free loopback port, in memory, with a key of its own.
    #[must_use]
    pub fn temporary() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database: Database::Temporary,
            signing_key: SigningKey::generate(),
            rate_limit: None,
            clock: Clock::system(),
            demo: None,
            written: Written::default(),
            import: None,
        }
    }
}

/// Where the service takes the time from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// A clock of the caller's own, such as one that a test moves.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(…)")
    }
}

/// Why a service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The demo cannot be generated; the log says why.
    #[error("the demo's event cannot be generated into this database: {0}")]
    Demo(String),
    /// The file of tickets cannot be read, or some of its lines are no tickets: these are named.
    #[error("{}: {cause}", file.display())]
    Import {
        /// The file.
        file: std::path::PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// What every request shares.
pub(crate) struct Core {
    store: db::Store,
    key: SigningKey,
    tokens: auth::TokenReader,
    limiter: Option<limit::Limiter>,
    clock: Clock,
}

/// A service that is listening.
pub struct Service {
    core: Arc<Core>,
    address: SocketAddr,
    demo: Option<DemoEvent>,
    imported: Option<Imported>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

/// Opens the store and listens; requests are answered from now on.
pub async fn start(settings: ServiceSettings) -> Result<Service, StartError> {
    let (database, clock) = (settings.database.clone(), settings.clock.clone());
    let store = tokio::task::spawn_blocking(move || db::Store::open(&database, clock))
        .await
        .map_err(|cause| StoreError::Io(std::io::Error::other(cause)))??;
    let Prepared { demo, imported, listener, address } = match prepare(&store, &settings).await {
        Ok(prepared) => prepared,
        Err(cause) => {
            // Only a closed store lets go of its database.
            store.close().await;
            return Err(cause);
        }
    };
    let ServiceSettings { signing_key, rate_limit, clock, .. } = settings;
    let tokens = auth::TokenReader::new(&signing_key);
    let limiter = rate_limit.map(limit::Limiter::new);
    let core = Arc::new(Core { store, tokens, key: signing_key, limiter, clock });
    let stop = CancellationToken::new();
    let serving = tokio::spawn(connections::serve(listener, routes::router(Arc::clone(&core)), stop.clone()));
    tracing::info!(%address, "the ticket service listens");
    Ok(Service { core, address, demo, imported, stop, serving })
}

/// What an open store needs before it is served.
struct Prepared {
    demo: Option<DemoEvent>,
    imported: Option<Imported>,
    listener: TcpListener,
    address: SocketAddr,
}

async fn prepare(store: &db::Store, settings: &ServiceSettings) -> Result<Prepared, StartError> {
    let cannot = |cause| StartError::Listen { address: settings.listen, cause };
    let listener = TcpListener::bind(settings.listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let demo = match settings.demo {
        Some(plan) => Some(generate(store, settings, plan).await?),
        None => None,
    };
    let imported = match settings.import.clone() {
        Some(plan) => Some(read_in(store, plan).await?),
        None => None,
    };
    Ok(Prepared { demo, imported, listener, address })
}

async fn generate(store: &db::Store, settings: &ServiceSettings, plan: DemoPlan) -> Result<DemoEvent, StartError> {
    demo::fill(store, &settings.signing_key, plan, settings.written.clone(), settings.clock.now())
        .await
        .map_err(|fault| StartError::Demo(fault.into_body().message))
}

async fn read_in(store: &db::Store, plan: ImportPlan) -> Result<Imported, StartError> {
    let file = plan.file.clone();
    import::run(store, plan).await.map_err(|fault| StartError::Import { file, cause: fault.into_body().message })
}

impl Service {
    /// Where it listens.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// `http://` and the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The evening that was generated, if one was asked for.
    #[must_use]
    pub fn demo(&self) -> Option<&DemoEvent> {
        self.demo.as_ref()
    }

    /// What was read in, if there was a file.
    #[must_use]
    pub fn imported(&self) -> Option<Imported> {
        self.imported
    }

    /// Takes no new requests, finishes those under way, commits, and closes the store.
    pub async fn shutdown(self) {
        self.stop.cancel();
        if let Err(cause) = self.serving.await {
            tracing::error!(%cause, "the service did not end as it should");
        }
        if let Some(core) = Arc::into_inner(self.core) {
            core.store.close().await;
        } else {
            tracing::warn!("a request outlived the service; its database stays locked until it ends");
        }
    }
}
