//! Syntax: text in, symbols and references out.
//!
//! The only room that names a grammar. It knows [`text`] and nothing else of ours: no files, no workspace, no model. What it
//! lists is driven by `queries/<language>/tags.scm`; the vocabulary of captures stands in `queries/README.md`.

mod language;
mod symbol;

pub use language::Language;
pub use symbol::{Certainty, FileSymbols, Import, Reference, ReferenceKind, Symbol, SymbolKind, Visibility};
