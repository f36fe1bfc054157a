//! One test binary.

mod architecture;
mod recorded;
mod sessions;
mod support;
