//! `delete_file`: a file that nothing uses goes, and with it the declaration of its module.

use assist::Snapshot;
use index::SymbolRef;
use syntax::{Certainty, Language, Limits, ReferenceKind};
use text::Span;

use super::move_symbol::may_write;
use super::rust_paths::Module;
use super::{Exact, ExactError, elsewhere, is_understood, lines, refuse};

/// What is found by its name, not by being imported.
const FOUND_BY_NAME: &[&str] =
    &["lib", "main", "mod", "build", "index", "__init__", "__main__", "conftest", "setup", "package-info", "module-info"];

/// Deletes a file that is proven to be unused in the workspace.
///
/// # Errors
/// Says who uses it, or why nobody can tell.
pub(crate) fn delete_file(snapshot: &Snapshot, path: &str) -> Result<Exact, ExactError> {
    let index = snapshot.index();
    may_write(snapshot, path)?;
    let (Some(record), Some(text)) = (index.file(path).cloned(), snapshot.text(path)) else {
        return refuse(format!("{path} is no file of the workspace that is known"));
    };
    if !is_understood(record.language) {
        return refuse(format!("whether a file is unused is not known for {}", record.language.name()));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    if FOUND_BY_NAME.contains(&stem) {
        return refuse(format!("{path} is found by its name, whoever uses it"));
    }
    let file = record.file();
    let defined: Vec<&str> =
        file.symbols.iter().filter(|symbol| symbol.container.is_empty()).map(|symbol| symbol.name.as_str()).collect();
    let foreign = file.symbols.iter().find(|symbol| {
        let outermost = symbol.container.split("::").next().unwrap_or_default();
        !outermost.is_empty() && !defined.contains(&outermost)
    });
    if let Some(symbol) = foreign {
        return refuse(format!("{} belongs to something that is defined in another file", symbol.path()));
    }
    let count = u32::try_from(file.symbols.len()).unwrap_or(u32::MAX);
    for symbol in (0..count).filter_map(|at| SymbolRef::new(&record, at)) {
        let this = symbol.get();
        let is_outer = this.container.is_empty();
        // A test takes nothing from the program with it.
        if is_outer && matches!(this.name.as_str(), "main" | "init" | "_") {
            return refuse(format!("{} is called by its name from outside of the program", this.name));
        }
        let used = |hit: &index::Hit| hit.path() != path && (is_outer || hit.certainty > Certainty::SameName);
        if let Some(hit) = index.references_of(&symbol).into_iter().find(used) {
            let may = if hit.certainty == Certainty::SameName { "may use" } else { "uses" };
            return refuse(format!("{}:{} {may} {}", hit.path(), hit.get().line() + 1, symbol.symbol_path()));
        }
    }
    let whole = Span::new(0, text.len());
    let gone = file.symbols.iter().map(|symbol| (path.to_owned(), symbol.path())).collect();
    let mut exact = Exact {
        deleted: vec![path.to_owned()],
        gone,
        removed: vec![(path.to_owned(), whole)],
        what: format!("deleted {path}"),
        ..Exact::default()
    };
    if record.language == Language::Rust {
        undeclare(snapshot, path, &text, &defined, &mut exact)?;
    }
    for other in index.files().filter(|other| *other.path != *path && !other.file().imports.is_empty()) {
        let leads = index.imported_files(&other.path);
        if leads.iter().any(|files| files.iter().any(|file| **file == *path)) {
            return refuse(format!("{} imports {path}", other.path));
        }
    }
    // No path of Go leads to a single file, so that "context" means a package and only "context.go" the file.
    let quoted = if record.language == Language::Go { name } else { stem };
    if let Some(place) = mention(snapshot, path, name, quoted) {
        return refuse(format!("{place} may mean {path}"));
    }
    Ok(exact)
}

/// Takes out the `mod` statement of a module that nothing names.
fn undeclare(snapshot: &Snapshot, path: &str, text: &str, defined: &[&str], exact: &mut Exact) -> Result<(), ExactError> {
    let index = snapshot.index();
    let Ok(tree) = syntax::parse_only(Language::Rust, text, None, &Limits::default()) else {
        return refuse(format!("{path} cannot be parsed"));
    };
    if let Some(block) = syntax::implementations(&tree, text).into_iter().find(|block| !defined.contains(&block.of.as_str())) {
        return refuse(format!("it holds an implementation for {}, which is defined in another file", block.of));
    }
    let below = format!("{}/", path.trim_end_matches(".rs"));
    if let Some(inner) = index.files().find(|record| record.path.starts_with(&below)) {
        return refuse(format!("{} is a module in it", inner.path));
    }
    let Some(module) = Module::of(index, path) else { return refuse(format!("no crate declares {path}")) };
    let Some(declaration) = module.declarations(index).and_then(|mut all| all.pop()) else {
        return refuse(format!("nothing declares the module {}", module.path()));
    };
    let is_use = |hit: &index::Hit| hit.path() != path && hit.get().kind != ReferenceKind::Other;
    let hits = index.references_of(&declaration);
    if let Some(hit) = hits.iter().find(|hit| hit.certainty > Certainty::SameName || is_use(hit)) {
        return refuse(format!("{}:{} may name the module {}", hit.path(), hit.get().line() + 1, module.path()));
    }
    let owner = declaration.path();
    let Some(outer) = snapshot.text(owner) else { return refuse(format!("{owner} cannot be read")) };
    let Some(statement) = lines::whole_lines(&outer, declaration.get().full_span) else {
        return refuse(format!("something else stands on the line that declares {}", module.path()));
    };
    exact.edits.push(owner, lines::removal(&outer, statement));
    exact.gone.push((owner.to_owned(), declaration.symbol_path()));
    exact.removed.push((owner.to_owned(), statement));
    Ok(())
}

/// Where the file may be meant by a text: in a manifest, or in quotes somewhere in the code.
fn mention(snapshot: &Snapshot, path: &str, name: &str, quoted: &str) -> Option<String> {
    if let Some(place) = elsewhere::mention(snapshot, &[name.to_owned()]) {
        return Some(place);
    }
    for record in snapshot.index().files().filter(|record| *record.path != *path) {
        let Some(text) = snapshot.text(&record.path).filter(|text| text.contains(quoted)) else { continue };
        let is_quoted =
            |at: &usize| text[..*at].ends_with(['"', '\'', '`']) || text[at + quoted.len()..].starts_with(['"', '\'', '`']);
        if let Some(at) = lines::words(&text, quoted).find(is_quoted) {
            return Some(format!("{}:{}", record.path, lines::line_number(&text, at)));
        }
    }
    None
}
