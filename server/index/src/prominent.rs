//! What matters most in a workspace, and what is only there to test it.

use std::cmp::Reverse;
use std::sync::Arc;

use syntax::SymbolKind;

use crate::{FileRecord, Index, SymbolRef};

/// What comes first among symbols.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    /// Tests, generated code and code of others.
    aside: bool,
    importance: Reverse<u64>,
    path: Arc<str>,
    number: u32,
}

impl Index {
    /// The functions, methods, types and interfaces that the rest of the workspace leans on most, the most important first; tests and
    /// code of others come last.
    #[must_use]
    pub fn prominent(&self, limit: usize) -> Vec<SymbolRef> {
        self.prominent_of(self.files(), limit)
    }

    /// The same of one file.
    #[must_use]
    pub fn prominent_in(&self, path: &str, limit: usize) -> Vec<SymbolRef> {
        self.prominent_of(self.file(path).into_iter(), limit)
    }

    fn prominent_of<'record>(&self, records: impl Iterator<Item = &'record Arc<FileRecord>>, limit: usize) -> Vec<SymbolRef> {
        let mut symbols: Vec<(Order, SymbolRef)> = Vec::new();
        for record in records {
            let Some(file) = self.id(&record.path) else { continue };
            for (number, symbol) in (0_u32..).zip(&record.file().symbols) {
                if !is_worth_showing(symbol.kind) {
                    continue;
                }
                let Some(reference) = SymbolRef::new(record, number) else { continue };
                let aside = reference.is_test() || record.is_generated || is_of_others(&record.path);
                // Never negative, so that its bits are in its order.
                let importance = self.prominence((file, number)).to_bits();
                let order = Order { aside, importance: Reverse(importance), path: Arc::clone(&record.path), number };
                symbols.push((order, reference));
            }
        }
        let by_order = |a: &(Order, SymbolRef), b: &(Order, SymbolRef)| a.0.cmp(&b.0);
        if symbols.len() > limit {
            symbols.select_nth_unstable_by(limit, by_order);
            symbols.truncate(limit);
        }
        symbols.sort_unstable_by(by_order);
        symbols.into_iter().map(|(_, symbol)| symbol).collect()
    }
}

impl SymbolRef {
    /// Whether it is test code, by the conventions of the languages that are known: a `tests` folder or module, `test_x.py`,
    /// `x_test.go`, `x.test.ts`, `x.spec.ts`, `XTest.java`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        is_test_file(self.path()) || is_test_container(&self.get().container)
    }
}

/// Whether a file is there to test, by its path.
pub(crate) fn is_test_file(path: &str) -> bool {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    let in_folder =
        folders.split('/').any(|part| matches!(part, "test" | "tests" | "__tests__" | "spec" | "testing" | "testkit"));
    in_folder
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem == "tests"
        || stem.ends_with("Test")
        || stem.ends_with("Tests")
        || file.contains(".test.")
        || file.contains(".spec.")
}

/// Whether what stands in this is there to test.
pub(crate) fn is_test_container(container: &str) -> bool {
    container.split("::").any(|part| part == "tests" || part == "test")
}

fn is_worth_showing(kind: SymbolKind) -> bool {
    use SymbolKind::{Class, Enum, Function, Interface, Method, Struct};
    matches!(kind, Class | Enum | Function | Interface | Method | Struct)
}

/// Whether a file was brought along or made by a program.
fn is_of_others(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "vendor" | "third_party" | "node_modules" | "dist" | "generated" | "examples"))
}
