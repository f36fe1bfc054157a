//! The protocol: transport, backend, handlers, conversions.
//!
//! The only room that names tower-lsp. It decides nothing about code: it parses what the client sends, calls the rooms below,
//! and renders what they say in the terms that this client understands.

mod ahead;
mod attention;
mod backend;
mod capabilities;
pub mod client;
mod configuration;
mod consent;
mod edits;
pub mod framing;
mod from_proto;
mod handlers;
mod indexing;
mod jobs;
mod locator;
mod names;
pub mod outbox;
mod peer;
mod plans;
mod profile;
mod review;
mod server;
mod session;
mod status;
mod to_proto;
pub mod transport;
mod trust;
mod unfinished;
mod watch;

pub use capabilities::{command, kind};
pub use server::{serve, serve_stdio};
