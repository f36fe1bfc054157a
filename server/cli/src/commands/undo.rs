//! `tierline undo`: takes the last refactor of a workspace back, whole.

use assist::{Host, Places, Settings};
use refactor::{Journal, apply_to_disk};
use serde_json::json;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let root = root(options, None)?;
    super::refactor::recover(&root, output)?;
    let host = Host::new(&root, Settings::default(), None);
    let snapshot = host.snapshot();
    let journal = Journal::new(&places.state, &snapshot.workspace_id());
    let unusable = |error: refactor::JournalError| Failure::new("journal", error.to_string());
    let Some(entry) = journal.last().map_err(unusable)? else {
        return Err(Failure::new("nothing_to_undo", "there is no refactor of this workspace to undo"));
    };
    let inverse = entry.inverse(&snapshot).map_err(|conflict| Failure::new("edited_since", conflict.to_string()))?;
    apply_to_disk(snapshot.root(), &inverse).map_err(|error| Failure::new("not_applied", error.to_string()))?;
    journal.forget(&entry).map_err(unusable)?;
    let files: Vec<&str> = inverse.files().iter().map(|change| change.path.as_str()).collect();
    output.json(&json!({"status": "undone", "instruction": entry.instruction, "files": files}));
    output.line(&format!("undone: {} ({})", entry.instruction, assist::plural(entry.file_count(), "file", "files")));
    Ok(())
}
