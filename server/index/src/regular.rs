//! Reading what a repository brings, which may be anything under any name: a pipe that nobody writes to, a device without an end, a link
//! to either.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Whether a symbolic link may lead to the file itself. One on the way to it is always followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It may.
    Followed,
    /// A link is no file.
    Refused,
}

/// The bytes of a regular file of at most `most` bytes. Never waits for somebody to write.
///
/// # Errors
/// Fails where the system does, where it is no regular file, and with [`io::ErrorKind::FileTooLarge`] where it is a larger one.
pub fn read_regular(path: &Path, most: u64, link: Link) -> io::Result<Vec<u8>> {
    let file = open(path, link)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    // One byte more than expected, so that the end is seen without more room being made.
    let mut bytes = Vec::with_capacity(usize::try_from(found.len().min(most)).unwrap_or(0) + 1);
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {most} bytes")));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn open(path: &Path, link: Link) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = if link == Link::Refused { OFlags::NONBLOCK | OFlags::NOFOLLOW } else { OFlags::NONBLOCK };
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path, link: Link) -> io::Result<File> {
    if link == Link::Refused && path.symlink_metadata()?.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    OpenOptions::new().read(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_regular_file_of_that_size_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("four"), "1234").unwrap();
        assert_eq!(read_regular(&at("four"), 4, Link::Refused).unwrap(), b"1234");
        assert!(read_regular(&at("four"), 3, Link::Refused).unwrap_err().to_string().contains("larger than 3"));
        assert_eq!(read_regular(&at("none"), 4, Link::Refused).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(read_regular(folder.path(), 4, Link::Followed).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_without_an_end_is_read_and_a_link_only_where_it_may_be() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("file"), "x").unwrap();
        for (target, name) in [("file", "link"), ("/dev/zero", "zero"), ("round", "round")] {
            symlink(target, at(name)).unwrap();
        }
        assert_eq!(read_regular(&at("link"), 4, Link::Followed).unwrap(), b"x");
        assert!(read_regular(&at("link"), 4, Link::Refused).is_err());
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        for name in ["zero", "round"].into_iter().chain(made.is_ok_and(|made| made.success()).then_some("pipe")) {
            for link in [Link::Followed, Link::Refused] {
                assert!(read_regular(&at(name), 4, link).is_err(), "{name} {link:?}");
            }
        }
    }
}
