//! The user's own check of a change: a command that runs in a copy of the workspace, never in the workspace itself.
//!
//! The copy lies in the user's cache and is brought up to date each time, so that build tools find what they made before. It is made
//! by copying, never by hard links: what the command writes into the copy cannot reach a file of the user's.

mod copy;
mod run;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assist::Snapshot;
use futures::channel::oneshot;
use tokio_util::sync::CancellationToken;

use crate::ChangeSet;
use crate::protected;

pub(crate) use self::run::Ended;

/// How much of what a command prints is kept, in bytes.
const MOST_OUTPUT: usize = 64 * 1024;

/// The file by which one check at a time has the copy of a workspace.
const LOCK: &str = "lock";

/// For so long a copy of a workspace, with what was built in it, is kept after its last check.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// How often it is looked whether the command has ended or is to.
const LOOK: Duration = Duration::from_millis(10);

/// A command by which changes are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckCommand {
    /// The program and its arguments; no shell reads them.
    pub argv: Vec<String>,
    /// The folder of the user's cache in which copies of workspaces lie.
    pub cache: PathBuf,
    /// How long it may run.
    pub deadline: Duration,
}

impl CheckCommand {
    /// The command as it is configured for a workspace; `None` where there is none or the workspace is not trusted.
    #[must_use]
    pub fn configured(snapshot: &Snapshot, cache: &Path) -> Option<Self> {
        let argv = snapshot.settings().check()?.to_vec();
        let deadline = Duration::from_secs(snapshot.settings().refactor_deadline_seconds);
        Some(Self { argv, cache: cache.to_owned(), deadline })
    }

    /// A command as it is written on a command line: words with blanks between them, quotes around those that hold some. `None` where
    /// there is no word or a quote has no second one.
    #[must_use]
    pub fn written(line: &str, snapshot: &Snapshot, cache: &Path) -> Option<Self> {
        let argv = words(line)?;
        let deadline = Duration::from_secs(snapshot.settings().refactor_deadline_seconds);
        (!argv.is_empty()).then(|| Self { argv, cache: cache.to_owned(), deadline })
    }
}

impl std::fmt::Display for CheckCommand {
    /// The words with blanks between them.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.argv.join(" "))
    }
}

fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in line.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => word.get_or_insert_default().push(character),
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// How it ended.
    pub(crate) ended: Ended,
    /// What it printed, its paths relative to the workspace.
    pub(crate) output: String,
}

/// Runs the command on the workspace as it would be with `changes`.
///
/// # Errors
/// Fails, in a sentence, where no copy can be made or the command cannot be started.
pub(crate) async fn check(
    snapshot: &Snapshot,
    changes: &ChangeSet,
    command: &CheckCommand,
    cancel: &CancellationToken,
) -> Result<Checked, String> {
    let (snapshot, changes, command, cancel) = (snapshot.clone(), changes.clone(), command.clone(), cancel.clone());
    let (answer, answered) = oneshot::channel();
    // A thread of its own: copying and waiting block, and who waits for it may go away.
    std::thread::spawn(move || {
        let _ = answer.send(check_now(&snapshot, &changes, &command, &cancel));
    });
    answered.await.unwrap_or_else(|_| Err("the check broke off".to_owned()))
}

fn check_now(
    snapshot: &Snapshot,
    changes: &ChangeSet,
    command: &CheckCommand,
    cancel: &CancellationToken,
) -> Result<Checked, String> {
    let limit = Instant::now() + command.deadline;
    let folder = command.cache.join("check").join(snapshot.workspace_id());
    let unusable = |error: std::io::Error| format!("{} cannot be used: {error}", folder.display());
    models::private_directory(&folder).map_err(unusable)?;
    let lock = std::fs::File::create(folder.join(LOCK)).map_err(unusable)?;
    // One check of a workspace at a time: a second one would see the first one's change.
    while lock.try_lock().is_err() {
        if cancel.is_cancelled() {
            return Ok(Checked { ended: Ended::Cancelled, output: String::new() });
        }
        if Instant::now() >= limit {
            return Err("another check of this workspace is still running".to_owned());
        }
        std::thread::sleep(LOOK);
    }
    index::note_use(&lock);
    index::remove_unused(&folder, LOCK, KEPT);
    let tree = folder.join("tree");
    let put = snapshot.documents().map(|(path, _)| path).chain(changes.files().iter().map(|change| change.path.as_str()));
    copy::bring_up_to_date(snapshot.root(), &tree, &folder.join("files"), put, cancel)?;
    if cancel.is_cancelled() {
        return Ok(Checked { ended: Ended::Cancelled, output: String::new() });
    }
    // What is typed and not saved counts as it stands in the editor.
    for (path, document) in snapshot.documents() {
        copy::put(&tree, path, Some(&document.document.text))?;
    }
    for change in changes.files() {
        if let Some(reason) = protected::refusal(&change.path) {
            return Err(format!("{} may not be written: {reason}", change.path));
        }
        copy::put(&tree, &change.path, change.after.as_deref())?;
    }
    let (ended, output) = run::run(command, &tree, &folder.join("target"), limit, cancel)?;
    let places = [format!("{}/", tree.display()), tree.display().to_string()];
    let output = places.iter().fold(output, |output, place| output.replace(place, ""));
    Ok(Checked { ended, output: assist::markdown::visible(&output).collect() })
}

#[cfg(test)]
mod tests;
