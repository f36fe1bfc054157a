//! Attacks: what a repository, a model, a server or another program may try, each against the whole product. `docs/security.md` says what is
//! promised, and names for each promise the tests that hold it, here and beside the guards.

mod endpoints;
mod guards;
mod plugins;
mod private;
mod rendering;
#[cfg(unix)]
mod targets;
#[cfg(unix)]
mod terminal;
