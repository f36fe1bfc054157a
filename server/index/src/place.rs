//! What stands at a place in a file.

use std::sync::Arc;

use syntax::Certainty;
use text::Span;

use crate::base::narrow;
use crate::{FileRecord, Index, SymbolId, SymbolRef};

/// How many uses that begin before a byte are looked at to find the one that it belongs to.
const NEAR: u32 = 16;

impl Index {
    /// The definition whose name touches this byte.
    #[must_use]
    pub fn symbol_at(&self, path: &str, offset: usize) -> Option<SymbolRef> {
        let record = self.file(path)?;
        let symbol = record.file().symbols.iter().position(|symbol| symbol.name_span.touches(offset))?;
        SymbolRef::new(record, narrow(symbol))
    }

    /// The innermost definition that this byte belongs to, its doc comments and attributes included.
    #[must_use]
    pub fn enclosing_symbol(&self, path: &str, offset: usize) -> Option<SymbolRef> {
        let record = self.file(path)?;
        let around = record.file().symbols.iter().enumerate().filter(|(_, symbol)| symbol.full_span.touches(offset));
        // Where one definition ends and the next begins at the same byte, the one that begins is meant.
        let innermost = around.min_by_key(|(_, symbol)| {
            let ends_here = symbol.full_span.end as usize == offset;
            (ends_here, symbol.full_span.len())
        });
        SymbolRef::new(record, narrow(innermost?.0))
    }

    /// The use of a name that touches this byte, as the file and its position in [`syntax::FileSymbols::references`].
    #[must_use]
    pub fn reference_at(&self, path: &str, offset: usize) -> Option<(Arc<FileRecord>, u32)> {
        let record = self.file(path)?;
        let file = record.file();
        let begun = file.references_in(Span::new(0, offset + 1)).end;
        // Between two names without a space, the one that begins here is meant. Names do not overlap, but one may be listed twice.
        let mut nearest = (begun.saturating_sub(NEAR)..begun).rev();
        let touches = |&place: &u32| file.reference(place).is_some_and(|reference| reference.span.touches(offset));
        Some((Arc::clone(record), nearest.find(touches)?))
    }

    /// The symbol that this byte is about: the one whose name it touches, else what the name that it touches may mean, best first.
    /// Empty for local variables.
    #[must_use]
    pub fn target_at(&self, path: &str, offset: usize) -> Vec<(SymbolRef, Certainty)> {
        if let Some(symbol) = self.symbol_at(path, offset) {
            return vec![(symbol, Certainty::Exact)];
        }
        let Some((record, reference)) = self.reference_at(path, offset) else { return Vec::new() };
        record.file().reference(reference).map_or_else(Vec::new, |reference| self.definitions_of(&record, &reference))
    }

    /// The symbol of an identifier, if it is still there.
    #[must_use]
    pub fn by_id(&self, id: &SymbolId) -> Option<SymbolRef> {
        let (path, inside) = id.as_str().split_once('#')?;
        let record = self.file(path)?;
        let numbered = inside.rsplit_once(':').filter(|(head, _)| !head.ends_with(':'));
        let number = numbered.and_then(|(head, number)| Some((head, number.parse::<usize>().ok()?)));
        let (symbol_path, number) = number.unwrap_or((inside, 1));
        let (container, name) = symbol_path.rsplit_once("::").unwrap_or(("", symbol_path));
        let same =
            record.file().symbols.iter().enumerate().filter(|(_, symbol)| symbol.name == name && symbol.container == container);
        let (symbol, _) = same.into_iter().nth(number.checked_sub(1)?)?;
        SymbolRef::new(record, narrow(symbol))
    }
}
