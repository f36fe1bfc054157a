//! Documents that are open in an editor, and their parses.

use std::sync::{Arc, OnceLock};

use index::Index;
use syntax::{FileSymbols, Language, Limits, Parse, Tree};
use text::{ContentChange, Document, PositionEncoding};

/// An open document at one version. It is parsed when somebody first asks, with the tree of the version before it where there
/// is one, and once only.
#[derive(Debug)]
pub struct OpenDocument {
    /// The text.
    pub document: Document,
    /// The language, where it is one that is known.
    pub language: Option<Language>,
    /// The latest tree of an earlier version, with the edits since told to it.
    previous: Option<Tree>,
    parsed: OnceLock<Option<Arc<Parsed>>>,
}

/// A parse, shared by all who ask.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub tree: Tree,
    /// What it defines and uses.
    pub file: Arc<FileSymbols>,
}

impl OpenDocument {
    /// A document as the editor opened it. The index tells its language, because a `.h` may be C or C++.
    #[must_use]
    pub fn new(index: &Index, path: &str, text: impl Into<Arc<str>>, version: i32) -> Self {
        let document = Document::new(text, version);
        let language = index.language(path, &document.text);
        Self { document, language, previous: None, parsed: OnceLock::new() }
    }

    /// The document after the editor's changes.
    #[must_use]
    pub fn changed(&self, changes: &[ContentChange], encoding: PositionEncoding, version: i32) -> Self {
        let (document, applied) = self.document.apply(changes, encoding, version);
        let latest = match self.parsed.get() {
            Some(Some(parsed)) => Some(parsed.tree.clone()),
            _ => self.previous.clone(),
        };
        let previous = latest.map(|mut tree| {
            for change in &applied {
                tree.edit(change);
            }
            tree
        });
        Self { document, language: self.language, previous, parsed: OnceLock::new() }
    }

    /// The parse of this version; `None` for a language that is not known or a text beyond the limits. Takes as long as a
    /// parse the first time: not for the transport's task.
    #[must_use]
    pub fn parsed(&self) -> Option<Arc<Parsed>> {
        self.parsed
            .get_or_init(|| {
                let Parse { tree, file } =
                    syntax::parse(self.language?, &self.document.text, self.previous.as_ref(), &Limits::default()).ok()?;
                Some(Arc::new(Parsed { tree, file }))
            })
            .clone()
    }
}
