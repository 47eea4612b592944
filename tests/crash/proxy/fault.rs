//! What can go wrong with one request.

use std::time::Duration;

/// What strikes a request, and what the service sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing.
    None,
    /// The connection breaks before the service sees any of the request.
    CutBefore,
    /// Half of the request reaches the service, then both connections break.
    CutDuring,
    /// The service takes the request and answers; the answer is lost.
    CutAfter,
    /// The request is held back this long.
    Delayed(Duration),
    /// The service takes the request at once; the answer is held back this long.
    AnsweredLate(Duration),
    /// The request reaches the service twice; the second answer comes back.
    Twice,
    /// `429` with this many seconds of `Retry-After`; the service sees nothing.
    TooMany(u64),
    /// `500`; the service sees nothing.
    Failed,
    /// The service takes the request; `500` comes back.
    FailedAfter,
    /// The service takes the request; its answer ends half way.
    Truncated,
    /// `200` with the page of a captive portal; the service sees nothing.
    Portal,
}

impl Fault {
    /// One of each, but for [`Fault::None`].
    pub const ALL: [Self; 11] = [
        Self::CutBefore,
        Self::CutDuring,
        Self::CutAfter,
        Self::Delayed(Duration::from_millis(120)),
        Self::AnsweredLate(Duration::from_millis(120)),
        Self::Twice,
        Self::TooMany(1),
        Self::Failed,
        Self::FailedAfter,
        Self::Truncated,
        Self::Portal,
    ];
}
