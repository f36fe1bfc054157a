//! The rules for files: what may stand in which room. Each takes the tracked files and returns one sentence for each fault.

use std::path::Path;
use std::process::Command;

use super::literals;

/// A tracked text file: its path from the root, with `/`, and what it says.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// A rule: what is wrong with these files.
pub(super) type Rule = fn(&[Source]) -> Vec<String>;

/// All of them.
pub(super) const RULES: [Rule; 8] = [
    the_front_door_is_thin,
    long_files_say_why,
    the_lower_rooms_await_nothing,
    utf16_stays_at_the_edge,
    prompts_are_included_once,
    prompts_are_files,
    no_word_of_a_machine,
    one_door_leads_out,
];

/// Paths of the machines that this was written on, which mean nothing to a reader.
pub(super) const MACHINE_WORDS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/bash", "_jobs"), concat!("contracts", ".md")];

const LONGEST_FILE: usize = 500;
const LONGEST_FRONT_DOOR: usize = 120;
/// Bytes from which on a string of several sentences is taken for a prompt. Messages to the user are shorter.
const LONGEST_STRING: usize = 240;

/// Every file that git tracks and that is text.
pub(super) fn of_this_workspace() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().expect("git is installed");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let paths = String::from_utf8(listed.stdout).expect("the names of our files are UTF-8");
    let read = |path: &str| Some(Source { path: path.to_owned(), text: std::fs::read_to_string(root.join(path)).ok()? });
    paths.split_terminator('\0').filter_map(read).collect()
}

fn the_front_door_is_thin(sources: &[Source]) -> Vec<String> {
    let thick = |source: &&Source| source.path == "server/main.rs" && source.text.lines().count() >= LONGEST_FRONT_DOOR;
    let say = |source: &Source| {
        format!("{} has {LONGEST_FRONT_DOOR} lines or more: the engine stands behind it, in `cli`", source.path)
    };
    sources.iter().filter(thick).map(say).collect()
}

fn long_files_say_why(sources: &[Source]) -> Vec<String> {
    let excused = |text: &str| text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.contains("long because"));
    rust(sources)
        .filter(|source| source.text.lines().count() > LONGEST_FILE && !excused(&source.text))
        .map(|source| {
            format!(
                "{} has more than {LONGEST_FILE} lines: divide it, or let its head say \"This file is long because …\"",
                source.path
            )
        })
        .collect()
}

fn the_lower_rooms_await_nothing(sources: &[Source]) -> Vec<String> {
    let lower = |path: &str| {
        ["server/text/", "server/syntax/src/", "server/embed/", "server/index/"].iter().any(|room| path.starts_with(room))
    };
    rust(sources)
        .filter(|source| {
            lower(&source.path) && code(&source.text).any(|line| line.contains("async fn") || line.contains(".await"))
        })
        .map(|source| format!("{} has no async to use: the caller decides on which thread it runs", source.path))
        .collect()
}

fn utf16_stays_at_the_edge(sources: &[Source]) -> Vec<String> {
    let inner = |path: &str| {
        path.starts_with("server/")
            && !["server/text/", "server/lsp/", "server/testkit/"].iter().any(|room| path.starts_with(room))
    };
    rust(sources)
        .filter(|source| {
            inner(&source.path) && code(&source.text).any(|line| line.contains("len_utf16") || line.contains("encode_utf16"))
        })
        .map(|source| format!("{} counts in UTF-16: inside, everything counts in bytes, and `text` converts", source.path))
        .collect()
}

fn prompts_are_included_once(sources: &[Source]) -> Vec<String> {
    let included = |name: &str| {
        let here = |line: &str| line.contains("include_str!") && line.contains(&format!("{name}\""));
        rust(sources).flat_map(|source| source.text.lines()).filter(|line| here(line)).count()
    };
    sources
        .iter()
        .filter_map(|source| Some((source, source.path.strip_prefix("server/")?.split_once("/src/prompt/")?.1)))
        .filter(|(_, name)| name.ends_with(".md"))
        .map(|(source, name)| (source, included(name)))
        .filter(|(_, times)| *times != 1)
        .map(|(source, times)| format!("{} is included {times} times: a prompt has one place where it is rendered", source.path))
        .collect()
}

fn prompts_are_files(sources: &[Source]) -> Vec<String> {
    let asks = |path: &str| path.starts_with("server/assist/src/") || path.starts_with("server/refactor/src/");
    let sentences = |string: &str| [". ", ".\n", ".\\n"].iter().map(|end| string.matches(end).count()).sum::<usize>();
    rust(sources)
        .filter(|source| asks(&source.path) && !source.path.ends_with("tests.rs"))
        .flat_map(|source| literals::strings(&source.text).into_iter().map(move |string| (source, string)))
        .filter(|(_, string)| string.len() > LONGEST_STRING && sentences(string) >= 2)
        .map(|(source, string)| {
            let start: String = string.chars().take(40).collect();
            format!("{} holds prompt text in a Rust string (\"{start}…\"): move it to src/prompt/*.md", source.path)
        })
        .collect()
}

fn no_word_of_a_machine(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .flat_map(|source| MACHINE_WORDS.iter().filter(|word| source.text.contains(**word)).map(move |word| (source, word)))
        .map(|(source, word)| format!("{} speaks of this machine: \"{word}\"", source.path))
        .collect()
}

/// What leaves is looked through by the gateway, so only its attempts may send, and only the transport may build a client.
fn one_door_leads_out(sources: &[Source]) -> Vec<String> {
    const DOORS: [(&str, &str); 3] = [
        ("transport.post(", "server/models/src/gateway/attempt.rs"),
        ("reqwest::{Client", "server/models/src/transport.rs"),
        ("TcpStream::connect", ""),
    ];
    let shipped = |source: &&Source| source.path.starts_with("server/") && !source.path.starts_with("server/testkit/");
    let source_files = rust(sources).filter(shipped).filter(|source| !source.path.contains("/tests"));
    source_files
        .flat_map(|source| DOORS.iter().map(move |door| (source, door)))
        .filter(|(source, (call, home))| source.path != *home && code(&source.text).any(|line| line.contains(call)))
        .map(|(source, (call, _))| format!("{} has a way out of its own: `{call}`", source.path))
        .collect()
}

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.path.ends_with(".rs"))
}

/// The lines of a file without its comments, as far as a line alone tells.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or(line))
}
