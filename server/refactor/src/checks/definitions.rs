//! `definitions`: none is lost that the plan does not give up, and none stands twice in one scope.

use std::collections::{BTreeMap, BTreeSet};

use assist::Snapshot;
use index::SymbolRef;
use syntax::{Language, Limits, SymbolKind};
use text::Span;

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
        let before = counts(overlay.base(), &change.path);
        for (key, count) in counts(overlay.now(), &change.path) {
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

/// The definitions of changed files that are no longer there. Members of a type count, local details do not. Where one path may stand for
/// several methods (Java's overloads, the same name in several traits of Rust), each counts.
pub(super) fn lost(overlay: &Overlay) -> Vec<SymbolRef> {
    let mut lost = Vec::new();
    for change in overlay.changes().files() {
        let mut left: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut paths: BTreeSet<String> = BTreeSet::new();
        for symbol in symbols(overlay.now().index(), &change.path) {
            *left.entry((symbol.symbol_path(), head(&symbol))).or_default() += 1;
            paths.insert(symbol.symbol_path());
        }
        // What has another head now is found by its path, as long as there are enough of that.
        let mut gone: Vec<SymbolRef> = Vec::new();
        for symbol in symbols(overlay.base().index(), &change.path) {
            match left.get_mut(&(symbol.symbol_path(), head(&symbol))) {
                Some(count) if *count > 0 => *count -= 1,
                _ => gone.push(symbol),
            }
        }
        for symbol in gone {
            let same = left.iter_mut().find(|((path, _), count)| *path == symbol.symbol_path() && **count > 0);
            match same {
                Some((_, count)) => *count -= 1,
                None if is_counted(&symbol) || !paths.contains(&symbol.symbol_path()) => lost.push(symbol),
                None => {}
            }
        }
    }
    lost
}

/// The head of a symbol by which it is told from others of its path; empty where those are one.
fn head(symbol: &SymbolRef) -> String {
    if is_counted(symbol) { symbol.get().signature.to_string() } else { String::new() }
}

fn is_counted(symbol: &SymbolRef) -> bool {
    matches!(symbol.record.language, Language::Java | Language::Rust)
        && matches!(symbol.get().kind, SymbolKind::Method | SymbolKind::Constructor)
}

/// How often each path is defined in a file, for languages and kinds in which twice is once too often. Where names may be overloaded, only
/// what has one head twice counts.
fn counts(now: &Snapshot, path: &str) -> BTreeMap<(String, SymbolKind, String), usize> {
    let text = now.text(path).unwrap_or_default();
    let is_rust = now.index().file(path).is_some_and(|record| record.language == Language::Rust);
    let blocks = if is_rust { blocks(&text) } else { Vec::new() };
    // Blocks of different traits may define one name each, so that only those of one block count together.
    let mut within: BTreeMap<(usize, String, SymbolKind, String), usize> = BTreeMap::new();
    for symbol in symbols(now.index(), path) {
        let this = symbol.get();
        let is_callable = matches!(this.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor);
        let mut head = String::new();
        let is_alone = match symbol.record.language {
            // What a header declares and a source defines may have one head.
            Language::C | Language::Cpp | Language::Dart | Language::Ruby | Language::Scala | Language::Swift => false,
            Language::CSharp | Language::Java | Language::Kotlin | Language::Tsx | Language::TypeScript => {
                head = this.signature.to_string();
                let is_type = matches!(this.kind, SymbolKind::Class | SymbolKind::TypeAlias);
                is_callable || is_type && symbol.record.language != Language::CSharp
            }
            Language::Python => is_plain_definition(&symbol, &text),
            Language::Rust => !text[this.full_span.start as usize..this.span.start as usize].contains("#[cfg"),
            _ => true,
        };
        if is_alone && this.kind != SymbolKind::Module {
            let block = blocks.iter().position(|block| block.contains(this.span)).unwrap_or(usize::MAX);
            *within.entry((block, symbol.symbol_path(), this.kind, head)).or_default() += 1;
        }
    }
    let mut counts = BTreeMap::new();
    for ((_, path, kind, head), count) in within {
        let most = counts.entry((path, kind, head)).or_default();
        *most = count.max(*most);
    }
    counts
}

/// The `impl` blocks of a file of Rust.
fn blocks(text: &str) -> Vec<Span> {
    let tree = syntax::parse_only(Language::Rust, text, None, &Limits::default());
    tree.map(|tree| syntax::implementations(&tree, text).into_iter().map(|block| block.span).collect()).unwrap_or_default()
}

/// Whether a definition of Python stands for itself and replaces any other of its name: a function or a class without a decorator, that no
/// condition and no `try` stands around.
fn is_plain_definition(symbol: &SymbolRef, text: &str) -> bool {
    let this = symbol.get();
    if !matches!(this.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Class)
        || this.full_span.start != this.span.start
    {
        return false;
    }
    let depth = |symbol: &SymbolRef| {
        let start = symbol.get().full_span.start as usize;
        text.get(text::line_start(text, start)..start).map_or(0, str::len)
    };
    let Some(parent) = symbol.parent() else { return depth(symbol) == 0 };
    let members = parent.record.file().symbols.iter().zip(0..).filter(|(other, _)| other.parent == this.parent);
    let least = members.filter_map(|(_, at)| SymbolRef::new(&parent.record, at)).map(|member| depth(&member)).min();
    least == Some(depth(symbol))
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
    fn one_of_several_of_a_name_is_missed() {
        let missed = |path: &str, before: &str, after: &str| {
            let (_folder, overlay) = overlay(&[(path, before)], &[(path, Some(after))]);
            lost(&overlay).len()
        };
        let java = |inside: &str| format!("class A {{\n    void a(int x) {{}}\n    {inside}\n}}\n");
        assert_eq!(missed("A.java", &java("void a(long x) {}"), &java("")), 1);
        assert_eq!(missed("A.java", &java("void a(long x) {}"), &java("void a(String x) {}")), 0, "another head");
        let rust = "struct A;\nimpl B for A {\n    fn f(&self) {}\n}\nimpl C for A {\n    fn f(&self) {}\n}\n";
        assert_eq!(missed("a.rs", rust, &rust.replace("impl C for A {\n    fn f(&self) {}\n}\n", "")), 1);
        let script = "function a(x: string): void;\nfunction a(x: any) {}\n";
        assert_eq!(missed("a.ts", script, "function a(x: any) {}\n"), 0);
    }

    #[test]
    fn a_doubled_definition_is_found() {
        let twice = "struct A { x: u8 }\nfn a() {}\nfn a() {}\n";
        assert_eq!(found(twice, &[]), ["a would be defined 2 times in a.rs"]);
    }

    #[test]
    fn overloads_and_alternatives_are_not_doubled_and_copies_are() {
        let doubled = |path: &str, before: &str, after: &str| {
            let (_folder, overlay) = overlay(&[(path, before)], &[(path, Some(after))]);
            faults(&overlay, &Allowance::default(), &lost(&overlay)).len()
        };
        let java = |more: &str| format!("class A {{\n    void a(int x) {{}}\n    {more}\n}}\n");
        assert_eq!(doubled("A.java", &java(""), &java("void a(long x) {}")), 0);
        assert_eq!(doubled("A.java", &java(""), &java("void a(int x) {}")), 1);
        let script = "export function a(x: string): void;\nexport function a(x: number): void;\nexport function a(x: any) {}\n";
        assert_eq!(doubled("a.ts", "", script), 0);
        assert_eq!(doubled("a.ts", "", &format!("{script}export function a(x: any) {{}}\n")), 1);
        let alias = "export type A = {\n  a?: string;\n};\n";
        assert_eq!(doubled("a.ts", alias, &format!("{alias}\n{alias}")), 1);
        let python = "class A:\n    def a(self):\n        pass\n";
        assert_eq!(doubled("a.py", python, &format!("{python}    def a(self, x):\n        pass\n")), 1);
        assert_eq!(doubled("a.py", python, &format!("{python}    @a.setter\n    def a(self, x):\n        pass\n")), 0);
        let rust = "struct A;\nimpl A {\n    fn a() {}\n}\n";
        assert_eq!(doubled("a.rs", rust, &rust.replace("fn a() {}", "fn a() {}\n    fn a() {}")), 1);
        assert_eq!(doubled("a.rs", rust, &format!("{rust}impl B for A {{\n    fn a() {{}}\n}}\n")), 0);
        assert_eq!(doubled("a.rs", "", "#[cfg(unix)]\nfn a() {}\n#[cfg(windows)]\nfn a() {}\n"), 0);
        let either = "if x:\n    def a():\n        pass\nelse:\n    def a():\n        pass\n";
        assert_eq!(doubled("a.py", "", either), 0);
    }
}
