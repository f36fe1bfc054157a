//! What of a workspace may be shown to a model. What cannot be told counts as no.

use std::io::ErrorKind;
use std::path::Path;

use models::ModelError;
use models::egress::{Denied, Finding, admit, redact_all};

use crate::{Snapshot, Unanswered};

/// The files whose rules say what is ignored.
const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".tierlineignore"];

/// A longer ignore file is none that a human wrote.
const LONGEST_RULES: u64 = 1 << 20;

/// Whether text of this file may leave.
#[must_use]
pub fn may_leave(snapshot: &Snapshot, path: &str) -> bool {
    verdict(snapshot, path).is_ok()
}

/// Whether text of this file may leave: its name is not one that secrets go by, it is not ignored in its workspace, and it lies
/// there in truth.
///
/// # Errors
/// Fails with the reason.
pub fn verdict(snapshot: &Snapshot, path: &str) -> Result<(), Denied> {
    admit(path)?;
    let denied = |reason| Err(Denied { path: path.to_owned(), reason });
    if !snapshot.index().admits(path) {
        return denied("it is ignored in this workspace, or hidden");
    }
    if !ignore_rules_are_readable(snapshot.root(), path) {
        return denied("an ignore file that may name it cannot be read");
    }
    if !lies_inside(snapshot.root(), path) {
        return denied("it is a link, or what leads to it is one that leaves the workspace");
    }
    let size = std::fs::metadata(snapshot.root().join(path)).map_or(0, |metadata| metadata.len());
    if size > snapshot.settings().max_file_bytes as u64 {
        return denied("it is larger than `index.max_file_bytes`");
    }
    Ok(())
}

/// What could leave of one file, and what would be taken out of it.
///
/// # Errors
/// Fails with the reason why nothing of it leaves.
pub fn preview(snapshot: &Snapshot, path: &str) -> Result<(String, Vec<Finding>), Denied> {
    verdict(snapshot, path)?;
    let Some(text) = snapshot.text(path) else {
        return Err(Denied { path: path.to_owned(), reason: "it cannot be read as UTF-8 text" });
    };
    let (mut texts, findings) = redact_all(&[&text.replace("\r\n", "\n")]);
    Ok((texts.pop().unwrap_or_default(), findings))
}

/// The refusal for a file that may not leave.
pub(crate) fn check(snapshot: &Snapshot, path: &str) -> Result<(), Unanswered> {
    verdict(snapshot, path).map_err(|denied| ModelError::Denied(denied).into())
}

/// Whether every ignore file from the root down to the file's folder is either not there or text.
fn ignore_rules_are_readable(root: &Path, path: &str) -> bool {
    let folders = std::iter::once("").chain(path.match_indices('/').map(|(end, _)| &path[..end]));
    folders.flat_map(|folder| IGNORE_FILES.map(|name| root.join(folder).join(name))).all(|file| {
        match index::read_regular(&file, LONGEST_RULES, index::Link::Followed) {
            Ok(bytes) => std::str::from_utf8(&bytes).is_ok(),
            Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        }
    })
}

/// Whether the file, or the nearest folder of one that is not on disk yet, lies in the workspace with every link followed.
fn lies_inside(root: &Path, path: &str) -> bool {
    let file = root.join(path);
    let Ok(root) = root.canonicalize() else { return false };
    if file.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        return false;
    }
    let nearest = file.ancestors().find_map(|at| match at.canonicalize() {
        Ok(real) => Some(Some(real)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(_) => Some(None),
    });
    nearest.flatten().is_some_and(|real| real.starts_with(&root))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{Host, Settings, preview, verdict};

    #[test]
    #[cfg(unix)]
    fn a_file_leaves_only_where_everything_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        for made in ["root/src", "root/odd/.gitignore", "root/garbled", "outside"] {
            fs::create_dir_all(folder.path().join(made)).unwrap();
        }
        let write = |path: &str, text: &[u8]| fs::write(root.join(path), text).unwrap();
        write(".tierlineignore", b"src/private.rs\n");
        write("garbled/.gitignore", b"\xff\xfe");
        for path in ["src/a.rs", "src/private.rs", "odd/a.rs", "garbled/a.rs", ".env", "../outside/a.rs"] {
            write(path, b"fn a() {}");
        }
        write("src/latin.rs", b"// \xe9");
        write("src/long.rs", &vec![b' '; (1 << 20) + 1]);
        std::os::unix::fs::symlink("../outside", root.join("linked")).unwrap();
        std::os::unix::fs::symlink("a.rs", root.join("src/alias.rs")).unwrap();
        let snapshot = Host::new(&root, Settings::default(), None).snapshot();
        for (path, reason) in [
            (".env", "settings of an environment"),
            ("src/private.rs", "ignored"),
            ("../outside/a.rs", "ignored"),
            ("odd/a.rs", "ignore file"),
            ("garbled/a.rs", "ignore file"),
            ("linked/a.rs", "link"),
            ("linked/new.rs", "link"),
            ("src/alias.rs", "link"),
            ("src/long.rs", "larger"),
        ] {
            let denied = verdict(&snapshot, path).expect_err(path);
            assert!(denied.reason.contains(reason), "{denied}");
        }
        assert_eq!(verdict(&snapshot, "src/a.rs"), Ok(()));
        assert_eq!(verdict(&snapshot, "src/new.rs"), Ok(()));
        assert!(preview(&snapshot, "src/latin.rs").unwrap_err().reason.contains("UTF-8"));
    }
}
