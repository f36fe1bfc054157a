//! Where things of the index stand, as the client counts.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use assist::Snapshot;
use index::{FileRecord, SymbolRef};
use text::{LineIndex, Position, PositionEncoding, PositionRange, Span};
use tower_lsp::gen_lsp_types as proto;

use crate::names::Names;
use crate::session::Session;
use crate::to_proto;

/// Finds places of one world. The index knows nearly all of them; a text is read where a line is not ASCII, once for each answer.
pub(crate) struct Locator<'a> {
    snapshot: &'a Snapshot,
    encoding: PositionEncoding,
    names: Arc<Names>,
    texts: RefCell<HashMap<Arc<str>, Option<Text>>>,
}

type Text = (Arc<str>, Arc<LineIndex>);

impl<'a> Locator<'a> {
    pub(crate) fn new(session: &Session, snapshot: &'a Snapshot) -> Self {
        Self { snapshot, encoding: session.profile().encoding, names: session.names(), texts: RefCell::default() }
    }

    /// Where the name of a symbol stands; `None` where its file cannot be read any more.
    pub(crate) fn symbol(&self, symbol: &SymbolRef) -> Option<proto::Location> {
        self.span(&symbol.record, symbol.get().name_span)
    }

    /// Where a span of a file stands; `None` where the file cannot be read any more.
    pub(crate) fn span(&self, record: &FileRecord, span: Span) -> Option<proto::Location> {
        let uri = self.names.uri(&self.snapshot.root().join(&*record.path))?;
        let range = match record.file().plain_place(span) {
            Some((line, start)) => {
                let at = |character| Position { line, character };
                PositionRange { start: at(start), end: at(start + span.end - span.start) }
            }
            None => {
                let mut texts = self.texts.borrow_mut();
                let text = texts.entry(Arc::clone(&record.path)).or_insert_with(|| self.snapshot.text_with_lines(&record.path));
                let (text, lines) = text.as_ref()?;
                lines.position_range(text, span, self.encoding)
            }
        };
        Some(proto::Location { uri, range: to_proto::range(range) })
    }
}
