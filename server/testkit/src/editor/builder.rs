//! Putting an editor together and starting the session.

use std::io::{PipeReader, PipeWriter, pipe};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use lsp::client::{Builder, Client, Recording};
use serde_json::{Value, json};
use text::PositionEncoding;

use super::desk::{self, Desk, Shared};
use super::{Editor, Profile};

/// What an editor is made of.
#[derive(Debug)]
pub struct EditorBuilder {
    profile: Profile,
    root: PathBuf,
    capabilities: Value,
    configuration: Value,
    options: Value,
    deadline: Duration,
    own_methods: Vec<String>,
}

impl EditorBuilder {
    pub(super) fn new(profile: Profile, root: &Path) -> Self {
        Self {
            profile,
            root: root.to_owned(),
            capabilities: profile.capabilities(),
            configuration: json!({}),
            options: Value::Null,
            deadline: Duration::from_secs(30),
            own_methods: vec!["tierline/".to_owned()],
        }
    }

    /// What `workspace/configuration` answers for a section.
    #[must_use]
    pub fn configuration(mut self, section: &str, value: Value) -> Self {
        self.configuration[section] = value;
        self
    }

    /// The `initializationOptions`.
    #[must_use]
    pub fn initialization_options(mut self, options: Value) -> Self {
        self.options = options;
        self
    }

    /// Changes what the editor says of itself, for example `|it| it["window"]["workDoneProgress"] = false.into()`.
    #[must_use]
    pub fn capabilities(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.capabilities);
        self
    }

    /// How long one answer may take; 30 seconds where nothing is said.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Starts a session with a server in this process. `start` gets what the server reads and what it writes, and returns
    /// at once: the server runs on a thread of its own.
    ///
    /// # Panics
    /// Panics where the session cannot begin.
    #[must_use]
    #[track_caller]
    pub fn connect(self, start: impl FnOnce(PipeReader, PipeWriter)) -> Editor {
        let (Ok((from_server, output)), Ok((input, to_server))) = (pipe(), pipe()) else { panic!("no pipes") };
        start(input, output);
        self.begin(|builder| builder.connect(from_server, to_server))
    }

    /// Starts a session with a child process.
    ///
    /// # Panics
    /// Panics where the session cannot begin.
    #[must_use]
    #[track_caller]
    pub fn spawn(self, command: Command) -> Editor {
        self.begin(|builder| builder.spawn(command))
    }

    #[track_caller]
    fn begin(self, connect: impl FnOnce(Builder) -> std::io::Result<Client>) -> Editor {
        let recording = Recording::default();
        let desk = Arc::new(Shared::new(Desk::new(self.profile, self.configuration)));
        let answering = Arc::clone(&desk);
        let builder = Client::builder()
            .deadline(self.deadline)
            .record(&recording)
            .on_request(move |wire, request| answering.with(|desk| desk.answer(wire, request)));
        let client = connect(builder).unwrap_or_else(|error| panic!("the server cannot be started: {error}"));
        let uri = desk::uri(&self.root);
        let mut params = json!({
            "processId": std::process::id(),
            "clientInfo": { "name": self.profile.name(), "version": "test" },
            "rootUri": uri,
            "workspaceFolders": [{ "uri": uri, "name": "root" }],
            "capabilities": self.capabilities,
        });
        if !self.options.is_null() {
            params["initializationOptions"] = self.options;
        }
        let server = client.initialize(params).unwrap_or_else(|error| panic!("the server refuses to begin: {error}"));
        let offered = &self.capabilities["general"]["positionEncodings"];
        let encoding = match server["capabilities"]["positionEncoding"].as_str() {
            None => PositionEncoding::Utf16,
            Some(chosen) => {
                assert!(
                    offered.as_array().is_some_and(|offered| offered.contains(&chosen.into())) || chosen == "utf-16",
                    "the server chose {chosen}, which was not offered"
                );
                match chosen {
                    "utf-8" => PositionEncoding::Utf8,
                    "utf-32" => PositionEncoding::Utf32,
                    _ => PositionEncoding::Utf16,
                }
            }
        };
        let sync = &server["capabilities"]["textDocumentSync"];
        let incremental = *sync == json!(2) || sync["change"] == json!(2);
        desk.with(|desk| desk.negotiated(encoding, incremental));
        Editor {
            client,
            desk,
            recording,
            root: self.root,
            server,
            deadline: self.deadline,
            own_methods: self.own_methods,
            checked: false,
        }
    }
}
