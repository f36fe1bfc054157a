//! What the index hands out: files, symbols in files, and uses of symbols.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::base::narrow;
use crate::near::FileVectors;
use smol_str::SmolStr;
use syntax::{Certainty, FileSymbols, Language, Reference, Symbol};

/// One file as it was when it was read. Never changed, always shared.
#[derive(Clone, Debug)]
pub struct FileRecord {
    /// Relative to the root of the workspace, with `/` between its parts.
    pub path: Arc<str>,
    /// What it is written in.
    pub language: Language,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
    /// Its length in bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970; `None` for a text that came from an editor, or where the time of
    /// the last write is too close to the time of reading to prove anything.
    pub mtime_ns: Option<i128>,
    /// Whether it says of itself that a program wrote it.
    pub is_generated: bool,
    /// How many definitions and how many uses of names it has.
    pub(crate) counts: (u32, u32),
    file: OnceLock<Arc<FileSymbols>>,
    pub(crate) vectors: OnceLock<FileVectors>,
    shelf: Option<Arc<dyn Shelf>>,
}

/// Where the contents of records are kept that nobody has asked for yet.
pub(crate) trait Shelf: fmt::Debug + Send + Sync {
    /// What a file defines, uses and imports; empty where that cannot be had any more.
    fn take(&self, record: &FileRecord) -> Arc<FileSymbols>;
}

impl FileRecord {
    /// A file that has just been parsed.
    pub(crate) fn new(path: Arc<str>, (language, hash): (Language, [u8; 32]), size: u64, file: Arc<FileSymbols>) -> Self {
        let counts = (narrow(file.symbols.len()), narrow(file.reference_count()));
        Self {
            path,
            language,
            hash,
            size,
            mtime_ns: None,
            is_generated: false,
            counts,
            file: OnceLock::from(file),
            vectors: OnceLock::new(),
            shelf: None,
        }
    }

    /// A file whose contents are kept on a shelf. `counts` are its symbols and uses.
    pub(crate) fn kept(
        path: Arc<str>,
        (language, hash): (Language, [u8; 32]),
        counts: (u32, u32),
        shelf: Arc<dyn Shelf>,
    ) -> Self {
        Self {
            path,
            language,
            hash,
            size: 0,
            mtime_ns: None,
            is_generated: false,
            counts,
            file: OnceLock::new(),
            vectors: OnceLock::new(),
            shelf: Some(shelf),
        }
    }

    /// What it defines, uses and imports. The first call may read and unpack it.
    #[must_use]
    pub fn file(&self) -> &Arc<FileSymbols> {
        self.file.get_or_init(|| self.shelf.as_ref().map_or_else(Arc::default, |shelf| shelf.take(self)))
    }
}

/// A definition in a file. Equal where path and position in the file are equal.
#[derive(Clone)]
pub struct SymbolRef {
    /// The file.
    pub record: Arc<FileRecord>,
    /// The position in [`FileSymbols::symbols`].
    pub symbol: u32,
}

impl SymbolRef {
    /// The symbol; `None` only where somebody made the reference by hand and made it wrong.
    #[must_use]
    pub fn new(record: &Arc<FileRecord>, symbol: u32) -> Option<Self> {
        record.file().symbols.get(symbol as usize)?;
        Some(Self { record: Arc::clone(record), symbol })
    }

    /// The definition.
    ///
    /// # Panics
    /// Where the fields were filled in by hand with a position that the file does not have.
    #[must_use]
    pub fn get(&self) -> &Symbol {
        &self.record.file().symbols[self.symbol as usize]
    }

    /// The file's path, relative to the root of the workspace.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.record.path
    }

    /// The container and the name: `Server::Connection::read`.
    #[must_use]
    pub fn symbol_path(&self) -> String {
        self.get().path()
    }

    /// The symbol it stands in.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        Self::new(&self.record, self.get().parent?)
    }

    /// A name for it that outlives edits: its file, its path in the file, and its number among those of the same path.
    #[must_use]
    pub fn id(&self) -> SymbolId {
        let this = self.get();
        let before = self.record.file().symbols.iter().take(self.symbol as usize);
        let earlier = before.filter(|other| other.name == this.name && other.container == this.container).count();
        let number = if earlier == 0 { String::new() } else { format!(":{}", earlier + 1) };
        SymbolId(format!("{}#{}{number}", self.path(), self.symbol_path()).into())
    }
}

impl PartialEq for SymbolRef {
    fn eq(&self, other: &Self) -> bool {
        self.symbol == other.symbol && self.record.path == other.record.path
    }
}

impl Eq for SymbolRef {}

impl fmt::Debug for SymbolRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id().as_str())
    }
}

/// `path#Container::name`, and `:2`, `:3` behind it for the second and third definition of that path in that file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(SmolStr);

impl SymbolId {
    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SymbolId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for SymbolId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A use of a symbol.
#[derive(Clone)]
pub struct Hit {
    /// The file it stands in.
    pub record: Arc<FileRecord>,
    /// The position in [`FileSymbols::references`].
    pub reference: u32,
    /// How sure it is that the symbol is meant.
    pub certainty: Certainty,
}

impl Hit {
    /// The use.
    ///
    /// # Panics
    /// Where the fields were filled in by hand with a position that the file does not have.
    #[must_use]
    pub fn get(&self) -> Reference<'_> {
        self.record.file().reference_at(self.reference)
    }

    /// The file's path, relative to the root of the workspace.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.record.path
    }

    /// The innermost symbol it stands in.
    #[must_use]
    pub fn enclosing(&self) -> Option<SymbolRef> {
        SymbolRef::new(&self.record, self.get().enclosing?)
    }
}

impl fmt::Debug for Hit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let this = self.get();
        let (path, line, column) = (self.path(), this.line() + 1, this.column() + 1);
        write!(formatter, "{path}:{line}:{column} {} ({})", this.name, self.certainty.as_str())
    }
}
