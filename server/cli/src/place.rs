//! `FILE:LINE:COL`: one-based, columns in bytes of UTF-8.

use std::path::{Path, PathBuf};

use assist::Snapshot;
use text::{Position, PositionEncoding};

use crate::failure::Failure;

/// A place in a file as the user wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    /// One-based.
    line: u32,
    /// One-based, in bytes.
    column: u32,
}

impl Place {
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::usage(format!("{text:?} is no place; write FILE:LINE:COL, such as src/main.rs:10:5"));
        let (rest, column) = text.rsplit_once(':').ok_or_else(wrong)?;
        let (file, line) = rest.rsplit_once(':').ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0).ok_or_else(wrong);
        if file.is_empty() {
            return Err(wrong());
        }
        Ok(Self { file: PathBuf::from(file), line: number(line)?, column: number(column)? })
    }

    /// The path relative to the workspace's root and the byte offset.
    pub(crate) fn locate(&self, snapshot: &Snapshot) -> Result<(String, usize), Failure> {
        let path = relative(snapshot, &self.file)?;
        let (text, lines) = snapshot
            .text_with_lines(&path)
            .ok_or_else(|| Failure::new("unreadable", format!("{} is not a text file that can be read", self.file.display())))?;
        if self.line as usize > lines.line_count() {
            let count = lines.line_count();
            return Err(Failure::usage(format!("{} has {count} lines, not {}", self.file.display(), self.line)));
        }
        let position = Position { line: self.line - 1, character: self.column - 1 };
        Ok((path, lines.offset(&text, position, PositionEncoding::Utf8)))
    }
}

/// The path of a file relative to the workspace's root.
pub(crate) fn relative(snapshot: &Snapshot, file: &Path) -> Result<String, Failure> {
    let absolute = file.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new("not_found", format!("there is no file {}", file.display())),
        _ => Failure::new("unreadable", format!("{} cannot be read: {error}", file.display())),
    })?;
    snapshot.index().relative(&absolute).ok_or_else(|| {
        let root = snapshot.root().display();
        Failure::usage(format!("{} is not in the workspace {root}; name another with --root", file.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn places_are_read() {
        let place = Place::parse("a:b/c.rs:10:5").unwrap();
        assert_eq!((place.file.to_str(), place.line, place.column), (Some("a:b/c.rs"), 10, 5));
        for wrong in ["a.rs", "a.rs:1", "a.rs:0:1", "a.rs:1:x", ":1:1"] {
            assert_eq!(Place::parse(wrong).unwrap_err().exit_code, 2, "{wrong}");
        }
    }
}
