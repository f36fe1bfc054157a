//! Methods of Java that override each other: those of one name in classes that some class has both among what it is.

use std::collections::{BTreeMap, BTreeSet};

use assist::Snapshot;
use index::{Index, SymbolRef};
use syntax::{Certainty, Language, ReferenceKind, SymbolKind};

use crate::checks;
use crate::rename::place_of;

/// What every class has from `java.lang.Object`.
const OF_OBJECT: &[&str] = &["clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait"];

/// The methods that override one another with these, themselves included; or why not all of them are known.
pub(super) fn family(snapshot: &Snapshot, definitions: Vec<SymbolRef>) -> Result<Vec<SymbolRef>, String> {
    let index = snapshot.index();
    let Some(first) = definitions.first().filter(|first| is_method(first)).cloned() else { return Ok(definitions) };
    let outside =
        |symbol: &SymbolRef| format!("{} overrides a method that is defined outside of the workspace", place_of(symbol));
    let mut others = index.named(&first.get().name);
    others.retain(|other| is_method(other) && !definitions.contains(other));
    let classes = Classes::of(index);
    // By the names of classes alone there may be more of them than there are, never fewer.
    let by_name = classes.family(&definitions, &others, &classes.named);
    if by_name.len() == definitions.len() {
        let is_foreign = definitions.iter().all(|symbol| is_override(snapshot, symbol));
        return if is_foreign { Err(outside(&first)) } else { Ok(definitions) };
    }
    if OF_OBJECT.contains(&first.get().name.as_str()) {
        return Err(outside(&first));
    }
    if let Some(stranger) = others.iter().find(|other| classes.at(other).is_none()) {
        return Err(format!("{} stands in a class without a name, and may override it", place_of(stranger)));
    }
    let family = classes.family(&definitions, &others, &classes.meant);
    if let Some(other) = by_name.iter().find(|symbol| !family.contains(symbol)) {
        return Err(format!("{} may override it, or be overridden by it", place_of(other)));
    }
    if let Some(class) = classes.unknown(&family) {
        return Err(format!("{} has a parent that is not known, which may ask for that name", place_of(class)));
    }
    match family.iter().find(|symbol| is_override(snapshot, symbol) && !classes.has_above(&family, symbol)) {
        Some(symbol) => Err(outside(symbol)),
        None => Ok(family),
    }
}

fn is_method(symbol: &SymbolRef) -> bool {
    symbol.record.language == Language::Java && symbol.get().kind == SymbolKind::Method
}

fn is_override(snapshot: &Snapshot, symbol: &SymbolRef) -> bool {
    let (full, own) = (symbol.get().full_span, symbol.get().name_span);
    let text = snapshot.text(symbol.path()).unwrap_or_default();
    text.get(full.start as usize..own.start as usize).is_some_and(|head| head.contains("@Override"))
}

/// Each class by its place in the list, with all that it is: itself and everything that it descends from.
type Lines = Vec<BTreeSet<usize>>;

/// The classes and interfaces of a workspace.
struct Classes {
    all: Vec<SymbolRef>,
    /// By the names of parents, whatever they mean.
    named: Lines,
    /// By the parents that are known for certain.
    meant: Lines,
    /// Those that have another parent.
    unknown: BTreeSet<usize>,
}

impl Classes {
    fn of(index: &Index) -> Self {
        let files = index.files().filter(|record| record.language == Language::Java);
        let paths: BTreeSet<&str> = files.map(|record| &*record.path).collect();
        let all: Vec<SymbolRef> = paths
            .into_iter()
            .flat_map(|path| checks::symbols(index, path))
            .filter(|symbol| symbol.get().kind.has_members())
            .collect();
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_place: BTreeMap<(&str, u32), usize> = BTreeMap::new();
        for (at, class) in all.iter().enumerate() {
            by_name.entry(class.get().name.as_str()).or_default().push(at);
            by_place.insert((class.path(), class.symbol), at);
        }
        let (mut named, mut meant) = (vec![BTreeSet::new(); all.len()], vec![BTreeSet::new(); all.len()]);
        let mut unknown = BTreeSet::new();
        for (at, class) in all.iter().enumerate() {
            for parent in parents(class) {
                named[at].extend(by_name.get(parent.1).into_iter().flatten());
                match index.target_at(class.path(), parent.0).as_slice() {
                    [(one, Certainty::Exact | Certainty::Imported)] => {
                        meant[at].extend(by_place.get(&(one.path(), one.symbol)));
                    }
                    _ => drop(unknown.insert(at)),
                }
            }
        }
        let (named, meant) = (lines(&named), lines(&meant));
        Self { named, meant, unknown, all }
    }

    /// The class that a method stands in.
    fn at(&self, method: &SymbolRef) -> Option<usize> {
        let class = method.parent()?;
        self.all.iter().position(|other| *other == class)
    }

    /// These methods with those of the others that override them, are overridden by them, or meet them in a class that has both.
    fn family(&self, definitions: &[SymbolRef], others: &[SymbolRef], lines: &Lines) -> Vec<SymbolRef> {
        let mut family = definitions.to_vec();
        let mut classes: BTreeSet<usize> = definitions.iter().filter_map(|symbol| self.at(symbol)).collect();
        let mut others: Vec<(usize, &SymbolRef)> = others.iter().filter_map(|other| Some((self.at(other)?, other))).collect();
        loop {
            let near: BTreeSet<usize> = lines.iter().filter(|line| !line.is_disjoint(&classes)).flatten().copied().collect();
            let (more, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|(class, _)| near.contains(class));
            if more.is_empty() {
                return family;
            }
            classes.extend(more.iter().map(|(class, _)| class));
            family.extend(more.into_iter().map(|(_, symbol)| symbol.clone()));
            others = rest;
        }
    }

    /// A class with a parent that is not known, among those that are what one of the methods stands in, and what those are.
    fn unknown(&self, family: &[SymbolRef]) -> Option<&SymbolRef> {
        let classes: BTreeSet<usize> = family.iter().filter_map(|symbol| self.at(symbol)).collect();
        let mut near = self.meant.iter().filter(|line| !line.is_disjoint(&classes)).flatten();
        near.find(|class| self.unknown.contains(class)).map(|class| &self.all[*class])
    }

    /// Whether another method of the family stands above one.
    fn has_above(&self, family: &[SymbolRef], method: &SymbolRef) -> bool {
        let Some(class) = self.at(method) else { return false };
        family.iter().filter_map(|other| self.at(other)).any(|other| other != class && self.meant[class].contains(&other))
    }
}

/// The names of what a class extends and implements, each with the offset at which it stands in the file.
fn parents(class: &SymbolRef) -> Vec<(usize, &str)> {
    let file = class.record.file();
    let inner = file.symbols.iter().filter(|other| other.kind.has_members() && other.parent == Some(class.symbol));
    let inner: Vec<text::Span> = inner.map(|other| other.span).collect();
    let of_class = |span: text::Span| class.get().span.contains(span) && !inner.iter().any(|inner| inner.contains(span));
    let named = file.references().filter(|reference| reference.kind == ReferenceKind::Implementation && of_class(reference.span));
    named.map(|reference| (reference.span.start as usize, reference.name)).collect()
}

/// All that each class is, from its parents.
fn lines(parents: &[BTreeSet<usize>]) -> Lines {
    let line = |class: usize| {
        let (mut line, mut next) = (BTreeSet::new(), vec![class]);
        while let Some(class) = next.pop() {
            if line.insert(class) {
                next.extend(&parents[class]);
            }
        }
        line
    };
    (0..parents.len()).map(line).collect()
}
