//! What the server offers. Beside another language server it stays out of the way: no rename, no formatting, and
//! no outline and no navigation unless the user asks for them.

use serde_json::json;
use tower_lsp::gen_lsp_types::{
    ChangeNotifications, CodeActionKind, CodeActionOptions, CodeActionProvider, DefinitionProvider, DocumentSymbolProvider,
    ExecuteCommandOptions, HoverProvider, InitializeResult, PositionEncodingKind, ReferencesProvider, Save, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions, WorkspaceSymbolProvider,
};

use crate::profile::ClientProfile;
use text::PositionEncoding;

/// The commands, all of which take one JSON object.
pub mod command {
    /// Explains a symbol in a document: `{uri, position}`.
    pub const EXPLAIN: &str = "tierline.server.explain";
    /// Has a summary made for the next hover: `{uri, position}`.
    pub const SUMMARISE: &str = "tierline.server.summarise";
    /// Answers a question with symbols: `{question, limit?}`.
    pub const LOOKUP: &str = "tierline.server.lookup";
    /// Changes several files: `{instruction, uri?, comment?}`.
    pub const REFACTOR: &str = "tierline.server.refactor";
    /// Undoes the last refactor: `{uri?}`.
    pub const UNDO: &str = "tierline.server.undo";
    /// Asks the user to trust the workspace as it is now, showing what that unlocks: `{uri?}`.
    pub const TRUST: &str = "tierline.server.trust";
    /// Calls a job off: `{job}`.
    pub const CANCEL: &str = "tierline.server.cancel";
    /// All of them.
    pub const ALL: &[&str] = &[EXPLAIN, SUMMARISE, LOOKUP, REFACTOR, UNDO, TRUST, CANCEL];
}

/// The kinds of the code actions: leaves below the standard kinds, so that a filter for `refactor` or `source` finds them and
/// nothing runs them on save.
pub mod kind {
    /// Explain a symbol.
    pub const EXPLAIN: &str = "source.tierline.explain";
    /// Summarise a symbol.
    pub const SUMMARISE: &str = "source.tierline.summarise";
    /// Carry out an instruction in a comment.
    pub const INSTRUCTION: &str = "refactor.rewrite.tierline.instruction";
    /// Undo.
    pub const UNDO: &str = "source.tierline.undo";
    /// Trust a workspace.
    pub const TRUST: &str = "quickfix.tierline.trust";
    /// All of them.
    pub const ALL: &[&str] = &[EXPLAIN, SUMMARISE, INSTRUCTION, UNDO, TRUST];
}

/// With `navigation`, outlines, definitions and references are offered too.
pub(crate) fn initialize_result(profile: &ClientProfile, navigation: bool) -> InitializeResult {
    let encoding = match profile.encoding {
        PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
        PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
        PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        will_save: None,
        will_save_wait_until: None,
        save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(kind::ALL.iter().map(|kind| CodeActionKind::from(*kind)).collect()),
        documentation: None,
        resolve_provider: None,
        work_done_progress_options: WorkDoneProgressOptions::default(),
    };
    let commands = ExecuteCommandOptions {
        commands: command::ALL.iter().map(|name| (*name).to_owned()).collect(),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    };
    InitializeResult {
        capabilities: ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(TextDocumentSync::Options(sync)),
            hover_provider: Some(HoverProvider::Bool(!profile.shows_hovers)),
            document_symbol_provider: navigation.then_some(DocumentSymbolProvider::Bool(true)),
            definition_provider: navigation.then_some(DefinitionProvider::Bool(true)),
            references_provider: navigation.then_some(ReferencesProvider::Bool(true)),
            code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
            execute_command_provider: Some(commands),
            workspace_symbol_provider: Some(WorkspaceSymbolProvider::Bool(true)),
            workspace: Some(WorkspaceOptions {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(ChangeNotifications::Bool(true)),
                }),
                file_operations: None,
                text_document_content: None,
            }),
            experimental: Some(json!({"tierline": {"status": true, "summary": true}})),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo { name: "tierline".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
    }
}
