//! A workspace on disk, written from one string.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Files in a directory of their own, which goes when the fixture does.
#[derive(Debug)]
pub struct Fixture {
    directory: TempDir,
    root: PathBuf,
    files: Vec<(String, String)>,
    cursors: Vec<Cursor>,
}

/// Where a `$0` stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The file, relative to the root, with `/` between its parts.
    pub path: String,
    /// In bytes from the start of the file.
    pub offset: usize,
    /// The line, zero-based.
    pub line: u32,
    /// The column in UTF-16 units, zero-based.
    pub column: u32,
}

impl Fixture {
    /// Writes `source`: files under headers like `//- /src/lib.rs` (or `//- src/lib.rs`), the cursor marked `$0`, which is taken out.
    /// Text before the first header is the file `/main.rs`; several cursors are kept in order.
    ///
    /// # Panics
    /// Panics where a file cannot be written: a test cannot go on.
    #[must_use]
    #[track_caller]
    pub fn new(source: &str) -> Self {
        let directory = match TempDir::new() {
            Ok(directory) => directory,
            Err(error) => panic!("no temporary directory: {error}"),
        };
        let root = directory.path().canonicalize().unwrap_or_else(|_| directory.path().to_owned());
        let mut fixture = Self { directory, root, files: Vec::new(), cursors: Vec::new() };
        for (path, text) in split(source) {
            fixture.add(path, &text);
        }
        fixture
    }

    #[track_caller]
    fn add(&mut self, path: String, marked: &str) {
        let mut text = String::with_capacity(marked.len());
        for (number, piece) in marked.split("$0").enumerate() {
            if number > 0 {
                let before = text.rsplit('\n').next().unwrap_or_default();
                let narrow = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                self.cursors.push(Cursor {
                    path: path.clone(),
                    offset: text.len(),
                    line: narrow(text.matches('\n').count()),
                    column: narrow(before.encode_utf16().count()),
                });
            }
            text.push_str(piece);
        }
        self.write(&path, &text);
        self.files.push((path, text));
    }

    /// The root of the workspace, without links in its path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory that goes with the fixture; the same as [`Self::root`] but for links.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The only cursor.
    ///
    /// # Panics
    /// Panics where there is not exactly one.
    #[must_use]
    #[track_caller]
    pub fn cursor(&self) -> &Cursor {
        match self.cursors.as_slice() {
            [cursor] => cursor,
            cursors => panic!("the fixture has {} cursors, and one was asked for", cursors.len()),
        }
    }

    /// All cursors, in order.
    #[must_use]
    pub fn cursors(&self) -> &[Cursor] {
        &self.cursors
    }

    /// The files as they were written first: path and text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Where a file lies.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative.trim_start_matches('/'))
    }

    /// What a file holds now.
    ///
    /// # Panics
    /// Panics where it cannot be read.
    #[must_use]
    #[track_caller]
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap_or_else(|error| panic!("{relative} cannot be read: {error}"))
    }

    /// Replaces or adds a file on disk.
    ///
    /// # Panics
    /// Panics where it cannot be written.
    #[track_caller]
    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        if let Err(error) = made.and_then(|()| fs::write(&path, text)) {
            panic!("{relative} cannot be written: {error}");
        }
    }
}

/// The files of a source. One level of indentation that all its lines share goes, so that fixtures can stand indented in tests.
fn split(source: &str) -> Vec<(String, String)> {
    let source = source.strip_prefix('\n').unwrap_or(source);
    let filled = || source.lines().filter(|line| !line.trim().is_empty());
    let indent = filled().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let mut files: Vec<(String, String)> = Vec::new();
    for line in source.split_inclusive('\n') {
        let line = line.get(indent..).unwrap_or_else(|| line.trim_start_matches(' '));
        if let Some(path) = line.strip_prefix("//- ") {
            files.push((path.trim().trim_start_matches('/').to_owned(), String::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("main.rs".to_owned(), String::new()));
        }
        if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_split_at_their_headers_and_cursors_are_taken_out() {
        let fixture = Fixture::new(
            "
            //- /src/lib.rs
            mod a;
            fn ä𝕏$0() {
                body
            }
            //- src/a.rs
            x",
        );
        assert_eq!(fixture.read("src/lib.rs"), "mod a;\nfn ä𝕏() {\n    body\n}\n");
        assert_eq!(fixture.read("/src/a.rs"), "x");
        let cursor = fixture.cursor();
        assert_eq!((cursor.path.as_str(), cursor.offset, cursor.line, cursor.column), ("src/lib.rs", 16, 1, 6));
    }

    #[test]
    fn text_without_a_header_is_one_file() {
        let fixture = Fixture::new("fn main() {}\n");
        assert_eq!(fixture.files().collect::<Vec<_>>(), [("main.rs", "fn main() {}\n")]);
        assert!(fixture.cursors().is_empty());
    }

    #[test]
    fn the_directory_goes_with_the_fixture() {
        let fixture = Fixture::new("x");
        let root = fixture.root().to_owned();
        assert!(root.join("main.rs").exists());
        drop(fixture);
        assert!(!root.exists());
    }
}
