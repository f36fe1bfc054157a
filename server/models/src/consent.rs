//! Whether texts of a workspace may go to a server at all. The user says so once for each workspace and server, and the answer is
//! kept in the state directory, out of reach of what a repository brings.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::{fmt, fs};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ModelError, Priority, files};

/// The folder of the permissions in the state directory.
const FOLDER: &str = "consents";

/// Which servers need a user's word before the first text of a workspace goes to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskPolicy {
    /// Every server on another machine. What goes to this machine stays with the user.
    #[default]
    Remote,
    /// Those on this machine too: one of them may hand on what it gets.
    Always,
    /// None: the configuration is word enough.
    Never,
}

/// What the user is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentQuestion {
    /// Host and port of the server.
    pub host: String,
    /// The model that is asked there.
    pub model: String,
}

impl fmt::Display for ConsentQuestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "May code of this workspace be sent to {} at {}? Secrets are taken out first; `tierline egress --all` shows what could leave.",
            self.model, self.host
        )
    }
}

/// A way to ask the user. It comes back with whether the answer was yes, and may take as long as a human does.
pub type AskUser = Arc<dyn Fn(ConsentQuestion) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// The answers, by workspace and host.
pub(crate) struct Consents {
    policy: AskPolicy,
    directory: PathBuf,
    ask_user: OnceLock<AskUser>,
    /// What was answered with no, or not answered: it is asked again by the next process only.
    refused: Mutex<HashSet<(String, String)>>,
    /// One question at a time.
    turn: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Consents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Consents").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Takes back what the user allowed for a workspace, and says for how many servers. Blocks.
///
/// # Errors
/// Fails where the files cannot be removed.
pub fn forget_consents(state_dir: &Path, workspace: &str) -> io::Result<usize> {
    let directory = state_dir.join(FOLDER).join(workspace);
    let count = match fs::read_dir(&directory) {
        Ok(entries) => entries.count(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    fs::remove_dir_all(directory)?;
    Ok(count)
}

impl Consents {
    pub(crate) fn new(policy: AskPolicy, state_dir: &Path) -> Self {
        Consents {
            policy,
            directory: state_dir.join(FOLDER),
            ask_user: OnceLock::new(),
            refused: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Says how the user is asked; the first way counts.
    pub(crate) fn ask_with(&self, ask_user: AskUser) {
        let _ = self.ask_user.set(ask_user);
    }

    /// Whether texts of a workspace may go to a server. Only work that a user waits for raises the question.
    pub(crate) async fn check(
        self: &Arc<Self>,
        workspace: &str,
        endpoint: &Endpoint,
        question: ConsentQuestion,
        priority: Priority,
    ) -> Result<(), ModelError> {
        let host = question.host.clone();
        let refusal = Err(ModelError::NotAllowed { host: host.clone() });
        if !self.is_needed(endpoint) || self.is_given(workspace, &host) {
            return Ok(());
        }
        let Some(ask_user) = self.ask_user.get().filter(|_| priority == Priority::Interactive).cloned() else { return refusal };
        let (consents, workspace) = (Arc::clone(self), workspace.to_owned());
        // A task of its own: who goes away while the user thinks leaves the question, and its answer, to the next.
        let asked = tokio::spawn(async move { consents.ask(workspace, question, ask_user).await });
        if asked.await.unwrap_or(false) { Ok(()) } else { refusal }
    }

    /// Asks, unless somebody else was answered meanwhile.
    async fn ask(&self, workspace: String, question: ConsentQuestion, ask_user: AskUser) -> bool {
        let _turn = self.turn.lock().await;
        let pair = (workspace, question.host.clone());
        if self.refused.lock().contains(&pair) {
            return false;
        }
        if self.is_given(&pair.0, &pair.1) {
            return true;
        }
        if !ask_user(question).await {
            self.refused.lock().insert(pair);
            return false;
        }
        if let Err(error) = self.give(&pair.0, &pair.1) {
            tracing::warn!(%error, "the permission to send is not kept, and is asked for again");
        }
        true
    }

    fn is_needed(&self, endpoint: &Endpoint) -> bool {
        match self.policy {
            AskPolicy::Remote => !endpoint.loopback,
            AskPolicy::Always => true,
            AskPolicy::Never => false,
        }
    }

    fn file(&self, workspace: &str, host: &str) -> PathBuf {
        self.directory.join(workspace).join(&blake3::hash(host.as_bytes()).to_hex()[..16])
    }

    /// Anything but the host itself in the file is no permission.
    fn is_given(&self, workspace: &str, host: &str) -> bool {
        fs::read_to_string(self.file(workspace, host)).is_ok_and(|text| text.trim_end() == host)
    }

    fn give(&self, workspace: &str, host: &str) -> io::Result<()> {
        let file = self.file(workspace, host);
        files::private_directory(&self.directory.join(workspace))?;
        // What stands there already is not what was looked for.
        let _ = fs::remove_file(&file);
        writeln!(files::private_file(&file)?, "{host}")
    }
}
