//! `tierline/clientRename` and `tierline/clientReferences`: asking a client that said at `initialize` that it can have them answered by the
//! language's own server, which runs beside us in the same editor. No feature needs it, and no other client is ever asked.

use std::path::Path;
use std::time::Duration;

use futures::FutureExt;
use refactor::{Answer, Answered, Peer, PeerEdit, PeerError, PeerPlace};
use serde::Deserialize;
use serde_json::{Value, json};
use text::{Position, PositionEncoding};
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::gen_lsp_types::{LspRequestMethod, MessageDirection, Request};

use crate::session::{Session, relative};
use crate::{from_proto, to_proto};

/// How long that server may take: whoever ordered the rename waits for it.
const PATIENCE: Duration = Duration::from_secs(3);

/// A server's name is not shown longer than this, in characters.
const LONGEST_NAME: usize = 60;

/// The edit of a rename.
struct ClientRename;

impl Request for ClientRename {
    type Params = Value;
    type Result = Value;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new("tierline/clientRename");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

/// The definitions and uses of a symbol.
struct ClientReferences;

impl Request for ClientReferences {
    type Params = Value;
    type Result = Value;
    const METHOD: LspRequestMethod<'static> = LspRequestMethod::new("tierline/clientReferences");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

#[derive(Deserialize)]
struct RenameAnswer {
    server: String,
    edit: proto::WorkspaceEdit,
}

#[derive(Deserialize)]
struct ReferencesAnswer {
    server: String,
    locations: Vec<VersionedLocation>,
}

#[derive(Deserialize)]
struct VersionedLocation {
    #[serde(flatten)]
    location: proto::Location,
    version: Option<i32>,
}

/// The language's own server beside us in the editor of one session, for one of its folders.
pub(crate) struct EditorPeer<'a> {
    session: &'a Session,
    root: &'a Path,
}

impl<'a> EditorPeer<'a> {
    /// `None` where the editor's plugin did not say that it can ask.
    pub(crate) fn new(session: &'a Session, root: &'a Path) -> Option<Self> {
        let profile = session.profile();
        (profile.answers_rename || profile.answers_references).then_some(Self { session, root })
    }

    /// As the rooms below know it.
    pub(crate) fn as_peer(&self) -> &dyn Peer {
        self
    }

    async fn ask<R>(&self, path: &str, at: Position, more: Value) -> Result<Option<Value>, PeerError>
    where
        R: Request<Params = Value, Result = Value> + 'static,
    {
        let silent = |why: String| PeerError::Silent(format!("your editor has no answer of the language’s own server: {why}"));
        let Some(uri) = self.session.names().uri(&self.root.join(path)) else { return Ok(None) };
        let mut params = json!({"textDocument": {"uri": uri}, "position": to_proto::position(at)});
        if let (Some(params), Value::Object(more)) = (params.as_object_mut(), more) {
            params.extend(more);
        }
        match self.session.outbox.request::<R>(params, Some(PATIENCE)).await {
            Ok(Ok(Value::Null)) => Ok(None),
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(error)) => Err(silent(error.message.into_owned())),
            Err(_) => Err(silent("it has gone".to_owned())),
        }
    }

    /// The path of a file in this folder.
    fn path(&self, uri: &proto::Uri) -> Option<String> {
        relative(self.root, &self.session.names().place(uri)?)
    }

    /// The edits of a rename in this folder, or what no rename may do.
    fn edits(&self, edit: proto::WorkspaceEdit) -> Result<Vec<PeerEdit>, String> {
        let mut edits = Vec::new();
        let mut add = |uri: &proto::Uri, version: Option<i32>, edit: proto::Edit| {
            let path = self.path(uri).ok_or_else(|| format!("would change {uri}, which is outside of the workspace folder"))?;
            let edit = match edit {
                proto::Edit::TextEdit(edit) => edit,
                proto::Edit::AnnotatedTextEdit(edit) => edit.text_edit,
                proto::Edit::SnippetTextEdit(_) => return Err("answered with snippets".to_owned()),
            };
            let place = PeerPlace { path, version, range: from_proto::range(edit.range) };
            edits.push(PeerEdit { place, new_text: edit.new_text });
            Ok(())
        };
        for (uri, list) in edit.changes.unwrap_or_default() {
            list.into_iter().try_for_each(|edit| add(&uri, None, proto::Edit::TextEdit(edit)))?;
        }
        for change in edit.document_changes.unwrap_or_default() {
            let proto::DocumentChange::TextDocumentEdit(change) = change else {
                return Err("would make, rename or delete files".to_owned());
            };
            let document = change.text_document;
            change.edits.into_iter().try_for_each(|edit| add(&document.text_document_identifier.uri, document.version, edit))?;
        }
        Ok(edits)
    }
}

impl Peer for EditorPeer<'_> {
    fn encoding(&self) -> PositionEncoding {
        self.session.profile().encoding
    }

    fn rename<'a>(&'a self, path: &'a str, at: Position, new_name: &'a str) -> Answer<'a, PeerEdit> {
        async move {
            if !self.session.profile().answers_rename {
                return Ok(None);
            }
            let Some(answer) = self.ask::<ClientRename>(path, at, json!({"newName": new_name})).await? else { return Ok(None) };
            let RenameAnswer { server, edit } = read(answer)?;
            let server = shown(&server);
            let items = self.edits(edit).map_err(|why| PeerError::Odd(format!("{server} {why}")))?;
            Ok(Some(Answered { server, items }))
        }
        .boxed()
    }

    fn references<'a>(&'a self, path: &'a str, at: Position) -> Answer<'a, PeerPlace> {
        async move {
            if !self.session.profile().answers_references {
                return Ok(None);
            }
            let Some(answer) = self.ask::<ClientReferences>(path, at, json!({})).await? else { return Ok(None) };
            let ReferencesAnswer { server, locations } = read(answer)?;
            // What is used outside of the folder is not ours to change.
            let place = |found: VersionedLocation| {
                let range = from_proto::range(found.location.range);
                Some(PeerPlace { path: self.path(&found.location.uri)?, version: found.version, range })
            };
            Ok(Some(Answered { server: shown(&server), items: locations.into_iter().filter_map(place).collect() }))
        }
        .boxed()
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, PeerError> {
    serde_json::from_value(answer).map_err(|error| PeerError::Odd(format!("your editor’s answer cannot be read: {error}")))
}

/// A server's name as it is shown.
fn shown(name: &str) -> String {
    let name: String = assist::markdown::plain(name).chars().take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "a server without a name".to_owned() } else { name.trim().to_owned() }
}
