//! Running a command for a limited time, and ending all of it.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{CheckCommand, LOOK, MOST_OUTPUT};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It says that all is well.
    Well,
    /// It says that something is wrong.
    Badly,
    /// It ran for too long.
    Late,
    /// It was called off.
    Cancelled,
}

/// Parts of the names of environment variables whose values no build needs.
const SECRETS: &[&str] = &["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];

/// Runs the command in the copy and gives back what it printed. Whatever it started is ended with it.
pub(super) fn run(
    command: &CheckCommand,
    tree: &Path,
    target: &Path,
    limit: Instant,
    cancel: &CancellationToken,
) -> Result<(Ended, String), String> {
    let cannot = |error: std::io::Error| format!("`{command}` cannot be started: {error}");
    let (program, arguments) = command.argv.split_first().ok_or("there is no command")?;
    let (mut output, to_us) = std::io::pipe().map_err(cannot)?;
    let mut process = Command::new(program);
    process.args(arguments).current_dir(tree).stdin(Stdio::null());
    process.stdout(to_us.try_clone().map_err(cannot)?).stderr(to_us);
    process.env("PWD", tree).env("CARGO_TARGET_DIR", target);
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_uppercase();
        if upper.starts_with("GIT_") || SECRETS.iter().any(|secret| upper.contains(secret)) {
            process.env_remove(name);
        }
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut process, 0);
    let mut child = process.spawn().map_err(cannot)?;
    // The writing ends that this process holds would keep the reader waiting.
    drop(process);
    let reader = std::thread::spawn(move || {
        let (mut kept, mut part) = (Vec::new(), [0_u8; 8192]);
        while let Ok(read @ 1..) = output.read(&mut part) {
            let room = MOST_OUTPUT.saturating_sub(kept.len());
            kept.extend_from_slice(&part[..read.min(room)]);
        }
        kept
    });
    let ended = loop {
        if cancel.is_cancelled() {
            break Ended::Cancelled;
        }
        match child.try_wait().map_err(cannot)? {
            Some(status) if status.success() => break Ended::Well,
            Some(_) => break Ended::Badly,
            None if Instant::now() >= limit => break Ended::Late,
            None => std::thread::sleep(LOOK),
        }
    };
    end(&mut child);
    let printed = reader.join().unwrap_or_default();
    Ok((ended, String::from_utf8_lossy(&printed).into_owned()))
}

/// Ends the command with everything that it has started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // There is nobody left in the group of a command that cleaned up behind itself.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
