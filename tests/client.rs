//! The API client against fake services: HTTP ones, raw sockets, and a scripted transport with paused time.

#[cfg(test)]
mod client {
    mod errors;
    mod impostors;
    mod requests;
    mod retries;
    mod scans;
    mod secrets;
    mod support;
    mod walks;
}
