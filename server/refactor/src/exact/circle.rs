//! Circles of imports: a module that imports itself by way of others may find itself half made.

use std::collections::BTreeSet;
use std::sync::Arc;

use assist::Snapshot;
use syntax::{Import, Language};

use super::python_module;

/// The first of these new imports that would close a circle, as the two files.
pub(super) fn closed<'e>(snapshot: &Snapshot, edges: &'e [(String, String)]) -> Option<&'e (String, String)> {
    edges.iter().find(|(from, to)| {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut next = vec![to.clone()];
        while let Some(path) = next.pop() {
            if path == *from {
                return true;
            }
            if seen.insert(path.clone()) {
                next.extend(edges.iter().filter(|(from, _)| *from == path).map(|(_, to)| to.clone()));
                next.extend(imported_at_once(snapshot, &path));
            }
        }
        false
    })
}

/// The files that a module imports as soon as it is loaded: not from within a function, and not for its types alone.
fn imported_at_once(snapshot: &Snapshot, path: &str) -> Vec<String> {
    let (Some(record), Some(text)) = (snapshot.index().file(path), snapshot.text(path)) else { return Vec::new() };
    let imports = record.file().imports.iter().zip(snapshot.index().imported_files(path));
    let at_once = imports.filter(|(import, _)| {
        let statement = import.span.of(&text);
        let is_type = record.language != Language::Python
            && ["import type ", "export type ", "import type{"].iter().any(|head| statement.starts_with(head));
        !is_type && text::line_indent(&text, import.span.start as usize).is_empty()
    });
    let wanted = |(import, files): (&Import, Vec<Arc<str>>)| {
        // `from package import module` loads the module; the package that is half made then is not asked for a name.
        let is_module = |path: &Arc<str>| python_module::parts(path).last() == Some(&import.name.as_str());
        let modules: Vec<Arc<str>> = files.iter().filter(|path| is_module(path)).cloned().collect();
        if record.language == Language::Python && !modules.is_empty() { modules } else { files }
    };
    at_once.flat_map(wanted).map(|path| path.to_string()).collect()
}
