//! `tierline receipt`: who did what in the last refactor of a workspace, for how much.

use assist::{Host, Places, Settings};
use refactor::Journal;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output) -> Result<(), Failure> {
    let host = Host::new(&root(options, None)?, Settings::default(), None);
    let journal = Journal::new(&Places::of_user().state, &host.snapshot().workspace_id());
    let last = journal.last().map_err(|error| Failure::new("journal", error.to_string()))?;
    let no_receipt = || Failure::new("no_receipt", "there is no refactor of this workspace that could be undone");
    let entry = last.ok_or_else(no_receipt)?;
    let files = entry.file_count();
    let mut receipt = entry.receipt.ok_or_else(no_receipt)?;
    receipt.json["instruction"] = entry.instruction.into();
    receipt.json["files"] = files.into();
    output.json(&receipt.json);
    output.line(receipt.markdown.trim_end());
    Ok(())
}
