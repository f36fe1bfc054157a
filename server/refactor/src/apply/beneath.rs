//! A file below a folder, reached part by part without ever crossing a symbolic link. Once its folder is open, what is read and written
//! is in that folder, whatever another program puts in its place meanwhile.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;

/// The place of a file that may not be there yet.
#[derive(Debug)]
pub(super) struct Place {
    folder: OwnedFd,
    name: String,
}

impl Place {
    /// The place of `path`, whose parts are names divided by `/`, below `root`. Folders that are missing are made where `makes` says so.
    ///
    /// # Errors
    /// Fails with [`ErrorKind::NotFound`] where a folder is missing, and where one is a link or no folder.
    pub(super) fn open(root: &Path, path: &str, makes: bool) -> io::Result<Self> {
        const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut folder = rustix::fs::open(root, FOLDER, Mode::empty())?;
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            let open = || rustix::fs::openat(&folder, part, FOLDER | OFlags::NOFOLLOW, Mode::empty());
            let opened = match open() {
                Err(Errno::NOENT) if makes => {
                    match rustix::fs::mkdirat(&folder, part, Mode::from_raw_mode(0o777)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(error) => return Err(error.into()),
                    }
                    open()
                }
                opened => opened,
            };
            folder = opened?;
        }
        Ok(Self { folder, name: name.to_owned() })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Fails with [`ErrorKind::NotFound`] where there is none, and where it is a link, has a second name, or is no regular file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.existing()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The permissions of the file.
    pub(super) fn permissions(&self) -> io::Result<Permissions> {
        Ok(self.existing()?.metadata()?.permissions())
    }

    /// Puts a new file in the place, or none. It has these permissions, else those of what it replaces, else those of a new source file.
    pub(super) fn write(&self, text: &str, permissions: Option<Permissions>) -> io::Result<()> {
        let permissions = match permissions {
            Some(permissions) => permissions,
            None => self.permissions().unwrap_or_else(|_| std::os::unix::fs::PermissionsExt::from_mode(0o644)),
        };
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let name = super::unrenamed(&self.name, text);
        // A process that was killed may have left one.
        self.remove_unrenamed(text);
        let mut file = File::from(rustix::fs::openat(&self.folder, &name, flags, Mode::RUSR | Mode::WUSR)?);
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.set_permissions(permissions))
            .and_then(|()| file.sync_all())
            .and_then(|()| Ok(rustix::fs::renameat(&self.folder, &name, &self.folder, &self.name)?));
        if written.is_err() {
            let _ = rustix::fs::unlinkat(&self.folder, &name, AtFlags::empty());
        }
        written
    }

    /// Takes away what a process that was killed has left of writing this text.
    pub(super) fn remove_unrenamed(&self, text: &str) {
        let _ = rustix::fs::unlinkat(&self.folder, super::unrenamed(&self.name, text), AtFlags::empty());
    }

    /// Takes the file away.
    pub(super) fn remove(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty())?)
    }

    fn existing(&self) -> io::Result<File> {
        // Without waiting: opening a pipe that nobody writes to would never end.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.folder, &self.name, flags, Mode::empty())?);
        let found = file.metadata()?;
        if !found.is_file() || found.nlink() > 1 {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file of one name"));
        }
        Ok(file)
    }
}
