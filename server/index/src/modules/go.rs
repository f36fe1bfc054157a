//! Go: an import path ends in a folder, and a folder is a package.

use syntax::Import;

use crate::Index;
use crate::imports::Lead;

pub(super) fn lead(index: &Index, import: &Import) -> Lead {
    let path = import.from.trim_matches('"');
    let folders = folders(index, path);
    let files: Vec<_> = folders.iter().flat_map(|folder| index.in_folder(folder)).collect();
    let go = |file: &u32| index.record(*file).language == syntax::Language::Go && !index.record(*file).path.ends_with("_test.go");
    Lead { from: [].into(), module: files.into_iter().filter(go).collect(), foreign: true }
}

/// The folders that an import path may mean: those whose whole path ends it, else those that share its last two parts or more.
fn folders(index: &Index, path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    if parts.len() < 2 {
        return Vec::new();
    }
    // The path of the module stands before the folder, so that `net/http` is no folder `http`; but a module may have one part.
    let standard = !parts[0].contains('.') && STANDARD.binary_search(&parts[0]).is_ok();
    if standard {
        return Vec::new();
    }
    for start in 1..parts.len() {
        let folder = parts[start..].join("/");
        if !index.in_folder(&folder).is_empty() {
            return vec![folder];
        }
    }
    // The package at the root of the workspace bears the name of the module.
    let root = index.root().file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.chars().all(|digit| digit.is_ascii_digit()));
    let name = if is_version(parts[parts.len() - 1]) { parts[parts.len() - 2] } else { parts[parts.len() - 1] };
    if name == root || name.trim_start_matches("go-") == root {
        return vec![String::new()];
    }
    let end = parts[parts.len() - 2..].join("/");
    let mut nested: Vec<String> =
        index.base.folders().filter(|folder| super::ends_with_path(folder, &end)).map(ToString::to_string).collect();
    nested.sort_unstable();
    nested
}

/// The first parts of the standard library's paths that have more than one part.
const STANDARD: &[&str] = &[
    "archive",
    "cmd",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sync",
    "testing",
    "text",
    "time",
    "unicode",
    "unsafe",
];
