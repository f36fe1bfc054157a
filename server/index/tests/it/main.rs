//! The index from outside: folders in, answers out.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

mod declared;
mod edits;
mod finding;
mod folder;
mod meaning;
mod named;
mod parts;
mod storing;
mod typed;
mod usage;
mod walking;
