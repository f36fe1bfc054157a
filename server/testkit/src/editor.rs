//! An editor without a screen: it keeps documents, speaks the protocol as a chosen kind of editor does, and applies edits.
//!
//! Every message of the session is checked against the meta-model when the editor is dropped (see [`crate::meta_model`]), so
//! each test that uses it is a test of the protocol, too. Paths are relative to the root, with `/` between their parts;
//! offsets are bytes.

mod apply;
mod builder;
mod desk;
mod profile;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lsp::client::{Client, Error, Recording};
use serde_json::{Value, json};
use text::Span;

pub use self::apply::{HandledEdit, Policy};
pub use self::builder::EditorBuilder;
use self::desk::Shared;
pub use self::profile::Profile;
use crate::meta_model::Conversation;

/// What made the editor ask for code actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The user did.
    Invoked = 1,
    /// The cursor moved.
    Automatic = 2,
}

/// A session with a server.
#[derive(Debug)]
pub struct Editor {
    client: Client,
    desk: Arc<Shared>,
    recording: Recording,
    root: PathBuf,
    server: Value,
    deadline: Duration,
    own_methods: Vec<String>,
    checked: bool,
}

impl Editor {
    /// A builder of an editor of this kind with `root` as its one folder.
    #[must_use]
    pub fn builder(profile: Profile, root: &Path) -> EditorBuilder {
        EditorBuilder::new(profile, root)
    }

    /// The connection, for what has no method here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The connection, for what changes it: waiting for the child process or ending it.
    pub fn client_mut(&mut self) -> &mut Client {
        &mut self.client
    }

    /// What the server answered to `initialize`.
    #[must_use]
    pub fn server(&self) -> &Value {
        &self.server
    }

    /// Everything that has passed.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The URI of a file.
    ///
    /// # Panics
    /// Panics where the root is not absolute.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        desk::uri(&self.root.join(path))
    }

    /// Opens a file with what is on disk.
    ///
    /// # Panics
    /// Panics where it cannot be read.
    #[track_caller]
    pub fn open(&self, path: &str) {
        let place = self.root.join(path);
        let text = std::fs::read_to_string(&place).unwrap_or_else(|error| panic!("{path} cannot be opened: {error}"));
        self.open_text(path, &text);
    }

    /// Opens a file with this text, whatever is on disk.
    pub fn open_text(&self, path: &str, text: &str) {
        self.desk.with(|desk| desk.open(self.client.wire(), &self.root.join(path), text.to_owned()));
    }

    /// Replaces bytes of an open document.
    ///
    /// # Panics
    /// Panics where it is not open.
    #[track_caller]
    pub fn edit(&self, path: &str, range: Range<usize>, new_text: &str) {
        self.change(path, &[(range, new_text)]);
    }

    /// Several changes of an open document in one message, each relative to the text as the one before it left it.
    ///
    /// # Panics
    /// Panics where it is not open.
    #[track_caller]
    pub fn change(&self, path: &str, changes: &[(Range<usize>, &str)]) {
        self.desk.with(|desk| desk.change(self.client.wire(), &self.root.join(path), changes));
    }

    /// Writes an open document to disk and says so.
    ///
    /// # Panics
    /// Panics where it is not open or cannot be written.
    #[track_caller]
    pub fn save(&self, path: &str) {
        self.desk.with(|desk| desk.save(self.client.wire(), &self.root.join(path)));
    }

    /// Closes an open document; what was not saved is lost.
    pub fn close(&self, path: &str) {
        self.desk.with(|desk| desk.close(self.client.wire(), &self.root.join(path)));
    }

    /// What the user sees: the open document, or else the file.
    ///
    /// # Panics
    /// Panics where there is neither.
    #[must_use]
    #[track_caller]
    pub fn text(&self, path: &str) -> String {
        self.desk.with(|desk| desk.text(&self.root.join(path)))
    }

    /// The version of an open document.
    #[must_use]
    pub fn version(&self, path: &str) -> Option<i32> {
        self.desk.with(|desk| desk.version(&self.root.join(path)))
    }

    /// The paths of all open documents.
    #[must_use]
    pub fn open_documents(&self) -> Vec<PathBuf> {
        self.desk.with(|desk| desk.open_documents())
    }

    /// The hover at an offset.
    ///
    /// # Errors
    /// As the server answers.
    #[track_caller]
    pub fn hover(&self, path: &str, offset: usize) -> Result<Value, Error> {
        let params = json!({ "textDocument": { "uri": self.uri(path) }, "position": self.position(path, offset) });
        self.client.request("textDocument/hover", params)
    }

    /// The text of a hover, whatever form it has; `None` where there is none.
    ///
    /// # Panics
    /// Panics where the server answers with an error.
    #[must_use]
    #[track_caller]
    pub fn hover_text(&self, path: &str, offset: usize) -> Option<String> {
        match self.hover(path, offset) {
            Ok(Value::Null) => None,
            Ok(hover) => Some(flatten(&hover["contents"])),
            Err(error) => panic!("no hover at {path}:{offset}: {error}"),
        }
    }

    /// The code actions of a range; with `only`, of these kinds.
    ///
    /// # Errors
    /// As the server answers.
    #[track_caller]
    pub fn code_actions(&self, path: &str, range: Range<usize>, only: &[&str], trigger: Trigger) -> Result<Vec<Value>, Error> {
        let mut context = json!({ "diagnostics": [], "triggerKind": trigger as u32 });
        if !only.is_empty() {
            context["only"] = json!(only);
        }
        let range = self.range(path, range);
        let params = json!({ "textDocument": { "uri": self.uri(path) }, "range": range, "context": context });
        let answer = self.client.request("textDocument/codeAction", params)?;
        Ok(answer.as_array().cloned().unwrap_or_default())
    }

    /// Carries out a code action as an editor does: resolves it if it has neither edit nor command, applies the edit, then
    /// runs the command.
    ///
    /// # Errors
    /// As the server answers.
    ///
    /// # Panics
    /// Panics where the action is disabled, or its edit cannot be applied.
    #[track_caller]
    pub fn run(&self, action: &Value) -> Result<Value, Error> {
        assert!(action.get("disabled").is_none(), "a disabled action was chosen: {action}");
        let bare = action.get("edit").is_none() && action.get("command").is_none();
        let action = if bare { self.client.request("codeAction/resolve", action.clone())? } else { action.clone() };
        if let Some(edit) = action.get("edit") {
            let applied = self.desk.with(|desk| desk.apply(self.client.wire(), edit));
            assert_eq!(applied["applied"], true, "the edit of {action} cannot be applied: {applied}");
        }
        let command = if action["command"].is_object() { &action["command"] } else { &action };
        match command["command"].as_str() {
            Some(name) => self.execute_command(name, command["arguments"].as_array().cloned().unwrap_or_default()),
            None => Ok(Value::Null),
        }
    }

    /// Runs a command of the server.
    ///
    /// # Errors
    /// As the server answers.
    pub fn execute_command(&self, command: &str, arguments: Vec<Value>) -> Result<Value, Error> {
        self.client.request("workspace/executeCommand", json!({ "command": command, "arguments": arguments }))
    }

    /// The symbols of the workspace that a query finds.
    ///
    /// # Errors
    /// As the server answers.
    pub fn workspace_symbol(&self, query: &str) -> Result<Vec<Value>, Error> {
        let answer = self.client.request("workspace/symbol", json!({ "query": query }))?;
        Ok(answer.as_array().cloned().unwrap_or_default())
    }

    /// Sets what `workspace/configuration` answers for a section, and says that it changed.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn configure(&self, section: &str, value: Value) -> Result<(), Error> {
        self.desk.with(|desk| desk.configuration[section] = value);
        self.client.notify("workspace/didChangeConfiguration", json!({ "settings": null }))
    }

    /// Says that a file was created (1), changed (2) or deleted (3) outside of the editor.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn file_event(&self, path: &str, kind: u32) -> Result<(), Error> {
        let changes = json!({ "changes": [{ "uri": self.uri(path), "type": kind }] });
        self.client.notify("workspace/didChangeWatchedFiles", changes)
    }

    /// How edits of the server are received from now on.
    pub fn set_policy(&self, policy: Policy) {
        self.desk.with(|desk| desk.policy = policy);
    }

    /// Which button is chosen when the server next asks for one of several; nothing chosen is a dismissal.
    pub fn choose(&self, title: &str) {
        self.desk.with(|desk| desk.choices.push_back(title.to_owned()));
    }

    /// What is answered to a request of the server that no plain editor knows; with `None`, the test waits for it and answers it.
    pub fn answer(&self, method: &str, answer: Option<Value>) {
        self.desk.with(|desk| desk.answers.insert(method.to_owned(), answer));
    }

    /// The methods that the server has registered dynamically, with their options.
    #[must_use]
    pub fn registrations(&self) -> Vec<Value> {
        self.desk.with(|desk| desk.registrations.clone())
    }

    /// The documents that the server asked to be shown.
    #[must_use]
    pub fn shown_documents(&self) -> Vec<Value> {
        self.desk.with(|desk| desk.shown.clone())
    }

    /// Waits for the next edit that the server sends and that nobody has taken yet.
    ///
    /// # Panics
    /// Panics where none comes in time.
    #[track_caller]
    pub fn wait_for_edit(&self) -> HandledEdit {
        let edit = self.desk.wait(Instant::now() + self.deadline, |desk| desk.handled.pop_front());
        edit.unwrap_or_else(|| panic!("the server sent no edit"))
    }

    /// Waits for a message to the user (`window/showMessage`) that contains `text`.
    ///
    /// # Panics
    /// Panics where none comes in time.
    #[track_caller]
    pub fn wait_for_message(&self, text: &str) -> Value {
        let wanted = |params: &Value| params["message"].as_str().is_some_and(|message| message.contains(text));
        let found = self.client.wait_for_notification("window/showMessage", wanted);
        found.unwrap_or_else(|error| panic!("no message says {text:?}: {error}"))
    }

    /// Waits until a progress whose title contains `title` has ended, and says with what message.
    ///
    /// # Panics
    /// Panics where none does in time.
    #[track_caller]
    pub fn wait_for_progress(&self, title: &str) -> Option<String> {
        let begun = |params: &Value| {
            let value = &params["value"];
            value["kind"] == "begin" && value["title"].as_str().is_some_and(|found| found.contains(title))
        };
        let ended = self.client.wait_for_notification("$/progress", begun).and_then(|begin| {
            let end = |params: &Value| params["token"] == begin["token"] && params["value"]["kind"] == "end";
            self.client.wait_for_notification("$/progress", end)
        });
        match ended {
            Ok(end) => end["value"]["message"].as_str().map(str::to_owned),
            Err(error) => panic!("no progress {title:?} ended: {error}"),
        }
    }

    /// The position of an offset in the negotiated encoding.
    #[must_use]
    #[track_caller]
    pub fn position(&self, path: &str, offset: usize) -> Value {
        self.range(path, offset..offset)["start"].clone()
    }

    /// The range of two offsets in the negotiated encoding.
    #[must_use]
    #[track_caller]
    pub fn range(&self, path: &str, range: Range<usize>) -> Value {
        let text = self.text(path);
        self.desk.with(|desk| desk.range(&text, Span::new(range.start, range.end)))
    }

    /// What was wrong with what the server said up to now.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let own: Vec<&str> = self.own_methods.iter().map(String::as_str).collect();
        let mut conversation = Conversation::new(&own);
        for message in self.recording.messages() {
            conversation.observe(message.from, &message.content);
        }
        conversation.finish()
    }

    /// Leaves the session unchecked: the test breaks the protocol on purpose, or takes the server down.
    pub fn forgive(&mut self) {
        self.checked = true;
    }

    /// Ends the session properly and checks all of it.
    ///
    /// # Panics
    /// Panics where the server does not end, or has broken the protocol.
    #[track_caller]
    pub fn shutdown(mut self) {
        self.end();
    }

    #[track_caller]
    fn end(&mut self) {
        if std::mem::replace(&mut self.checked, true) {
            return;
        }
        let ended = self.client.shutdown();
        let faults = self.faults();
        assert!(faults.is_empty(), "the server broke the protocol:\n{}", faults.join("\n"));
        match ended {
            Ok(status) => assert!(status.is_none_or(|status| status.success()), "the server ended with {status:?}"),
            Err(error) => panic!("the server did not end: {error}"),
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.end();
        }
    }
}

fn flatten(contents: &Value) -> String {
    match contents {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(flatten).collect::<Vec<_>>().join("\n"),
        other => other["value"].as_str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests;
