//! `delete X`: a definition that nothing uses goes, and with it the imports that only it used.

use assist::Snapshot;
use index::{Hit, SymbolRef};
use syntax::{Certainty, Language, Limits, ReferenceKind, SymbolKind};
use text::Span;

use super::move_symbol::definition_lines;
use super::{Exact, ExactError, go, is_understood, lines, refuse};
use crate::protected;

/// Deletes a definition that is proven to be unused in the workspace.
///
/// # Errors
/// Says where it is used, or why nobody can tell.
pub(crate) fn delete(snapshot: &Snapshot, symbol: &SymbolRef) -> Result<Exact, ExactError> {
    let (index, this, path) = (snapshot.index(), symbol.get(), symbol.path());
    let name = this.name.as_str();
    let Some(text) = snapshot.text(path) else { return refuse(format!("{path} cannot be read")) };
    if let Some(reason) = protected::refusal(path) {
        return refuse(format!("{path} may not be written: {reason}"));
    }
    let language = symbol.record.language;
    if !is_understood(language) {
        return refuse(format!("whether something is unused is not known for {}", language.name()));
    }
    if !this.container.is_empty() {
        return refuse(format!("{} may be used by whatever uses {}, without being named", symbol.symbol_path(), this.container));
    }
    if matches!(name, "main" | "init" | "_") || name.starts_with("__") || name.starts_with("test") || name.starts_with("Test") {
        return refuse(format!("{name} is called by its name from outside of the program"));
    }
    if language == Language::Java {
        let types = symbol.record.file().symbols.iter().filter(|symbol| symbol.container.is_empty()).count();
        if types == 1 {
            return refuse(format!("{name} is all that {path} holds; delete the file"));
        }
    }
    let head = &text[this.full_span.start as usize..this.span.start as usize];
    let plain = ["derive", "allow", "expect", "inline", "must_use", "doc", "deprecated", "cfg(test)", "non_exhaustive", "repr"];
    let attribute = head.lines().map(str::trim).find(|line| {
        let bare = line.trim_start_matches(['#', '[', '@']);
        (line.starts_with("#[") || line.starts_with('@')) && !plain.iter().any(|word| bare.starts_with(word))
    });
    if let Some(attribute) = attribute {
        return refuse(format!("{attribute} may lead something to {name}"));
    }
    let mut spans = definition_lines(&symbol.record, &text, symbol)?;
    if language == Language::Rust {
        let Ok(tree) = syntax::parse_only(language, &text, None, &Limits::default()) else {
            return refuse(format!("{path} cannot be parsed"));
        };
        let blocks = syntax::implementations(&tree, &text).into_iter().filter(|block| block.of == name);
        spans.extend(blocks.filter_map(|block| lines::whole_lines(&text, block.span)));
        spans.sort();
    }
    let inside = |path: &str, span: Span| path == symbol.path() && spans.iter().any(|outer| outer.contains(span));
    let calls = symbol
        .record
        .file()
        .references()
        .any(|reference| reference.kind == ReferenceKind::Call && this.span.contains(reference.span));
    if matches!(this.kind, SymbolKind::Variable | SymbolKind::Constant) && calls && language != Language::Rust {
        return refuse(format!("computing {name} may do something"));
    }
    let members = symbol.record.file().symbols.iter().zip(0..).filter(|(other, _)| inside(path, other.full_span));
    for member in members.filter_map(|(_, at)| SymbolRef::new(&symbol.record, at)) {
        let is_whole = member == *symbol;
        let used = |hit: &Hit| !inside(hit.path(), hit.get().span) && (is_whole || hit.certainty > Certainty::SameName);
        if let Some(hit) = index.references_of(&member).into_iter().find(used) {
            let may = if hit.certainty == Certainty::SameName { "may use" } else { "uses" };
            return refuse(format!("{}:{} {may} {}", hit.path(), hit.get().line() + 1, member.symbol_path()));
        }
    }
    if let Some(place) = mentioned(snapshot, symbol, &inside) {
        return refuse(format!("{place} may mean {name}"));
    }
    let removed = spans.iter().map(|span| (path.to_owned(), *span)).collect();
    let mut exact = Exact { gone: gone(symbol, &spans), removed, what: format!("deleted {name}"), ..Exact::default() };
    for span in &spans {
        exact.edits.push(path, lines::removal(&text, *span));
    }
    if language == Language::Go {
        go::unused_imports(&mut exact.edits, path, &text, &symbol.record, &spans);
    }
    Ok(exact)
}

fn gone(symbol: &SymbolRef, spans: &[Span]) -> Vec<(String, String)> {
    let symbols = symbol.record.file().symbols.iter().filter(|other| spans.iter().any(|span| span.contains(other.full_span)));
    symbols.map(|other| (symbol.path().to_owned(), other.path())).collect()
}

/// Where else the name stands as a word that the index does not list as a use: in a string, in a list of exports, or in a macro.
fn mentioned(snapshot: &Snapshot, symbol: &SymbolRef, inside: &impl Fn(&str, Span) -> bool) -> Option<String> {
    let name = symbol.get().name.as_str();
    let marker = symbol.record.language.line_comment();
    for record in snapshot.index().files().filter(|record| record.language == symbol.record.language) {
        let Some(text) = snapshot.text(&record.path).filter(|text| text.contains(name)) else { continue };
        let file = record.file();
        for at in lines::words(&text, name) {
            let span = Span::new(at, at + name.len());
            let line = text[text::line_start(&text, at)..at].trim_start();
            let in_comment = line.starts_with(marker)
                || line.starts_with('*')
                || line.starts_with("/*")
                || line.contains(&format!("{marker} "));
            let known = file.symbols.iter().any(|other| other.name_span == span)
                || file.references_in(span).any(|reference| file.reference_at(reference).span == span);
            let is_quoted = text[..at].ends_with(['"', '\'', '`']) || text[at + name.len()..].starts_with(['"', '\'', '`']);
            if !inside(&record.path, span) && !in_comment && !known && is_quoted {
                return Some(format!("{}:{}", record.path, lines::line_number(&text, at)));
            }
        }
    }
    None
}
