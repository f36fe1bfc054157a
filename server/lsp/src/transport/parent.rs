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

/// Watches the process `id`. A process that is not to be seen from the start is not watched: a client in another container
/// or on another machine names an id that means nothing here, and is no less alive for that.
pub(super) fn watch(id: u64, inbox: UnboundedSender<Input>) -> Option<Watch> {
    let id = u32::try_from(id).ok().filter(|&id| alive(id))?;
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
