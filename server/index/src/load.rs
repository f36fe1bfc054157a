//! One file from disk into a record.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use syntax::{Language, Limits};

use crate::paths::Root;
use crate::walk::Found;
use crate::{FileRecord, paths};

/// A file whose time of writing is closer than this to the time of reading may have been written again unseen, in nanoseconds.
const RACY_NS: i128 = 2_000_000_000;

/// As much of a file as is looked at to tell its language, in bytes.
const HEAD: usize = 16 << 10;

/// How a record was come by.
pub(crate) enum Loaded {
    /// It was parsed.
    Parsed(Arc<FileRecord>),
    /// It is the same as before.
    Reused(Arc<FileRecord>),
    /// It was left out for a reason.
    Skipped(&'static str),
    /// It is not written in a language that is known.
    Unknown,
}

/// How files are read: which limits hold, and whether `.h` means C++ here.
pub(crate) struct Loader<'a> {
    pub(crate) root: &'a Root,
    pub(crate) limits: &'a Limits,
    pub(crate) headers_are_cpp: bool,
}

impl Loader<'_> {
    /// Reads and parses a file, or takes over what `before` knows of it if nothing changed.
    pub(crate) fn load(&self, found: &Found, before: Option<&Arc<FileRecord>>) -> Loaded {
        if let Some(before) = before
            && before.size == found.size
            && before.mtime_ns.is_some()
            && before.mtime_ns == found.mtime_ns
            && (!is_header(&found.path) || (before.language == Language::Cpp) == self.headers_are_cpp)
        {
            return Loaded::Reused(Arc::clone(before));
        }
        if language(&found.path, "", self.headers_are_cpp).is_none() && paths::file_name(&found.path).contains('.') {
            return Loaded::Unknown;
        }
        if found.size > self.limits.max_bytes as u64 {
            return Loaded::Skipped("too-large");
        }
        let bytes = match self.read(&found.path) {
            Ok(bytes) => bytes,
            Err(_) => return Loaded::Skipped("unreadable"),
        };
        if bytes.len() > self.limits.max_bytes {
            return Loaded::Skipped("too-large");
        }
        self.parse(found, &bytes, before)
    }

    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.root.absolute(path))?.take(self.limits.max_bytes as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn parse(&self, found: &Found, bytes: &[u8], before: Option<&Arc<FileRecord>>) -> Loaded {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
        let Some(language) = language(&found.path, &head, self.headers_are_cpp) else { return Loaded::Unknown };
        let Ok(text) = std::str::from_utf8(bytes) else { return Loaded::Skipped("not-utf8") };
        let hash = *blake3::hash(bytes).as_bytes();
        let mtime_ns = found.mtime_ns.filter(|&written| !is_racy(written));
        if let Some(before) = before.filter(|before| before.hash == hash && before.language == language) {
            return Loaded::Reused(Arc::new(before.written(Arc::clone(&before.path), mtime_ns)));
        }
        match syntax::parse(language, text, None, self.limits) {
            Ok(parse) => {
                let size = bytes.len() as u64;
                let mut record = FileRecord::new(found.path.as_str().into(), (language, hash), size, Arc::new(parse.file));
                record.mtime_ns = mtime_ns;
                Loaded::Parsed(Arc::new(record))
            }
            Err(reason) => Loaded::Skipped(reason.as_str()),
        }
    }
}

/// What a file is written in, by its path and how it begins. A `.h` file that could be either is C or C++ by the company it keeps.
pub(crate) fn language(path: &str, head: &str, headers_are_cpp: bool) -> Option<Language> {
    let language = Language::detect(path, head);
    if headers_are_cpp && is_header(path) { language.map(|_| Language::Cpp) } else { language }
}

pub(crate) fn is_header(path: &str) -> bool {
    path.ends_with(".h")
}

/// Whether the `.h` files of a workspace are C++: where it has C++ sources at all, and not a few among many of C.
pub(crate) fn headers_are_cpp<'a>(found: impl Iterator<Item = &'a str>) -> bool {
    let (mut c, mut cpp) = (0_usize, 0_usize);
    for path in found.filter(|path| !is_header(path)) {
        match Language::detect(path, "") {
            Some(Language::C) => c += 1,
            Some(Language::Cpp) => cpp += 1,
            _ => {}
        }
    }
    cpp > 0 && cpp * 4 >= c
}

fn is_racy(written: i128) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|now| i128::try_from(now.as_nanos()).ok());
    now.is_none_or(|now| written > now - RACY_NS)
}
