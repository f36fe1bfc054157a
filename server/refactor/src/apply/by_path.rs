//! A file below a folder, by its path: for systems on which a folder cannot be held open. Another program may still put a link in the way
//! between the look and the writing.

use std::fs::Permissions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The place of a file that may not be there yet.
#[derive(Debug)]
pub(super) struct Place(PathBuf);

impl Place {
    /// The place of `path`, whose parts are names divided by `/`, below `root`. Folders that are missing are made where `makes` says so.
    pub(super) fn open(root: &Path, path: &str, makes: bool) -> io::Result<Self> {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(root);
        if makes {
            std::fs::create_dir_all(folder)?;
        } else if !folder.is_dir() {
            return Err(ErrorKind::NotFound.into());
        }
        Ok(Self(path))
    }

    /// The bytes of the file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        if !self.0.symlink_metadata()?.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
        }
        std::fs::read(&self.0)
    }

    /// The permissions of the file.
    pub(super) fn permissions(&self) -> io::Result<Permissions> {
        Ok(self.0.symlink_metadata()?.permissions())
    }

    /// Puts a new file in the place, or none. It has these permissions, else those of what it replaces.
    pub(super) fn write(&self, text: &str, permissions: Option<Permissions>) -> io::Result<()> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        // A process that was killed may have left one.
        self.remove_unrenamed(text);
        let mut file = tempfile::Builder::new().prefix(&self.unrenamed(text)).rand_bytes(0).tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        if let Some(permissions) = permissions.or_else(|| self.permissions().ok()) {
            file.as_file().set_permissions(permissions)?;
        }
        file.as_file().sync_all()?;
        file.persist(&self.0).map_err(|error| error.error)?;
        Ok(())
    }

    /// Takes away what a process that was killed has left of writing this text.
    pub(super) fn remove_unrenamed(&self, text: &str) {
        let _ = std::fs::remove_file(self.0.with_file_name(self.unrenamed(text)));
    }

    fn unrenamed(&self, text: &str) -> String {
        super::unrenamed(&self.0.file_name().unwrap_or_default().to_string_lossy(), text)
    }

    /// Takes the file away.
    pub(super) fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.0)
    }
}
