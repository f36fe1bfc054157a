//! Which module of which crate a file of Rust is, and how others name it.

use index::{Index, SymbolRef};
use syntax::SymbolKind;

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
