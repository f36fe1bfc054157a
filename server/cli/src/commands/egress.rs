//! `tierline egress`: what of a file, or of the whole workspace, could be sent to a model, and what may not. It sends nothing.

use std::path::Path;

use assist::{Host, Places, Settings, Snapshot, markdown, preview};
use index::Index;
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::relative;
use crate::terminal::{bold, dim};
use crate::workspace::{Workspace, root};

pub(crate) fn run(options: &Options, output: &Output, file: Option<&Path>) -> Result<(), Failure> {
    let offline = Options { offline: true, ..options.clone() };
    match file {
        Some(file) => {
            let root = root(options, Some(file))?;
            let named = std::path::absolute(file)?;
            // A link is judged as a link, not as what it leads to.
            let workspace = Workspace::open(&offline, output, Some(file))?;
            let snapshot = workspace.host.snapshot();
            let path = match Index::empty(&root).relative(&named) {
                Some(path) if named.symlink_metadata().is_ok() => path,
                _ => relative(&snapshot, file)?,
            };
            let row = judge(&snapshot, &path, output, true);
            output.json(&row);
        }
        None => {
            let workspace = Workspace::open(&offline, output, None)?;
            let snapshot = workspace.host.snapshot();
            let mut paths = Vec::new();
            collect(&snapshot, "", &mut paths);
            let rows: Vec<Value> = paths.iter().map(|path| judge(&snapshot, path, output, false)).collect();
            let leaving = rows.iter().filter(|row| row["may_leave"] == true).count();
            let taken_out: usize = rows.iter().filter_map(|row| row["redacted"].as_array()).map(Vec::len).sum();
            output.json(&json!({"may_leave": leaving, "denied": rows.len() - leaving, "redacted": taken_out, "files": rows}));
            output.line(&dim(&format!(
                "{leaving} could leave, {} may not, {taken_out} secrets would be taken out; nothing was sent",
                rows.len() - leaving
            )));
        }
    }
    Ok(())
}

/// `--forget`: takes back what was allowed for the workspace.
pub(crate) fn forget(options: &Options, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let workspace = Host::new(&root(options, None)?, Settings::default(), None).snapshot().workspace_id();
    let count = models::forget_consents(&places.state, &workspace)?;
    output.json(&json!({"forgotten": count}));
    output.line(&match count {
        0 => "nothing was allowed for this workspace".to_owned(),
        count => format!("{count} servers may no longer be sent code of this workspace without asking"),
    });
    Ok(())
}

/// Every file below a folder, sorted; a folder that is out as a whole stands for what is in it.
fn collect(snapshot: &Snapshot, folder: &str, paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(snapshot.root().join(folder)) else { return paths.push(folder.to_owned()) };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        // A name that is not UTF-8 cannot be in the index, and so in no request.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && snapshot.index().admits(&format!("{path}/file")) {
            collect(snapshot, &path, paths);
        } else {
            paths.push(if is_folder { path + "/" } else { path });
        }
    }
}

/// One file's row, printed for people: what leaves of it where it was asked for by name, and what does not.
fn judge(snapshot: &Snapshot, path: &str, output: &Output, with_text: bool) -> Value {
    let judged = match path.strip_suffix('/') {
        Some(folder) => preview(snapshot, &format!("{folder}/file")).map_err(|denied| denied.reason),
        None => preview(snapshot, path).map_err(|denied| denied.reason),
    };
    let shown = markdown::plain(path);
    match judged {
        Err(reason) => {
            output.line(&format!("{}  {shown}  {}", bold("no "), dim(reason)));
            json!({"file": path, "may_leave": false, "reason": reason})
        }
        Ok((text, findings)) => {
            let count = if findings.is_empty() { String::new() } else { format!("{} taken out", findings.len()) };
            output.line(&format!("{}  {shown}  {}", bold("yes"), dim(&count)));
            for finding in &findings {
                output.line(&format!("       line {}: {} instead of a {}", finding.line, finding.placeholder, finding.rule));
            }
            if with_text {
                output.line(&text);
            }
            let redacted: Vec<Value> = findings
                .iter()
                .map(|finding| json!({"line": finding.line, "rule": finding.rule, "placeholder": finding.placeholder}))
                .collect();
            let text = with_text.then_some(text);
            json!({"file": path, "may_leave": true, "redacted": redacted, "text": text})
        }
    }
}
