//! Syntax: text in, symbols and references out.
//!
//! The only room that names a grammar. It knows [`text`] and nothing else of ours: no files, no workspace, no model. What it
//! lists is driven by `queries/<language>/tags.scm`; the vocabulary of captures stands in `queries/README.md`.

mod bytes;
mod capture;
mod clauses;
mod deadline;
mod declarator;
mod define;
mod detect;
mod doc_form;
mod docs;
mod documented;
mod fingerprint;
mod frame;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod given;
mod grammar;
mod implementations;
mod imports;
mod language;
mod languages;
mod lead;
mod leading;
mod lexical;
mod locals;
mod marked;
mod marks;
mod mask;
mod masked;
mod names;
mod parse;
mod qualifier;
mod query;
mod references;
mod spec;
mod splice;
mod symbol;
mod tape;
mod tree;
mod user_query;
mod values;
mod walk;

pub use bytes::Unreadable;
pub use doc_form::DocForm;
pub use documented::{DocPlace, is_same_code};
pub use implementations::{Implementation, implementations};
pub use language::Language;
pub use lexical::identifier_at;
pub use parse::{Limits, Parse, Skip, parse, parse_only};
pub use symbol::{Arguments, Certainty, FileSymbols, Import, Reference, ReferenceKind, Symbol, SymbolKind, Visibility};
pub use tree::{Tree, is_comment_or_string};
pub use user_query::{QueryFault, QueryOrigin, UserQuery, use_queries};
