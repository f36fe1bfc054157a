//! The names that a piece of code takes from the file around it.

use std::collections::BTreeSet;

use index::FileRecord;
use text::Span;

/// What a piece of code needs from its file.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Imports, by their place in the file's list.
    pub(super) imports: BTreeSet<usize>,
    /// Definitions at the top of the file, by their place in its list.
    pub(super) own: BTreeSet<usize>,
    /// Names that the file neither imports nor defines.
    pub(super) free: BTreeSet<String>,
}

/// The names that the code in these spans uses and that are bound outside of them. Only names that begin a path count: what stands
/// behind a dot belongs to what stands before it.
pub(super) fn needs(record: &FileRecord, spans: &[Span]) -> Needs {
    let file = record.file();
    let inside = |span: Span| spans.iter().any(|outer| outer.contains(span));
    let mut needs = Needs::default();
    for reference in file.references() {
        let begins_path = reference.qualifier.is_empty() && !reference.member && !reference.label && !reference.local;
        if !inside(reference.span) || !begins_path {
            continue;
        }
        let imports = file.imports.iter().enumerate().filter(|(_, import)| head(&import.alias) == reference.name);
        let imports: Vec<usize> = imports.map(|(at, _)| at).collect();
        let named =
            file.symbols.iter().enumerate().filter(|(_, symbol)| symbol.container.is_empty() && symbol.name == reference.name);
        let (within, own): (Vec<_>, Vec<_>) = named.partition(|(_, symbol)| inside(symbol.full_span));
        needs.own.extend(own.iter().map(|(at, _)| *at));
        if own.is_empty() && within.is_empty() {
            if imports.is_empty() {
                needs.free.insert(reference.name.to_owned());
            }
            needs.imports.extend(imports);
        }
    }
    needs
}

/// The first part of a dotted name: what `import os.path` binds.
pub(super) fn head(alias: &str) -> &str {
    alias.split('.').next().unwrap_or(alias)
}

/// Whether a file uses a name as the beginning of a path anywhere outside of these spans and of its imports.
pub(super) fn is_used_outside(record: &FileRecord, name: &str, spans: &[Span]) -> bool {
    let file = record.file();
    file.references().any(|reference| {
        reference.name == name
            && !reference.member
            && !reference.label
            && (!reference.local || reference.shorthand)
            && !spans.iter().any(|span| span.contains(reference.span))
            && !file.imports.iter().any(|import| import.span.contains(reference.span))
    })
}

/// Whether a file binds a name at all: by a definition, an import or a local variable.
pub(super) fn is_bound(record: &FileRecord, name: &str) -> bool {
    let file = record.file();
    file.symbols.iter().any(|symbol| symbol.name == name && symbol.container.is_empty())
        || file.imports.iter().any(|import| head(&import.alias) == name)
        || file.references().any(|reference| reference.local && reference.name == name)
}
