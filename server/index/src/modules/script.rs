//! JavaScript and TypeScript: a relative path without its ending, or the name of a package of the same repository.

use syntax::Import;

use crate::base::FileId;
use crate::imports::Lead;
use crate::{Index, paths};

/// The endings that may be left out, in the order of preference.
const ENDINGS: &[&str] = &["ts", "tsx", "d.ts", "js", "jsx", "mts", "cts", "mjs", "cjs"];

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let near = &index.record(file).path;
    let relative = import.from.starts_with('.');
    let found = if relative {
        let path = paths::join(paths::folder(near), &import.from);
        path.map_or_else(Vec::new, |path| spelled(index, &path))
    } else {
        package(index, near, &import.from)
    };
    // `import * as name` and `import name = require()` bring the module itself in.
    let (from, module) = if matches!(import.name.as_str(), "*" | "") && !matches!(import.alias.as_str(), "" | "*") {
        (Vec::new(), found)
    } else {
        (found, Vec::new())
    };
    Lead { from: from.into(), module: module.into(), foreign: !relative }
}

fn spelled(index: &Index, path: &str) -> Vec<FileId> {
    if let Some(exact) = index.id(path) {
        return vec![exact];
    }
    // `./store.js` is written where `store.ts` is meant.
    let head = [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|ending| path.strip_suffix(ending));
    let heads = [Some(path), head].into_iter().flatten();
    let files = heads
        .flat_map(|head| ENDINGS.iter().flat_map(move |ending| [format!("{head}.{ending}"), format!("{head}/index.{ending}")]));
    files.filter_map(|path| index.id(path.trim_start_matches('/'))).take(1).collect()
}

/// A path by an alias (`@/components/list`, `~/lib`, `#store`), from the root, or into a package of this repository.
fn package(index: &Index, near: &str, written: &str) -> Vec<FileId> {
    let alias = written.trim_start_matches(['@', '~', '#']).trim_start_matches('/');
    if written.starts_with("@/") || written.starts_with("~/") || written.starts_with('#') || alias.contains('/') {
        let mut files = index.with_stem(paths::stem(alias));
        let index_files = index.with_stem("index");
        let folder = |file: FileId| paths::folder(&index.record(file).path).to_owned();
        files.retain(|&file| {
            let own = &index.record(file).path;
            let head = own.split_once(paths::stem(alias)).map(|_| format!("{}/{}", folder(file), paths::stem(own)));
            head.is_some_and(|head| super::ends_with_path(head.trim_start_matches('/'), alias.trim_end_matches(".js")))
        });
        files.extend(index_files.into_iter().filter(|&file| super::ends_with_path(&folder(file), alias)));
        if !files.is_empty() {
            return super::nearest(index, files, near);
        }
    }
    let name = if written.starts_with('@') { alias.split('/').nth(1) } else { alias.split('/').next() };
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Vec::new() };
    let mut entries = index.with_stem("index");
    entries.retain(|&file| {
        let folder = paths::folder(&index.record(file).path);
        let folder = folder.strip_suffix("/src").or_else(|| folder.strip_suffix("/lib")).unwrap_or(folder);
        paths::file_name(folder) == name && folder.contains('/')
    });
    // Several folders may bear the name; the package is the one that exports what is asked for.
    entries
}
