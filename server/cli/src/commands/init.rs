//! `tierline init`: a commented configuration file to begin with, made from the table of keys. It overwrites nothing.

mod local;

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use assist::{KEYS, Key, Kind, Places, Reach, workspace_file};
use serde_json::json;

use crate::arguments::Options;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::root;

/// Providers whose key may lie in the environment already.
const KEYS_AT_HAND: [(&str, &str); 2] = [("OPENAI_API_KEY", "openai"), ("ANTHROPIC_API_KEY", "anthropic")];

/// Who is to be asked.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// The workspace's file is to be written, which names nobody.
    pub(crate) workspace: bool,
    /// A provider, by its name.
    pub(crate) provider: Option<&'a str>,
    /// A server on this machine, by its provider's name or its address, and one of its models.
    pub(crate) local: Option<&'a str>,
    pub(crate) model: Option<&'a str>,
}

/// What the file will say.
enum Asked {
    Nobody,
    Provider(String),
    Local(local::Choice),
}

pub(crate) fn run(options: &Options, output: &Output, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let file = if wanted.workspace { workspace_file(&root(options, None)?) } else { Places::of_user().user_file() };
    // Before anybody is asked anything.
    refuse_existing(&file)?;
    let asked = if wanted.workspace { Asked::Nobody } else { whom(options, output, wanted)? };
    let text = if wanted.workspace { of_workspace() } else { of_user(&asked) };
    if let Some(folder) = file.parent() {
        models::private_directory(folder)?;
    }
    // Created, never opened: what somebody wrote meanwhile stays.
    OpenOptions::new().write(true).create_new(true).open(&file)?.write_all(text.as_bytes())?;
    let (provider, base_url, model) = match &asked {
        Asked::Nobody => (None, None, None),
        Asked::Provider(name) => (Some(name), None, None),
        Asked::Local(choice) => (Some(&choice.server.provider), Some(&choice.server.base_url), Some(&choice.model)),
    };
    output.json(&json!({"file": file, "provider": provider, "base_url": base_url, "model": model}));
    output.line(&format!("wrote {}", file.display()));
    match &asked {
        Asked::Nobody if wanted.workspace => {}
        Asked::Nobody => {
            output.line("It names no provider yet, so no model is asked. `tierline doctor` says how to configure one.")
        }
        Asked::Provider(_) => {}
        Asked::Local(choice) => {
            output.line(&format!("Every tier asks {} at {}.", assist::markdown::plain(&choice.model), choice.server.base_url));
        }
    }
    Ok(())
}

/// Whom the user wants asked: what was named, else a server that runs on this machine, else a provider whose key is at hand.
fn whom(options: &Options, output: &Output, wanted: &Wanted<'_>) -> Result<Asked, Failure> {
    if let Some(name) = wanted.local {
        return Ok(Asked::Local(local::named(name, wanted.model)?));
    }
    if let Some(name) = wanted.provider {
        return Ok(Asked::Provider(name.to_owned()));
    }
    let servers = local::found()?;
    if let Some(choice) = local::offered(&servers, |question| confirm(question, options.yes).is_ok()) {
        return Ok(Asked::Local(choice));
    }
    servers.iter().for_each(|server| output.remark(&local::told(server)));
    Ok(offered(options).map_or(Asked::Nobody, Asked::Provider))
}

fn refuse_existing(file: &Path) -> Result<(), Failure> {
    match file.symlink_metadata() {
        Ok(_) => Err(Failure::new("exists", format!("{} is there already, and stays as it is", file.display()))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The provider whose key is at hand, where the user says yes to it.
fn offered(options: &Options) -> Option<String> {
    let (variable, provider) =
        KEYS_AT_HAND.iter().find(|(variable, _)| std::env::var_os(variable).is_some_and(|key| !key.is_empty()))?;
    let question =
        format!("{variable} is set. Ask the models of {provider} with it, at most 2 dollars a day unless you say otherwise?");
    confirm(&question, options.yes).is_ok().then(|| (*provider).to_owned())
}

fn of_user(asked: &Asked) -> String {
    let provider = if let Asked::Provider(name) = asked { Some(name.as_str()) } else { None };
    let mut text =
        "# Tierline, for you and everywhere. Remove a `#` to change a value; `tierline config check` says what is wrong.\n"
            .to_owned();
    for key in KEYS.iter().filter(|key| !key.name.contains(['<'])) {
        write_key(&mut text, key, if key.name == "provider" { provider } else { None });
    }
    // Sections come last: what stands behind one belongs to it.
    if let Asked::Local(choice) = asked {
        text.push_str(&local::sections(choice));
    }
    text
}

fn of_workspace() -> String {
    let mut text = "# Tierline, for everybody who works here. What follows may be lowered or switched off by a workspace; the rest of\n# `tierline config reference` counts only for those who trust it (`tierline trust`).\n".to_owned();
    for key in KEYS.iter().filter(|key| matches!(key.reach, Reach::Anyone | Reach::Lower) && !key.name.contains('<')) {
        write_key(&mut text, key, None);
    }
    text
}

/// A key with what it means, out of force unless it has a value.
fn write_key(text: &mut String, key: &Key, value: Option<&str>) {
    text.push('\n');
    for line in wrapped(key.doc) {
        text.push_str(&format!("# {line}\n"));
    }
    let kind = match key.kind {
        Kind::OneOf(texts) => texts.iter().map(|(text, meaning)| format!("#   \"{text}\": {meaning}\n")).collect(),
        _ => String::new(),
    };
    text.push_str(&kind);
    let example = match (key.default, key.kind) {
        ("", Kind::Command) => "[\"program\", \"argument\"]",
        ("", Kind::Dollars) => "1.00",
        ("", Kind::Whole { .. }) => "1",
        ("", _) => "\"…\"",
        (default, _) => default,
    };
    match value {
        Some(value) => text.push_str(&format!("{} = {value:?}\n", key.name)),
        None => text.push_str(&format!("# {} = {example}\n", key.name)),
    }
}

/// The words of a text in lines of at most 100 characters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full = lines.last().is_some_and(|line| !line.is_empty() && line.chars().count() + word.chars().count() >= 100);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
