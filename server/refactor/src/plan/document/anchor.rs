//! What a plan was made for: hashes of the files and symbols that it names, and where those are now.

use std::collections::BTreeMap;

use assist::Snapshot;
use index::SymbolRef;

use super::WrittenStep;
use super::write::quoted;
use crate::{Plan, Step, StepKind};

/// Hashes of texts, by what they are the texts of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Anchors {
    /// By path.
    files: BTreeMap<String, String>,
    /// By path and name.
    symbols: BTreeMap<(String, String), String>,
}

/// How a symbol is named within its file: its path, and a number where it is not the first of that path.
pub(super) fn name(symbol: &SymbolRef) -> String {
    let id = symbol.id();
    id.as_str().split_once('#').map_or(id.as_str(), |(_, name)| name).to_owned()
}

fn hash(text: &str) -> String {
    // An editor may hold another kind of line ends than the disk.
    blake3::hash(text.replace("\r\n", "\n").as_bytes()).to_hex().as_str()[..32].to_owned()
}

/// The text of a symbol without the indentation that its place gives it.
fn hash_of_symbol(snapshot: &Snapshot, symbol: &SymbolRef) -> Option<String> {
    let text = snapshot.text(symbol.path())?;
    let lines: Vec<&str> = symbol.get().full_span.of(&text).lines().map(str::trim).collect();
    Some(hash(&lines.join("\n")))
}

fn symbols_of(snapshot: &Snapshot, path: &str) -> Vec<SymbolRef> {
    let Some(record) = snapshot.index().file(path) else { return Vec::new() };
    let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
    (0..count).filter_map(|symbol| SymbolRef::new(record, symbol)).collect()
}

impl Anchors {
    pub(super) fn of(snapshot: &Snapshot, plan: &Plan) -> Self {
        let mut anchors = Self::default();
        for step in &plan.steps {
            if let Some(text) = snapshot.text(&step.file) {
                anchors.files.insert(step.file.clone(), hash(&text));
            }
            for symbol in step.symbols.iter().chain(&step.may_delete) {
                if let Some(hash) = hash_of_symbol(snapshot, symbol) {
                    anchors.symbols.insert((step.file.clone(), name(symbol)), hash);
                }
            }
        }
        anchors
    }

    /// Only what these steps were made for.
    pub(in crate::plan) fn only<'steps>(&self, steps: impl Iterator<Item = &'steps WrittenStep> + Clone) -> Self {
        let names = |path: &str| steps.clone().any(|step| step.file == path);
        let has = |path: &str, name: &String| {
            steps.clone().any(|step| step.file == path && (step.symbols.contains(name) || step.may_delete.contains(name)))
        };
        let files = self.files.iter().filter(|(path, _)| names(path));
        let symbols = self.symbols.iter().filter(|((path, name), _)| has(path, name));
        Self {
            files: files.map(|(path, hash)| (path.clone(), hash.clone())).collect(),
            symbols: symbols.map(|(key, hash)| (key.clone(), hash.clone())).collect(),
        }
    }

    /// With what others were made for, where this says nothing of it.
    pub(in crate::plan) fn with(mut self, other: &Self) -> Self {
        for (path, hash) in &other.files {
            self.files.entry(path.clone()).or_insert_with(|| hash.clone());
        }
        for (key, hash) in &other.symbols {
            self.symbols.entry(key.clone()).or_insert_with(|| hash.clone());
        }
        self
    }

    /// One line for each hash: `file HASH "path"` and `symbol HASH "name" "path"`.
    pub(super) fn to_lines(&self) -> String {
        let files = self.files.iter().map(|(path, hash)| format!("file {hash} {}\n", quoted(path)));
        let symbols =
            self.symbols.iter().map(|((path, name), hash)| format!("symbol {hash} {} {}\n", quoted(name), quoted(path)));
        files.chain(symbols).collect()
    }

    /// Reads one of those lines.
    pub(super) fn read(&mut self, line: &str) -> Result<(), String> {
        let unreadable = || "this line says what the plan was made for, and cannot be read; make the plan again".to_owned();
        let (what, rest) = line.trim().split_once(' ').ok_or_else(unreadable)?;
        let (hash, rest) = rest.split_once(' ').ok_or_else(unreadable)?;
        let texts: Result<Vec<String>, _> = serde_json::Deserializer::from_str(rest).into_iter::<String>().collect();
        match (what, texts.map_err(|_| unreadable())?.as_slice()) {
            ("file", [path]) => self.files.insert(path.clone(), hash.to_owned()),
            ("symbol", [name, path]) => self.symbols.insert((path.clone(), name.clone()), hash.to_owned()),
            _ => return Err(unreadable()),
        };
        Ok(())
    }

    /// A step with its names resolved to what they mean now.
    ///
    /// # Errors
    /// Says what is not there or has changed since the plan was made.
    pub(super) fn resolve(&self, snapshot: &Snapshot, step: &WrittenStep) -> Result<Step, String> {
        let find = |name: &String| self.find(snapshot, &step.file, name);
        let symbols = step.symbols.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let may_delete = step.may_delete.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        // Symbols that went to another file together are changed there.
        let file = symbols.iter().chain(&may_delete).map(SymbolRef::path).next().unwrap_or(&step.file).to_owned();
        if step.kind.names_no_symbol()
            && let Some(known) = self.files.get(&step.file)
            && snapshot.text(&step.file).is_none_or(|text| hash(&text) != *known)
        {
            return Err(format!("{} changed since the plan was made; plan this step again", step.file));
        }
        let is_rename = step.kind == StepKind::Rename;
        Ok(Step {
            id: step.id.clone(),
            kind: step.kind,
            file,
            symbols,
            may_delete,
            new_name: if is_rename { step.target.clone() } else { String::new() },
            new_path: if is_rename { String::new() } else { step.target.clone() },
            goal: step.goal.clone(),
            interface: step.interface.clone(),
            depends_on: step.depends_on.clone(),
            is_raised: step.tier == Some(models::Tier::Flagship),
        })
    }

    /// The symbol of a name: where it stood with the text it had, else the only one of its last name with that text anywhere.
    fn find(&self, snapshot: &Snapshot, path: &str, wanted: &str) -> Result<SymbolRef, String> {
        let here = symbols_of(snapshot, path).into_iter().find(|symbol| name(symbol) == wanted);
        let Some(known) = self.symbols.get(&(path.to_owned(), wanted.to_owned())) else {
            // The user wrote this one down.
            return here.ok_or_else(|| format!("there is no {wanted} in {path}"));
        };
        let is_same = |symbol: &SymbolRef| hash_of_symbol(snapshot, symbol).is_some_and(|hash| hash == *known);
        if let Some(symbol) = here.clone().filter(is_same) {
            return Ok(symbol);
        }
        let bare = wanted.rsplit_once(':').filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(wanted, |(bare, _)| bare);
        let last = bare.rsplit("::").next().unwrap_or(bare);
        let mut elsewhere = snapshot.index().named(last).into_iter().filter(is_same);
        match (elsewhere.next(), elsewhere.next(), here) {
            (Some(symbol), None, _) => Ok(symbol),
            (_, _, Some(_)) => Err(format!("{wanted} in {path} changed since the plan was made; plan this step again")),
            _ => Err(format!("{wanted} is no longer in {path}; plan this step again")),
        }
    }
}
