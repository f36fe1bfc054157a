//! The other side of the tour: a client that does what an editor does.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use lsp::client::{Client, Reply};
use parking_lot::Mutex;
use serde_json::{Value, json};
use text::{Edit, LineIndex, Position, PositionEncoding, PositionRange, apply_edits, unified_diff};

use crate::arguments::Options;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::tour::stop_file;

/// How long the server may take for one answer; a local model on a slow machine is the slowest.
const DEADLINE: Duration = Duration::from_secs(120);

/// A symbol to stop at.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) name: String,
    /// Relative to the root.
    pub(super) file: String,
    /// Zero-based.
    pub(super) line: u64,
    /// Zero-based, in bytes.
    character: u64,
    /// LSP's number of the kind.
    kind: u64,
}

/// Something and how long the server took for it.
pub(super) struct Timed<T> {
    pub(super) value: T,
    pub(super) took: Duration,
}

pub(super) struct Counts {
    pub(super) files: usize,
    pub(super) symbols: usize,
    pub(super) references: usize,
}

pub(super) struct Actions {
    pub(super) titles: Vec<String>,
    /// How many actions an automatic request got.
    pub(super) automatic: usize,
    pub(super) took: Duration,
}

pub(super) struct Rename {
    pub(super) instruction: String,
    pub(super) files: usize,
    pub(super) diff: String,
    pub(super) took: Duration,
}

/// The first of a question's buttons where a human on the terminal says yes.
fn chosen(question: &Value, yes: bool) -> Value {
    let message = question.get("message").and_then(Value::as_str).unwrap_or_default();
    let button = question.pointer("/actions/0").cloned().unwrap_or_default();
    if confirm(&assist::markdown::plain(message), yes).is_ok() { button } else { Value::Null }
}

/// The child process and what it sent.
pub(super) struct Scene {
    client: Client,
    root: PathBuf,
    tiers: Vec<String>,
    edits: Arc<Mutex<Vec<Value>>>,
    opened: Vec<String>,
}

impl Scene {
    /// Starts the server and says hello.
    pub(super) fn open(root: &Path, options: &Options) -> Result<Self, Failure> {
        let mut command = std::process::Command::new(std::env::current_exe()?);
        if options.offline {
            command.arg("--offline");
        }
        for (name, directory) in [("--record", &options.record), ("--replay", &options.replay)] {
            command.args(directory.iter().flat_map(|directory| [OsStr::new(name), directory.as_os_str()]));
        }
        command.arg("lsp");
        let edits: Arc<Mutex<Vec<Value>>> = Arc::default();
        let taken = Arc::clone(&edits);
        let yes = options.yes;
        let client = Client::builder()
            .deadline(DEADLINE)
            .on_request(move |_, request| match request.method.as_str() {
                "window/showMessageRequest" => Reply::Now(Ok(chosen(&request.params, yes))),
                "workspace/applyEdit" => {
                    taken.lock().push(request.params.clone());
                    Reply::Now(Ok(json!({"applied": false, "failureReason": "the tour only looks"})))
                }
                _ => Reply::Default,
            })
            .spawn(command)?;
        let uri = uri(root)?;
        client.initialize(json!({
            "processId": std::process::id(),
            "clientInfo": {"name": "tierline tour"},
            "rootUri": uri,
            "workspaceFolders": [{"uri": uri, "name": "tour"}],
            // The tour hovers over many symbols to choose one: no model is asked before it is asked for by name.
            "initializationOptions": {"hover": {"signature": true, "summary": "cached"}},
            "capabilities": {
                "general": {"positionEncodings": ["utf-8"]},
                "workspace": {"applyEdit": true, "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "delete"]}},
                "textDocument": {
                    "hover": {"contentFormat": ["markdown"]},
                    "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "disabledSupport": true},
                },
                "window": {"workDoneProgress": true},
            },
        }))
        .map_err(|error| protocol(&error))?;
        Ok(Self { client, root: root.to_owned(), tiers: Vec::new(), edits, opened: Vec::new() })
    }

    /// Waits until the server has indexed all, showing its progress.
    pub(super) fn wait_until_indexed(&mut self) -> Result<Counts, Failure> {
        let bar = ProgressBar::new_spinner();
        loop {
            for (method, params) in self.client.take_notifications() {
                if method == "$/progress"
                    && let Some(message) = params.pointer("/value/message").and_then(Value::as_str)
                {
                    bar.set_message(format!("indexing: {message}"));
                    bar.tick();
                }
            }
            let status = self.request("tierline/status", Value::Null)?;
            if status.get("indexing").and_then(Value::as_bool) == Some(false) {
                bar.finish_and_clear();
                let tiers = status.get("tiers").and_then(Value::as_array).into_iter().flatten();
                self.tiers = tiers.filter_map(Value::as_str).map(str::to_owned).collect();
                let number = |key: &str| {
                    let number = status.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
                    number.unwrap_or_default()
                };
                return Ok(Counts { files: number("files"), symbols: number("symbols"), references: number("references") });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn has_tier(&self, tier: &str) -> bool {
        self.tiers.iter().any(|other| other == tier)
    }

    /// The most important symbols of the workspace: what an empty `workspace/symbol` lists.
    pub(super) fn prominent_symbols(&self) -> Result<Vec<Stop>, Failure> {
        let symbols = self.request("workspace/symbol", json!({"query": ""}))?;
        Ok(symbols.as_array().into_iter().flatten().filter_map(|symbol| self.stop(symbol)).collect())
    }

    fn stop(&self, symbol: &Value) -> Option<Stop> {
        let start = symbol.pointer("/location/range/start")?;
        Some(Stop {
            name: symbol.get("name")?.as_str()?.to_owned(),
            file: stop_file(&self.root, symbol.pointer("/location/uri")?.as_str()?)?,
            line: start.get("line")?.as_u64()?,
            character: start.get("character")?.as_u64()?,
            kind: symbol.get("kind")?.as_u64()?,
        })
    }

    /// The function or method among the symbols whose hover tells most: users, tests, callees, documentation.
    pub(super) fn most_used(&mut self, stops: &[Stop]) -> Result<Option<Stop>, Failure> {
        let is_callable = |stop: &&Stop| matches!(stop.kind, 6 | 9 | 12);
        let mut best: Option<(usize, Stop)> = None;
        for stop in stops.iter().filter(is_callable).take(25) {
            let text = self.hover(stop)?.value;
            let tells = |fact: &str| usize::from(text.contains(fact));
            let documented = usize::from(text.lines().count() > 8);
            let score = n_files(&text).min(10) + 2 * tells("\nTested by ") + tells("\nCalls ") + 2 * documented;
            // A symbol whose uses cannot all be told apart shows less well.
            let score = score.saturating_sub(5 * tells("only the name"));
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, stop.clone()));
            }
        }
        Ok(best.map(|(_, stop)| stop))
    }

    pub(super) fn hover(&mut self, stop: &Stop) -> Result<Timed<String>, Failure> {
        self.open_document(&stop.file)?;
        let started = Instant::now();
        let hover = self.request("textDocument/hover", self.at(stop)?)?;
        let value = hover.pointer("/contents/value").and_then(Value::as_str).unwrap_or("(nothing)").to_owned();
        Ok(Timed { value, took: started.elapsed() })
    }

    /// Has a summary made, waits for it, and hovers again.
    pub(super) fn summarised_hover(&mut self, stop: &Stop) -> Result<Timed<String>, Failure> {
        let at = self.at(stop)?;
        let argument = json!({"v": 1, "uri": at.pointer("/textDocument/uri"), "position": at.get("position")});
        drop(self.client.take_notifications());
        self.request("workspace/executeCommand", json!({"command": lsp::command::SUMMARISE, "arguments": [argument]}))?;
        self.client.wait_for_notification("window/showMessage", |_| true).map_err(|error| protocol(&error))?;
        self.hover(stop)
    }

    pub(super) fn actions(&mut self, stop: &Stop) -> Result<Actions, Failure> {
        let at = self.at(stop)?;
        let ask = |trigger: u32| {
            let range = json!({"start": at.get("position"), "end": at.get("position")});
            let context = json!({"diagnostics": [], "triggerKind": trigger});
            let params = json!({"textDocument": at.get("textDocument"), "range": range, "context": context});
            self.request("textDocument/codeAction", params)
        };
        let started = Instant::now();
        let invoked = ask(1)?;
        let took = started.elapsed();
        let automatic = ask(2)?.as_array().map_or(0, Vec::len);
        let titles = invoked.as_array().into_iter().flatten().map(|action| {
            let title = action.get("title").and_then(Value::as_str).unwrap_or_default();
            match action.pointer("/disabled/reason").and_then(Value::as_str) {
                Some(reason) => format!("{title} (not now: {reason})"),
                None => title.to_owned(),
            }
        });
        Ok(Actions { titles: titles.collect(), automatic, took })
    }

    /// A question whose answer is in this repository: made from the words of a well-named symbol that is not the one shown before.
    pub(super) fn question(&self, stops: &[Stop], shown: &Stop) -> String {
        let words_of = |name: &str| -> Vec<String> {
            let mut words = vec![String::new()];
            for character in name.chars() {
                if character == '_' || (character.is_uppercase() && words.last().is_some_and(|word| !word.is_empty())) {
                    words.push(String::new());
                }
                if let Some(word) = words.last_mut().filter(|_| character != '_') {
                    word.extend(character.to_lowercase());
                }
            }
            words.into_iter().filter(|word| word.len() > 2).collect()
        };
        let named = stops.iter().filter(|stop| matches!(stop.kind, 6 | 12) && stop.name != shown.name);
        let words = named.map(|stop| words_of(&stop.name)).find(|words| (2..=4).contains(&words.len()));
        match words {
            Some(words) => format!("where is {} done?", words.join(" ")),
            None => format!("where is {} used?", words_of(&shown.name).join(" ")),
        }
    }

    pub(super) fn look_up(&self, question: &str) -> Result<Timed<Value>, Failure> {
        let started = Instant::now();
        let argument = json!({"v": 1, "question": question, "limit": 5});
        let value =
            self.request("workspace/executeCommand", json!({"command": lsp::command::LOOKUP, "arguments": [argument]}))?;
        Ok(Timed { value, took: started.elapsed() })
    }

    /// The rename of the first symbol that can be renamed over at least two files.
    pub(super) fn rename(&mut self, stops: &[Stop]) -> Result<Option<Rename>, Failure> {
        let mut best: Option<Rename> = None;
        for stop in stops.iter().filter(|stop| stop.name.len() > 3).take(12) {
            let new_name = if stop.name.contains('_') || stop.name.chars().all(char::is_lowercase) {
                format!("{}_renamed", stop.name)
            } else {
                format!("{}Renamed", stop.name)
            };
            let instruction = format!("rename {} to {new_name} in {}", stop.name, stop.file);
            let started = Instant::now();
            self.edits.lock().clear();
            drop(self.client.take_notifications());
            let argument = json!({"v": 1, "instruction": instruction});
            self.request("workspace/executeCommand", json!({"command": lsp::command::REFACTOR, "arguments": [argument]}))?;
            // Refused or declined, the server says how it ended.
            self.client.wait_for_notification("window/showMessage", |_| true).map_err(|error| protocol(&error))?;
            let took = started.elapsed();
            let Some(edit) = self.edits.lock().pop() else { continue };
            let (files, diff) = self.diff(&edit);
            let is_good = (3..=6).contains(&files);
            // Three to six files show well; else the fewest that are more than one.
            if files >= 2 && (is_good || best.as_ref().is_none_or(|best| files < best.files)) {
                best = Some(Rename { instruction, files, diff, took });
            }
            if is_good {
                break;
            }
        }
        Ok(best)
    }

    /// The number of files that an edit changes, and its diff.
    fn diff(&self, params: &Value) -> (usize, String) {
        let changes = params.pointer("/edit/documentChanges").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut diff = String::new();
        let mut files = 0;
        for change in &changes {
            let Some(file) =
                change.pointer("/textDocument/uri").and_then(Value::as_str).and_then(|uri| stop_file(&self.root, uri))
            else {
                continue;
            };
            let before = std::fs::read_to_string(self.root.join(&file)).unwrap_or_default();
            let lines = LineIndex::new(&before);
            let edits = change.get("edits").and_then(Value::as_array).into_iter().flatten().filter_map(|edit| {
                let position = |end: &str| -> Option<Position> {
                    let number = |key: &str| u32::try_from(edit.pointer(&format!("/range/{end}/{key}"))?.as_u64()?).ok();
                    Some(Position { line: number("line")?, character: number("character")? })
                };
                let range = PositionRange { start: position("start")?, end: position("end")? };
                let new_text = edit.get("newText")?.as_str()?;
                Some(Edit::replace(lines.span(&before, range, PositionEncoding::Utf8), new_text))
            });
            if let Ok(after) = apply_edits(&before, &edits.collect::<Vec<_>>()) {
                diff.push_str(&unified_diff(&file, &before, &after));
                files += 1;
            }
        }
        (files, diff)
    }

    /// Says goodbye; what all of it cost, in words.
    pub(super) fn close(mut self) -> Result<String, Failure> {
        self.client.shutdown().map_err(|error| protocol(&error))?;
        Ok(if self.tiers.is_empty() {
            "no model configured, $0".to_owned()
        } else {
            "`tierline report` says what it cost".to_owned()
        })
    }

    fn open_document(&mut self, file: &str) -> Result<(), Failure> {
        if self.opened.iter().any(|opened| opened == file) {
            return Ok(());
        }
        let path = self.root.join(file);
        let text = std::fs::read_to_string(&path)?;
        let document = json!({"uri": uri(&path)?, "languageId": "", "version": 1, "text": text});
        self.client.notify("textDocument/didOpen", json!({"textDocument": document})).map_err(|error| protocol(&error))?;
        self.opened.push(file.to_owned());
        Ok(())
    }

    fn at(&self, stop: &Stop) -> Result<Value, Failure> {
        let uri = uri(&self.root.join(&stop.file))?;
        Ok(json!({"textDocument": {"uri": uri}, "position": {"line": stop.line, "character": stop.character}}))
    }

    fn request(&self, method: &str, params: Value) -> Result<Value, Failure> {
        self.client.request(method, params).map_err(|error| protocol(&error))
    }
}

/// How many files a hover says that the symbol is used in: `Called 3 times in 2 files`.
fn n_files(hover: &str) -> usize {
    let used = hover.lines().find(|line| line.starts_with("Called ") || line.starts_with("Used "));
    used.and_then(|line| line.split_whitespace().nth(4)?.parse().ok()).unwrap_or(0)
}

fn uri(path: &Path) -> Result<String, Failure> {
    let uri = url::Url::from_file_path(path);
    uri.map(String::from).map_err(|()| Failure::new("unreadable", format!("{} cannot be named as a URI", path.display())))
}

fn protocol(error: &lsp::client::Error) -> Failure {
    Failure::new("server", format!("the server did not answer as it should: {error}"))
}
