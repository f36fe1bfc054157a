//! What the client calls files and folders. The disk may have them elsewhere: behind a link, or under a URI that we would write otherwise.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types as proto;

use crate::{from_proto, to_proto};

/// The client's names at one moment. Whoever answers says them as the client does: another name is another document to it, and an edit of
/// that one would not reach what the user sees.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Folders that the client names through a link, each with where it is; the deepest first.
    folders: Vec<(PathBuf, PathBuf)>,
    /// The open documents by their URIs, each with where it was when it was opened: to resolve links asks the disk.
    open: HashMap<String, PathBuf>,
    /// Those of them whose URI is not what their place tells, by their place.
    odd: HashMap<PathBuf, proto::Uri>,
}

impl Names {
    /// A folder of the workspace by its name, and where it is.
    pub(crate) fn add_folder(&mut self, name: &Path, place: &Path) {
        if name != place && self.folders.iter().all(|(known, _)| known != name) {
            self.folders.push((name.to_owned(), place.to_owned()));
            self.folders.sort_by_key(|(_, place)| std::cmp::Reverse(place.as_os_str().len()));
        }
    }

    pub(crate) fn remove_folder(&mut self, place: &Path) {
        self.folders.retain(|(_, known)| known != place);
    }

    /// The client has opened the document that is there now.
    pub(crate) fn open(&mut self, uri: &proto::Uri, place: PathBuf) {
        if self.uri(&place).as_ref() != Some(uri) {
            self.odd.insert(place.clone(), uri.clone());
        }
        self.open.insert(uri.as_str().to_owned(), place);
    }

    /// The client has closed a document; returns where it was when it was opened.
    pub(crate) fn close(&mut self, uri: &proto::Uri) -> Option<PathBuf> {
        let place = self.open.remove(uri.as_str())?;
        if self.odd.get(&place) == Some(uri) {
            self.odd.remove(&place);
        }
        Some(place)
    }

    /// Where the open documents are.
    pub(crate) fn open_places(&self) -> impl Iterator<Item = &PathBuf> {
        self.open.values()
    }

    /// Where the file of a URI is; `None` for what is no file.
    pub(crate) fn place(&self, uri: &proto::Uri) -> Option<PathBuf> {
        let open = self.open.get(uri.as_str()).cloned();
        open.or_else(|| Some(resolved(&from_proto::path(uri)?)))
    }

    /// Where a file of the workspace is by its name. Asks nothing of the disk, which may not have it any more.
    pub(crate) fn place_of(&self, name: &Path) -> PathBuf {
        let below = |(folder, place): &(PathBuf, PathBuf)| Some(joined(place, name.strip_prefix(folder).ok()?));
        self.folders.iter().find_map(below).unwrap_or_else(|| name.to_owned())
    }

    /// The URI of a file by its place; `None` where the path cannot be one.
    pub(crate) fn uri(&self, place: &Path) -> Option<proto::Uri> {
        if let Some(uri) = self.odd.get(place) {
            return Some(uri.clone());
        }
        let below = |(folder, of_folder): &(PathBuf, PathBuf)| Some(joined(folder, place.strip_prefix(of_folder).ok()?));
        to_proto::uri(self.folders.iter().find_map(below).as_deref().unwrap_or(place))
    }
}

fn joined(folder: &Path, below: &Path) -> PathBuf {
    if below.as_os_str().is_empty() { folder.to_owned() } else { folder.join(below) }
}

/// The path with its links resolved as far as it exists: editors and roots may name one file in two ways.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    if let Ok(resolved) = path.canonicalize() {
        return resolved;
    }
    match (path.parent().and_then(|folder| folder.canonicalize().ok()), path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
