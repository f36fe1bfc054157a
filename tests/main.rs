//! One test binary.

mod architecture;
mod recorded;
mod refactoring;
mod sessions;
mod support;
