//! What a planner may look up before it plans: typed questions that the index answers, for nothing and without a model.

use assist::{Snapshot, may_leave};
use index::SymbolRef;
use serde_json::Value;

use super::line;
use super::outline::Outline;
use crate::rename::find;

/// How many questions one round may hold.
const MOST_QUESTIONS: usize = 8;

/// How many bytes the answer to one question may have.
const LONGEST_ANSWER: usize = 8_000;

/// How many symbols are listed at most.
const MOST_SYMBOLS: usize = 40;

/// The kinds, as a planner writes them.
pub(super) const KINDS: [&str; 4] = ["outline", "read", "references", "lookup"];

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LookUp {
    kind: String,
    of: String,
}

impl LookUp {
    /// The questions of an answer, those beyond the limit left out.
    pub(super) fn read(answer: &Value) -> Vec<Self> {
        let asked = answer.get("lookups").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let string = |value: &Value, key: &str| line(value.get(key).and_then(Value::as_str).unwrap_or_default());
        let asked = asked.iter().map(|value| Self { kind: string(value, "kind"), of: string(value, "of") });
        asked.filter(|look_up| !look_up.of.is_empty()).take(MOST_QUESTIONS).collect()
    }

    /// What the index says, with ids for all symbols in it. What may not leave is not there.
    pub(super) fn answer(&self, snapshot: &Snapshot, outline: &mut Outline) -> String {
        let said = match self.kind.as_str() {
            "outline" => self.outline(snapshot, outline),
            "read" => self.source(snapshot, outline),
            "references" => self.references(snapshot, outline),
            _ => {
                let found = snapshot.index().rank(&self.of, 12).into_iter().map(|ranked| ranked.symbol);
                Some(outline.print(snapshot, found)).filter(|text| !text.is_empty())
            }
        };
        let mut said = said.unwrap_or_else(|| "nothing of that name is known\n".to_owned());
        if said.len() > LONGEST_ANSWER {
            said.truncate(said.floor_char_boundary(LONGEST_ANSWER));
            said.push_str("\n(cut here)\n");
        }
        format!("{self}:\n{said}")
    }

    fn outline(&self, snapshot: &Snapshot, outline: &mut Outline) -> Option<String> {
        let path = outline.file(&self.of).unwrap_or(&self.of).to_owned();
        let record = snapshot.index().file(&path)?;
        let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
        let symbols: Vec<SymbolRef> = (0..count).filter_map(|symbol| SymbolRef::new(record, symbol)).collect();
        let line = outline.file_line(snapshot, &path)?;
        if symbols.is_empty() { Some(line) } else { Some(outline.print(snapshot, symbols.into_iter().take(MOST_SYMBOLS * 2))) }
    }

    fn source(&self, snapshot: &Snapshot, outline: &mut Outline) -> Option<String> {
        let symbol = self.symbol(snapshot, outline)?;
        let text = snapshot.text(symbol.path())?;
        let head = outline.print(snapshot, [symbol.clone()]);
        (!head.is_empty()).then(|| format!("{head}-----\n{}\n-----\n", symbol.get().full_span.of(&text)))
    }

    fn references(&self, snapshot: &Snapshot, outline: &mut Outline) -> Option<String> {
        let symbol = self.symbol(snapshot, outline)?;
        let hits = snapshot.index().references_of(&symbol);
        let users: Vec<SymbolRef> = hits.iter().filter_map(index::Hit::enclosing).take(MOST_SYMBOLS).collect();
        let mut said = format!("{} uses, in\n{}", hits.len(), outline.print(snapshot, users));
        for hit in hits.iter().filter(|hit| hit.enclosing().is_none()).take(MOST_SYMBOLS) {
            if let Some(file) = outline.file_line(snapshot, hit.path()) {
                said.push_str(&format!("{} line {}\n", file.trim_end(), hit.get().line() + 1));
            }
        }
        Some(said)
    }

    /// The symbol that is asked about, by its id or else by its name.
    fn symbol(&self, snapshot: &Snapshot, outline: &Outline) -> Option<SymbolRef> {
        let named = || find(snapshot.index(), &self.of.replace(['.', '#'], "::"), None).ok();
        outline.symbol(&self.of).cloned().or_else(named).filter(|symbol| may_leave(snapshot, symbol.path()))
    }
}

impl std::fmt::Display for LookUp {
    /// `references s4`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.kind, self.of)
    }
}
