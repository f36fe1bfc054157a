//! The transport's promises, each kept against a server that misbehaves: order, liveness, survival, the end.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod backend;
mod ending;
mod liveness;
mod ordering;
mod rubbish;
