//! Python: a file is a module, a folder a package; an absolute name begins at a folder that is no package, or beside the importer.

use syntax::Import;

use crate::base::FileId;
use crate::imports::Lead;
use crate::{Index, paths};

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let near = index.record(file).path.clone();
    let dots = import.from.len() - import.from.trim_start_matches('.').len();
    let parts: Vec<&str> = import.from.split('.').filter(|part| !part.is_empty()).collect();
    let item: Vec<&str> = parts.iter().copied().chain([import.name.as_str()]).filter(|part| !matches!(*part, "" | "*")).collect();
    let find = |parts: &[&str]| if dots > 0 { relative(index, &near, dots, parts) } else { absolute(index, &near, parts) };
    let from = if parts.is_empty() && dots == 0 { Vec::new() } else { find(&parts) };
    let module = if item.len() == parts.len() { Vec::new() } else { find(&item) };
    let (from, module) = if import.name.is_empty() { (module, from) } else { (from, module) };
    let unknown = dots == 0 && from.is_empty() && module.is_empty();
    let foreign = unknown && item.first().is_none_or(|first| !has_package(index, &near, first));
    Lead { from: from.into(), module: module.into(), foreign }
}

fn relative(index: &Index, near: &str, dots: usize, parts: &[&str]) -> Vec<FileId> {
    let up = "../".repeat(dots - 1);
    let path = paths::join(paths::folder(near), &format!("{up}{}", parts.join("/")));
    path.map_or_else(Vec::new, |path| index.existing(spellings(&path).iter().map(String::as_str)))
}

fn absolute(index: &Index, near: &str, parts: &[&str]) -> Vec<FileId> {
    let Some(last) = parts.last() else { return Vec::new() };
    let path = parts.join("/");
    let spelled = spellings(&path);
    let mut found = Vec::new();
    for file in index.with_stem(last).into_iter().chain(packages(index, last)) {
        let own = &index.record(file).path;
        let Some(root) = spelled.iter().find_map(|end| own.strip_suffix(end.as_str())) else { continue };
        let root = root.strip_suffix('/').unwrap_or(root);
        let begins = own.len() == path.len() || root.is_empty() || own[root.len()..].starts_with('/');
        let in_package = !root.is_empty() && index.id(&format!("{root}/__init__.py")).is_some();
        if begins && (!in_package || root == paths::folder(near)) {
            found.push(file);
        }
    }
    super::nearest(index, found, near)
}

/// The `__init__` files of the folders of that name.
fn packages(index: &Index, name: &str) -> Vec<FileId> {
    let mut files = index.with_stem("__init__");
    files.retain(|&file| paths::file_name(paths::folder(&index.record(file).path)) == name);
    files
}

fn spellings(path: &str) -> Vec<String> {
    let slash = if path.is_empty() { "" } else { "/" };
    let mut spellings = vec![format!("{path}{slash}__init__.py"), format!("{path}{slash}__init__.pyi")];
    if !path.is_empty() {
        spellings.extend([format!("{path}.py"), format!("{path}.pyi")]);
    }
    spellings
}

/// Whether the workspace has a module, a package, or a folder for packages of that name where an absolute name may begin.
fn has_package(index: &Index, near: &str, name: &str) -> bool {
    !absolute(index, near, &[name]).is_empty()
        || ["", "src/", "lib/"].iter().any(|root| !index.base.below(&format!("{root}{name}")).is_empty())
}
