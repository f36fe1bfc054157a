//! What is true of every list of what a text defines and uses.

use syntax::FileSymbols;
use text::Span;

/// Panics unless every place of a list is one of its text, and every symbol's parent is one before it.
pub(crate) fn list(file: &FileSymbols, text: &str) {
    let lies_in = |span: Span| {
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} is no place in {} bytes", text.len());
    };
    for (at, symbol) in file.symbols.iter().enumerate() {
        [symbol.span, symbol.full_span, symbol.name_span].into_iter().for_each(lies_in);
        assert!(symbol.full_span.contains(symbol.span), "{symbol:?}");
        assert!(symbol.parent.is_none_or(|parent| (parent as usize) < at), "{symbol:?}");
        assert!(symbol.line <= symbol.end_line, "{symbol:?}");
    }
    let mut before = 0;
    for reference in file.references() {
        lies_in(reference.span);
        assert!(reference.span.start >= before, "{reference:?} stands before the one that is told before it");
        assert!(reference.enclosing.is_none_or(|symbol| (symbol as usize) < file.symbols.len()), "{reference:?}");
        before = reference.span.start;
    }
    file.imports.iter().for_each(|import| lies_in(import.span));
}
