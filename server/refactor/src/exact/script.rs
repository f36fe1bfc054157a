//! JavaScript and TypeScript: a definition goes to another module, and the imports of its name follow it.

use std::collections::BTreeSet;

use syntax::{Certainty, ReferenceKind, Symbol, SymbolKind};
use text::{Edit, Span};

use super::clause::{Clause, without};
use super::move_symbol::Move;
use super::names::is_used_outside;
use super::script_path::{bare, relative, written};
use super::{Exact, ExactError, circle, lines, refuse};

pub(super) fn move_definition(whole: &Move<'_>) -> Result<Exact, ExactError> {
    let (from, name) = (whole.from(), whole.name());
    movable(whole)?;
    let mut exact = whole.exact();
    let (mut edges, mut target_edits) = (Vec::new(), Vec::new());
    for span in &whole.spans {
        exact.edits.push(from, lines::removal(&whole.text, *span));
    }
    let is_shared = importers(whole, &mut exact, &mut target_edits, &mut edges)?;
    let stays = is_used_outside(&whole.record, name, &whole.spans);
    if stays {
        let sample = sample(whole, from);
        let path = written(from, whole.to, &sample, "").unwrap_or_else(|| relative(from, bare(whole.to)));
        let statement = statement(whole, &whole.text, is_type(whole.symbol.get()), name, &path);
        let place = import_place(&whole.record, &whole.text);
        exact.edits.push(from, Edit::insert(place, statement));
        edges.push((from.to_owned(), whole.to.to_owned()));
    }
    let imports = statements_of_target(whole, &mut exact, &mut edges)?;
    if let Some((a, b)) = circle::closed(whole.snapshot, &edges) {
        return refuse(format!("{a} would import {b}, which imports {a} already"));
    }
    for edit in unused(whole) {
        exact.edits.push(from, edit);
    }
    let mut moved = String::new();
    for (at, span) in whole.spans.iter().enumerate() {
        let text = span.of(&whole.text).trim_end();
        let start = same_start(whole, *span) - span.start as usize;
        let needs_export = (stays || is_shared) && !is_exported(&whole.text, same_start(whole, *span));
        let gap = if at == 0 { "" } else { "\n" };
        moved.push_str(gap);
        moved.push_str(&text[..start]);
        moved.push_str(if needs_export { "export " } else { "" });
        moved.push_str(&text[start..]);
    }
    match &whole.target {
        None => {
            let gap = if imports.is_empty() { "" } else { "\n" };
            exact.edits.push(whole.to, Edit::insert(0, format!("{}{gap}{moved}\n", imports.concat())));
        }
        Some((record, text)) => {
            if !imports.is_empty() {
                target_edits.push(Edit::insert(import_place(record, text), imports.concat()));
            }
            target_edits.push(lines::append(text, &moved, 1));
            target_edits.into_iter().for_each(|edit| exact.edits.push(whole.to, edit));
        }
    }
    Ok(exact)
}

/// Where the definition itself begins in its lines, behind `export` and comments.
fn same_start(whole: &Move<'_>, lines: Span) -> usize {
    let of_lines = whole
        .record
        .file()
        .symbols
        .iter()
        .filter(|symbol| symbol.name == *whole.name() && symbol.container.is_empty() && lines.contains(symbol.span));
    of_lines.map(|symbol| symbol.span.start as usize).min().unwrap_or(lines.start as usize)
}

fn is_exported(text: &str, start: usize) -> bool {
    text[text::line_start(text, start)..start].split_whitespace().any(|word| word == "export")
}

fn is_type(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Interface | SymbolKind::TypeAlias)
}

fn movable(whole: &Move<'_>) -> Result<(), ExactError> {
    let (name, from, moved) = (whole.name(), whole.from(), whole.moved_text());
    for word in ["__dirname", "__filename", "require", "module", "exports", "import.meta"] {
        if lines::words(&moved, word).next().is_some() {
            return refuse(format!("{name} uses {word}, which hangs on its file"));
        }
    }
    if moved.contains("import(") {
        return refuse(format!("{name} imports by a path of its own"));
    }
    let is_default = whole.spans.iter().any(|span| {
        let start = same_start(whole, *span);
        whole.text[text::line_start(&whole.text, start)..start].contains("default")
    });
    if is_default {
        return refuse(format!("{name} is the default export of {from}"));
    }
    for (path, text) in [(from, &*whole.text), (whole.to, whole.target_text())] {
        if text.contains("module.exports") || text.lines().any(|line| line.starts_with("exports.")) {
            return refuse(format!("{path} gives out its names by module.exports"));
        }
    }
    if is_computed_in_order(whole) {
        return refuse(format!("{name} is computed when {from} is loaded, from what is computed there before it"));
    }
    let file = whole.record.file();
    let in_list = file.references().find(|reference| {
        reference.kind == ReferenceKind::Import
            && reference.name == name
            && !file.imports.iter().any(|import| import.span.contains(reference.span))
    });
    if in_list.is_some() || whole.text.contains(&format!("export default {name}")) {
        return refuse(format!("{from} exports {name} in a list or as its default"));
    }
    for own in whole.own().filter(|own| matches!(own.kind, SymbolKind::Variable)) {
        if whole.text[text::line_start(&whole.text, own.span.start as usize)..].trim_start_matches("export ").starts_with("let ")
        {
            return refuse(format!("{} can be assigned, and an import of it cannot", own.name));
        }
    }
    loaded_by_path(whole.snapshot, from)
}

/// Refuses where a path in a string that is no import may be that of a file: a mock, a dynamic import, a list of entries.
pub(super) fn loaded_by_path(snapshot: &assist::Snapshot, from: &str) -> Result<(), ExactError> {
    // A path in a string that is no import: a mock, a dynamic import, a list of entries.
    let stem = bare(from).rsplit('/').next().unwrap_or(from);
    for record in
        snapshot.index().files().filter(|record| record.language.name().contains("script") || record.language.name() == "tsx")
    {
        let Some(text) = snapshot.text(&record.path) else { continue };
        let at = ["import(", "require(", "mock(", "importActual("].iter().find_map(|call| {
            text.match_indices(call).find_map(|(at, _)| {
                let rest = &text[at + call.len()..];
                let path = rest.trim_start().strip_prefix(['"', '\'', '`'])?.split(['"', '\'', '`']).next()?;
                (bare(path).rsplit('/').next() == Some(stem)).then_some(at)
            })
        });
        if let Some(at) = at {
            return refuse(format!(
                "{}:{} loads a module by a path that may be that of {from}",
                record.path,
                lines::line_number(&text, at)
            ));
        }
    }
    Ok(())
}

/// Whether the definition is evaluated when its module is loaded and calls what is defined beside it.
fn is_computed_in_order(whole: &Move<'_>) -> bool {
    let this = whole.symbol.get();
    let is_value = matches!(this.kind, SymbolKind::Variable | SymbolKind::Constant);
    is_value
        && whole
            .own()
            .any(|own| matches!(own.kind, SymbolKind::Variable | SymbolKind::Constant) && own.signature.starts_with("let"))
}

/// Lets every import and re-export of the name follow. Says whether anybody has it from outside of its old and its new file.
fn importers(
    whole: &Move<'_>,
    exact: &mut Exact,
    of_target: &mut Vec<Edit>,
    edges: &mut Vec<(String, String)>,
) -> Result<bool, ExactError> {
    let (index, name, from) = (whole.index(), whole.name(), whole.from());
    let mut is_shared = false;
    let mut kept = BTreeSet::new();
    for record in index.files().filter(|record| *record.path != *from) {
        let file = record.file();
        if !file.imports.iter().any(|import| import.name == name || import.name == "*") {
            continue;
        }
        let Some(text) = whole.snapshot.text(&record.path) else { continue };
        for (import, files) in file.imports.iter().zip(index.imported_files(&record.path)) {
            let leads = files.iter().any(|path| **path == *from);
            if !leads || (import.name != name && import.name != "*") {
                continue;
            }
            let statement = import.span.of(&text);
            let Some(path) = written(&record.path, whole.to, &import.from, from) else {
                return refuse(format!(
                    "{} reaches {from} as {}, which only its configuration explains",
                    record.path, import.from
                ));
            };
            is_shared |= *record.path != *whole.to;
            if import.name == "*" {
                if !statement.starts_with("export") || import.alias != "*" {
                    // `ns.name` is looked for among the uses below.
                    continue;
                }
                if *record.path == *whole.to {
                    return refuse(format!("{} exports everything of {from}", whole.to));
                }
                let line =
                    named(&text, if is_type(whole.symbol.get()) { "export type {" } else { "export {" }, name, &path, statement);
                exact.edits.push(&*record.path, Edit::insert(text::line_end(&text, import.span.end as usize), line));
                edges.push((record.path.to_string(), whole.to.to_owned()));
                continue;
            }
            let Some(clause) = Clause::of(record, &text, import) else {
                return refuse(format!("the import of {name} in {} is not understood", record.path));
            };
            if *record.path == *whole.to {
                if import.alias != name || statement.starts_with("export") {
                    return refuse(format!("{} gives it on, or calls it {}", whole.to, import.alias));
                }
                let whole_lines = lines::whole_lines(&text, clause.statement).filter(|_| clause.is_alone);
                of_target.push(whole_lines.map_or_else(|| clause.removal(&text), |lines| Edit::replace(lines, "")));
                continue;
            }
            let open = ["import type", "export type", "import", "export"].iter().find(|head| statement.starts_with(**head));
            let Some(open) = open else { return refuse(format!("the import of {name} in {} is not understood", record.path)) };
            let line = named(&text, &format!("{open} {{"), clause.span.of(&text), &path, statement);
            if clause.is_alone {
                exact.edits.push(
                    &*record.path,
                    Edit::replace(
                        clause.statement,
                        line.trim_end().trim_end_matches(if statement.ends_with(';') { '\n' } else { ';' }),
                    ),
                );
            } else {
                exact.edits.push(&*record.path, clause.removal(&text));
                exact.edits.push(&*record.path, Edit::insert(text::line_end(&text, clause.statement.end as usize), line));
            }
            if !open.contains("type") {
                edges.push((record.path.to_string(), whole.to.to_owned()));
            }
            kept.insert(record.path.to_string());
        }
    }
    for hit in whole.hits() {
        let reference = hit.get();
        // It stands at the end of its new file; only a function can be used above itself while that is loaded.
        let at_once =
            hit.enclosing().is_none_or(|symbol| !matches!(symbol.get().kind, SymbolKind::Function | SymbolKind::Method));
        let is_value = !is_type(whole.symbol.get()) && whole.symbol.get().kind != SymbolKind::Function;
        if hit.path() == whole.to && reference.kind != ReferenceKind::Import && at_once && is_value {
            return refuse(format!("{name} is needed while {} is loaded", whole.to));
        }
        let is_namespace = !reference.qualifier.is_empty()
            && hit
                .record
                .file()
                .imports
                .iter()
                .zip(index.imported_files(hit.path()))
                .any(|(import, files)| import.alias == reference.qualifier && files.iter().any(|path| **path == *from));
        if is_namespace {
            return refuse(format!("{}:{} reaches it as {}.{name}", hit.path(), reference.line() + 1, reference.qualifier));
        }
        if hit.certainty == Certainty::SameName {
            exact.left.push(hit);
        }
    }
    Ok(is_shared)
}

/// A statement that brings one name in or gives it on, ended and quoted as its neighbour is.
fn named(text: &str, open: &str, listed: &str, path: &str, neighbour: &str) -> String {
    let quote = if neighbour.contains('\'') { '\'' } else { '"' };
    let end =
        if neighbour.trim_end().ends_with(';') || text.lines().next().is_some_and(|line| line.ends_with(';')) { ";" } else { "" };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    format!("{open} {listed} }} from {quote}{path}{quote}{end}{line_end}")
}

fn statement(whole: &Move<'_>, text: &str, is_type: bool, name: &str, path: &str) -> String {
    let imports = &whole.record.file().imports;
    let neighbour = imports.first().map_or("\";", |import| import.span.of(&whole.text));
    let ends =
        imports.first().is_none_or(|import| whole.text[import.span.end as usize..].starts_with(';') || neighbour.ends_with(';'));
    let neighbour = format!("{neighbour}{}", if ends { ";" } else { "" });
    let is_typed = whole.record.language.name() != "javascript";
    named(text, if is_type && is_typed { "import type {" } else { "import {" }, name, path, &neighbour)
}

/// How a file writes relative paths: the first that it has, else that of its neighbours.
fn sample(whole: &Move<'_>, path: &str) -> String {
    let of = |path: &str| {
        let record = whole.index().file(path)?;
        record.file().imports.iter().map(|import| import.from.to_string()).find(|from| from.starts_with('.'))
    };
    of(path).or_else(|| of(whole.to)).or_else(|| of(whole.from())).unwrap_or_else(|| {
        let any = whole
            .index()
            .files()
            .filter(|record| record.language == whole.record.language)
            .flat_map(|record| record.file().imports.iter().map(|import| import.from.to_string()).collect::<Vec<_>>());
        any.into_iter().find(|from| from.starts_with('.')).unwrap_or_else(|| "./x".to_owned())
    })
}

/// The import statements that the definition needs in its new file.
fn statements_of_target(
    whole: &Move<'_>,
    exact: &mut Exact,
    edges: &mut Vec<(String, String)>,
) -> Result<Vec<String>, ExactError> {
    let (from, file) = (whole.from(), whole.record.file());
    let leads = whole.index().imported_files(from);
    let mut statements = Vec::new();
    for &at in &whole.needs.imports {
        let import = &file.imports[at];
        let known = whole
            .target
            .as_ref()
            .is_some_and(|(record, _)| record.file().imports.iter().any(|other| other.alias == import.alias));
        if known {
            continue;
        }
        let statement = import.span.of(&whole.text);
        let is_type = statement.starts_with("import type");
        if !statement.starts_with("import") {
            return refuse(format!("{} is not brought in by an import", import.alias));
        }
        let lead = leads.get(at).and_then(|files| files.first());
        let path = match lead {
            Some(lead) if **lead == *whole.to => continue,
            Some(lead) if import.from.starts_with('.') => written(whole.to, lead, &import.from, lead),
            None if import.from.starts_with('.') && same_folder(from, whole.to) => Some(import.from.to_string()),
            None if import.from.starts_with('.') => None,
            _ => Some(import.from.to_string()),
        };
        let Some(path) = path else { return refuse(format!("nothing says what {} is", import.from)) };
        if !is_type {
            edges.extend(lead.map(|lead| (whole.to.to_owned(), lead.to_string())));
        }
        let keyword = if is_type { "import type" } else { "import" };
        let quote = if statement.contains('\'') { '\'' } else { '"' };
        let end = if statement.ends_with(';') || whole.text[import.span.end as usize..].starts_with(';') { ";" } else { "" };
        let what = match import.name.as_str() {
            "default" => import.alias.to_string(),
            "*" => format!("* as {}", import.alias),
            "" => return refuse(format!("{} is not brought in by a plain import", import.alias)),
            _ => match Clause::of(&whole.record, &whole.text, import) {
                Some(clause) => format!("{{ {} }}", clause.span.of(&whole.text)),
                None => return refuse(format!("the import of {} is not understood", import.alias)),
            },
        };
        statements.push(format!("{keyword} {what} from {quote}{path}{quote}{end}\n"));
    }
    for own in whole.own() {
        let known =
            whole.target.as_ref().is_some_and(|(record, _)| record.file().imports.iter().any(|other| other.alias == own.name));
        if known {
            continue;
        }
        let start = own.span.start as usize;
        if whole.text[text::line_start(&whole.text, start)..start].contains("default") {
            return refuse(format!("{} is the default export of {from}", own.name));
        }
        if !is_exported(&whole.text, start) {
            if !text::line_indent(&whole.text, start).is_empty() || text::line_start(&whole.text, start) != start {
                return refuse(format!("{} is not exported by {from}", own.name));
            }
            let others = file.symbols.iter().filter(|other| other.name == own.name && other.container.is_empty());
            for other in others {
                let at = Edit::insert(other.span.start as usize, "export ");
                if !exact.edits.files().any(|(path, edits)| path == from && edits.contains(&at)) {
                    exact.edits.push(from, at);
                }
            }
        }
        let path = written(whole.to, from, &sample(whole, whole.to), "").unwrap_or_else(|| relative(whole.to, bare(from)));
        statements.push(statement(whole, &whole.text, is_type(own), &own.name, &path));
        if !is_type(own) {
            edges.push((whole.to.to_owned(), from.to_owned()));
        }
    }
    statements.sort();
    statements.dedup();
    Ok(statements)
}

fn same_folder(a: &str, b: &str) -> bool {
    a.rsplit_once('/').map(|parts| parts.0) == b.rsplit_once('/').map(|parts| parts.0)
}

/// Behind the last import at the head of the file, else at its start, below comments.
pub(super) fn import_place(record: &index::FileRecord, text: &str) -> usize {
    let file = record.file();
    let first = file.symbols.iter().map(|symbol| symbol.full_span.start).min().unwrap_or(u32::MAX);
    let heads = file.imports.iter().filter(|import| import.span.start < first && import.span.of(text).starts_with("import"));
    if let Some(end) = heads.map(|import| import.span.end as usize).max() {
        return text::line_end(text, end);
    }
    let mut at = 0;
    while at < text.len()
        && (text[at..].starts_with("//")
            || text[at..].starts_with("#!")
            || text[at..].starts_with("'use ")
            || text[at..].starts_with("\"use "))
    {
        at = text::line_end(text, at);
    }
    at
}

/// Edits that take imports out of the old file that only the definition used.
fn unused(whole: &Move<'_>) -> Vec<Edit> {
    let file = whole.record.file();
    let idle = whole.needs.imports.iter().map(|&at| &file.imports[at]).filter(|import| {
        let mentions = lines::words(&whole.text, &import.alias).filter(|&at| {
            let at = Span::new(at, at);
            !import.span.contains(at) && !whole.spans.iter().any(|span| span.contains(at))
        });
        mentions.count() == 0
    });
    let idle: Vec<_> = idle.collect();
    without(&whole.record, &whole.text, &idle, |_| true)
}
