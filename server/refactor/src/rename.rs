//! Rename: exact edits from the index alone, or from the language's own server where the user's editor can ask it.

mod by_peer;
mod carried_out;
mod overrides;
#[cfg(test)]
mod tests;
mod written;

use assist::Snapshot;
use index::{Hit, Index, SymbolRef};
use syntax::{Certainty, SymbolKind};
use text::{Edit, EditSet};

pub(crate) use self::carried_out::{Asking, carry_out};

/// A rename that can be carried out.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// Everything that gets the name: the symbol, what declares it elsewhere, and methods that have one name with it.
    pub definitions: Vec<SymbolRef>,
    /// One edit for each definition and each certain use.
    pub edits: EditSet,
    /// Uses of the same name that may mean the symbol and are left alone.
    pub left: Vec<Hit>,
}

/// Why a rename is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// No symbol has that name.
    #[error("no symbol named `{0}` is known{hint}", hint = did_you_mean(.1))]
    Unknown(String, Option<String>),
    /// Several symbols have it.
    #[error("`{name}` is ambiguous; say which with `in FILE` or by its full path: {}", .candidates.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// Each symbol as `path::of::it in file:line`.
        candidates: Vec<String>,
    },
    /// The new name cannot be a name in that language.
    #[error("`{0}` is not a name in {1}")]
    InvalidName(String, &'static str),
    /// The new name is the old one.
    #[error("`{0}` has that name already")]
    Unchanged(String),
    /// Something else has the new name where the symbol is defined.
    #[error("`{name}` exists already in {place}; the rename would join the two")]
    Taken {
        /// The new name.
        name: String,
        /// The file and one-based line of what has it.
        place: String,
    },
    /// What the language itself calls by that name: a constructor of TypeScript, a special method of Python.
    #[error("`{0}` is what {1} itself calls it, and only by that name")]
    OfLanguage(String, &'static str),
    /// A field that its constructor declares as a parameter, and uses as one.
    #[error("`{name}` is also a parameter of its constructor, used at {place}; the two cannot be told apart")]
    Parameter {
        /// The name.
        name: String,
        /// The file and one-based line of the use.
        place: String,
    },
    /// The new name is bound to something else where the symbol is used.
    #[error("`{name}` is a local name at {place}; the renamed use would mean that instead")]
    Captured {
        /// The new name.
        name: String,
        /// The file and one-based line of a use.
        place: String,
    },
    /// Not all methods are known that override each other under this name.
    #[error("`{name}` keeps its name: {reason}")]
    Overrides {
        /// The method.
        name: String,
        /// Which method speaks against it, and why.
        reason: String,
    },
}

impl RenameError {
    /// Whether the language's own server may know what the index does not: which methods belong together, and which use means what.
    fn may_be_known_better(&self) -> bool {
        matches!(self, Self::Parameter { .. } | Self::Overrides { .. })
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// The symbol that `name` (a name or a `::` path, a suffix of one is enough) means, in `file` where one is given.
///
/// # Errors
/// Fails where none or more than one is meant.
pub(crate) fn find(index: &Index, name: &str, file: Option<&str>) -> Result<SymbolRef, RenameError> {
    let last = name.rsplit("::").next().unwrap_or(name);
    let matches: Vec<SymbolRef> = index
        .named(last)
        .into_iter()
        .filter(|symbol| ends_with_path(&symbol.symbol_path(), name))
        .filter(|symbol| file.is_none_or(|file| symbol.path() == file || symbol.path().ends_with(&format!("/{file}"))))
        .collect();
    // In a file that was named, a whole path is meant rather than the end of a longer one.
    let whole: Vec<SymbolRef> = matches.iter().filter(|symbol| symbol.symbol_path() == name).cloned().collect();
    let matches = if file.is_some() && !whole.is_empty() { whole } else { matches };
    let Some(first) = matches.first() else {
        let nearest = index.search(last, 5).into_iter().find(|symbol| is_near(&symbol.get().name, last));
        let nearest = nearest.map(|symbol| symbol.symbol_path());
        return Err(RenameError::Unknown(name.to_owned(), nearest));
    };
    let family = index.same_symbol(first);
    if matches.iter().all(|symbol| symbol == first || family.contains(symbol)) {
        return Ok(first.clone());
    }
    let candidates = matches.iter().take(8).map(|symbol| format!("{} in {}", symbol.symbol_path(), place_of(symbol))).collect();
    Err(RenameError::Ambiguous { name: name.to_owned(), candidates })
}

/// Whether a name is worth suggesting for one that is not known: the same but for case, or the same and a little more.
fn is_near(name: &str, wanted: &str) -> bool {
    name.len() <= wanted.len() * 2 && name.to_lowercase().contains(&wanted.to_lowercase())
}

/// Renames `symbol`: its definitions and every use that is `exact` or `imported`. Uses by name alone are listed and left.
///
/// # Errors
/// Fails where the new name cannot be used there.
pub fn rename(snapshot: &Snapshot, symbol: &SymbolRef, new_name: &str) -> Result<Renamed, RenameError> {
    let index = snapshot.index();
    let language = symbol.record.language;
    let old_name = symbol.get().name.as_str();
    if new_name == old_name {
        return Err(RenameError::Unchanged(new_name.to_owned()));
    }
    if !language.is_identifier(new_name) {
        return Err(RenameError::InvalidName(new_name.to_owned(), language.name()));
    }
    if is_of_language(symbol) {
        return Err(RenameError::OfLanguage(old_name.to_owned(), language.name()));
    }
    let definitions = definitions(index, symbol);
    if let Some(taken) = taken(index, &definitions, new_name) {
        return Err(RenameError::Taken { name: new_name.to_owned(), place: place_of(&taken) });
    }
    if let Some(place) = definitions.iter().find_map(used_as_parameter) {
        return Err(RenameError::Parameter { name: old_name.to_owned(), place });
    }
    let refused = |reason| RenameError::Overrides { name: old_name.to_owned(), reason };
    let definitions = overrides::family(snapshot, definitions).map_err(refused)?;
    if let Some(taken) = taken(index, &definitions, new_name) {
        return Err(RenameError::Taken { name: new_name.to_owned(), place: place_of(&taken) });
    }
    let mut edits = EditSet::default();
    for definition in &definitions {
        edits.push(definition.path(), Edit::replace(definition.get().name_span, new_name));
    }
    let mut left = Vec::new();
    for hit in uses(index, symbol, &definitions) {
        if hit.certainty == Certainty::SameName {
            left.push(hit);
            continue;
        }
        if captured(&hit, new_name) {
            return Err(RenameError::Captured { name: new_name.to_owned(), place: place_of_hit(&hit) });
        }
        edits.push(hit.path(), edit_of(&hit, new_name));
    }
    Ok(Renamed { definitions, edits, left })
}

/// Everything that is this symbol: itself, and what declares it elsewhere.
fn definitions(index: &Index, symbol: &SymbolRef) -> Vec<SymbolRef> {
    let mut definitions = index.same_symbol(symbol);
    if !definitions.contains(symbol) {
        definitions.push(symbol.clone());
    }
    definitions
}

/// The uses of a symbol or of any of these that are renamed with it. What may mean several of them, and nothing else, is certain, unless a
/// type of the standard library may have a member of that name.
fn uses(index: &Index, symbol: &SymbolRef, definitions: &[SymbolRef]) -> Vec<Hit> {
    let own = index.same_symbol(symbol);
    let others: Vec<&SymbolRef> = definitions.iter().filter(|other| *other != symbol && !own.contains(other)).collect();
    let mut hits = index.references_of(symbol);
    if others.is_empty() {
        return hits;
    }
    for hit in others.into_iter().flat_map(|other| index.references_of(other)) {
        match hits.iter_mut().find(|known| known.path() == hit.path() && known.reference == hit.reference) {
            Some(known) => known.certainty = known.certainty.max(hit.certainty),
            None => hits.push(hit),
        }
    }
    let is_common = index::is_common_member(symbol.record.language, &symbol.get().name);
    for hit in hits.iter_mut().filter(|hit| hit.certainty == Certainty::SameName && !is_common) {
        let meant = index.target_at(hit.path(), hit.get().span.start as usize);
        if !meant.is_empty() && meant.iter().all(|(one, _)| definitions.contains(one)) {
            hit.certainty = Certainty::Imported;
        }
    }
    // The name of a definition is none of its uses.
    let is_name = |hit: &Hit| definitions.iter().any(|one| one.path() == hit.path() && one.get().name_span == hit.get().span);
    hits.retain(|hit| !is_name(hit));
    hits.sort_by(|a, b| (a.path(), a.reference).cmp(&(b.path(), b.reference)));
    hits
}

/// The edit that gives a use the new name. `Store { path }` sets the field `path` from the variable `path`: only the field is renamed.
fn edit_of(hit: &Hit, new_name: &str) -> Edit {
    let reference = hit.get();
    if reference.shorthand {
        Edit::insert(reference.span.start as usize, format!("{new_name}{} ", syntax_of_field_value(hit.record.language)))
    } else {
        Edit::replace(reference.span, new_name)
    }
}

/// Whether a method has the one name under which its language looks for it.
fn is_of_language(symbol: &SymbolRef) -> bool {
    use syntax::Language::{JavaScript, Php, Python, Ruby, Swift, Tsx, TypeScript};
    let (name, kind) = (symbol.get().name.as_str(), symbol.get().kind);
    match symbol.record.language {
        Python => matches!(kind, SymbolKind::Constructor | SymbolKind::Method) && name.starts_with("__") && name.ends_with("__"),
        Php => matches!(kind, SymbolKind::Constructor | SymbolKind::Method) && name.starts_with("__"),
        JavaScript | Ruby | Swift | Tsx | TypeScript => kind == SymbolKind::Constructor,
        _ => false,
    }
}

/// Where a field that is declared as a parameter of a constructor (`constructor(private name: string)`) is used as a parameter.
fn used_as_parameter(field: &SymbolRef) -> Option<String> {
    use syntax::Language::{CSharp, Dart, Kotlin, Php, Scala, Tsx, TypeScript};
    if !matches!(field.record.language, CSharp | Dart | Kotlin | Php | Scala | Tsx | TypeScript) {
        return None;
    }
    let (file, this) = (field.record.file(), field.get());
    let is_field = matches!(this.kind, SymbolKind::Field | SymbolKind::Property);
    let mut around = file.symbols.iter().filter(|other| {
        matches!(other.kind, SymbolKind::Constructor | SymbolKind::Method)
            && other.span.contains(this.span)
            && other.span != this.span
    });
    let constructor = around.next_back().filter(|_| is_field)?;
    let used = file
        .references()
        .find(|reference| reference.local && reference.name == this.name && constructor.span.contains(reference.span))?;
    Some(format!("{}:{}", field.path(), used.line() + 1))
}

/// What stands between a field and its value in a literal.
fn syntax_of_field_value(language: syntax::Language) -> &'static str {
    match language {
        syntax::Language::C | syntax::Language::Cpp | syntax::Language::CSharp | syntax::Language::Scala => " =",
        _ => ":",
    }
}

/// Another symbol of the new name beside one of the definitions.
fn taken(index: &Index, definitions: &[SymbolRef], new_name: &str) -> Option<SymbolRef> {
    index.named(new_name).into_iter().find(|other| {
        definitions
            .iter()
            .any(|definition| other.path() == definition.path() && other.get().container == definition.get().container)
    })
}

/// Whether a use stands in a symbol where the new name is a local one.
fn captured(hit: &Hit, new_name: &str) -> bool {
    let Some(enclosing) = hit.get().enclosing.filter(|_| !hit.get().member && hit.get().qualifier.is_empty()) else {
        return false;
    };
    hit.record.file().references().any(|other| other.local && other.name == new_name && other.enclosing == Some(enclosing))
}

/// Whether the path `whole` ends with the parts of `end`.
fn ends_with_path(whole: &str, end: &str) -> bool {
    whole == end || whole.strip_suffix(end).is_some_and(|rest| rest.ends_with("::"))
}

fn place_of(symbol: &SymbolRef) -> String {
    format!("{}:{}", symbol.path(), symbol.get().line + 1)
}

fn place_of_hit(hit: &Hit) -> String {
    format!("{}:{}", hit.path(), hit.get().line() + 1)
}
