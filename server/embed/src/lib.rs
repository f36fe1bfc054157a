//! Words as vectors: a table that is built into the program, and what lies near what.
//!
//! A text is the sum of the vectors of its words, so that "remove a lock" lies near `release_mutex` although they share no word.
//! Static embeddings of this kind are described with model2vec (Tulkens and van Dongen, 2024). No model runs: a word costs one
//! look into a hash table. How the table is made is in `server/embed/make-table`, what it is made from in `server/embed/TABLE.md`.
//!
//! It refuses to know everything of ours: it is given words and gives back numbers.

mod nearest;
mod table;
mod vector;

pub use nearest::Nearest;
pub use table::Table;
pub use vector::{DIMENSIONS, Sum, Vector};
