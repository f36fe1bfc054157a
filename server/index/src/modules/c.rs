//! C and C++: an include names the end of a path, and brings in what the header includes in turn.

use rustc_hash::FxHashSet;
use syntax::Import;

use crate::base::FileId;
use crate::imports::Lead;
use crate::{Index, paths};

/// An include brings in at most so many headers, and from at most so many steps away.
const MAX_FILES: usize = 200;
const DEPTH: usize = 5;

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let mut reached = Vec::new();
    let mut seen = FxHashSet::default();
    let mut layer = headers(index, file, &import.from);
    for _ in 0..DEPTH {
        layer.retain(|&header| seen.insert(header));
        if layer.is_empty() || reached.len() >= MAX_FILES {
            break;
        }
        reached.extend_from_slice(&layer);
        let includes = |&header: &FileId| {
            let imports = &index.record(header).file().imports;
            imports.iter().flat_map(move |import| headers(index, header, &import.from)).collect::<Vec<_>>()
        };
        layer = layer.iter().flat_map(includes).collect();
    }
    reached.truncate(MAX_FILES);
    Lead { foreign: reached.is_empty(), from: reached.into(), module: Box::default() }
}

fn headers(index: &Index, file: FileId, written: &str) -> Vec<FileId> {
    let written = written.trim_matches(['"', '<', '>']);
    let near = &index.record(file).path;
    let beside = paths::join(paths::folder(near), written).and_then(|path| index.id(&path));
    if let Some(beside) = beside {
        return vec![beside];
    }
    let Some(end) = paths::join("", written.trim_start_matches("../")) else { return Vec::new() };
    let mut ending = index.with_stem(paths::stem(&end));
    ending.retain(|&header| super::ends_with_path(&index.record(header).path, &end));
    super::nearest(index, ending, near)
}
