//! Methods of Java that override each other, and what implements a trait of Rust: all of them have one name, and where not all of them are
//! known none is renamed.

use std::collections::BTreeSet;

use assist::Snapshot;
use index::{Index, SymbolRef};
use syntax::{Language, ReferenceKind, SymbolKind};

/// What speaks against renaming these definitions alone; `None` where nothing does.
pub(super) fn unknown(snapshot: &Snapshot, definitions: &[SymbolRef]) -> Option<String> {
    let index = snapshot.index();
    let header = |symbol: &SymbolRef| {
        let text = snapshot.text(symbol.path()).unwrap_or_default();
        trait_impl(&text, symbol.get().span.start as usize).map(str::to_owned)
    };
    if let Some(first) = definitions.first().filter(|first| first.record.language == Language::Rust) {
        if definitions.iter().all(|symbol| header(symbol).is_some()) {
            return Some(format!("{} implements a trait, which asks for that name", super::place_of(first)));
        }
        let is_trait = |symbol: &SymbolRef| symbol.parent().filter(|parent| parent.get().kind == SymbolKind::Interface);
        let traits: Vec<SymbolRef> = definitions.iter().filter_map(is_trait).collect();
        let others = index.named(&first.get().name).into_iter().filter(|other| !definitions.contains(other));
        let implements = |other: &SymbolRef| {
            let header = header(other).unwrap_or_default();
            let mut words = header.split(|character: char| !(character.is_alphanumeric() || character == '_'));
            words.any(|word| traits.iter().any(|one| one.get().name.as_str() == word))
        };
        return others
            .filter(|_| !traits.is_empty())
            .find(implements)
            .map(|other| format!("{} implements it", super::place_of(&other)));
    }
    let first = definitions.first().filter(|first| is_method(first))?;
    let is_override = |symbol: &SymbolRef| {
        let (full, own) = (symbol.get().full_span, symbol.get().name_span);
        let text = snapshot.text(symbol.path()).unwrap_or_default();
        text.get(full.start as usize..own.start as usize).is_some_and(|head| head.contains("@Override"))
    };
    if definitions.iter().all(is_override) {
        return Some(format!("{} overrides a method that is defined outside of the workspace", super::place_of(first)));
    }
    let others = index.named(&first.get().name).into_iter().filter(|other| is_method(other) && !definitions.contains(other));
    let related = |other: &SymbolRef| {
        definitions.iter().any(|definition| inherits(index, other, definition) || inherits(index, definition, other))
    };
    let other = others.into_iter().find(related)?;
    Some(format!("{} may override it, or be overridden by it", super::place_of(&other)))
}

/// The first line of the implementation of a trait that stands around a place, by the lines above it that stand further out.
fn trait_impl(text: &str, at: usize) -> Option<&str> {
    let start = text::line_start(text, at);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(&text[start..]);
    for line in text[..start].lines().rev().filter(|line| !line.trim().is_empty() && indent(line) < own) {
        let head = line.trim_start();
        if head.starts_with("impl") || head.starts_with("unsafe impl") {
            return head.split_whitespace().any(|word| word == "for").then_some(head);
        }
        // What may stand between the head of a block and its brace.
        if !(head.starts_with('{') || head.starts_with("where") || head.starts_with('>')) {
            return None;
        }
    }
    None
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
    fn what_implements_a_trait_keeps_its_name() {
        let renamed = |name: &str, text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let host = Host::new(folder.path(), Settings::default(), None);
            host.open("src/lib.rs", text, 1);
            let snapshot = host.snapshot();
            let symbol = find(snapshot.index(), name, None).unwrap();
            rename(&snapshot, &symbol, "go").map(drop).map_err(|error| error.to_string())
        };
        let foreign = "struct A;\nimpl<T> Job<T> for A\nwhere\n    T: Copy,\n{\n    fn run(&self) {}\n}\n";
        assert!(renamed("A::run", foreign).unwrap_err().contains("implements a trait"));
        assert_eq!(renamed("A::run", "struct A;\nimpl A {\n    fn run(&self) {}\n}\n"), Ok(()));
        let own = "trait Job {\n    fn run(&self);\n}\nstruct A;\nimpl Job for A {\n    fn run(&self) {}\n}\n";
        assert!(renamed("A::run", own).unwrap_err().contains("implements a trait"));
        assert!(renamed("Job::run", own).unwrap_err().contains("src/lib.rs:6 implements it"));
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
