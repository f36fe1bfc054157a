//! Applying the server's edits as editors do, each kind with its own habits.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use lsp::client::{Reply, Wire};
use serde_json::{Value, json};
use text::{Edit, apply_edits};

use super::Profile;
use super::desk::{Desk, path};

/// How an editor receives the server's edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Applies them.
    Apply,
    /// Refuses them with a reason.
    Refuse,
    /// Applies the first half of the files, then fails and says so.
    Half,
    /// Applies the first half of the files and claims to have applied all.
    HalfSilently,
    /// Does nothing and never answers by itself; see [`lsp::client::Client::wait_for_server_request`].
    Never,
}

/// An edit that the server sent, and what it was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct HandledEdit {
    /// The params of `workspace/applyEdit`.
    pub params: Value,
    /// The result.
    pub answer: Value,
}

impl Desk {
    /// Answers `workspace/applyEdit` by the policy.
    pub(super) fn receive(&mut self, wire: &Wire, params: &Value) -> Reply {
        let edit = &params["edit"];
        let answer = match self.policy {
            Policy::Never => return Reply::Later,
            Policy::Refuse => json!({ "applied": false, "failureReason": "the user refused" }),
            Policy::Apply => self.apply(wire, edit),
            policy @ (Policy::Half | Policy::HalfSilently) => {
                let mut half = edit.clone();
                let kept = halve(&mut half);
                match (self.apply(wire, &half), policy) {
                    (done, Policy::HalfSilently) => done,
                    _ => json!({ "applied": false, "failureReason": "the other half failed", "failedChange": kept }),
                }
            }
        };
        self.handled.push_back(HandledEdit { params: params.clone(), answer: answer.clone() });
        Reply::Now(Ok(answer))
    }

    /// Applies a `WorkspaceEdit`; an `ApplyWorkspaceEditResult`.
    pub(super) fn apply(&mut self, wire: &Wire, edit: &Value) -> Value {
        let steps = match (edit["documentChanges"].as_array(), edit["changes"].as_object()) {
            (Some(steps), _) if self.profile.knows_document_changes() => steps.clone(),
            (_, Some(changes)) => {
                let step =
                    |(uri, edits): (&String, &Value)| json!({ "textDocument": { "uri": uri, "version": null }, "edits": edits });
                changes.iter().map(step).collect()
            }
            _ => return failure("this editor knows no such edit", None),
        };
        if self.profile == Profile::VsCode && steps.iter().any(|step| self.is_stale(step)) {
            return json!({ "applied": false });
        }
        for (at, step) in steps.iter().enumerate() {
            if at == 0 && self.profile == Profile::Neovim && self.is_stale(step) {
                continue;
            }
            if self.profile == Profile::Eglot && self.is_stale(step) {
                return failure("the document has another version", Some(at));
            }
            if let Err(reason) = self.step(wire, step) {
                return failure(&reason, Some(at));
            }
        }
        json!({ "applied": true })
    }

    /// Whether a step names a version that its document does not have; a document that is not open has none.
    fn is_stale(&self, step: &Value) -> bool {
        let Some(version) = step["textDocument"]["version"].as_i64() else { return false };
        let own = path(&step["textDocument"]["uri"]).and_then(|path| self.version(&path));
        own.map_or(self.profile == Profile::Eglot, |own| i64::from(own) != version)
    }

    fn step(&mut self, wire: &Wire, step: &Value) -> Result<(), String> {
        let place = |uri: &Value| path(uri).ok_or_else(|| format!("{uri} is no file"));
        let kind = step["kind"].as_str();
        if kind.is_some() && !self.profile.knows_resources() {
            return Err("this editor creates, renames and deletes no files".to_owned());
        }
        let options = &step["options"];
        match kind {
            None => self.edit_text(wire, &place(&step["textDocument"]["uri"])?, &step["edits"]),
            Some("create") => self.create(wire, &place(&step["uri"])?, options),
            Some("rename") => self.rename(wire, place(&step["oldUri"])?, place(&step["newUri"])?, options),
            Some("delete") => self.delete(wire, &place(&step["uri"])?, options),
            Some(other) => Err(format!("there is no operation {other}")),
        }
    }

    fn edit_text(&mut self, wire: &Wire, path: &Path, edits: &Value) -> Result<(), String> {
        let is_open = self.documents.contains_key(path);
        let old = match self.documents.get(path) {
            Some(document) => document.text.clone(),
            None => fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?,
        };
        // An empty file is one empty line there, and lines end.
        let is_line = old.is_empty() && !is_open && self.profile == Profile::Neovim;
        let old = if is_line { "\n".to_owned() } else { old };
        let mut spans = Vec::new();
        for edit in edits.as_array().into_iter().flatten() {
            let span = self.span(&old, &edit["range"]).ok_or("an edit has no range")?;
            let new_text = edit["newText"].as_str().or_else(|| edit["snippet"]["value"].as_str()).ok_or("an edit has no text")?;
            spans.push(Edit::replace(span, new_text));
        }
        let new = apply_edits(&old, &spans).map_err(|error| error.to_string())?;
        if !is_open && !self.profile.opens_what_it_edits() {
            return fs::write(path, new).map_err(|error| error.to_string());
        }
        if !is_open {
            self.open(wire, path, old);
        }
        // From the last to the first, so that each range is still what it was; several at one place in reverse.
        spans.sort_by_key(|edit| edit.span);
        let changes: Vec<(Range<usize>, &str)> =
            spans.iter().rev().map(|edit| (edit.span.range(), edit.new_text.as_str())).collect();
        self.change(wire, path, &changes);
        let same = self.documents.get(path).is_some_and(|document| document.text == new);
        if same { Ok(()) } else { Err("the edit came out differently".to_owned()) }
    }

    fn create(&mut self, wire: &Wire, path: &Path, options: &Value) -> Result<(), String> {
        if path.exists() {
            if options["overwrite"] != true {
                if options["ignoreIfExists"] == true {
                    return Ok(());
                }
                if self.profile == Profile::VsCode {
                    return Err("the file exists".to_owned());
                }
            }
            self.close(wire, path);
        }
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::write(path, "")).map_err(|error| error.to_string())
    }

    fn rename(&mut self, wire: &Wire, old: PathBuf, new: PathBuf, options: &Value) -> Result<(), String> {
        if new.exists() && options["overwrite"] != true {
            let ignored = options["ignoreIfExists"] == true;
            return if ignored { Ok(()) } else { Err("the target exists".to_owned()) };
        }
        let made = new.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::rename(&old, &new)).map_err(|error| error.to_string())?;
        if let Some(text) = self.documents.get(&old).map(|document| document.text.clone()) {
            self.close(wire, &old);
            self.open(wire, &new, text);
        }
        Ok(())
    }

    fn delete(&mut self, wire: &Wire, path: &Path, options: &Value) -> Result<(), String> {
        self.close(wire, path);
        let deleted =
            if path.is_dir() && options["recursive"] == true { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        match deleted {
            Err(error) if path.exists() || options["ignoreIfNotExists"] != true => Err(error.to_string()),
            _ => Ok(()),
        }
    }
}

fn failure(reason: &str, at: Option<usize>) -> Value {
    match at {
        Some(at) => json!({ "applied": false, "failureReason": reason, "failedChange": at }),
        None => json!({ "applied": false, "failureReason": reason }),
    }
}

/// Keeps the first half of the files, rounded down; how many that are.
fn halve(edit: &mut Value) -> usize {
    if let Some(steps) = edit["documentChanges"].as_array_mut() {
        steps.truncate(steps.len() / 2);
        return steps.len();
    }
    let Some(changes) = edit["changes"].as_object_mut() else { return 0 };
    let gone: Vec<String> = changes.keys().skip(changes.len() / 2).cloned().collect();
    for uri in gone {
        changes.remove(&uri);
    }
    changes.len()
}
