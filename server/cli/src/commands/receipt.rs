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
    let receipt = last.and_then(|entry| entry.receipt);
    let receipt =
        receipt.ok_or_else(|| Failure::new("no_receipt", "there is no refactor of this workspace that could be undone"))?;
    output.json(&receipt.json);
    output.line(receipt.markdown.trim_end());
    Ok(())
}
