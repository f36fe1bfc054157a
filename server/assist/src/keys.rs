//! Looking keys up for the gateway: in the environment or the keychain of the system, or by a program that the user's own file names.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use models::Keys;

use crate::keychain;

/// How long a program may take to print a key; a password manager may ask its user first.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// The keys of the user who runs this process. A program is started once, and the keychain asked once for each name, however many
/// tiers take the key.
#[derive(Default)]
pub(crate) struct UserKeys {
    printed: RefCell<BTreeMap<Vec<String>, Result<String, String>>>,
    kept: RefCell<BTreeMap<String, Result<String, String>>>,
}

/// What is replayed is sent nowhere and needs no key; no program is started and no keychain asked for it.
pub(crate) struct NoKeys;

impl Keys for NoKeys {
    fn variable(&self, _: &str) -> Option<String> {
        Some("replayed".to_owned())
    }

    fn printed(&self, _: &[String]) -> Result<String, String> {
        Ok("replayed".to_owned())
    }

    fn kept(&self, _: &str) -> Result<String, String> {
        Ok("replayed".to_owned())
    }
}

impl Keys for UserKeys {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn printed(&self, command: &[String]) -> Result<String, String> {
        self.printed.borrow_mut().entry(command.to_vec()).or_insert_with(|| print(command)).clone()
    }

    fn kept(&self, name: &str) -> Result<String, String> {
        self.kept.borrow_mut().entry(name.to_owned()).or_insert_with(|| keychain::read_key(name)).clone()
    }
}

/// What a program prints first. Its errors go where ours go; nothing of its output is ever shown.
fn print(command: &[String]) -> Result<String, String> {
    let Some((program, arguments)) = command.split_first() else {
        return Err("it is empty: write [\"program\", \"argument\"]".to_owned());
    };
    let started = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    let start = Instant::now();
    // A key fits into the pipe, so the program can end before anything is read.
    while matches!(child.try_wait(), Ok(None)) {
        if start.elapsed() > PATIENCE {
            drop(child.kill());
            drop(child.wait());
            return Err(format!("`{program}` did not end within {} s", PATIENCE.as_secs()));
        }
        std::thread::sleep(LOOK);
    }
    let output = child.wait_with_output().map_err(|error| format!("`{program}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program}` ended with {}", output.status));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| format!("`{program}` prints no text"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_program_prints_the_key_or_the_reason_says_what_it_did() {
        let run = |words: &[&str]| UserKeys::default().printed(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(run(&["printf", "key-1\\nsecond line"]), Ok("key-1".to_owned()));
        assert!(run(&["false"]).is_err_and(|reason| reason.contains("`false` ended with")));
        assert!(run(&["no-such-program-here"]).is_err_and(|reason| reason.contains("cannot be started")));
        assert!(run(&[]).is_err_and(|reason| reason.contains("it is empty")));
    }
}
