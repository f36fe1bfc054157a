//! `definitions`: none is lost that the plan does not give up, and none stands twice in one scope.

use std::collections::{BTreeMap, BTreeSet};

use index::{Index, SymbolRef};
use syntax::{Language, SymbolKind};

use super::{Allowance, symbols};
use crate::overlay::Overlay;

/// No definition is lost that the plan does not give up, and none stands twice in one scope.
pub(super) fn faults(overlay: &Overlay, allowance: &Allowance, lost: &[SymbolRef]) -> Vec<String> {
    let mut faults: Vec<String> = lost
        .iter()
        .filter(|symbol| !is_allowed(symbol, allowance))
        .map(|symbol| format!("{} would be lost from {}", symbol.symbol_path(), symbol.path()))
        .collect();
    for change in overlay.changes().files() {
        let before = counts(overlay.base().index(), &change.path);
        for (key, count) in counts(overlay.now().index(), &change.path) {
            if count > 1 && count > before.get(&key).copied().unwrap_or(0) {
                faults.push(format!("{} would be defined {count} times in {}", key.0, change.path));
            }
        }
    }
    faults
}

/// A symbol may go when the plan says so, or when what it stands in may.
fn is_allowed(symbol: &SymbolRef, allowance: &Allowance) -> bool {
    let mut next = Some(symbol.clone());
    while let Some(symbol) = next {
        if allowance.gone.contains(&(symbol.path().to_owned(), symbol.symbol_path())) {
            return true;
        }
        next = symbol.parent();
    }
    // Methods of a type stand beside it in some languages: their container's name is what the plan gives up.
    let container = symbol.get().container.to_string();
    !container.is_empty()
        && allowance.gone.iter().any(|(_, path)| *path == container || container.starts_with(&format!("{path}::")))
}

/// The definitions of changed files that are no longer there. Members of a type count, local details do not.
pub(super) fn lost(overlay: &Overlay) -> Vec<SymbolRef> {
    let mut lost = Vec::new();
    for change in overlay.changes().files() {
        let now: BTreeSet<String> = symbols(overlay.now().index(), &change.path).map(|symbol| symbol.symbol_path()).collect();
        lost.extend(symbols(overlay.base().index(), &change.path).filter(|symbol| !now.contains(&symbol.symbol_path())));
    }
    lost
}

/// How often each path is defined in a file, for languages and kinds in which twice is once too often.
fn counts(index: &Index, path: &str) -> BTreeMap<(String, SymbolKind), usize> {
    let mut counts = BTreeMap::new();
    for symbol in symbols(index, path) {
        let overloads = matches!(
            symbol.record.language,
            Language::C
                | Language::Cpp
                | Language::CSharp
                | Language::Dart
                | Language::Java
                | Language::Kotlin
                | Language::Python
                | Language::Ruby
                | Language::Scala
                | Language::Swift
                | Language::Tsx
                | Language::TypeScript
        );
        // Rust's impl blocks of different traits may define one name each; a doubled one there is the compiler's to find.
        let is_method = symbol.get().kind == SymbolKind::Method && symbol.record.language == Language::Rust;
        if !overloads && !is_method && symbol.get().kind != SymbolKind::Module {
            *counts.entry((symbol.symbol_path(), symbol.get().kind)).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{faults, lost};
    use crate::checks::Allowance;
    use crate::checks::fixture::overlay;

    fn found(after: &str, gone: &[(&str, &str)]) -> Vec<String> {
        let (_folder, overlay) = overlay(&[("a.rs", "struct A { x: u8 }\nfn a() {}\n")], &[("a.rs", Some(after))]);
        let gone = gone.iter().map(|(path, name)| ((*path).to_owned(), (*name).to_owned())).collect();
        faults(&overlay, &Allowance { gone, ..Allowance::default() }, &lost(&overlay))
    }

    #[test]
    fn a_lost_definition_is_found_unless_it_is_given_up() {
        assert_eq!(found("struct A { x: u8 }\n", &[]), ["a would be lost from a.rs"]);
        assert_eq!(found("struct A { x: u8 }\n", &[("a.rs", "a")]), Vec::<String>::new());
        assert_eq!(found("fn a() {}\n", &[("a.rs", "A")]), Vec::<String>::new(), "what stands in it goes with it");
        assert_eq!(found("struct A { }\nfn a() {}\n", &[]), ["A::x would be lost from a.rs"]);
    }

    #[test]
    fn a_doubled_definition_is_found() {
        let twice = "struct A { x: u8 }\nfn a() {}\nfn a() {}\n";
        assert_eq!(found(twice, &[]), ["a would be defined 2 times in a.rs"]);
    }
}
