//! Which module of which crate a file of Rust is, and how others name it.

use index::{FileRecord, Index, SymbolRef};
use syntax::SymbolKind;
use text::Span;

use super::proof::outer;

/// A module in a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// The file of the crate's root that declares it: `src/lib.rs`.
    pub(super) root: String,
    /// The names from the root of the crate to it.
    pub(super) parts: Vec<String>,
}

impl Module {
    /// The module of a file; `None` where no crate root declares it, or more than one.
    pub(super) fn of(index: &Index, path: &str) -> Option<Self> {
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            let at = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            let roots: Vec<String> =
                ["lib.rs", "main.rs"].map(at).into_iter().filter(|root| index.file(root).is_some()).collect();
            if !roots.is_empty() {
                let inner = path[folder.len()..].trim_start_matches('/').strip_suffix(".rs")?;
                if roots.iter().any(|root| root == path) {
                    return Some(Self { root: path.to_owned(), parts: Vec::new() });
                }
                let inner = inner.strip_suffix("/mod").unwrap_or(inner);
                let parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
                let first = parts.first()?;
                let mut declaring = roots.into_iter().filter(|root| declaration(index, root, first).is_some());
                let root = declaring.next()?;
                return declaring.next().is_none().then_some(Self { root, parts });
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }

    /// `crate::a::b`.
    pub(super) fn path(&self) -> String {
        std::iter::once("crate").chain(self.parts.iter().map(String::as_str)).collect::<Vec<_>>().join("::")
    }

    /// The file of the module that it stands in.
    pub(super) fn parent_file(&self, index: &Index) -> Option<String> {
        let parent = self.parts.len().checked_sub(1)?;
        if parent == 0 {
            return Some(self.root.clone());
        }
        let folder = self.root.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let path = self.parts[..parent].join("/");
        [format!("{folder}{path}.rs"), format!("{folder}{path}/mod.rs")].into_iter().find(|path| index.file(path).is_some())
    }

    /// The statements that declare it and the modules around it, outermost first; `None` where one is missing.
    pub(super) fn declarations(&self, index: &Index) -> Option<Vec<SymbolRef>> {
        (1..=self.parts.len())
            .map(|length| {
                let module = Self { root: self.root.clone(), parts: self.parts[..length].to_vec() };
                declaration(index, &module.parent_file(index)?, module.parts.last()?)
            })
            .collect()
    }

    /// Whether `other` is this module or stands in it, so that it sees what is private here.
    pub(super) fn contains(&self, other: &Self) -> bool {
        self.root == other.root && other.parts.starts_with(&self.parts)
    }
}

/// `mod name;` in a file.
pub(super) fn declaration(index: &Index, path: &str, name: &str) -> Option<SymbolRef> {
    outer(index, path).into_iter().find(|symbol| symbol.get().kind == SymbolKind::Module && symbol.get().name == name)
}

/// Every place in the `use` statements of a file where a module is named on the way to something in it.
pub(super) fn uses_through(index: &Index, record: &FileRecord, text: &str, module: &Module) -> Vec<Span> {
    let Some(file) = Module::of(index, &record.path).filter(|file| file.root == module.root) else { return Vec::new() };
    let mut statements: Vec<Span> = record.file().imports.iter().map(|import| import.span).collect();
    statements.dedup();
    let mut found = Vec::new();
    for statement in statements {
        let inline = record.file().symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Module);
        let around = inline.filter(|symbol| symbol.span.contains(statement)).map(|symbol| symbol.name.to_string());
        let here: Vec<String> = file.parts.iter().cloned().chain(around).collect();
        let is_declared = |name: &str| here == file.parts && declaration(index, &record.path, name).is_some();
        let named = use_tree(statement.of(text)).into_iter();
        let meant = named.filter(|(path, _)| absolute(&here, path, is_declared).is_some_and(|path| path == module.parts));
        found.extend(meant.map(|(_, at)| {
            let start = statement.start as usize + at.start;
            Span::new(start, start + at.len())
        }));
    }
    found
}

/// The names from the root of the crate that a path of a module leads to; `None` where it leads elsewhere.
fn absolute(here: &[String], path: &[&str], is_declared: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut parts = match *first {
        "crate" => Vec::new(),
        "self" => here.to_vec(),
        "super" => here.split_last()?.1.to_vec(),
        name if is_declared(name) => here.iter().cloned().chain([name.to_owned()]).collect(),
        _ => return None,
    };
    for name in rest {
        if *name == "super" {
            parts.pop()?;
        } else {
            parts.push((*name).to_owned());
        }
    }
    Some(parts)
}

/// Every name of a `use` statement that something follows by `::`, with the whole path to it and its bytes.
fn use_tree(statement: &str) -> Vec<(Vec<&str>, std::ops::Range<usize>)> {
    let Some(begin) = statement.find("use ").map(|at| at + "use ".len()) else { return Vec::new() };
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let (mut path, mut around, mut found): (Vec<&str>, Vec<usize>, Vec<_>) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = begin;
    while let Some(character) = statement[at..].chars().next() {
        if is_part(character) {
            let length = statement[at..].find(|character| !is_part(character)).unwrap_or(statement.len() - at);
            path.push(&statement[at..at + length]);
            if statement[at + length..].trim_start().starts_with("::") {
                found.push((path.clone(), at..at + length));
            }
            at += length;
            continue;
        }
        match character {
            '{' => around.push(path.len()),
            '}' => path.truncate(around.pop().unwrap_or(0)),
            ',' => path.truncate(around.last().copied().unwrap_or(0)),
            _ => {}
        }
        at += character.len_utf8();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::use_tree;

    #[test]
    fn a_use_statement_names_what_it_leads_through() {
        let named: Vec<String> =
            use_tree("pub use crate::{a::{B as C, d::E}, f, self::g::*};").iter().map(|(path, _)| path.join("::")).collect();
        assert_eq!(named, ["crate", "crate::a", "crate::a::d", "crate::self", "crate::self::g"]);
    }
}
