//! Whether the client's process still lives, asked from a plain OS thread, since a runtime can hang and this must not.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::input::Input;
use super::outcome::End;

/// How often the question is asked.
const INTERVAL: Duration = Duration::from_secs(1);

/// Asks as long as it is kept.
pub(super) struct Watch(#[expect(dead_code, reason = "dropping it ends the thread")] Sender<()>);

/// The process `id`, where it is to be seen. One that is not is not to be watched: a client in another container or on another
/// machine names an id that means nothing here, and is no less alive for that.
pub(super) fn visible(id: u64) -> Option<u32> {
    u32::try_from(id).ok().filter(|&id| alive(id))
}

/// Watches the process `id`, and says so once it is gone.
pub(super) fn watch(id: u32, inbox: UnboundedSender<Input>) -> Option<Watch> {
    let (keep, stopped) = channel();
    let watch = move || {
        while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            if !alive(id) {
                let _ = inbox.send(Input::End(End::ParentGone(id)));
                return;
            }
        }
    };
    thread::Builder::new().name("lsp-parent".into()).spawn(watch).ok()?;
    Some(Watch(keep))
}

/// A process that may not be signalled by us is alive all the same.
#[cfg(unix)]
fn alive(id: u32) -> bool {
    let Some(pid) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw) else { return false };
    rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
}

/// Elsewhere only the end of the input tells.
#[cfg(not(unix))]
fn alive(_id: u32) -> bool {
    false
}
