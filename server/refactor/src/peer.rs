//! The language's own server, which runs beside us in the user's editor: what an editor that can be asked says in its name.
//!
//! Nothing that it says is believed before [`crate::rename`] has held it against the texts.

use futures::future::BoxFuture;
use text::{Position, PositionEncoding, PositionRange};

/// The way to that server. It may take its time and has a deadline of its own; whoever calls a refactor off drops the question.
pub trait Peer: Send + Sync {
    /// The unit in which its positions count.
    fn encoding(&self) -> PositionEncoding;

    /// What it would change to give what stands at a position of a file another name; `None` where no server answers.
    fn rename<'a>(&'a self, path: &'a str, at: Position, new_name: &'a str) -> Answer<'a, PeerEdit>;

    /// Where it finds what stands at a position of a file: definitions and uses; `None` where no server answers.
    fn references<'a>(&'a self, path: &'a str, at: Position) -> Answer<'a, PeerPlace>;
}

/// An answer that is on its way.
pub type Answer<'a, T> = BoxFuture<'a, Result<Option<Answered<T>>, PeerError>>;

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    /// The server's name, as the editor calls it.
    pub server: String,
    /// The edits or the places.
    pub items: Vec<T>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPlace {
    /// The path relative to the root, with `/` between its parts.
    pub path: String,
    /// The version of the document of which the place holds; `None` for a file that the editor does not have open.
    pub version: Option<i32>,
    /// The place.
    pub range: PositionRange,
}

/// A new text for a place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerEdit {
    /// The place.
    pub place: PeerPlace,
    /// What stands there afterwards.
    pub new_text: String,
}

/// Why there is no answer that could be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// None came in time, or the editor refused to ask: another question would fare no better.
    #[error("{0}")]
    Silent(String),
    /// It does something that no rename may do; begins with the server's name.
    #[error("{0}")]
    Odd(String),
}
