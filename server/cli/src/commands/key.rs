//! `tierline key`: keys in the keychain of the system. A key is never an argument, which other programs could read.

use std::io::{BufRead, IsTerminal};

use serde_json::json;

use crate::arguments::KeyAction;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(output: &Output, action: &KeyAction) -> Result<(), Failure> {
    match action {
        KeyAction::Set { name } => set(output, name),
        KeyAction::Remove { name } => remove(output, name),
    }
}

fn set(output: &Output, name: &str) -> Result<(), Failure> {
    let key = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("Key of {name}: "))?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line
    };
    let key = key.trim();
    if key.is_empty() {
        return Err(Failure::new("no_key", "no key was given, and nothing was changed"));
    }
    assist::store_key(name, key.to_owned()).map_err(|reason| Failure::new("keychain", format!("the keychain: {reason}")))?;
    output.json(&json!({"name": name, "stored": true}));
    output.line(&format!(
        "The key lies in the keychain. Write key_keychain = {name:?} beside the provider or the tier that takes it."
    ));
    Ok(())
}

fn remove(output: &Output, name: &str) -> Result<(), Failure> {
    let removed = assist::remove_key(name).map_err(|reason| Failure::new("keychain", format!("the keychain: {reason}")))?;
    output.json(&json!({"name": name, "removed": removed}));
    output.line(if removed { "The key is no longer in the keychain." } else { "The keychain holds no key under that name." });
    Ok(())
}
