//! C and C++: an include names the end of a path, and brings in what the header includes in turn.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use syntax::Import;

use crate::base::FileId;
use crate::imports::Lead;
use crate::{Index, paths};

/// An include brings in at most so many headers, and from at most so many steps away.
const MAX_FILES: usize = 200;
const DEPTH: usize = 5;

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let layer = headers(index, file, &import.from);
    let reached = match layer[..] {
        [header] => reached_from(index, header),
        _ => closure(index, layer).into(),
    };
    Lead { foreign: reached.is_empty(), from: reached, module: Box::default() }
}

/// A header and what it brings in. Most headers are included by many: what the base knows of one is worked out once.
fn reached_from(index: &Index, header: FileId) -> Arc<[FileId]> {
    match index.base.reached(header).filter(|_| index.overlay.is_empty()) {
        Some(reached) => Arc::clone(reached.get_or_init(|| closure(index, vec![header]).into())),
        None => closure(index, vec![header]).into(),
    }
}

/// Headers and what they bring in, in the order of their numbers.
fn closure(index: &Index, mut layer: Vec<FileId>) -> Vec<FileId> {
    let mut reached = Vec::new();
    let mut seen = FxHashSet::default();
    for _ in 0..DEPTH {
        layer.retain(|&header| seen.insert(header));
        if layer.is_empty() || reached.len() >= MAX_FILES {
            break;
        }
        reached.extend_from_slice(&layer);
        layer = layer.iter().flat_map(|&header| included(index, header)).collect();
    }
    reached.truncate(MAX_FILES);
    reached.sort_unstable();
    reached
}

/// The headers that a file names itself.
fn included(index: &Index, file: FileId) -> Vec<FileId> {
    let look = || -> Box<[FileId]> {
        let imports = &index.record(file).file().imports;
        imports.iter().flat_map(|import| headers(index, file, &import.from)).collect()
    };
    match index.base.included(file).filter(|_| index.overlay.is_empty()) {
        Some(included) => included.get_or_init(look).to_vec(),
        None => look().into_vec(),
    }
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
