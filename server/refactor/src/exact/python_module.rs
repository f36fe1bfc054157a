//! How Python writes the name of a module.

use index::Index;

/// The parts of a module's path: folders and name, without `__init__`.
pub(super) fn parts(path: &str) -> Vec<&str> {
    let path = path.strip_suffix(".py").unwrap_or(path);
    let path = path.strip_suffix("/__init__").unwrap_or(path);
    path.split('/').collect()
}

/// The name of the module at `to` as the file `importer` writes it that called the module at `of` `sample`: relative where that was
/// relative, from the same root where it was absolute. `None` where it cannot be named like that.
pub(super) fn written(index: &Index, importer: &str, to: &str, sample: &str, of: &str) -> Option<String> {
    if sample.starts_with('.') {
        return relative(index, importer, to);
    }
    let (of, to) = (parts(of), parts(to));
    let named: Vec<&str> = sample.split('.').collect();
    let root = of.strip_suffix(named.as_slice())?;
    to.strip_prefix(root).filter(|rest| !rest.is_empty()).map(|rest| rest.join("."))
}

/// Whether a file means the module at `path` by `written`, rather than a package that the module stands in.
pub(super) fn is_meant(index: &Index, importer: &str, name: &str, path: &str) -> bool {
    match written(index, importer, path, name, path) {
        Some(written) => written == name,
        // Folders that are no packages: only the last part tells.
        None => name.starts_with('.') && name.rsplit('.').next() == parts(path).last().copied(),
    }
}

/// `.module`, `..package.module`.
fn relative(index: &Index, importer: &str, to: &str) -> Option<String> {
    let folders: Vec<&str> = importer.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let to = parts(to);
    let common = folders.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = folders.len() - common;
    // Each folder up to the common one must be a package.
    let packages = (common..=folders.len()).all(|length| {
        let folder = folders[..length].join("/");
        index.file(&format!("{folder}{}__init__.py", if folder.is_empty() { "" } else { "/" })).is_some()
    });
    packages.then(|| format!("{}{}", ".".repeat(up + 1), to[common..].join(".")))
}

/// A module's name as a file of its own package would write it first: absolute from the folder above the outermost package, else from the
/// folder that both stand in.
pub(super) fn first(index: &Index, importer: &str, to: &str, is_relative: bool) -> Option<String> {
    if is_relative {
        return relative(index, importer, to);
    }
    let root = |path: &str| {
        let folders: Vec<&str> = path.split('/').collect();
        let mut length = folders.len() - 1;
        while length > 0 && index.file(&format!("{}/__init__.py", folders[..length].join("/"))).is_some() {
            length -= 1;
        }
        folders[..length].join("/")
    };
    let (of_importer, of_target) = (root(importer), root(to));
    if of_importer != of_target {
        return None;
    }
    let inner = if of_target.is_empty() { to } else { to.strip_prefix(&of_target)?.trim_start_matches('/') };
    Some(parts(inner).join("."))
}
