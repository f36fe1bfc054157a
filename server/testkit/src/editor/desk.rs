//! What lies on the editor's desk: open documents, settings, and what the server has asked for.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use lsp::client::{Reply, ServerRequest, Wire};
use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};
use text::{LineIndex, Position, PositionEncoding, PositionRange, Span};

use super::Profile;
use super::apply::{HandledEdit, Policy};

/// The desk, shared by the test and the thread that answers the server.
#[derive(Debug)]
pub(super) struct Shared {
    desk: Mutex<Desk>,
    changed: Condvar,
}

impl Shared {
    pub(super) fn new(desk: Desk) -> Self {
        Self { desk: Mutex::new(desk), changed: Condvar::new() }
    }

    #[track_caller]
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        let result = work(&mut self.desk.lock());
        self.changed.notify_all();
        result
    }

    pub(super) fn wait<T>(&self, deadline: Instant, mut take: impl FnMut(&mut Desk) -> Option<T>) -> Option<T> {
        let mut desk = self.desk.lock();
        loop {
            if let Some(found) = take(&mut desk) {
                return Some(found);
            }
            if self.changed.wait_until(&mut desk, deadline).timed_out() {
                return take(&mut desk);
            }
        }
    }
}

#[derive(Debug)]
pub(super) struct Open {
    pub(super) text: String,
    pub(super) version: i32,
}

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) profile: Profile,
    pub(super) policy: Policy,
    pub(super) configuration: Value,
    pub(super) choices: VecDeque<String>,
    /// What is answered to other requests, by their method; without an answer, the test gives it later.
    pub(super) answers: BTreeMap<String, Option<Value>>,
    pub(super) registrations: Vec<Value>,
    pub(super) shown: Vec<Value>,
    pub(super) handled: VecDeque<HandledEdit>,
    pub(super) documents: BTreeMap<PathBuf, Open>,
    encoding: PositionEncoding,
    incremental: bool,
}

impl Desk {
    pub(super) fn new(profile: Profile, configuration: Value) -> Self {
        Self {
            profile,
            policy: Policy::Apply,
            configuration,
            choices: VecDeque::new(),
            answers: BTreeMap::new(),
            registrations: Vec::new(),
            shown: Vec::new(),
            handled: VecDeque::new(),
            documents: BTreeMap::new(),
            encoding: PositionEncoding::Utf16,
            incremental: true,
        }
    }

    pub(super) fn negotiated(&mut self, encoding: PositionEncoding, incremental: bool) {
        self.encoding = encoding;
        self.incremental = incremental;
    }

    pub(super) fn open(&mut self, wire: &Wire, path: &Path, text: String) {
        let document = json!({ "uri": uri(path), "languageId": language(path), "version": 1, "text": text });
        let _ = wire.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.documents.insert(path.to_owned(), Open { text, version: 1 });
    }

    #[track_caller]
    pub(super) fn change(&mut self, wire: &Wire, path: &Path, changes: &[(Range<usize>, &str)]) {
        let Some(mut document) = self.documents.remove(path) else { panic!("{} is not open", path.display()) };
        let mut sent = Vec::new();
        for (range, new_text) in changes {
            let range_sent = self.range(&document.text, Span::new(range.start, range.end));
            document.text.replace_range(range.clone(), new_text);
            sent.push(json!({ "range": range_sent, "text": new_text }));
        }
        if !self.incremental {
            sent = vec![json!({ "text": document.text })];
        }
        document.version += 1;
        let identifier = json!({ "uri": uri(path), "version": document.version });
        let params = json!({ "textDocument": identifier, "contentChanges": sent });
        let _ = wire.notify("textDocument/didChange", params);
        self.documents.insert(path.to_owned(), document);
    }

    #[track_caller]
    pub(super) fn save(&mut self, wire: &Wire, path: &Path) {
        let Some(document) = self.documents.get(path) else { panic!("{} is not open", path.display()) };
        if let Err(error) = fs::write(path, &document.text) {
            panic!("{} cannot be written: {error}", path.display());
        }
        let _ = wire.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(path) } }));
    }

    pub(super) fn close(&mut self, wire: &Wire, path: &Path) {
        if self.documents.remove(path).is_some() {
            let _ = wire.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
        }
    }

    #[track_caller]
    pub(super) fn text(&self, path: &Path) -> String {
        match self.documents.get(path) {
            Some(document) => document.text.clone(),
            None => fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display())),
        }
    }

    pub(super) fn version(&self, path: &Path) -> Option<i32> {
        self.documents.get(path).map(|document| document.version)
    }

    pub(super) fn open_documents(&self) -> Vec<PathBuf> {
        self.documents.keys().cloned().collect()
    }

    pub(super) fn range(&self, text: &str, span: Span) -> Value {
        let range = LineIndex::new(text).position_range(text, span, self.encoding);
        let position = |position: Position| json!({ "line": position.line, "character": position.character });
        json!({ "start": position(range.start), "end": position(range.end) })
    }

    /// The bytes that a range of the protocol names; `None` where it is no range.
    pub(super) fn span(&self, text: &str, range: &Value) -> Option<Span> {
        let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
        let position = |value: &Value| Some(Position { line: number(&value["line"])?, character: number(&value["character"])? });
        let range = PositionRange { start: position(&range["start"])?, end: position(&range["end"])? };
        Some(LineIndex::new(text).span(text, range, self.encoding))
    }

    /// What the editor answers to a request of the server.
    pub(super) fn answer(&mut self, wire: &Wire, request: &ServerRequest) -> Reply {
        let params = &request.params;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        Reply::Now(Ok(match request.method.as_str() {
            "workspace/applyEdit" => return self.receive(wire, params),
            "workspace/configuration" => {
                let section = |item: &Value| item["section"].as_str().unwrap_or_default().to_owned();
                let value = |item: &Value| self.configuration.get(section(item)).cloned().unwrap_or_default();
                list(&params["items"]).iter().map(value).collect()
            }
            "client/registerCapability" => {
                self.registrations.extend(list(&params["registrations"]));
                Value::Null
            }
            "window/showDocument" => {
                self.shown.push(params.clone());
                json!({ "success": true })
            }
            "window/showMessageRequest" if !self.answers.contains_key("window/showMessageRequest") => {
                let chosen = self.choices.pop_front();
                let found = list(&params["actions"]).into_iter().find(|action| action["title"].as_str() == chosen.as_deref());
                found.unwrap_or_default()
            }
            method => match self.answers.get(method) {
                Some(Some(answer)) => answer.clone(),
                Some(None) => return Reply::Later,
                None => return Reply::Default,
            },
        }))
    }
}

/// The `file:` URI of an absolute path.
#[track_caller]
pub(super) fn uri(path: &Path) -> String {
    match url::Url::from_file_path(path) {
        Ok(uri) => uri.into(),
        Err(()) => panic!("{} is not absolute", path.display()),
    }
}

/// The path of a `file:` URI.
pub(super) fn path(uri: &Value) -> Option<PathBuf> {
    url::Url::parse(uri.as_str()?).ok()?.to_file_path().ok()
}

fn language(path: &Path) -> &'static str {
    match path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default() {
        "c" | "h" => "c",
        "cc" | "cpp" | "hpp" => "cpp",
        "go" => "go",
        "java" => "java",
        "js" | "mjs" => "javascript",
        "jsx" => "javascriptreact",
        "py" => "python",
        "rs" => "rust",
        "toml" => "toml",
        "ts" => "typescript",
        "tsx" => "typescriptreact",
        _ => "plaintext",
    }
}
