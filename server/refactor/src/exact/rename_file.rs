//! `rename file A to B`: a file gets another path, and whoever imports it finds it there.

use std::sync::Arc;

use assist::Snapshot;
use index::FileRecord;
use syntax::Language;
use text::{Edit, Span};

use super::move_symbol::may_write;
use super::names::is_bound;
use super::rust_paths::{Module, uses_through};
use super::{Exact, ExactError, elsewhere, go, java, lines, python_module, refuse, script, script_path};
use crate::rename::rename;

/// A file on its way.
pub(super) struct FileMove<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) record: Arc<FileRecord>,
    pub(super) text: Arc<str>,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
}

/// Gives the file at `from` the path `to`.
///
/// # Errors
/// Says why it is not certain that the program would mean the same.
pub(crate) fn rename_file(snapshot: &Snapshot, from: &str, to: &str) -> Result<Exact, ExactError> {
    let index = snapshot.index();
    may_write(snapshot, from)?;
    may_write(snapshot, to)?;
    let (Some(record), Some(text)) = (index.file(from).cloned(), snapshot.text(from)) else {
        return refuse(format!("{from} is no file of the workspace that is known"));
    };
    if from == to || snapshot.text(to).is_some() || index.absolute(to).symlink_metadata().is_ok() {
        return refuse(format!("{to} exists already"));
    }
    if index.language(to, "") != Some(record.language) {
        return refuse(format!("{to} is not a file of {}", record.language.name()));
    }
    let file = FileMove { snapshot, record, text, from, to };
    let mut exact =
        Exact { what: format!("renamed {from} to {to}"), renamed: vec![(from.to_owned(), to.to_owned())], ..Exact::default() };
    match file.record.language {
        Language::Python => python(&file, &mut exact)?,
        Language::JavaScript | Language::TypeScript | Language::Tsx => typescript(&file, &mut exact)?,
        Language::Go => {
            if folder(from) != folder(to) {
                return refuse(format!("{to} is in another package than {from}; Go's names change with the package"));
            }
            go::same_conditions(from, &file.text, to, &file.text)?;
        }
        Language::Rust => rust(&file, &mut exact)?,
        Language::Java => java::rename_file(&file, &mut exact)?,
        other => return refuse(format!("who imports a file is not known for {}", other.name())),
    }
    let gone = file.record.file().symbols.iter().map(|symbol| (from.to_owned(), symbol.path()));
    exact.gone.extend(gone);
    Ok(exact)
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// The module is called otherwise where it is declared, and in every path; files of modules in it go with it.
fn rust(file: &FileMove<'_>, exact: &mut Exact) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    if folder(file.from) != folder(file.to) {
        return refuse(format!("{} would be another module than {} by more than its name", file.to, file.from));
    }
    let module = Module::of(index, file.from).filter(|module| !module.parts.is_empty());
    let Some(module) =
        module.filter(|_| !matches!(stem(file.from), "lib" | "main" | "mod") && !matches!(stem(file.to), "lib" | "main" | "mod"))
    else {
        return refuse(format!("{} or {} is the root of a crate or of a folder", file.from, file.to));
    };
    let Some(declaration) = module.declarations(index).and_then(|mut all| all.pop()) else {
        return refuse(format!("nothing declares the module {}", module.path()));
    };
    let text = file.snapshot.text(declaration.path()).unwrap_or_default();
    let head = &text[declaration.get().full_span.start as usize..declaration.get().span.start as usize];
    if head.contains("path") || head.contains("cfg") {
        return refuse(format!("the module {} is compiled under a condition, or from a path of its own", module.path()));
    }
    let renamed = rename(file.snapshot, &declaration, stem(file.to))?;
    if let Some(hit) = renamed.left.iter().find(|hit| !hit.get().member) {
        return refuse(format!("{}:{} may mean the module", hit.path(), hit.get().line() + 1));
    }
    exact.edits = renamed.edits;
    // The index knows a module's name where it is the last of a `use` path, and not where something in it is brought in.
    for record in index.files().filter(|record| record.language == Language::Rust) {
        let Some(text) = file.snapshot.text(&record.path).filter(|text| text.contains(stem(file.from))) else { continue };
        for place in uses_through(index, record, &text, &module) {
            let is_done =
                exact.edits.files().any(|(path, edits)| *path == *record.path && edits.iter().any(|edit| edit.span == place));
            if !is_done {
                exact.edits.push(&*record.path, Edit::replace(place, stem(file.to)));
            }
        }
    }
    exact.gone.push((declaration.path().to_owned(), declaration.symbol_path()));
    let (old, new) = (file.from.trim_end_matches(".rs"), file.to.trim_end_matches(".rs"));
    let below = index.files().filter_map(|record| Some((record, record.path.strip_prefix(old)?.strip_prefix('/')?)));
    for (record, rest) in below {
        exact.renamed.push((record.path.to_string(), format!("{new}/{rest}")));
        exact.gone.extend(record.file().symbols.iter().map(|symbol| (record.path.to_string(), symbol.path())));
    }
    Ok(())
}

fn typescript(file: &FileMove<'_>, exact: &mut Exact) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    if stem(file.from) == "index" || stem(file.to) == "index" {
        return refuse("an index file is found by its folder".to_owned());
    }
    script::loaded_by_path(file.snapshot, file.from)?;
    let name = file.from.rsplit('/').next().unwrap_or(file.from);
    if let Some(place) =
        elsewhere::mention(file.snapshot, &[script_path::bare(file.from).to_owned(), format!("/{name}"), format!("\"{name}")])
    {
        return refuse(format!("{place} may name {}", file.from));
    }
    for record in index.files().filter(|record| *record.path != *file.from && !record.file().imports.is_empty()) {
        for (import, files) in record.file().imports.iter().zip(index.imported_files(&record.path)) {
            if !files.iter().any(|path| **path == *file.from) {
                continue;
            }
            let Some(path) = script_path::written(&record.path, file.to, &import.from, file.from) else {
                return refuse(format!(
                    "{} reaches {} as {}, which only its configuration explains",
                    record.path, file.from, import.from
                ));
            };
            quoted(file.snapshot, &record.path, import, &path, exact)?;
        }
    }
    if folder(file.from) != folder(file.to) {
        for (import, files) in file.record.file().imports.iter().zip(index.imported_files(file.from)) {
            if !import.from.starts_with('.') {
                continue;
            }
            let path = files.first().and_then(|lead| script_path::written(file.to, lead, &import.from, lead));
            let Some(path) = path else { return refuse(format!("nothing says what {} is", import.from)) };
            quoted(file.snapshot, file.from, import, &path, exact)?;
        }
    }
    Ok(())
}

/// Replaces the quoted path of an import statement, once for all that it brings in.
fn quoted(snapshot: &Snapshot, path: &str, import: &syntax::Import, new: &str, exact: &mut Exact) -> Result<(), ExactError> {
    let Some(text) = snapshot.text(path) else { return refuse(format!("{path} cannot be read")) };
    let statement = import.span.of(&text);
    let place = ['"', '\'', '`'].iter().find_map(|quote| statement.rfind(&format!("{quote}{}{quote}", import.from)));
    let Some(place) = place else { return refuse(format!("an import in {path} is not understood")) };
    let start = import.span.start as usize + place + 1;
    let edit = Edit::replace(Span::new(start, start + import.from.len()), new);
    if !exact.edits.files().any(|(other, edits)| other == path && edits.contains(&edit)) {
        exact.edits.push(path, edit);
    }
    Ok(())
}

fn python(file: &FileMove<'_>, exact: &mut Exact) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    let (old, new) = (stem(file.from), stem(file.to));
    for special in ["__init__", "__main__", "conftest", "setup", "manage", "wsgi", "asgi"] {
        if old == special || new == special {
            return refuse(format!("{special}.py is known by its name"));
        }
    }
    if old.starts_with("test_") != new.starts_with("test_") || old.ends_with("_test") != new.ends_with("_test") {
        return refuse("whether it holds tests hangs on its name".to_owned());
    }
    if !file.record.language.is_identifier(new) {
        return refuse(format!("{new} is no name of a module"));
    }
    let parts = python_module::parts(file.from);
    let tail = parts[parts.len().saturating_sub(2)..].join(".");
    let mentions = if parts.len() > 1 {
        vec![tail.clone(), parts[parts.len() - 2..].join("/")]
    } else {
        vec![format!("{old}:"), format!("{old}.py"), format!("\"{old}\"")]
    };
    if let Some(place) = elsewhere::mention(file.snapshot, &mentions) {
        return refuse(format!("{place} may name {}", file.from));
    }
    for record in index.files().filter(|record| record.language == Language::Python) {
        let Some(text) = file.snapshot.text(&record.path) else { continue };
        in_strings(file, record, &text, &tail, old)?;
        if *record.path == *file.from {
            continue;
        }
        let mut done: Vec<Span> = Vec::new();
        for (import, files) in record.file().imports.iter().zip(index.imported_files(&record.path)) {
            if files.iter().any(|path| **path == *file.from) {
                follow(file, record, &text, import, &mut done, exact)?;
            }
        }
    }
    if folder(file.from) != folder(file.to) {
        let mut done: Vec<Span> = Vec::new();
        for (import, files) in file.record.file().imports.iter().zip(index.imported_files(file.from)) {
            if !import.from.starts_with('.') || done.contains(&import.span) {
                continue;
            }
            let lead = files.iter().find(|path| python_module::parts(path).last() != Some(&import.name.as_str()));
            let module = lead.and_then(|path| python_module::written(index, file.to, path, &import.from, path));
            let Some(module) = module else { return refuse(format!("{} cannot be imported from {}", import.from, file.to)) };
            exact.edits.push(file.from, module_edit(&file.text, import, &module)?);
            done.push(import.span);
        }
    }
    Ok(())
}

/// Lets one import of the module follow it, and the uses of the name that it binds.
fn follow(
    file: &FileMove<'_>,
    record: &FileRecord,
    text: &str,
    import: &syntax::Import,
    done: &mut Vec<Span>,
    exact: &mut Exact,
) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    let (old, new) = (stem(file.from), stem(file.to));
    let is_module = python_module::is_meant(index, &record.path, &import.from, file.from);
    let unknown = || ExactError::Unproven(format!("{} has no name for {} that is like {}", record.path, file.to, import.from));
    if is_module {
        let module = python_module::written(index, &record.path, file.to, &import.from, file.from).ok_or_else(unknown)?;
        if import.name.is_empty() && import.alias == import.from {
            for reference in record.file().references() {
                let is_it = reference.qualifier == import.from || reference.qualifier.starts_with(&format!("{}.", import.from));
                if !is_it || import.span.contains(reference.span) {
                    continue;
                }
                let start = reference.span.start as usize - reference.qualifier.len() - 1;
                if !text[start..].starts_with(&*import.from) {
                    return refuse(format!("{}:{} writes its path over several lines", record.path, reference.line() + 1));
                }
                let edit = Edit::replace(Span::new(start, start + import.from.len()), module.clone());
                if !exact.edits.files().any(|(path, edits)| path == &*record.path && edits.contains(&edit)) {
                    exact.edits.push(&*record.path, edit);
                }
            }
        }
        if !done.contains(&import.span) {
            exact.edits.push(&*record.path, module_edit(text, import, &module)?);
            done.push(import.span);
        }
        return Ok(());
    }
    if import.name != old || folder(file.from) != folder(file.to) {
        return Err(unknown());
    }
    let names = record.file().references().filter(|reference| {
        reference.kind == syntax::ReferenceKind::Import && reference.name == old && import.span.contains(reference.span)
    });
    let Some(name) = names.last().map(|reference| reference.span) else { return Err(unknown()) };
    if import.alias != import.name || is_bound(record, new) {
        let alias = if import.alias == import.name { format!("{new} as {old}") } else { new.to_owned() };
        exact.edits.push(&*record.path, Edit::replace(name, alias));
        return Ok(());
    }
    exact.edits.push(&*record.path, Edit::replace(name, new));
    for reference in record.file().references() {
        let in_import = record.file().imports.iter().any(|import| import.span.contains(reference.span));
        if reference.name == old
            && reference.qualifier.is_empty()
            && !reference.member
            && !reference.label
            && !reference.local
            && !in_import
        {
            exact.edits.push(&*record.path, Edit::replace(reference.span, new));
        }
    }
    Ok(())
}

/// Replaces the module in an import statement.
fn module_edit(text: &str, import: &syntax::Import, module: &str) -> Result<Edit, ExactError> {
    let statement = import.span.of(text);
    let after = statement.find(['m', 'i']).map_or(0, |_| if statement.starts_with("from") { 4 } else { 6 });
    let Some(at) = statement[after..].find(&*import.from) else { return refuse(format!("{statement} is not understood")) };
    let start = import.span.start as usize + after + at;
    Ok(Edit::replace(Span::new(start, start + import.from.len()), module))
}

/// Refuses where a string seems to name the module.
fn in_strings(file: &FileMove<'_>, record: &FileRecord, text: &str, tail: &str, old: &str) -> Result<(), ExactError> {
    let mut places = lines::words(text, tail).filter(|&at| {
        let line = &text[text::line_start(text, at)..at];
        line.matches(['"', '\'']).count() % 2 == 1
    });
    let bare = [
        format!("import_module(\"{old}"),
        format!("import_module('{old}"),
        format!("import_module(\".{old}"),
        format!("import_module('.{old}"),
    ];
    let place = places.next().or_else(|| bare.iter().find_map(|call| text.find(call.as_str())));
    match place {
        Some(at) => refuse(format!("{}:{} may name {} in a string", record.path, lines::line_number(text, at), file.from)),
        None => Ok(()),
    }
}
