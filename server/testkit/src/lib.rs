//! Test support: fixtures with a cursor, a scripted model server, a typed protocol client.

pub mod fixture;
pub use fixture::Fixture;
