//! From the protocol's types to ours.

use std::path::PathBuf;

use text::{ContentChange, Position, PositionRange};
use tower_lsp::gen_lsp_types as proto;

pub(crate) fn position(position: proto::Position) -> Position {
    Position { line: position.line, character: position.character }
}

pub(crate) fn range(range: proto::Range) -> PositionRange {
    PositionRange { start: position(range.start), end: position(range.end) }
}

pub(crate) fn content_change(change: proto::TextDocumentContentChangeEvent) -> ContentChange {
    use proto::TextDocumentContentChangeEvent as Event;
    match change {
        Event::TextDocumentContentChangePartial(change) => ContentChange { range: Some(range(change.range)), text: change.text },
        Event::TextDocumentContentChangeWholeDocument(change) => ContentChange { range: None, text: change.text },
    }
}

/// The path of a file URI; `None` for every other scheme.
pub(crate) fn path(uri: &proto::Uri) -> Option<PathBuf> {
    if uri.scheme() == "file" { uri.to_file_path().ok() } else { None }
}
