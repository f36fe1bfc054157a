//! What is meant at a place in a file.

use index::SymbolRef;
use syntax::Certainty;
use text::Span;

use crate::Snapshot;

/// The symbol that is meant at a place in a file.
#[derive(Clone, Debug)]
pub struct Target {
    /// The symbol; of several that it could be, the likeliest.
    pub symbol: SymbolRef,
    /// How sure it is that this one is meant.
    pub certainty: Certainty,
    /// How many it could be.
    pub n_candidates: usize,
    /// The name in the file that was asked about, in bytes.
    pub span: Span,
}

impl Target {
    /// What is meant at a byte offset of a file; `None` where no known symbol is.
    #[must_use]
    pub fn at(snapshot: &Snapshot, path: &str, offset: usize) -> Option<Self> {
        let index = snapshot.index();
        if let Some(symbol) = index.symbol_at(path, offset) {
            let span = symbol.get().name_span;
            return Some(Self { symbol, certainty: Certainty::Exact, n_candidates: 1, span });
        }
        let (record, reference) = index.reference_at(path, offset)?;
        let reference = record.file().reference(reference)?;
        let span = reference.span;
        let targets = index.definitions_of(&record, &reference);
        let n_candidates = targets.len();
        let (symbol, certainty) = targets.into_iter().next()?;
        Some(Self { symbol, certainty, n_candidates, span })
    }
}

/// The symbol that is meant at a byte offset of a file; `None` where no known symbol is.
#[must_use]
pub fn symbol_at(snapshot: &Snapshot, path: &str, offset: usize) -> Option<SymbolRef> {
    Target::at(snapshot, path, offset).map(|target| target.symbol)
}
