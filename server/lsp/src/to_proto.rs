//! From our types to the protocol's.

use std::path::Path;

use index::SymbolRef;
use refactor::{ChangeSet, FileChange};
use syntax::SymbolKind;
use text::{LineIndex, Position, PositionEncoding, PositionRange};
use tower_lsp::gen_lsp_types as proto;

use crate::names::Names;
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

/// The address of the line of a symbol, for links in Markdown; `None` where its path cannot be one.
pub(crate) fn address(names: &Names, root: &Path, symbol: &SymbolRef) -> Option<String> {
    Some(format!("{}#L{}", names.uri(&root.join(symbol.path()))?, symbol.get().line + 1))
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
        (proto::MarkupKind::PlainText, assist::markdown::unmarked(&markdown))
    };
    proto::Contents::MarkupContent(proto::MarkupContent { kind, value })
}

/// What the annotation of a change set is called in its edit.
const ANNOTATION: &str = "review";

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

/// A change set as one edit, one entry a file, with the versions of open documents. With an annotation, which is only for clients that know
/// them, it stands at every part.
pub(crate) fn workspace_edit(
    names: &Names,
    root: &Path,
    changes: &ChangeSet,
    profile: &ClientProfile,
    annotation: Option<proto::ChangeAnnotation>,
) -> Result<proto::WorkspaceEdit, Unsendable> {
    let annotated = || annotation.is_some().then(|| ANNOTATION.to_owned());
    let mut operations = Vec::new();
    let mut plain = std::collections::HashMap::new();
    for change in changes.files() {
        let uri = names.uri(&root.join(&change.path)).ok_or_else(|| Unsendable::Path(change.path.clone()))?;
        if change.after.is_none() {
            if !(profile.document_changes && profile.delete_files) {
                return Err(Unsendable::Operation("delete", change.path.clone()));
            }
            operations.push(proto::DocumentChange::DeleteFile(proto::DeleteFile {
                options: Some(proto::DeleteFileOptions { recursive: None, ignore_if_not_exists: Some(true) }),
                ..proto::DeleteFile::new(uri, None, annotated())
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
                ..proto::CreateFile::new(uri.clone(), None, annotated())
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
                edits: edits.into_iter().map(|edit| noted(edit, annotated())).collect(),
            }));
        } else {
            plain.insert(uri, edits);
        }
    }
    Ok(if profile.document_changes {
        let change_annotations = annotation.map(|annotation| [(ANNOTATION.to_owned(), annotation)].into());
        proto::WorkspaceEdit { changes: None, document_changes: Some(operations), change_annotations }
    } else {
        proto::WorkspaceEdit { changes: Some(plain), document_changes: None, change_annotations: None }
    })
}

fn noted(text_edit: proto::TextEdit, annotation: Option<String>) -> proto::Edit {
    match annotation {
        Some(annotation_id) => proto::AnnotatedTextEdit { annotation_id, text_edit }.into(),
        None => text_edit.into(),
    }
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
