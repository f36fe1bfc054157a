//! Rust: a module is a file or a folder under the root of its crate, or stands written out in a file.

use syntax::{Import, SymbolKind};

use crate::base::FileId;
use crate::imports::Lead;
use crate::{Index, paths};

/// How many modules in a row may come from elsewhere.
const RE_EXPORTS: u8 = 3;

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let parts: Vec<&str> = import.from.split("::").filter(|part| !part.is_empty()).collect();
    let item: Vec<&str> = parts.iter().copied().chain([import.name.as_str()]).filter(|part| !matches!(*part, "" | "*")).collect();
    let at = import.span.start;
    let from = if parts.is_empty() { None } else { files(index, file, at, &parts) };
    let module = files(index, file, at, &item).filter(|(_, rest)| *rest == 0).map_or_else(Vec::new, |(files, _)| files);
    let internal = item.first().is_some_and(|first| matches!(*first, "crate" | "self" | "super"));
    let from = from.map_or_else(Vec::new, |(files, _)| files);
    Lead { from: from.into(), module: module.into(), foreign: !internal }
}

/// The files of a path as it is written at a byte of a file, and how many parts of the path are left over for what stands in
/// the files. `None` where the path leads out of the workspace. A module that a file on the way has from elsewhere
/// (`pub extern crate grep_searcher as searcher`, `pub use other::module`) is followed.
pub(crate) fn files(index: &Index, file: FileId, at: u32, parts: &[&str]) -> Option<(Vec<FileId>, usize)> {
    passing(index, file, at, parts, RE_EXPORTS)
}

fn passing(index: &Index, file: FileId, at: u32, parts: &[&str], steps: u8) -> Option<(Vec<FileId>, usize)> {
    let (mut found, mut rest) = written(index, file, at, parts)?;
    let Some(steps) = steps.checked_sub(1) else { return Some((found, rest)) };
    while rest > 1 || (rest == 1 && parts.len() > 1) {
        let Some(next) = handed_on(index, &found, parts[parts.len() - rest], steps) else { break };
        found = next;
        rest -= 1;
    }
    Some((found, rest))
}

/// The files of the module that one of these files imports under that name.
fn handed_on(index: &Index, files: &[FileId], name: &str, steps: u8) -> Option<Vec<FileId>> {
    files.iter().find_map(|&file| {
        let imports = &index.record(file).file().imports;
        imports.iter().filter(|import| import.alias == name && import.name != "*").find_map(|import| {
            let item: Vec<&str> = import.from.split("::").chain([import.name.as_str()]).filter(|part| !part.is_empty()).collect();
            let (module, rest) = passing(index, file, import.span.start, &item, steps)?;
            (rest == 0 && !module.contains(&file)).then_some(module)
        })
    })
}

/// As [`files`], by the folders alone.
fn written(index: &Index, file: FileId, at: u32, parts: &[&str]) -> Option<(Vec<FileId>, usize)> {
    let record = index.record(file);
    let first = *parts.first()?;
    let (root, own) = locate(index, &record.path);
    let mut module: Vec<&str> = own.split('/').filter(|part| !part.is_empty()).collect();
    match first {
        "crate" => within(index, &root, &[], &parts[1..]),
        "self" | "super" => {
            let inline = inline_modules(index, file, at);
            let mut left = &parts[usize::from(first == "self")..];
            let mut inline = inline;
            while left.first() == Some(&"super") {
                if inline > 0 {
                    inline -= 1;
                } else {
                    module.pop();
                }
                left = &left[1..];
            }
            if inline > 0 || (left.is_empty() && module.join("/") == own) {
                return Some((vec![file], left.len()));
            }
            within(index, &root, &module, left)
        }
        _ => {
            // A module beside this one, else another crate of the workspace.
            let child: Vec<&str> = module.iter().copied().chain([first]).collect();
            let is_child = !module_files(index, &root, &child).is_empty()
                || record.file().symbols.iter().any(|symbol| symbol.name == first && symbol.kind != SymbolKind::Field);
            let beside = if is_child { within(index, &root, &module, parts) } else { None };
            beside.or_else(|| {
                let root = crate_root(index, first, &record.path)?;
                within(index, &root, &[], &parts[1..])
            })
        }
    }
}

/// The files of the longest beginning of a path that has files of its own.
fn within(index: &Index, root: &str, module: &[&str], parts: &[&str]) -> Option<(Vec<FileId>, usize)> {
    let whole: Vec<&str> = module.iter().chain(parts).copied().collect();
    for length in (module.len()..=whole.len()).rev() {
        let files = module_files(index, root, &whole[..length]);
        if !files.is_empty() {
            return Some((files, whole.len() - length));
        }
    }
    None
}

fn module_files(index: &Index, root: &str, module: &[&str]) -> Vec<FileId> {
    let slash = if root.is_empty() { "" } else { "/" };
    let path = module.join("/");
    if module.is_empty() {
        return index.existing(["lib.rs", "main.rs"].map(|name| format!("{root}{slash}{name}")).iter().map(String::as_str));
    }
    let spelled = [format!("{root}{slash}{path}.rs"), format!("{root}{slash}{path}/mod.rs")];
    index.existing(spelled.iter().map(String::as_str))
}

/// The root folder of the crate that a file belongs to, and the path of its module below it.
pub(crate) fn locate(index: &Index, path: &str) -> (String, String) {
    let mut root = paths::folder(path);
    loop {
        let slash = if root.is_empty() { "" } else { "/" };
        let has = |name: &str| index.id(&format!("{root}{slash}{name}")).is_some();
        if has("lib.rs") || has("main.rs") {
            break;
        }
        if root.is_empty() {
            // No root in sight: tests and examples are crates of one folder.
            root = paths::folder(path);
            break;
        }
        root = paths::folder(root);
    }
    let inner = path[root.len()..].trim_start_matches('/').trim_end_matches(".rs");
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    let inner = if matches!(inner, "lib" | "main" | "mod") { "" } else { inner };
    (root.to_owned(), inner.to_owned())
}

/// The root folder of the crate of that name: one whose folder bears the name, or the end of the name, as `printer` does for
/// `grep_printer`.
fn crate_root(index: &Index, name: &str, near: &str) -> Option<String> {
    let spell = |text: &str| text.replace('-', "_");
    let mut best = None;
    for file in index.with_stem("lib") {
        let path = &index.record(file).path;
        let root = paths::folder(path);
        let folder = root.strip_suffix("/src").unwrap_or(if root == "src" { "" } else { root });
        let own = if folder.is_empty() { own_name(index) } else { spell(paths::file_name(folder)) };
        let fit = if own == name {
            2
        } else if name.strip_suffix(own.as_str()).is_some_and(|head| !own.is_empty() && head.ends_with('_')) {
            1
        } else {
            continue;
        };
        let key = (fit, super::common_parts(path, near));
        if best.as_ref().is_none_or(|(best, _)| key > *best) {
            best = Some((key, root.to_owned()));
        }
    }
    best.map(|(_, root)| root)
}

fn own_name(index: &Index) -> String {
    index.root().file_name().and_then(|name| name.to_str()).unwrap_or_default().replace('-', "_")
}

/// How many modules that are written out in the file stand around a byte.
fn inline_modules(index: &Index, file: FileId, at: u32) -> usize {
    let symbols = &index.record(file).file().symbols;
    symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Module && symbol.span.start <= at && at < symbol.span.end).count()
}
