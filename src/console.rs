//! The console: what the operator sees and what the keys do.
//!
//! [`App`] holds all state. [`App::update`] takes a [`Message`] (a fact, past tense) and the time,
//! changes the state and returns [`Effect`]s (orders, imperative); it is synchronous and pure. The
//! [`runtime`] is the only place that spawns, waits and draws.

mod access;
mod action;
mod activity;
mod app;
mod arrivals;
mod banner;
mod changes;
mod comps;
mod door;
mod effect;
mod field;
mod form;
mod keymap;
mod message;
mod outbox;
mod picker;
mod popup;
mod role;
pub mod runtime;
pub mod scanner;
mod search;
mod staff;
mod time;
pub mod ui;
mod update;

pub use access::Access;
pub use action::Action;
pub use activity::{Activity, Deed, DeedNumber, MOST_DEEDS};
pub use app::{App, Attempt, Connection, Health, Loading, Session, StoreState, View};
pub use arrivals::{Arrivals, Forecast, Series};
pub use banner::{Banner, Verdict};
pub use changes::Changes;
pub use comps::{CompRules, Comps, Quota, QuotaError};
pub use door::{Door, GateNames, ScanAction};
pub use effect::{Bell, Effect, Pace};
pub use field::Field;
pub use form::{Asks, Blank, Form, Line, Step};
pub use keymap::{Binding, Chord, Keymap, KeymapError, KeymapFault, Mode};
pub use message::{Message, Stored};
pub use outbox::{Chance, Outbox};
pub use picker::{Choice, Picker};
pub use popup::{
    ActivityList, Comp, Criterion, Edit, EventPicker, EventStage, FilterPicker, Help, Host, Issued, MoveTier, Palette,
    PinPrompt, PinStage, Popup, Room, Tier, Told, Turn, Validity,
};
pub use role::Role;
pub use search::{RESULT_LIMIT, Search};
pub use staff::{Staff, Work};
pub use time::{age, clock_time};
