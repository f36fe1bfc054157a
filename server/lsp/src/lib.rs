//! The protocol: transport, backend, handlers, conversions.

pub mod client;
pub mod framing;
pub mod outbox;
pub mod transport;
