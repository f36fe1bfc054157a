//! Methods that override each other in Java, and a trait's method with what implements it in Rust: all of them have one name, so that all are
//! renamed together where all of them are known for certain, and none where not.

mod java;

use assist::Snapshot;
use index::SymbolRef;
use syntax::{Certainty, Language, ReferenceKind, SymbolKind};

/// Everything that has to be renamed with these definitions of one symbol, themselves included; or what speaks against renaming them.
pub(super) fn family(snapshot: &Snapshot, definitions: Vec<SymbolRef>) -> Result<Vec<SymbolRef>, String> {
    match definitions.first().map(|first| first.record.language) {
        Some(Language::Rust) => of_trait(snapshot, definitions),
        Some(Language::Java) => java::family(snapshot, definitions),
        _ => Ok(definitions),
    }
}

/// The method of a trait and its implementations, where one of them is asked for.
fn of_trait(snapshot: &Snapshot, definitions: Vec<SymbolRef>) -> Result<Vec<SymbolRef>, String> {
    let index = snapshot.index();
    let Some(first) = definitions.first() else { return Ok(definitions) };
    let is_trait = |symbol: &SymbolRef| symbol.get().kind == SymbolKind::Interface;
    let mut traits: Vec<SymbolRef> = definitions.iter().filter_map(SymbolRef::parent).filter(is_trait).collect();
    for implementation in definitions.iter().filter_map(|symbol| implemented(snapshot, symbol)) {
        match implementation.meant.as_slice() {
            [(one, Certainty::Exact | Certainty::Imported)] if is_trait(one) => traits.push(one.clone()),
            _ => return Err(format!("{} implements a trait, which asks for that name", super::place_of(first))),
        }
    }
    let Some(root) = traits.first().cloned() else { return Ok(definitions) };
    if let Some(other) = traits.iter().find(|other| **other != root) {
        return Err(format!("it belongs to {} and to {}", super::place_of(&root), super::place_of(other)));
    }
    if let Some(attribute) = foreign_attribute(snapshot, &root) {
        return Err(format!("{} has `{attribute}`, which may make more of it", super::place_of(&root)));
    }
    let mut family = definitions;
    for other in index.named(&family[0].get().name.clone()) {
        if family.contains(&other) || other.record.language != Language::Rust {
            continue;
        }
        if other.parent().is_some_and(|parent| parent == root) {
            family.push(other);
        } else if let Some(implementation) = implemented(snapshot, &other) {
            let means_root = implementation.meant.iter().any(|(one, _)| *one == root);
            match implementation.meant.as_slice() {
                [(_, Certainty::Exact | Certainty::Imported)] if means_root => family.push(other),
                [] if !implementation.names(&root.get().name) => {}
                _ if means_root || implementation.meant.is_empty() => {
                    return Err(format!("{} may implement it", super::place_of(&other)));
                }
                _ => {}
            }
        }
    }
    if !family.iter().any(|symbol| symbol.parent().is_some_and(|parent| parent == root)) {
        return Err(format!(
            "{} implements {}, which is not known to have it",
            super::place_of(&family[0]),
            super::place_of(&root)
        ));
    }
    Ok(family)
}

/// What the block around a definition implements.
struct Implementation {
    /// What stands in front of its brace.
    head: String,
    /// What the trait's name in it may mean in the workspace.
    meant: Vec<(SymbolRef, Certainty)>,
}

impl Implementation {
    /// Whether its head has a name in it.
    fn names(&self, name: &str) -> bool {
        text::whole_words(&self.head, name, "").next().is_some()
    }
}

/// The trait that the block around a definition implements; `None` outside of such a block.
fn implemented(snapshot: &Snapshot, symbol: &SymbolRef) -> Option<Implementation> {
    let text = snapshot.text(symbol.path()).unwrap_or_default();
    let (at, head) = trait_impl(&text, symbol.get().span.start as usize)?;
    let within = |at: u32, span: text::Span| span.start >= at && span.start < symbol.get().span.start;
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let file = symbol.record.file();
    let mut names = file.references().filter(|reference| within(at, reference.span));
    let name = names.find(|reference| reference.kind == ReferenceKind::Implementation);
    let meant = name.map(|name| snapshot.index().target_at(symbol.path(), name.span.start as usize)).unwrap_or_default();
    Some(Implementation { head: head.to_owned(), meant })
}

/// Attributes of a trait that make nothing of its methods.
const PLAIN_ATTRIBUTES: &[&str] =
    &["allow", "async_trait", "cfg", "deprecated", "diagnostic", "doc", "expect", "must_use", "warn"];

/// An attribute of a trait that may be a macro and define, or ask for, more methods of the same name.
fn foreign_attribute(snapshot: &Snapshot, of: &SymbolRef) -> Option<String> {
    let text = snapshot.text(of.path()).unwrap_or_default();
    let (full, own) = (of.get().full_span, of.get().span);
    let head = text.get(full.start as usize..own.start as usize)?;
    let attributes = head.lines().filter_map(|line| line.trim_start().strip_prefix("#["));
    let name = |attribute: &str| {
        let path: String =
            attribute.chars().take_while(|character| character.is_alphanumeric() || "_:".contains(*character)).collect();
        path.rsplit("::").next().unwrap_or_default().to_owned()
    };
    attributes.map(name).find(|name| !PLAIN_ATTRIBUTES.contains(&name.as_str()))
}

/// The head of the implementation of a trait that stands around a place, by the lines above it that stand further out, with where it begins.
fn trait_impl(text: &str, at: usize) -> Option<(usize, &str)> {
    let start = text::line_start(text, at);
    // It may be long: the trait and its type stand anywhere in front of the brace.
    let of_trait = |begin: usize| {
        let head = text[begin..at].split('{').next().unwrap_or_default();
        head.split_whitespace().any(|word| word == "for").then_some((begin, head))
    };
    let before = text[start..at].trim_start();
    if before.starts_with("impl") || before.starts_with("unsafe impl") {
        return of_trait(start);
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(&text[start..]);
    let mut begin = start;
    for line in text[..start].split_inclusive('\n').rev() {
        begin -= line.len();
        if line.trim().is_empty() || indent(line) >= own {
            continue;
        }
        let head = line.trim();
        if head.starts_with("impl") || head.starts_with("unsafe impl") {
            return of_trait(begin);
        }
        // What may stand between the head of a block and its brace.
        if !(head.starts_with('{') || head.starts_with("where") || head.starts_with('>')) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests;
