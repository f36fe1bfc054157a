//! Test support: fixtures with a cursor, a scripted model server, a typed protocol client.

pub mod editor;
pub mod fixture;
pub mod meta_model;
pub use editor::{Editor, Profile};
pub use fixture::Fixture;
