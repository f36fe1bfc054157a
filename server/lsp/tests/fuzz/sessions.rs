//! Sessions: sources that nearly parse, operations chosen by what stands where, positions as little to be trusted as the text. Whatever
//! comes, every request is answered in time and without a bug of ours, and what was typed piece by piece is what was opened whole.

use std::path::PathBuf;
use std::time::Duration;

use fastrand::Rng;
use lsp::client::Client;
use serde_json::{Value, json};
use syntax::{Language, Limits};
use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

use crate::server::{Server, assert_memory, panics};
use crate::sources::{Sample, any_boundary, mutated, samples, splinter};

/// A request that is not answered by then is taken for one that never is. Far more than any takes on a machine that is busy.
const DEADLINE: Duration = Duration::from_secs(120);

struct Open {
    uri: String,
    extension: String,
    document: Document,
    version: i32,
}

struct Session<'a> {
    rng: Rng,
    samples: &'a [Sample],
    client: Client,
    root: PathBuf,
    encoding: PositionEncoding,
    open: Vec<Open>,
    made: usize,
    /// What was done, for whoever has to find out what went wrong.
    done: Vec<String>,
}

impl<'a> Session<'a> {
    fn start(number: u64, server: &Server, client: Client, samples: &'a [Sample]) -> Self {
        let mut rng = Rng::with_seed(number);
        let root = server.folder.path().join("root");
        let encodings =
            [("utf-8", PositionEncoding::Utf8), ("utf-16", PositionEncoding::Utf16), ("utf-32", PositionEncoding::Utf32)];
        let (name, encoding) = encodings[rng.usize(..encodings.len())];
        for number in 0..rng.usize(0..3) {
            let sample = &samples[rng.usize(..samples.len())];
            std::fs::write(root.join(format!("disk_{number}.{}", sample.extension)), mutated(&mut rng, sample)).unwrap();
        }
        let capabilities = json!({
            "general": {"positionEncodings": [name]},
            "window": {"workDoneProgress": rng.bool(), "showDocument": {"support": rng.bool()}},
            "workspace": {"applyEdit": true, "didChangeWatchedFiles": {"dynamicRegistration": rng.bool()}, "workspaceEdit": {"documentChanges": rng.bool()}},
            "textDocument": {
                "hover": {"contentFormat": if rng.bool() { json!(["markdown"]) } else { json!(["plaintext"]) }},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": rng.bool()},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}, "resolveSupport": {"properties": ["edit"]}},
            },
        });
        std::fs::create_dir(root.join("inner")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&root, root.with_extension("link")).unwrap();
        let folder = format!("file://{}", root.display());
        let options = json!({"navigation": {"enabled": true}});
        client
            .initialize(
                json!({"processId": null, "rootUri": folder, "capabilities": capabilities, "initializationOptions": options}),
            )
            .unwrap();
        Self { rng, samples, client, root, encoding, open: Vec::new(), made: 0, done: Vec::new() }
    }

    fn note(&mut self, what: String) {
        self.done.push(what);
    }

    /// Asks, and holds the answer against what an answer may be.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.note(format!("{method} {params}"));
        match self.client.request(method, params) {
            Ok(answer) => answer,
            // Invalid request, no such method, wrong params, cancelled, changed meanwhile, failed with a sentence.
            Err(error) if matches!(error.code(), Some(-32600 | -32601 | -32602 | -32800 | -32801 | -32803)) => Value::Null,
            Err(error) => panic!("{error}\n{}", self.story()),
        }
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.note(format!("{method} {params}"));
        self.client.notify(method, params).unwrap();
    }

    fn story(&self) -> String {
        let from = self.done.len().saturating_sub(30);
        let cut = |line: &String| line.chars().take(600).collect::<String>();
        self.done[from..].iter().map(cut).collect::<Vec<_>>().join("\n")
    }

    fn open_one(&mut self) {
        let sample = &self.samples[self.rng.usize(..self.samples.len())];
        let text = mutated(&mut self.rng, sample);
        let (extension, number) = (sample.extension.clone(), self.made);
        self.made += 1;
        let name = match self.rng.u8(0..8) {
            0 => format!("dir%20{number}/ü {number}.{extension}"),
            1 => format!("disk_{}.{extension}", self.rng.u8(0..3)),
            2 => format!("inner/open_{number}.{extension}"),
            _ => format!("open_{number}.{extension}"),
        };
        let uri = format!("file://{}/{name}", self.root.display()).replace(' ', "%20").replace('ü', "%C3%BC");
        self.open_text(uri, extension, &text);
    }

    fn open_text(&mut self, uri: String, extension: String, text: &str) {
        self.open.retain(|open| open.uri != uri);
        let version = self.rng.i32(-3..1_000_000);
        let item = json!({"uri": uri, "languageId": extension, "version": version, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": item}));
        self.open.push(Open { uri, extension, document: Document::new(text, version), version });
    }

    /// A place in a document: mostly one that means something, or beside it; sometimes none at all.
    fn position(&mut self, at: usize) -> Position {
        let open = &self.open[at];
        let text = std::sync::Arc::clone(&open.document.text);
        let lines = std::sync::Arc::clone(&open.document.lines);
        let offset = match self.rng.u8(0..10) {
            0..=4 => {
                let language = Language::detect(&open.uri, &text);
                let parse = language.and_then(|language| syntax::parse(language, &text, None, &Limits::default()).ok());
                let symbols = parse.map(|parse| parse.file);
                let names: Vec<usize> =
                    symbols.iter().flat_map(|file| file.symbols.iter().map(|symbol| symbol.name_span.start as usize)).collect();
                let near = self.rng.usize(0..3);
                self.rng.choice(names).map_or(0, |start| (start + near).saturating_sub(1))
            }
            5 => text.len(),
            6 => 0,
            _ => any_boundary(&mut self.rng, &text),
        };
        let mut position = lines.position(&text, offset, self.encoding);
        match self.rng.u8(0..14) {
            // In the middle of a character, beyond the line, beyond the text, beyond all numbers.
            0 => position.character = position.character.saturating_add(1),
            1 => position.character = u32::MAX,
            2 => position.line = u32::MAX,
            3 => position.line = position.line.saturating_add(self.rng.u32(1..500)),
            4 => position = Position { line: self.rng.u32(..), character: self.rng.u32(..) },
            _ => {}
        }
        position
    }

    fn range(&mut self, at: usize) -> PositionRange {
        let start = self.position(at);
        let end = if self.rng.bool() { start } else { self.position(at) };
        // As it comes: the end may stand before the start.
        PositionRange { start, end }
    }

    fn change_one(&mut self) {
        let Some(at) = self.any() else { return self.open_one() };
        let mut changes = Vec::new();
        let mut document = self.open[at].document.clone();
        for _ in 0..self.rng.usize(1..4) {
            let text = match self.rng.u8(0..6) {
                0 => String::new(),
                1 | 2 => splinter(&mut self.rng).to_owned(),
                3 => "name".to_owned(),
                4 => {
                    let sample = &self.samples[self.rng.usize(..self.samples.len())];
                    let text = mutated(&mut self.rng, sample);
                    let end = any_boundary(&mut self.rng, &text);
                    text[..end].to_owned()
                }
                _ => "\n".repeat(self.rng.usize(1..4)),
            };
            // Each counts in the text as the one before it left it.
            self.open[at].document = document.clone();
            let range = if self.rng.u8(0..12) == 0 { None } else { Some(self.range(at)) };
            let change = ContentChange { range, text };
            document = document.apply(std::slice::from_ref(&change), self.encoding, 0).0;
            changes.push(match change.range {
                Some(range) => json!({"range": as_json(range), "text": change.text}),
                None => json!({"text": change.text}),
            });
        }
        let open = &mut self.open[at];
        open.document = document;
        // Now and then a version that says nothing.
        open.version = if self.rng.u8(0..20) == 0 { self.rng.i32(..) } else { open.version.wrapping_add(1) };
        let item = json!({"uri": open.uri, "version": open.version});
        self.tell("textDocument/didChange", json!({"textDocument": item, "contentChanges": changes}));
    }

    fn any(&mut self) -> Option<usize> {
        (!self.open.is_empty()).then(|| self.rng.usize(..self.open.len()))
    }

    /// A document that is open, or an address of something else.
    fn uri(&mut self, at: Option<usize>) -> String {
        match (self.rng.u8(0..16), at) {
            (0, _) => "untitled:Untitled-1".to_owned(),
            (1, _) => "file:///nowhere/at/all.rs".to_owned(),
            (2, _) => format!("file://{}", self.root.display()),
            (3, _) => [
                "file:///",
                "file:",
                "x",
                "",
                "file://host/share/a.rs",
                "http://127.0.0.1:1/a.rs",
                "file:///%00.rs",
                "file:///a%ZZ",
            ][self.rng.usize(..8)]
            .to_owned(),
            (_, Some(at)) => self.open[at].uri.clone(),
            (_, None) => "file:///a.rs".to_owned(),
        }
    }

    fn request_one(&mut self) {
        let at = self.any();
        let uri = self.uri(at);
        let position = at.map_or(Position { line: 0, character: 0 }, |at| self.position(at));
        let range = at.map_or(PositionRange { start: position, end: position }, |at| self.range(at));
        let place = json!({"textDocument": {"uri": uri}, "position": as_position(position)});
        match self.rng.u8(0..20) {
            0..=4 => drop(self.ask("textDocument/hover", place)),
            5..=8 => {
                let kinds = [
                    json!(null),
                    json!([]),
                    json!([""]),
                    json!(["refactor"]),
                    json!(["source.tierline"]),
                    json!(["quickfix"]),
                    json!(["refactor.rewrite.tierline.plan"]),
                ];
                let kind = kinds[self.rng.usize(..kinds.len())].clone();
                let trigger = self.rng.u8(1..3);
                let mut context = json!({"diagnostics": [], "triggerKind": trigger});
                if self.rng.bool() {
                    context["diagnostics"] =
                        json!([{"range": as_json(range), "message": splinter(&mut self.rng), "severity": 1}]);
                }
                if !kind.is_null() {
                    context["only"] = kind;
                }
                self.ask(
                    "textDocument/codeAction",
                    json!({"textDocument": {"uri": uri}, "range": as_json(range), "context": context}),
                );
            }
            9 | 10 => {
                let answer = self.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
                self.assert_ranges(&answer);
            }
            11 | 12 => drop(self.ask("textDocument/definition", place)),
            13 => {
                let params = json!({"textDocument": {"uri": uri}, "position": as_position(position), "context": {"includeDeclaration": self.rng.bool()}});
                self.ask("textDocument/references", params);
            }
            14 => {
                let query =
                    ["", "a", "?", "? where", "é", "\u{0}", "name::of", "*", &"x".repeat(5_000)][self.rng.usize(..9)].to_owned();
                self.ask("workspace/symbol", json!({"query": query}));
            }
            15 => {
                let method = ["textDocument/rename", "textDocument/completion", "textDocument/semanticTokens/full", "no/such"]
                    [self.rng.usize(..4)];
                self.ask(method, json!({"textDocument": {"uri": uri}, "position": as_position(position), "newName": "x"}));
            }
            16 => drop(self.ask("tierline/status", Value::Null)),
            17 => {
                let id = self.client.start_request("textDocument/hover", place).unwrap();
                self.client.cancel(id).unwrap();
                let answer = self.client.wait(id);
                assert!(
                    answer.as_ref().map_or_else(|error| matches!(error.code(), Some(-32800 | -32602)), |_| true),
                    "{answer:?}\n{}",
                    self.story()
                );
            }
            _ => self.command(&uri, position, range),
        }
    }

    fn command(&mut self, uri: &str, position: Position, range: PositionRange) {
        use lsp::command;
        let commands = [
            command::EXPLAIN,
            command::SUMMARISE,
            command::LOOKUP,
            command::REFACTOR,
            command::REWRITE,
            command::FIX,
            "no.such.command",
        ];
        let name = commands[self.rng.usize(..commands.len())];
        let instructions =
            ["rename a to b", "rename \u{0} to é", "delete a", "move a to ../b.rs", "do it", "", "rename main to fn"];
        let mut argument = json!({
            "v": 1, "uri": uri, "position": as_position(position), "range": as_json(range), "question": splinter(&mut self.rng),
            "instruction": instructions[self.rng.usize(..instructions.len())], "message": splinter(&mut self.rng), "review": false,
        });
        match self.rng.u8(0..6) {
            0 => argument = json!([1, null]),
            1 => argument["position"] = json!({"line": -1, "character": 1.5}),
            2 => argument["v"] = json!(2),
            _ => {}
        }
        let arguments = if self.rng.u8(0..8) == 0 { vec![] } else { vec![argument] };
        self.ask("workspace/executeCommand", json!({"command": name, "arguments": arguments}));
    }

    fn event_one(&mut self) {
        let at = self.any();
        let uri = self.uri(at);
        match self.rng.u8(0..8) {
            0 => {
                let kind = self.rng.u8(0..5);
                self.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": kind}]}));
            }
            1 => self.tell("textDocument/didSave", json!({"textDocument": {"uri": uri}})),
            2 => {
                let settings = [
                    json!({}),
                    json!(null),
                    json!({"tierline": {"hover": {"summary": "auto"}}}),
                    json!({"tierline": 7}),
                    json!([[]]),
                ];
                let settings = settings[self.rng.usize(..settings.len())].clone();
                self.tell("workspace/didChangeConfiguration", json!({"settings": settings}));
            }
            3 => {
                let id = self.rng.u32(..);
                self.tell("$/cancelRequest", json!({"id": id}));
            }
            4 => {
                let token = splinter(&mut self.rng);
                self.tell("window/workDoneProgress/cancel", json!({"token": token}));
            }
            5 => {
                let name = format!("disk_{}.rs", self.rng.u8(0..3));
                let sample = &self.samples[self.rng.usize(..self.samples.len())];
                std::fs::write(self.root.join(&name), mutated(&mut self.rng, sample)).unwrap();
                let uri = format!("file://{}/{name}", self.root.display());
                self.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
            }
            6 => {
                let root = self.root.display();
                let folders =
                    ["", "/inner", ".link", "/nowhere"].map(|end| json!({"uri": format!("file://{root}{end}"), "name": "a"}));
                let [added, removed] = [(); 2].map(|()| {
                    let n = self.rng.usize(0..3);
                    self.rng.choose_multiple(folders.iter().cloned(), n)
                });
                let event = json!({"added": added, "removed": removed});
                self.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
            }
            _ => {
                // What is closed may be closed again, changed, and asked about.
                self.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
                self.open.retain(|open| open.uri != uri);
            }
        }
    }

    /// What was typed piece by piece has the outline of the same text opened whole.
    fn assert_same_as_whole(&mut self) {
        for at in 0..self.open.len() {
            let (uri, extension, text) =
                (self.open[at].uri.clone(), self.open[at].extension.clone(), self.open[at].document.text.clone());
            let typed = self.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
            self.assert_ranges(&typed);
            let whole_uri = format!("file://{}/whole.{extension}", self.root.display());
            let item = json!({"uri": whole_uri, "languageId": extension, "version": 1, "text": &*text});
            self.tell("textDocument/didOpen", json!({"textDocument": item}));
            let whole = self.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": whole_uri}}));
            self.tell("textDocument/didClose", json!({"textDocument": {"uri": whole_uri}}));
            let typed = typed.to_string().replace(&uri, "");
            let whole = whole.to_string().replace(&whole_uri, "");
            assert_eq!(typed, whole, "{uri} {:?}\n{}", &*text, self.story());
        }
    }

    /// Every range begins before it ends, and the name of a symbol stands in it: some editors refuse the whole outline otherwise.
    fn assert_ranges(&self, answer: &Value) {
        let place = |value: &Value| (value["line"].as_u64().unwrap(), value["character"].as_u64().unwrap());
        let mut left: Vec<&Value> = answer.as_array().into_iter().flatten().collect();
        while let Some(symbol) = left.pop() {
            left.extend(symbol["children"].as_array().into_iter().flatten());
            let range = if symbol["range"].is_object() { &symbol["range"] } else { &symbol["location"]["range"] };
            let (start, end) = (place(&range["start"]), place(&range["end"]));
            assert!(start <= end, "{symbol}\n{}", self.story());
            if symbol["selectionRange"].is_object() {
                let (first, last) = (place(&symbol["selectionRange"]["start"]), place(&symbol["selectionRange"]["end"]));
                assert!(start <= first && first <= last && last <= end, "{symbol}\n{}", self.story());
            }
        }
    }

    fn run(mut self, steps: usize) -> Client {
        self.open_one();
        for _ in 0..steps {
            match self.rng.u8(0..16) {
                0 | 1 => self.open_one(),
                2..=6 => self.change_one(),
                7..=13 => self.request_one(),
                _ => self.event_one(),
            }
            let panics = panics();
            assert!(panics.is_empty(), "{panics:#?}\n{}", self.story());
        }
        self.assert_same_as_whole();
        assert_eq!(self.client.unanswered(), 0, "{}", self.story());
        assert_eq!(self.client.strays(), Vec::<Value>::new(), "{}", self.story());
        self.client
    }
}

fn as_position(position: Position) -> Value {
    json!({"line": position.line, "character": position.character})
}

fn as_json(range: PositionRange) -> Value {
    json!({"start": as_position(range.start), "end": as_position(range.end)})
}

/// Runs the session of a number to its end.
fn session(number: u64, samples: &[Sample], steps: usize) {
    let (server, from_server, to_server) = Server::start();
    let client = Client::builder().deadline(DEADLINE).connect(from_server, to_server).unwrap();
    let begun =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Session::start(number, &server, client, samples).run(steps)));
    let mut client = begun.unwrap_or_else(|_| panic!("the session of number {number} fails"));
    client.shutdown().unwrap_or_else(|error| panic!("number {number}: {error}"));
    let outcome = server.outcome().unwrap_or_else(|| panic!("number {number}: the server goes on after `exit`"));
    assert_eq!((outcome.exit_code(), panics()), (0, Vec::new()), "number {number}");
    assert_memory(number);
}

#[test]
fn any_session_is_answered_to_its_end() {
    let samples = samples();
    for number in crate::numbers(8) {
        session(number, &samples, 60);
    }
}

#[test]
fn the_folder_of_a_document_that_comes_before_the_session_has_begun_is_not_read() {
    let (server, from_server, to_server) = Server::start();
    let mut client = Client::builder().deadline(DEADLINE).connect(from_server, to_server).unwrap();
    let root = server.folder.path().join("root");
    std::fs::write(root.join("beside.rs"), "pub fn beside() {}\n").unwrap();
    client.request("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}})).unwrap();
    let uri = format!("file://{}/early.rs", root.display());
    let document = json!({"uri": uri, "languageId": "rust", "version": 1, "text": "pub fn early() {}\n"});
    client.notify("textDocument/didOpen", json!({ "textDocument": document })).unwrap();
    client.notify("initialized", json!({})).unwrap();
    while client.request("tierline/status", Value::Null).unwrap()["indexing"] == true {
        std::thread::yield_now();
    }
    let found = |name: &str| client.request("workspace/symbol", json!({ "query": name })).unwrap().as_array().map_or(0, Vec::len);
    assert_eq!((found("early"), found("beside")), (1, 0));
    client.shutdown().unwrap();
}
