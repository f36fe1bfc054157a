//! What the client said of itself at `initialize`, read once.

use serde_json::Value;
use text::PositionEncoding;
use tower_lsp::gen_lsp_types::InitializeParams;

/// The client's capabilities as far as they change what we send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClientProfile {
    /// The negotiated unit of characters.
    pub(crate) encoding: PositionEncoding,
    /// Hovers may be Markdown.
    pub(crate) markdown: bool,
    /// Outlines may be trees rather than lists.
    pub(crate) outline_trees: bool,
    /// Code actions may be literals rather than commands.
    pub(crate) action_literals: bool,
    /// Code actions may say why they cannot run.
    pub(crate) action_disabled: bool,
    /// Code actions may be tagged as made by a model.
    pub(crate) action_tags: bool,
    /// `workspace/applyEdit` is answered.
    pub(crate) apply_edit: bool,
    /// Edits may carry document versions.
    pub(crate) document_changes: bool,
    /// Edits may ask to be confirmed, and the editor has a preview in which its user does so. Editors that show annotations without
    /// grouping them by what they say ignore the wish, or ask once for each file and call what was refused applied.
    pub(crate) previews_edits: bool,
    /// Edits may say that they are refactorings.
    pub(crate) edit_metadata: bool,
    /// Edits may create files.
    pub(crate) create_files: bool,
    /// A new file is taken for one empty line that ends, so that text put into it must not end its last line itself.
    pub(crate) new_files_end: bool,
    /// Edits may delete files.
    pub(crate) delete_files: bool,
    /// `window/showDocument` is answered.
    pub(crate) show_document: bool,
    /// The server may start progress by itself.
    pub(crate) work_done_progress: bool,
    /// File watching can be registered, and events do come.
    pub(crate) watches_files: bool,
    /// `workspace/configuration` is answered.
    pub(crate) configuration: bool,
    /// Changed configuration is announced once that is registered.
    pub(crate) configuration_changes: bool,
    /// `tierline/status` is wanted whenever it changes.
    pub(crate) wants_status: bool,
    /// `tierline/clientRename` is answered.
    pub(crate) answers_rename: bool,
    /// `tierline/clientReferences` is answered.
    pub(crate) answers_references: bool,
    /// The client's plugin shows hovers itself, by `tierline/summary`: none are offered to the editor.
    pub(crate) shows_hovers: bool,
}

impl ClientProfile {
    /// Reads the capabilities. Neovim does not declare `documentChanges`, but does support it; and on Linux it accepts the
    /// registration of file watchers and then sends nothing.
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let capabilities = serde_json::to_value(&params.capabilities).unwrap_or_default();
        let is = |pointer: &str| capabilities.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let has = |pointer: &str| capabilities.pointer(pointer).is_some_and(|value| !value.is_null());
        let lists = |pointer: &str, wanted: &str| {
            let list = capabilities.pointer(pointer).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(wanted)))
        };
        let lists_number = |pointer: &str, wanted: u64| {
            let list = capabilities.pointer(pointer).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item.as_u64() == Some(wanted)))
        };
        // What our own plugins say, in `initializationOptions` or among the experimental capabilities.
        let options = serde_json::to_value(&params.initialization_options).unwrap_or_default();
        let said = |what: &str| {
            let said = options.pointer(&format!("/client/{what}"));
            said.or_else(|| capabilities.pointer(&format!("/experimental/tierline/{what}"))).and_then(Value::as_bool)
        };
        let name = params.client_info.as_ref().map(|client| client.name.to_lowercase()).unwrap_or_default();
        let is_neovim = name.contains("neovim");
        Self {
            encoding: encoding(&capabilities),
            markdown: lists("/textDocument/hover/contentFormat", "markdown"),
            outline_trees: is("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            action_literals: has("/textDocument/codeAction/codeActionLiteralSupport"),
            action_disabled: is("/textDocument/codeAction/disabledSupport"),
            action_tags: lists_number("/textDocument/codeAction/tagSupport/valueSet", 1),
            apply_edit: is("/workspace/applyEdit"),
            document_changes: is("/workspace/workspaceEdit/documentChanges") || is_neovim,
            previews_edits: is("/workspace/workspaceEdit/changeAnnotationSupport/groupsOnLabel"),
            edit_metadata: is("/workspace/workspaceEdit/metadataSupport"),
            create_files: lists("/workspace/workspaceEdit/resourceOperations", "create"),
            new_files_end: is_neovim,
            delete_files: lists("/workspace/workspaceEdit/resourceOperations", "delete"),
            show_document: is("/window/showDocument/support"),
            work_done_progress: is("/window/workDoneProgress"),
            watches_files: is("/workspace/didChangeWatchedFiles/dynamicRegistration")
                && !(is_neovim && cfg!(target_os = "linux")),
            configuration: is("/workspace/configuration"),
            configuration_changes: is("/workspace/didChangeConfiguration/dynamicRegistration"),
            wants_status: said("status").unwrap_or(false),
            answers_rename: said("rename").unwrap_or(false),
            answers_references: said("references").unwrap_or(false),
            shows_hovers: said("hover") == Some(false),
        }
    }
}

/// UTF-8 where it is offered, then UTF-32, then the default.
fn encoding(capabilities: &Value) -> PositionEncoding {
    let offered: Vec<&str> = capabilities
        .pointer("/general/positionEncodings")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    if offered.contains(&"utf-8") {
        PositionEncoding::Utf8
    } else if offered.contains(&"utf-32") {
        PositionEncoding::Utf32
    } else {
        PositionEncoding::Utf16
    }
}
