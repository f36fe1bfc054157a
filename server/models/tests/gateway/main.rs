//! The gateway against a scripted model server: what reaches the server, what is believed of its replies, what it costs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod batch;
mod cache;
mod cancel;
mod consent;
mod keys;
mod matrix;
mod money;
mod resilience;
mod storm;
mod support;
#[cfg(feature = "team-cache")]
mod team;
mod traffic;
mod wires;
