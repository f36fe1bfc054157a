//! Test support: fixtures with a cursor, a scripted model server, a typed protocol client.

pub mod editor;
pub mod fixture;
pub mod meta_model;
pub mod model_server;
pub use editor::{Editor, Profile};
pub use fixture::Fixture;
pub use model_server::{Match, ModelServer, Reply, Reported, SeenRequest};
