//! Java: a class is a file, a package is a folder.

use syntax::Import;

use crate::Index;
use crate::base::FileId;
use crate::imports::Lead;

pub(super) fn lead(index: &Index, import: &Import) -> Lead {
    let path = import.from.replace('.', "/");
    if import.name == "*" {
        let end = |file: &FileId| super::ends_with_path(crate::paths::folder(&index.record(*file).path), &path);
        let files: Vec<FileId> = package(index, &path).into_iter().filter(end).collect();
        // Or everything static of a class.
        let from = if files.is_empty() { class(index, &path) } else { files };
        return Lead { from: from.into(), module: Box::default(), foreign: true };
    }
    let whole = if import.name.is_empty() { path.clone() } else { format!("{path}/{}", import.name) };
    let mut from = class(index, &whole);
    if from.is_empty() {
        // A static member, or a class in a class.
        from = class(index, &path);
    }
    Lead { from: from.into(), module: Box::default(), foreign: true }
}

fn class(index: &Index, path: &str) -> Vec<FileId> {
    let mut files = index.with_stem(crate::paths::file_name(path));
    let end = format!("{path}.java");
    files.retain(|&file| super::ends_with_path(&index.record(file).path, &end));
    files
}

fn package(index: &Index, path: &str) -> Vec<FileId> {
    let folders = index.base.folders().filter(|folder| super::ends_with_path(folder, path));
    let mut files: Vec<FileId> = folders.flat_map(|folder| index.in_folder(folder)).collect();
    // A folder that only the overlay knows.
    let added = index.overlay.records().map(|(position, _)| index.base.len() + position);
    files.extend(added.filter(|file| !files.contains(file)).collect::<Vec<_>>());
    files
}
