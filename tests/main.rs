//! One test binary.

mod architecture;
mod command_line;
mod recorded;
mod refactoring;
mod sessions;
mod support;
