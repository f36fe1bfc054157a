//! The handle of one job's progress.

use std::sync::atomic::{AtomicU64, Ordering};

use assist::markdown::notice;
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types::ProgressToken;

use super::{Command, Outbox};

/// Numbers for jobs.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// What happens to the progress of a job.
pub(super) enum Step {
    /// It begins, perhaps under a token of the client's.
    Begin { job: u64, title: String, cancel: Option<CancellationToken>, token: Option<ProgressToken> },
    /// It goes on.
    Report { job: u64, message: Option<String>, percentage: Option<u32> },
    /// It is over.
    End { job: u64, message: Option<String> },
    /// The client has answered to the making of a token.
    Created { job: u64, accepted: bool },
    /// The user wants it to stop.
    Cancel(ProgressToken),
}

/// The progress of a job, which ends when this goes.
#[derive(Debug)]
pub struct Progress {
    outbox: Outbox,
    job: u64,
    cancelled: CancellationToken,
    last_words: Option<String>,
}

impl Progress {
    pub(super) fn begin(
        outbox: Outbox,
        job: u64,
        title: String,
        cancelled: CancellationToken,
        cancellable: bool,
        token: Option<ProgressToken>,
    ) -> Self {
        let cancel = cancellable.then(|| cancelled.clone());
        let title = notice(&title);
        outbox.send(Command::Progress(Step::Begin { job, title, cancel, token }));
        Self { outbox, job, cancelled, last_words: None }
    }

    /// How far the job is. At most four reports a second are sent; of those between, the last counts. A percentage never
    /// goes back.
    pub fn report(&self, message: impl Into<String>, percentage: Option<u32>) {
        let message = Some(notice(&message.into()));
        self.outbox.send(Command::Progress(Step::Report { job: self.job, message, percentage }));
    }

    /// Is cancelled when the user cancels the progress.
    #[must_use]
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancelled
    }

    /// Ends it with a last message.
    pub fn end(mut self, message: impl Into<String>) {
        self.last_words = Some(notice(&message.into()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let message = self.last_words.take();
        self.outbox.send(Command::Progress(Step::End { job: self.job, message }));
    }
}
