//! The whole product in one test binary: sessions, refactors, the command line, and the walls of the house.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod attacks;
mod command_line;
mod delegation;
mod documents;
#[cfg(unix)]
mod guards;
mod logged;
mod planted;
mod recorded;
mod refactoring;
mod sessions;
#[cfg(unix)]
mod stores;
mod support;
mod working_session;
