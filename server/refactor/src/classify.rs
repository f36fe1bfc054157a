//! What an instruction reaches: one symbol, one file, or several files. The index says what it can; a nano model is asked in doubt,
//! and what it says is held against the references.

use std::collections::BTreeSet;
use std::time::Duration;

use assist::{Bill, Prompt, Snapshot, delegate};
use index::SymbolRef;
use models::{ActionId, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use syntax::Certainty;
use tokio_util::sync::CancellationToken;

use crate::edit::EditRequest;

const PROMPT: Prompt = Prompt::new(include_str!("prompt/classify.md"));

/// What an instruction reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The symbol that it stands in or in front of.
    Symbol,
    /// The file that it stands in.
    File,
    /// Several files: work for a planner.
    Several,
}

/// What the index knows of an instruction's reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facts {
    /// It speaks of all uses, all callers, the whole workspace.
    many: bool,
    /// It would change what callers see: parameters, results, visibility, place.
    interface: bool,
    /// It speaks of a part of what it stands at: this loop, the body, here.
    here: bool,
    /// It names what only other files define.
    names_others: bool,
    /// It stands in or in front of a definition.
    at_symbol: bool,
    /// Other files certainly use that definition.
    used_elsewhere: bool,
}

impl Facts {
    fn of(snapshot: &Snapshot, path: &str, symbol: Option<&SymbolRef>, instruction: &str) -> Self {
        let lower = instruction.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        Self {
            many: has(&[
                "everywhere",
                "across",
                "all files",
                "every file",
                "all callers",
                "every caller",
                "each caller",
                "its callers",
                "the callers",
                "all uses",
                "every use",
                "call site",
                "codebase",
                "whole project",
                "whole workspace",
                "all modules",
            ]),
            interface: has(&[
                "parameter",
                "argument",
                "signature",
                "return type",
                "return a result",
                "return an option",
                "make it async",
                "make this async",
                "public",
                "private",
                "move ",
                "rename",
                "take a",
                "takes a",
                "take an",
                "accept a",
            ]),
            here: has(&["this ", "here", "body", "loop", "branch", "below", "comment", "the function", "the method"]),
            names_others: names_others(snapshot, path, instruction),
            at_symbol: symbol.is_some(),
            used_elsewhere: symbol.is_some_and(|symbol| is_used_elsewhere(snapshot, symbol)),
        }
    }

    /// What follows from them, where they leave no doubt.
    fn say(self) -> Option<Reach> {
        match self {
            Self { many: true, .. } => Some(Reach::Several),
            Self { interface: true, used_elsewhere: true, .. } => Some(Reach::Several),
            Self { names_others: true, .. } => None,
            Self { at_symbol: false, .. } => Some(Reach::File),
            Self { here: true, .. } => Some(Reach::Symbol),
            Self { interface: true, .. } => Some(Reach::File),
            _ => None,
        }
    }
}

/// What an instruction at a byte of a file reaches, as far as the index alone can tell.
#[must_use]
pub fn reach_by_index(snapshot: &Snapshot, path: &str, offset: usize, instruction: &str) -> Option<Reach> {
    let symbol = EditRequest::symbol_at_or_behind(snapshot, path, offset);
    Facts::of(snapshot, path, symbol.as_ref(), instruction).say()
}

/// What an instruction at a byte of a file reaches, and what it cost to find out. Where no model can be asked, or its answer does not
/// stand, the smaller reach counts: the checks refuse what would have needed the larger.
pub async fn classify(
    snapshot: &Snapshot,
    path: &str,
    offset: usize,
    instruction: &str,
    action: &ActionId,
    cancel: &CancellationToken,
) -> (Reach, Bill) {
    let symbol = EditRequest::symbol_at_or_behind(snapshot, path, offset);
    let facts = Facts::of(snapshot, path, symbol.as_ref(), instruction);
    if let Some(reach) = facts.say() {
        return (reach, Bill::index());
    }
    let smallest = if facts.at_symbol { Reach::Symbol } else { Reach::File };
    let Some(gateway) = snapshot.gateway().filter(|gateway| gateway.has(Tier::Nano) && assist::may_leave(snapshot, path)) else {
        return (smallest, Bill::index());
    };
    let job = job(snapshot, path, symbol.as_ref(), instruction, action);
    match delegate(gateway, job, Tier::Mini, cancel, read).await {
        Ok(said) => {
            let (reach, interface) = said.value;
            let reach = match reach {
                // What callers see cannot be changed without them.
                _ if interface && facts.used_elsewhere => Reach::Several,
                Reach::Symbol if !facts.at_symbol => Reach::File,
                // Nothing else uses it and nothing else is named: one file is all there is to change.
                Reach::Several if facts.at_symbol && !facts.used_elsewhere && !facts.names_others => Reach::File,
                reach => reach,
            };
            (reach, said.bill)
        }
        Err(error) => (smallest, Bill { cost: error.bill.cost, ..Bill::index() }),
    }
}

/// Whether other files certainly use a symbol.
pub(crate) fn is_used_elsewhere(snapshot: &Snapshot, symbol: &SymbolRef) -> bool {
    let uses = snapshot.index().references_of(symbol);
    uses.iter().any(|hit| hit.certainty > Certainty::SameName && hit.path() != symbol.path())
}

/// Whether an instruction names symbols of other files and none of those of this one.
fn names_others(snapshot: &Snapshot, path: &str, instruction: &str) -> bool {
    let looks_like_code = |word: &&str| {
        word.len() > 2
            && (word.contains('_')
                || word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
                || instruction.contains(&format!("`{word}`"))
                || instruction.contains(&format!("{word}(")))
    };
    let words = instruction.split(|character: char| !(character.is_alphanumeric() || character == '_'));
    let named: BTreeSet<&str> = words.filter(looks_like_code).collect();
    named.iter().any(|word| {
        let found = snapshot.index().named(word);
        !found.is_empty() && found.iter().all(|symbol| symbol.path() != path)
    })
}

fn job(snapshot: &Snapshot, path: &str, symbol: Option<&SymbolRef>, instruction: &str, action: &ActionId) -> Job {
    let head = symbol.map_or_else(|| "(no definition)".to_owned(), |symbol| symbol.get().signature.to_string());
    let uses = symbol.map_or_else(Vec::new, |symbol| snapshot.index().references_of(symbol));
    let certain = uses.iter().filter(|hit| hit.certainty > Certainty::SameName);
    let files: BTreeSet<&str> = certain.map(index::Hit::path).filter(|other| *other != path).collect();
    let rendered =
        PROMPT.render(&[("file", path), ("symbol", &head), ("files", &files.len().to_string()), ("instruction", instruction)]);
    Job {
        kind: "classify",
        tier: Tier::Nano,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::from_file(path, rendered)],
        schema: Schema {
            name: "classify_v1",
            json: json!({
                "type": "object",
                "properties": {
                    "reach": {"type": "string", "enum": ["symbol", "file", "several"]},
                    "changes_interface": {"type": "boolean"},
                },
                "required": ["reach", "changes_interface"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 100,
        deadline: Duration::from_secs(snapshot.settings().lookup_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

fn read(answer: &Value) -> Result<(Reach, bool), String> {
    let reach = match answer.get("reach").and_then(Value::as_str) {
        Some("symbol") => Reach::Symbol,
        Some("file") => Reach::File,
        Some("several") => Reach::Several,
        other => return Err(format!("there is no reach {other:?}")),
    };
    Ok((reach, answer.get("changes_interface").and_then(Value::as_bool).unwrap_or(false)))
}

#[cfg(test)]
mod tests {
    use assist::{Host, Settings};

    use super::{Reach, reach_by_index};

    #[test]
    fn the_index_says_what_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let a = "pub fn used() -> u32 {\n    1\n}\n\nfn alone() -> u32 {\n    2\n}\n";
        std::fs::write(folder.path().join("a.rs"), a).unwrap();
        std::fs::write(folder.path().join("b.rs"), "use crate::a::used;\npub fn caller() -> u32 {\n    used()\n}\n").unwrap();
        std::fs::write(folder.path().join("lib.rs"), "mod a;\nmod b;\n").unwrap();
        std::fs::write(folder.path().join("limits.rs"), "// Limits.\nuse std::fmt;\n").unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.index_folder(&|_| {}, &std::sync::atomic::AtomicBool::new(false));
        host.settle();
        let snapshot = host.snapshot();
        let reach = |name: &str, said: &str| reach_by_index(&snapshot, "a.rs", a.find(name).unwrap(), said);
        assert_eq!(reach("used", "return an error in all callers"), Some(Reach::Several));
        assert_eq!(reach("used", "add a parameter for the unit"), Some(Reach::Several), "another file calls it");
        assert_eq!(reach("alone", "add a parameter for the unit"), Some(Reach::File), "nobody else calls it");
        assert_eq!(reach("used", "unroll this loop"), Some(Reach::Symbol));
        assert_eq!(reach("alone", "make it faster"), None);
        assert_eq!(reach("alone", "use `caller` for it"), None, "it names what another file defines");
        assert_eq!(reach_by_index(&snapshot, "limits.rs", 0, "sort them by name"), Some(Reach::File));
    }
}
