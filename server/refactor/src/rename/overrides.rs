//! Methods of Java that override each other: all of them have one name, and where not all of them are known none is renamed.

use std::collections::BTreeSet;

use assist::Snapshot;
use index::{Index, SymbolRef};
use syntax::{Language, ReferenceKind, SymbolKind};

/// What speaks against renaming these definitions alone; `None` where nothing does.
pub(super) fn unknown(snapshot: &Snapshot, definitions: &[SymbolRef]) -> Option<String> {
    let first = definitions.first().filter(|first| is_method(first))?;
    let is_override = |symbol: &SymbolRef| {
        let (full, own) = (symbol.get().full_span, symbol.get().name_span);
        let text = snapshot.text(symbol.path()).unwrap_or_default();
        text.get(full.start as usize..own.start as usize).is_some_and(|head| head.contains("@Override"))
    };
    if definitions.iter().all(is_override) {
        return Some(format!("{} overrides a method that is defined outside of the workspace", super::place_of(first)));
    }
    let index = snapshot.index();
    let others = index.named(&first.get().name).into_iter().filter(|other| is_method(other) && !definitions.contains(other));
    let related = |other: &SymbolRef| {
        definitions.iter().any(|definition| inherits(index, other, definition) || inherits(index, definition, other))
    };
    let other = others.into_iter().find(related)?;
    Some(format!("{} may override it, or be overridden by it", super::place_of(&other)))
}

fn is_method(symbol: &SymbolRef) -> bool {
    symbol.record.language == Language::Java && symbol.get().kind == SymbolKind::Method
}

/// Whether the class of one method has that of another among its parents, by their names.
fn inherits(index: &Index, below: &SymbolRef, above: &SymbolRef) -> bool {
    let (Some(class), Some(wanted)) = (below.parent(), above.parent()) else { return false };
    let (mut seen, mut next) = (BTreeSet::new(), vec![class.clone()]);
    while let Some(class) = next.pop() {
        let named = class
            .record
            .file()
            .references()
            .filter(|reference| reference.kind == ReferenceKind::Implementation && class.get().span.contains(reference.span));
        let names: Vec<String> = named.map(|reference| reference.name.to_owned()).collect();
        for name in names {
            if name == wanted.get().name.as_str() {
                return class != wanted;
            }
            if seen.insert(name.clone()) {
                let classes = index.named(&name).into_iter();
                next.extend(classes.filter(|class| class.record.language == Language::Java && class.get().kind.has_members()));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use assist::{Host, Settings};

    use crate::rename::{find, rename};

    /// Whether the method of `A` may be renamed in a workspace of these classes.
    fn renamed(files: &[(&str, &str)]) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        files.iter().for_each(|(path, text)| host.open(path, *text, 1));
        let snapshot = host.snapshot();
        let symbol = find(snapshot.index(), "A::run", Some("A.java")).unwrap();
        rename(&snapshot, &symbol, "go").map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn a_method_of_a_foreign_class_keeps_its_name() {
        let foreign = "class A extends Thread {\n    @Override public void run() {}\n}\n";
        assert!(renamed(&[("A.java", foreign)]).unwrap_err().contains("outside of the workspace"));
        assert_eq!(renamed(&[("A.java", "class A {\n    public void run() {}\n}\n")]), Ok(()));
        let stranger = ("B.java", "class B {\n    public void run() {}\n}\n");
        assert_eq!(renamed(&[("A.java", "class A {\n    public void run() {}\n}\n"), stranger]), Ok(()));
    }
}
