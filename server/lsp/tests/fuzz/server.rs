//! The real server in this process, over pipes, and what it must never do.

use std::io::{PipeReader, PipeWriter, pipe};
use std::panic;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use assist::Places;
use lsp::transport::Outcome;
use tempfile::TempDir;

/// What panicked in this process. Whatever panics on purpose has no business in this test binary.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A server with a workspace and a user of its own.
pub(crate) struct Server {
    pub(crate) folder: TempDir,
    outcome: Receiver<Outcome>,
}

impl Server {
    /// A server in an empty workspace, and the two ends of its pipes: what it writes, what it reads.
    pub(crate) fn start() -> (Self, PipeReader, PipeWriter) {
        static WATCH: Once = Once::new();
        WATCH.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                PANICS.lock().unwrap().push(info.to_string());
                before(info);
            }));
        });
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join("home").join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        std::fs::create_dir(folder.path().join("root")).unwrap();
        let (from_server, output) = pipe().unwrap();
        let (input, to_server) = pipe().unwrap();
        let (done, outcome) = channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let ended = runtime.block_on(lsp::serve(input, output, places, None::<Arc<models::Gateway>>));
            let _ = done.send(ended);
            runtime.shutdown_background();
        });
        (Self { folder, outcome }, from_server, to_server)
    }

    /// How serving ended; `None` where it goes on.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.outcome.recv_timeout(Duration::from_secs(60)).ok()
    }
}

/// What has panicked since this was last asked.
pub(crate) fn panics() -> Vec<String> {
    std::mem::take(&mut *PANICS.lock().unwrap())
}

/// What a server takes that has no more than a few small files is far below this, in KiB, with all that others before it have left behind.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 1 << 20;

/// Holds the memory of this process, in which one server has run after the other, against a bound. Nothing on other systems than Linux.
pub(crate) fn assert_memory(number: u64) {
    #[cfg(target_os = "linux")]
    {
        // proc(5): in KiB.
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        assert!(held.unwrap() < MOST_MEMORY, "number {number}, or one before it: {held:?} KiB");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = number;
}
