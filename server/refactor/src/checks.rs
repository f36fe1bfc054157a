//! The checks that stand between a change and the eyes of a user. Each has a name, each is code, none asks a model.

mod content;
mod one_file;

use std::collections::{BTreeMap, BTreeSet};

use index::{Index, SymbolRef};
use syntax::{Language, SymbolKind};

pub(crate) use self::one_file::one_file;
use crate::overlay::Overlay;
use crate::protected;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `scope`, `syntax`, `definitions`, `references`, `completeness` or `content`.
    pub name: &'static str,
    /// What is wrong; empty where it passed.
    pub faults: Vec<String>,
}

impl Check {
    /// Whether it found nothing wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What a change may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowance {
    /// The files that may be touched.
    pub(crate) files: BTreeSet<String>,
    /// The files that may go.
    pub(crate) deleted: BTreeSet<String>,
    /// The symbols that may go, by file and path.
    pub(crate) gone: BTreeSet<(String, String)>,
    /// What the user asked for, in their own words.
    pub(crate) said: String,
}

/// Runs all checks of `overlay` against the workspace as it was.
pub(crate) fn run(overlay: &Overlay, allowance: &Allowance) -> Vec<Check> {
    let lost = lost(overlay);
    vec![
        Check { name: "scope", faults: scope(overlay, allowance) },
        Check { name: "syntax", faults: syntax(overlay) },
        Check { name: "definitions", faults: definitions(overlay, allowance, &lost) },
        Check { name: "references", faults: references(overlay, &lost) },
        Check { name: "completeness", faults: completeness(overlay) },
        Check { name: "content", faults: content::faults(overlay, &allowance.said) },
    ]
}

/// Only planned files are touched, only planned files go, and none that gives orders to tools.
fn scope(overlay: &Overlay, allowance: &Allowance) -> Vec<String> {
    let changes = overlay.changes();
    changes
        .files()
        .iter()
        .filter_map(|change| {
            let path = change.path.as_str();
            let refusal = if change.before.is_none() { protected::refusal_of_new } else { protected::refusal };
            if let Some(reason) = refusal(path) {
                return Some(format!("{path} may not be written: {reason}"));
            }
            if change.after.is_none() && !allowance.deleted.contains(path) {
                return Some(format!("{path} would be deleted, which is not part of the plan"));
            }
            (!allowance.files.contains(path)).then(|| format!("{path} is not part of the plan"))
        })
        .collect()
}

/// No file has more syntax errors than before.
fn syntax(overlay: &Overlay) -> Vec<String> {
    let errors = |index: &Index, path: &str| index.file(path).map_or(0, |record| record.file().error_count);
    let mut faults = Vec::new();
    for change in overlay.changes().files() {
        let path = change.path.as_str();
        let (before, after) = (errors(overlay.base().index(), path), errors(overlay.now().index(), path));
        let known_before = overlay.base().index().file(path).is_some();
        if known_before && change.after.is_some() && overlay.now().index().file(path).is_none() {
            faults.push(format!("{path} can no longer be parsed"));
        } else if after > before {
            faults.push(format!("{path} would have {after} syntax errors where it had {before}"));
        }
    }
    faults
}

/// No definition is lost that the plan does not give up, and none stands twice in one scope.
fn definitions(overlay: &Overlay, allowance: &Allowance, lost: &[SymbolRef]) -> Vec<String> {
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
fn lost(overlay: &Overlay) -> Vec<SymbolRef> {
    let mut lost = Vec::new();
    for change in overlay.changes().files() {
        let now: BTreeSet<String> = symbols(overlay.now().index(), &change.path).map(|symbol| symbol.symbol_path()).collect();
        lost.extend(symbols(overlay.base().index(), &change.path).filter(|symbol| !now.contains(&symbol.symbol_path())));
    }
    lost
}

fn symbols(index: &Index, path: &str) -> impl Iterator<Item = SymbolRef> {
    let record = index.file(path).cloned();
    let count = record.as_ref().map_or(0, |record| u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX));
    (0..count).filter_map(move |symbol| SymbolRef::new(record.as_ref()?, symbol))
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

/// No use is left of a definition that is gone.
fn references(overlay: &Overlay, lost: &[SymbolRef]) -> Vec<String> {
    let (base, now) = (overlay.base().index(), overlay.now().index());
    let mut faults = Vec::new();
    for symbol in lost {
        let name = &symbol.get().name;
        if !now.named(name).is_empty() {
            // Another symbol of that name may be what the uses mean now; only a use that was certain before is looked at.
            continue;
        }
        let files: BTreeSet<String> = base
            .references_of(symbol)
            .into_iter()
            .filter(|hit| hit.certainty > syntax::Certainty::SameName)
            .map(|hit| hit.path().to_owned())
            .collect();
        for path in files {
            let Some(record) = now.file(&path) else { continue };
            let left = record.file().references().filter(|reference| reference.name == name.as_str() && !reference.local);
            if let Some(reference) = left.take(1).next() {
                faults.push(format!("{path}:{} would still use {name}, which is gone", reference.line() + 1));
            }
        }
        faults.extend(written_paths(now, symbol));
    }
    faults.sort();
    faults.dedup();
    faults
}

/// The uses of a name that is gone behind a path that begins in the workspace, wherever they stand: where such a path leads may
/// not be known, but outside of the workspace it does not.
fn written_paths(now: &Index, symbol: &SymbolRef) -> Vec<String> {
    let name = symbol.get().name.as_str();
    let records: Vec<_> = now.files().filter(|record| record.language == symbol.record.language).collect();
    let is_ours = |first: &str| {
        let names_part = |path: &str| path.split(['/', '.']).any(|part| part.replace('-', "_") == first);
        matches!(first, "crate" | "self" | "super") || records.iter().any(|record| names_part(&record.path))
    };
    let mut faults = Vec::new();
    for record in &records {
        let file = record.file();
        let behind_path = file.references().filter(|reference| {
            reference.name == name && !reference.member && !reference.local && reference.qualifier.contains("::")
        });
        for reference in behind_path {
            let first = reference.qualifier.split("::").next().unwrap_or_default();
            let import = file.imports.iter().find(|import| import.alias == first && !import.from.is_empty());
            let first = import.map_or(first, |import| import.from.split("::").next().unwrap_or_default());
            if is_ours(first) {
                faults.push(format!("{}:{} would still use {name}, which is gone", record.path, reference.line() + 1));
            }
        }
    }
    faults
}

/// What models write where they leave code out.
const ELISIONS: &[&str] = &[
    "existing code",
    "rest unchanged",
    "rest of the code",
    "rest of the file",
    "rest of the function",
    "remains unchanged",
    "unchanged ...",
    "... unchanged",
    "same as before",
    "code omitted",
    "omitted for brevity",
    "todo: implement",
    "your code here",
];

/// No new comment stands where code was left out.
fn completeness(overlay: &Overlay) -> Vec<String> {
    let mut faults = Vec::new();
    for change in overlay.changes().files() {
        let before = change.before.as_deref().unwrap_or_default().to_lowercase();
        for (at, line) in change.after.as_deref().unwrap_or_default().lines().enumerate() {
            let lower = line.to_lowercase();
            let comment = ["//", "#", "/*", "*", "--", "\"\"\""].iter().any(|marker| lower.trim_start().starts_with(marker))
                || lower.contains("//");
            let bare = lower.trim().trim_matches(['/', '#', '*', '-', ' ']);
            let elided = comment && (ELISIONS.iter().any(|elision| lower.contains(elision)) || matches!(bare, "..." | "…"));
            if elided && !before.contains(lower.trim()) {
                faults.push(format!("{}:{} leaves code out", change.path, at + 1));
            }
        }
    }
    faults
}
