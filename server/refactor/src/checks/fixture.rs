//! Workspaces in memory, before and after, for the tests of the checks.

use assist::{Host, Settings};

use crate::overlay::Overlay;

/// A workspace of these files, and what it would be with other texts for some of them; a file without a text goes. The folder is
/// empty on disk: all files are open.
pub(crate) fn overlay(files: &[(&str, &str)], after: &[(&str, Option<&str>)]) -> (tempfile::TempDir, Overlay) {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    files.iter().for_each(|(path, text)| host.open(path, *text, 1));
    let mut exact = crate::exact::Exact::default();
    for (path, text) in after {
        let before = files.iter().find(|(known, _)| known == path).map_or("", |(_, text)| text);
        match text {
            Some(text) => exact.edits.push(*path, text::Edit::replace(text::Span::new(0, before.len()), *text)),
            None => exact.deleted.push((*path).to_owned()),
        }
    }
    let overlay = Overlay::new(&host.snapshot()).carried_out(&exact).unwrap();
    (folder, overlay)
}
