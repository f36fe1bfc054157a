//! From our types to the protocol's.

use std::path::Path;

use refactor::{ChangeSet, FileChange};
use syntax::SymbolKind;
use text::{LineIndex, Position, PositionEncoding, PositionRange};
use tower_lsp::gen_lsp_types as proto;

use crate::profile::ClientProfile;

pub(crate) fn position(position: Position) -> proto::Position {
    proto::Position { line: position.line, character: position.character }
}

pub(crate) fn range(range: PositionRange) -> proto::Range {
    proto::Range { start: position(range.start), end: position(range.end) }
}

/// The URI of an absolute path; `None` where the path cannot be one.
pub(crate) fn uri(path: &Path) -> Option<proto::Uri> {
    proto::Uri::from_file_path(path).ok()
}

pub(crate) fn symbol_kind(kind: SymbolKind) -> proto::SymbolKind {
    match kind {
        SymbolKind::Module => proto::SymbolKind::Module,
        SymbolKind::Namespace => proto::SymbolKind::Namespace,
        SymbolKind::Package => proto::SymbolKind::Package,
        SymbolKind::Class | SymbolKind::TypeAlias => proto::SymbolKind::Class,
        SymbolKind::Method => proto::SymbolKind::Method,
        SymbolKind::Property => proto::SymbolKind::Property,
        SymbolKind::Field => proto::SymbolKind::Field,
        SymbolKind::Constructor => proto::SymbolKind::Constructor,
        SymbolKind::Enum => proto::SymbolKind::Enum,
        SymbolKind::Interface => proto::SymbolKind::Interface,
        SymbolKind::Function | SymbolKind::Macro => proto::SymbolKind::Function,
        SymbolKind::Variable => proto::SymbolKind::Variable,
        SymbolKind::Constant => proto::SymbolKind::Constant,
        SymbolKind::EnumMember => proto::SymbolKind::EnumMember,
        SymbolKind::Struct => proto::SymbolKind::Struct,
        SymbolKind::TypeParameter => proto::SymbolKind::TypeParameter,
    }
}

/// Hover contents in a form that the client takes.
pub(crate) fn hover_contents(markdown: String, profile: &ClientProfile) -> proto::Contents {
    let (kind, value) = if profile.markdown {
        (proto::MarkupKind::Markdown, markdown)
    } else {
        (proto::MarkupKind::PlainText, without_markup(&markdown))
    };
    proto::Contents::MarkupContent(proto::MarkupContent { kind, value })
}

/// Our own Markdown as plain text: fences, emphasis and escapes taken away again.
fn without_markup(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    let mut plain = String::new();
    for line in lines {
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' if characters.peek().is_some_and(char::is_ascii_punctuation) => plain.extend(characters.next()),
                '`' | '*' => {}
                _ => plain.push(character),
            }
        }
        plain.push('\n');
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&#58;", ":"), ("&#46;", "."), ("&#64;", "@"), ("&amp;", "&")];
    entities.iter().fold(plain, |text, (entity, character)| text.replace(entity, character)).trim_end().to_owned()
}

/// Why a change set cannot be sent to this client.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    /// It makes or deletes files and the client cannot.
    #[error("your editor cannot {0} files by an edit ({1}); run `tierline refactor … --apply` in a terminal instead")]
    Operation(&'static str, String),
    /// A path is no URI.
    #[error("{0} cannot be named as a URI")]
    Path(String),
}

/// A change set as one edit, one entry a file, with the versions of open documents.
pub(crate) fn workspace_edit(
    root: &Path,
    changes: &ChangeSet,
    profile: &ClientProfile,
) -> Result<proto::WorkspaceEdit, Unsendable> {
    let mut operations = Vec::new();
    let mut plain = std::collections::HashMap::new();
    for change in changes.files() {
        let uri = uri(&root.join(&change.path)).ok_or_else(|| Unsendable::Path(change.path.clone()))?;
        if change.after.is_none() {
            if !(profile.document_changes && profile.delete_files) {
                return Err(Unsendable::Operation("delete", change.path.clone()));
            }
            operations.push(proto::DocumentChange::DeleteFile(proto::DeleteFile {
                options: Some(proto::DeleteFileOptions { recursive: None, ignore_if_not_exists: Some(true) }),
                ..proto::DeleteFile::new(uri, None, None)
            }));
            continue;
        }
        if change.before.is_none() {
            if !(profile.document_changes && profile.create_files) {
                return Err(Unsendable::Operation("create", change.path.clone()));
            }
            // Without this option Neovim empties a file that exists already.
            operations.push(proto::DocumentChange::CreateFile(proto::CreateFile {
                options: Some(proto::CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) }),
                ..proto::CreateFile::new(uri.clone(), None, None)
            }));
        }
        let mut edits = text_edits(change, profile.encoding);
        if let (None, true, Some(last)) = (&change.before, profile.new_files_end, edits.last_mut())
            && last.new_text.ends_with('\n')
        {
            last.new_text.pop();
        }
        if profile.document_changes {
            operations.push(proto::DocumentChange::TextDocumentEdit(proto::TextDocumentEdit {
                text_document: proto::OptionalVersionedTextDocumentIdentifier {
                    version: change.version,
                    text_document_identifier: proto::TextDocumentIdentifier { uri },
                },
                edits: edits.into_iter().map(proto::Edit::TextEdit).collect(),
            }));
        } else {
            plain.insert(uri, edits);
        }
    }
    Ok(if profile.document_changes {
        proto::WorkspaceEdit { changes: None, document_changes: Some(operations), change_annotations: None }
    } else {
        proto::WorkspaceEdit { changes: Some(plain), document_changes: None, change_annotations: None }
    })
}

fn text_edits(change: &FileChange, encoding: PositionEncoding) -> Vec<proto::TextEdit> {
    let before = change.before.as_deref().unwrap_or_default();
    let lines = LineIndex::new(before);
    change
        .edits()
        .into_iter()
        .map(|edit| proto::TextEdit { range: range(lines.position_range(before, edit.span, encoding)), new_text: edit.new_text })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::without_markup;

    #[test]
    fn markdown_of_ours_reads_well_as_text() {
        let markdown = "```rust\nfn a()\n```\n\n`Store::open`, method\n\nsays \\[x\\] &lt;b&gt;\n\n*index · $0*";
        assert_eq!(without_markup(markdown), "fn a()\n\nStore::open, method\n\nsays [x] <b>\n\nindex · $0");
    }
}
