//! Exact steps: what the index and the syntax alone carry out, without a model.
//!
//! Each is worked out from the names that a piece of code uses, by the rules of its language, and then proven: every use that was
//! certain before must mean the same afterwards ([`proof`]). Where that cannot be told, the step is refused with a sentence that says why;
//! a refusal is an answer, a wrong result is not.

mod circle;
mod clause;
mod delete;
mod delete_file;
mod elsewhere;
mod go;
mod java;
mod lines;
mod move_symbol;
mod names;
mod proof;
mod python;
mod python_module;
mod python_text;
mod rename_file;
mod rust;
mod rust_needs;
mod rust_paths;
mod script;
mod script_path;
#[cfg(test)]
mod tests;

use assist::Snapshot;
use index::{Hit, SymbolRef};
use syntax::{Language, SymbolKind};
use text::{EditSet, Span};

use crate::RenameError;
use crate::overlay::Overlay;

pub(crate) use delete::delete;
pub(crate) use delete_file::delete_file;
pub(crate) use move_symbol::move_symbol;
pub(crate) use rename_file::rename_file;

/// A change that was worked out without a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exact {
    /// What changes in the texts of files.
    pub(crate) edits: EditSet,
    /// Files that have another path afterwards, each with the new one. Edits name the old.
    pub(crate) renamed: Vec<(String, String)>,
    /// Files that go.
    pub(crate) deleted: Vec<String>,
    /// Symbols that are no longer where they were, by file and path.
    pub(crate) gone: Vec<(String, String)>,
    /// Text that goes for good, by file: what it uses is used less afterwards.
    pub(crate) removed: Vec<(String, Span)>,
    /// A definition that stands in another file afterwards.
    pub(crate) moved: Option<(SymbolRef, String)>,
    /// Uses of the name that are left alone because nothing proves that they mean it.
    pub(crate) left: Vec<Hit>,
    /// What was done, in a few words.
    pub(crate) what: String,
    /// The language's own server, by its name, where the edits are its.
    pub(crate) by: Option<String>,
    /// Why an answer of that server was not taken before this was worked out without it.
    pub(crate) refused: Vec<String>,
}

impl Exact {
    /// All files that it touches.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        let edited = self.edits.files().map(|(path, _)| path);
        let renamed = self.renamed.iter().flat_map(|(from, to)| [from.as_str(), to.as_str()]);
        edited.chain(renamed).chain(self.deleted.iter().map(String::as_str))
    }

    /// The files that are not at their path any more.
    pub(crate) fn gone_files(&self) -> impl Iterator<Item = &str> {
        self.renamed.iter().map(|(from, _)| from.as_str()).chain(self.deleted.iter().map(String::as_str))
    }
}

/// Why an exact step is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExactError {
    /// The symbol is not known, or the name is that of several.
    #[error(transparent)]
    Symbol(#[from] RenameError),
    /// It is not certain that the program would mean the same; the sentence says why.
    #[error("not done exactly: {0}")]
    Unproven(String),
}

/// Refuses with a sentence.
pub(crate) fn refuse<T>(why: impl Into<String>) -> Result<T, ExactError> {
    Err(ExactError::Unproven(why.into()))
}

/// Whether it is known of a language who uses what in it, so that something may go or stay because nothing uses it.
pub(crate) fn is_understood(language: Language) -> bool {
    matches!(
        language,
        Language::Rust
            | Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Go
            | Language::Java
    )
}

/// The path that the file of a symbol gets with the symbol's new name, where the language calls files after what they define.
pub(crate) fn file_named_after(symbol: &SymbolRef, new_name: &str) -> Option<String> {
    let (folder, file) = symbol.path().rsplit_once('/').unwrap_or(("", symbol.path()));
    let is_named = symbol.record.language == Language::Java
        && symbol.get().container.is_empty()
        && symbol.get().kind != SymbolKind::Constructor
        && file.strip_suffix(".java") == Some(&symbol.get().name);
    let gap = if folder.is_empty() { "" } else { "/" };
    is_named.then(|| format!("{folder}{gap}{new_name}.java"))
}

/// Carries an exact change out on an overlay, and proves that the uses of what it touches still mean it.
pub(crate) fn proven(
    overlay: &Overlay,
    make: impl FnOnce(&Snapshot) -> Result<Exact, ExactError>,
) -> Result<(Overlay, Exact), ExactError> {
    let exact = make(overlay.now())?;
    let next =
        overlay.carried_out(&exact).map_err(|error| ExactError::Unproven(format!("its edits do not fit together: {error}")))?;
    proof::prove(overlay.now(), next.now(), &exact)?;
    if let Some((symbol, path)) = &exact.moved {
        proof::still_meant(overlay.now().index(), symbol, next.now().index(), path)?;
    }
    Ok((next, exact))
}
