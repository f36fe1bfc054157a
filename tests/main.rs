//! One test binary.

mod architecture;
mod recorded;
