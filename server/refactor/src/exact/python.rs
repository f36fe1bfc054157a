//! Python: a definition goes to another module; `from a import f` becomes `from b import f`, and `a.f` becomes `b.f`.

use syntax::{Certainty, Import, ReferenceKind, SymbolKind};
use text::{Edit, Span};

use super::clause::Clause;
use super::move_symbol::Move;
use super::names::{head, is_bound, is_used_outside};
use super::{Exact, ExactError, circle, lines, python_module, python_text, refuse};

/// Decorators that only wrap what they stand on.
const PLAIN_DECORATORS: &[&str] = &[
    "dataclass",
    "dataclasses",
    "staticmethod",
    "classmethod",
    "property",
    "functools",
    "lru_cache",
    "cache",
    "wraps",
    "contextmanager",
    "contextlib",
    "asynccontextmanager",
    "abstractmethod",
    "abc",
    "overload",
    "typing",
    "total_ordering",
    "final",
    "singledispatch",
    "unique",
    "enum",
    "runtime_checkable",
    "attr",
    "attrs",
    "deprecated",
];

pub(super) fn move_definition(whole: &Move<'_>) -> Result<Exact, ExactError> {
    let (from, name) = (whole.from(), whole.name());
    python_text::movable(whole, PLAIN_DECORATORS)?;
    let mut exact = whole.exact();
    let mut edges = Vec::new();
    for span in &whole.spans {
        exact.edits.push(from, lines::removal(&whole.text, *span));
    }
    let target_imports = statements_of_target(whole, &mut edges)?;
    let mut target_edits = Vec::new();
    let stays = is_used_outside(&whole.record, name, &whole.spans);
    let is_relative = whole.record.file().imports.iter().any(|import| import.from.starts_with('.'))
        || whole.index().file(&format!("{}/__init__.py", folder(from))).is_some();
    if stays {
        let Some(module) = python_module::first(whole.index(), from, whole.to, is_relative) else {
            return refuse(format!("{from} and {} have no common root to import each other from", whole.to));
        };
        let place = python_text::import_place(&whole.record, &whole.text);
        exact.edits.push(from, Edit::insert(place, format!("from {module} import {name}\n")));
        edges.push((from.to_owned(), whole.to.to_owned()));
    }
    importers(whole, &mut exact, &mut target_edits, &mut edges)?;
    qualified(whole, &mut exact, &mut edges)?;
    if let Some((a, b)) = circle::closed(whole.snapshot, &edges) {
        return refuse(format!("{a} would import {b}, which imports {a} already"));
    }
    for statement in python_text::unused(whole) {
        exact.edits.push(from, statement);
    }
    let moved = whole.spans.iter().map(|span| span.of(&whole.text).trim_end()).collect::<Vec<_>>().join("\n\n\n");
    match &whole.target {
        None => {
            let future = python_text::future(&whole.text).map_or(String::new(), |line| format!("{line}\n\n"));
            let gap = if target_imports.is_empty() { "" } else { "\n\n" };
            exact.edits.push(whole.to, Edit::insert(0, format!("{future}{}{gap}{moved}\n", target_imports.concat())));
        }
        Some((record, text)) => {
            if !target_imports.is_empty() {
                target_edits.push(Edit::insert(python_text::import_place(record, text), target_imports.concat()));
            }
            target_edits.push(lines::append(text, &moved, 2));
            target_edits.into_iter().for_each(|edit| exact.edits.push(whole.to, edit));
        }
    }
    Ok(exact)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The import statements that the definition needs in its new file.
fn statements_of_target(whole: &Move<'_>, edges: &mut Vec<(String, String)>) -> Result<Vec<String>, ExactError> {
    let (from, file) = (whole.from(), whole.record.file());
    let leads = whole.index().imported_files(from);
    let mut statements = Vec::new();
    for &at in &whole.needs.imports {
        let import = &file.imports[at];
        let statement = import.span.of(&whole.text);
        if !text::line_indent(&whole.text, import.span.start as usize).is_empty() {
            return refuse(format!("{} is imported under a condition in {from}", import.alias));
        }
        if statement.starts_with("from __future__") || import.name == "*" {
            continue;
        }
        let known = whole.target.as_ref().is_some_and(|(record, _)| {
            record
                .file()
                .imports
                .iter()
                .any(|other| (&other.from, &other.name, &other.alias) == (&import.from, &import.name, &import.alias))
        });
        if known {
            continue;
        }
        let module = if import.from.starts_with('.') && folder(from) != folder(whole.to) {
            let lead = leads.get(at).and_then(|files| files.first());
            let of_module = lead.filter(|path| python_module::parts(path).last() != Some(&import.name.as_str()));
            match of_module.and_then(|path| python_module::written(whole.index(), whole.to, path, &import.from, path)) {
                Some(module) => module,
                None => return refuse(format!("{} cannot be imported from {}", import.from, whole.to)),
            }
        } else {
            import.from.to_string()
        };
        edges.extend(leads.get(at).into_iter().flatten().map(|path| (whole.to.to_owned(), path.to_string())));
        let alias = |name: &str| if import.alias == name { String::new() } else { format!(" as {}", import.alias) };
        statements.push(if import.name.is_empty() {
            format!("import {module}{}\n", alias(&import.from))
        } else {
            format!("from {module} import {}{}\n", import.name, alias(&import.name))
        });
    }
    let is_relative = file.imports.iter().any(|import| import.from.starts_with('.'))
        || whole.index().file(&format!("{}/__init__.py", folder(from))).is_some();
    for own in whole.own() {
        let known =
            whole.target.as_ref().is_some_and(|(record, _)| record.file().imports.iter().any(|other| other.alias == own.name));
        if known {
            continue;
        }
        let Some(module) = python_module::first(whole.index(), whole.to, from, is_relative) else {
            return refuse(format!("{} and {from} have no common root to import each other from", whole.to));
        };
        edges.push((whole.to.to_owned(), from.to_owned()));
        statements.push(format!("from {module} import {}\n", own.name));
    }
    statements.sort_by_key(|statement| (statement.starts_with("from"), statement.clone()));
    statements.dedup();
    Ok(statements)
}

/// Every file that imports the definition by name.
fn importers(
    whole: &Move<'_>,
    exact: &mut Exact,
    of_target: &mut Vec<Edit>,
    edges: &mut Vec<(String, String)>,
) -> Result<(), ExactError> {
    let (index, name) = (whole.index(), whole.name());
    for record in index.files().filter(|record| record.language == whole.record.language && *record.path != *whole.from()) {
        let file = record.file();
        if !file.imports.iter().any(|import| import.name == name || import.name == "*") {
            continue;
        }
        for (import, files) in file.imports.iter().zip(index.imported_files(&record.path)) {
            if !files.iter().any(|path| **path == *whole.from()) {
                continue;
            }
            if import.name == "*" {
                return refuse(format!("{} imports everything from {}", record.path, whole.from()));
            }
            if import.name != name || !python_module::is_meant(index, &record.path, &import.from, whole.from()) {
                continue;
            }
            let Some(text) = whole.snapshot.text(&record.path) else { return refuse(format!("{} cannot be read", record.path)) };
            let Some(clause) = Clause::of(record, &text, import) else {
                return refuse(format!("the import of {name} in {} is not understood", record.path));
            };
            if *record.path == *whole.to {
                if import.alias != name {
                    return refuse(format!("{} calls it {}", whole.to, import.alias));
                }
                of_target.push(without(&text, &clause)?);
                continue;
            }
            let Some(module) = python_module::written(index, &record.path, whole.to, &import.from, whole.from()) else {
                return refuse(format!("{} has no name for {} that is like {}", record.path, whole.to, import.from));
            };
            let listed = clause.span.of(&text);
            let statement = format!("from {module} import {listed}");
            if clause.is_alone {
                exact.edits.push(&*record.path, Edit::replace(clause.statement, statement));
            } else {
                let end = clause.statement.end as usize;
                if !ends_line(&text, end) {
                    return refuse(format!("something stands behind an import in {}", record.path));
                }
                exact.edits.push(&*record.path, clause.removal(&text));
                let indent = text::line_indent(&text, clause.statement.start as usize);
                let line = format!("{indent}{statement}\n");
                exact.edits.push(&*record.path, Edit::insert(text::line_end(&text, end), line));
            }
            if text::line_indent(&text, import.span.start as usize).is_empty() {
                edges.push((record.path.to_string(), whole.to.to_owned()));
            }
        }
    }
    used_at_once_in_target(whole)
}

/// Takes an import out that is no longer needed.
fn without(text: &str, clause: &Clause) -> Result<Edit, ExactError> {
    if !clause.is_alone {
        return Ok(clause.removal(text));
    }
    match lines::whole_lines(text, clause.statement) {
        Some(lines) if text::line_indent(text, clause.statement.start as usize).is_empty() => Ok(Edit::replace(lines, "")),
        _ => refuse("an import stands among other statements".to_owned()),
    }
}

fn ends_line(text: &str, end: usize) -> bool {
    let rest = text[end..text::line_end(text, end)].trim();
    (rest.is_empty() || rest.starts_with('#')) && text::line_end(text, end) > end
}

/// The definition stands at the end of its new file, so nothing before it there may need it while the file is loaded.
fn used_at_once_in_target(whole: &Move<'_>) -> Result<(), ExactError> {
    for hit in whole.hits().iter().filter(|hit| hit.path() == whole.to && hit.get().kind != ReferenceKind::Import) {
        let in_function =
            hit.enclosing().is_some_and(|symbol| matches!(symbol.get().kind, SymbolKind::Function | SymbolKind::Method));
        if !in_function {
            return refuse(format!("{} is needed while {} is loaded", whole.name(), whole.to));
        }
    }
    Ok(())
}

/// Every use through the module: `a.f`, and `package.a.f`.
fn qualified(whole: &Move<'_>, exact: &mut Exact, edges: &mut Vec<(String, String)>) -> Result<(), ExactError> {
    let (index, name) = (whole.index(), whole.name());
    let parts = python_module::parts(whole.from());
    let stem = parts.last().copied().unwrap_or_default();
    let mut added: Vec<(String, String)> = Vec::new();
    for hit in whole.hits() {
        let reference = hit.get();
        let qualifier = reference.qualifier;
        if reference.kind == ReferenceKind::Import {
            continue;
        }
        if hit.certainty == Certainty::SameName {
            if qualifier.rsplit('.').next() == Some(stem)
                || (!reference.member && qualifier.is_empty() && hit.path() != whole.from())
            {
                return refuse(format!("{}:{} may mean it", hit.path(), reference.line() + 1));
            }
            exact.left.push(hit.clone());
            continue;
        }
        if qualifier.is_empty() {
            continue;
        }
        let file = hit.record.file();
        let through = file
            .imports
            .iter()
            .zip(index.imported_files(hit.path()))
            .find(|(import, files)| import.alias == qualifier && files.iter().any(|path| **path == *whole.from()));
        let Some(text) = whole.snapshot.text(hit.path()) else { return refuse(format!("{} cannot be read", hit.path())) };
        let start = reference.span.start as usize;
        let Some((import, _)) = through.filter(|_| text[..start].ends_with(&format!("{qualifier}."))) else {
            return refuse(format!("{}:{} reaches it as {qualifier}.{name}", hit.path(), reference.line() + 1));
        };
        let (statement, module) = statement_for(whole, &hit, import)?;
        if hit.path() == whole.to || (!import.name.is_empty() && is_bound(&hit.record, &module)) {
            return refuse(format!("{} has another use for the name {module}", hit.path()));
        }
        exact.edits.push(hit.path(), Edit::replace(Span::new(start - qualifier.len() - 1, start - 1), module));
        if !added.contains(&(hit.path().to_owned(), statement.clone())) {
            let end = import.span.end as usize;
            if !ends_line(&text, end) {
                return refuse(format!("something stands behind an import in {}", hit.path()));
            }
            let indent = text::line_indent(&text, import.span.start as usize);
            exact.edits.push(hit.path(), Edit::insert(text::line_end(&text, end), format!("{indent}{statement}\n")));
            added.push((hit.path().to_owned(), statement));
            edges.push((hit.path().to_owned(), whole.to.to_owned()));
        }
    }
    Ok(())
}

/// The statement that imports the new module beside the one that imports the old, and what the module is called then.
fn statement_for(whole: &Move<'_>, hit: &index::Hit, import: &Import) -> Result<(String, String), ExactError> {
    let unknown = || ExactError::Unproven(format!("{} has no name for {} that is like {}", hit.path(), whole.to, import.from));
    let stem = python_module::parts(whole.to).last().copied().unwrap_or_default().to_owned();
    if import.name.is_empty() {
        let module =
            python_module::written(whole.index(), hit.path(), whole.to, &import.from, whole.from()).ok_or_else(unknown)?;
        return if import.alias == import.from && head(&module) == head(&import.from) {
            Ok((format!("import {module}"), module))
        } else {
            Ok((format!("import {module} as {stem}"), stem))
        };
    }
    // `from package import module`: the package is what stands before the last part.
    let sample = if import.from.ends_with('.') {
        format!("{}{}", import.from, import.name)
    } else {
        format!("{}.{}", import.from, import.name)
    };
    let module = python_module::written(whole.index(), hit.path(), whole.to, &sample, whole.from()).ok_or_else(unknown)?;
    let (package, last) = module.rsplit_once('.').ok_or_else(unknown)?;
    let dots = module.len() - module.trim_start_matches('.').len();
    let package = if package.len() < dots { &module[..dots] } else { package };
    Ok((format!("from {package} import {last}"), last.to_owned()))
}
