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

/// The commands, all of which take one JSON object with `v: 1`. Those that change files or ask a model answer with `{job}` at once.
pub mod command {
    /// Explains a symbol in a document: `{uri, position}`.
    pub const EXPLAIN: &str = "tierline.server.explain";
    /// Has a summary made for the next hover: `{uri, position}`.
    pub const SUMMARISE: &str = "tierline.server.summarise";
    /// Writes the documentation of a symbol: `{uri, position}`.
    pub const DOCUMENT: &str = "tierline.server.document";
    /// Says the same as a function with less: `{uri, position}`.
    pub const SIMPLIFY: &str = "tierline.server.simplify";
    /// Writes a test of a function: `{uri, position}`.
    pub const TEST: &str = "tierline.server.test";
    /// Suggests better names for a symbol and renames it to the one that the user chooses: `{uri, position}`.
    pub const NAME: &str = "tierline.server.name";
    /// Changes what is selected: `{uri, range, instruction?}`. Without an instruction a comment is put in front of it to write it in;
    /// a plugin that can ask its user puts the answer in.
    pub const REWRITE: &str = "tierline.server.rewrite";
    /// Mends what a tool complains of: `{uri, range, message}`.
    pub const FIX: &str = "tierline.server.fix";
    /// Carries out an instruction that stands in a comment: `{uri, comment: {line}, instruction}`.
    pub const INSTRUCT: &str = "tierline.server.instruct";
    /// Changes several files: `{instruction?, uri?, position?, comment?, review?}`. Without an instruction as [`REWRITE`]. A client that
    /// shows documents gets the plan to read first, unless `review` is false.
    pub const REFACTOR: &str = "tierline.server.refactor";
    /// Does something with a plan document: `{uri, do: "open" | "apply" | "again" | "raise" | "discard", step?}`.
    pub const PLAN: &str = "tierline.server.plan";
    /// Answers a question with symbols: `{question, limit?}`.
    pub const LOOKUP: &str = "tierline.server.lookup";
    /// Shows what would be sent to a model of a document: `{uri, position?}`.
    pub const EGRESS: &str = "tierline.server.egress";
    /// Undoes the last edit or refactor: `{uri?}`.
    pub const UNDO: &str = "tierline.server.undo";
    /// Asks the user to trust the workspace as it is now, showing what that unlocks: `{uri?}`.
    pub const TRUST: &str = "tierline.server.trust";
    /// Calls a job off: `{job}`.
    pub const CANCEL: &str = "tierline.server.cancel";
    /// All of them.
    pub const ALL: &[&str] = &[
        EXPLAIN, SUMMARISE, DOCUMENT, SIMPLIFY, TEST, NAME, REWRITE, FIX, INSTRUCT, REFACTOR, PLAN, LOOKUP, EGRESS, UNDO, TRUST,
        CANCEL,
    ];
}

/// The kinds of the code actions: leaves below the standard kinds, so that a filter for `refactor` or `source` finds them and
/// nothing runs them on save.
pub mod kind {
    /// Mend what a tool complains of.
    pub const FIX: &str = "quickfix.tierline";
    /// Carry out an instruction in a comment.
    pub const INSTRUCTION: &str = "refactor.rewrite.tierline.instruction";
    /// Change what is selected.
    pub const SELECTION: &str = "refactor.rewrite.tierline.selection";
    /// Say the same with less.
    pub const SIMPLIFY: &str = "refactor.rewrite.tierline.simplify";
    /// Document a symbol.
    pub const DOCUMENT: &str = "refactor.rewrite.tierline.document";
    /// Suggest a better name.
    pub const NAME: &str = "refactor.rewrite.tierline.name";
    /// Change several files.
    pub const PLAN: &str = "refactor.rewrite.tierline.plan";
    /// Carry out a plan that waits.
    pub const WAITING_PLAN: &str = "source.tierline.plan";
    /// Explain a symbol.
    pub const EXPLAIN: &str = "source.tierline.explain";
    /// Write a test.
    pub const TEST: &str = "source.tierline.test";
    /// Summarise a symbol.
    pub const SUMMARISE: &str = "source.tierline.summarise";
    /// Show what would be sent.
    pub const EGRESS: &str = "source.tierline.egress";
    /// Undo.
    pub const UNDO: &str = "source.tierline.undo";
    /// Trust a workspace.
    pub const TRUST: &str = "quickfix.tierline.trust";
    /// All of them.
    pub const ALL: &[&str] = &[
        FIX,
        INSTRUCTION,
        SELECTION,
        SIMPLIFY,
        DOCUMENT,
        NAME,
        PLAN,
        WAITING_PLAN,
        EXPLAIN,
        TEST,
        SUMMARISE,
        EGRESS,
        UNDO,
        TRUST,
    ];
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
