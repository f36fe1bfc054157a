//! Rust: a definition goes to another module of its crate, with its implementations; paths and imports follow it.

use std::collections::BTreeSet;

use index::{FileRecord, Hit};
use syntax::{Certainty, Limits, ReferenceKind, Symbol, SymbolKind, Visibility};
use text::{Edit, Span};

use super::clause::Clause;
use super::move_symbol::Move;
use super::names::is_used_outside;
use super::rust_paths::Module;
use super::{Exact, ExactError, lines, refuse, rust_needs};

/// The implementations of a type go with it.
pub(super) fn take_implementations(whole: &mut Move<'_>) -> Result<(), ExactError> {
    if !matches!(whole.symbol.get().kind, SymbolKind::Struct | SymbolKind::Enum) {
        return Ok(());
    }
    let Ok(tree) = syntax::parse_only(whole.record.language, &whole.text, None, &Limits::default()) else {
        return refuse(format!("{} cannot be parsed", whole.from()));
    };
    let name = whole.name().to_owned();
    for block in syntax::implementations(&tree, &whole.text).into_iter().filter(|block| block.of == name) {
        let Some(lines) = lines::whole_lines(&whole.text, block.span) else {
            return refuse(format!("something else stands on the lines of an implementation of {name}"));
        };
        let mut start = lines.start as usize;
        while start > 0 {
            let above = text::line_start(&whole.text, start - 1);
            let line = &whole.text[above..start];
            if !(line.starts_with("#[") || line.starts_with("//") && !line.starts_with("//!")) {
                break;
            }
            start = above;
        }
        whole.spans.push(Span::new(start, lines.end as usize));
    }
    whole.spans.sort();
    Ok(())
}

pub(super) fn move_definition(whole: &Move<'_>) -> Result<Exact, ExactError> {
    let (index, from, name) = (whole.index(), whole.from(), whole.name());
    let this = whole.symbol.get();
    if matches!(this.kind, SymbolKind::Macro | SymbolKind::Module) || name == "main" {
        return refuse(format!("{name} is known by its place in the file"));
    }
    let Some(old) = Module::of(index, from) else { return refuse(format!("nothing says to which crate {from} belongs")) };
    let mut exact = whole.exact();
    let new = match &whole.target {
        Some(_) => match Module::of(index, whole.to) {
            Some(new) if new.root == old.root => new,
            _ => return refuse(format!("{} is not a module of the crate of {from}", whole.to)),
        },
        None => declare(whole, &old, &mut exact)?,
    };
    let ways = same_conditions(whole, &old, &new)?;
    let is_public = whole.text[this.span.start as usize..].starts_with("pub ");
    if is_public && ways.0 && !ways.1 {
        return refuse(format!("{name} can be named from outside of the crate, and in {} it could not", whole.to));
    }
    rust_needs::private_members(whole, &old, &new)?;
    for span in &whole.spans {
        exact.edits.push(from, lines::removal(&whole.text, *span));
    }
    let mut target_edits = Vec::new();
    let used = follow(whole, &old, &new, &mut exact, &mut target_edits)?;
    let uses = rust_needs::imports(whole, &old, &new, &mut exact)?;
    for edit in rust_needs::unused(whole) {
        exact.edits.push(from, edit);
    }
    let moved = moved_text(whole, &old, &new, used)?;
    match &whole.target {
        None => {
            let gap = if uses.is_empty() { "" } else { "\n" };
            exact.edits.push(whole.to, Edit::insert(0, format!("{}{gap}{moved}\n", uses.concat())));
        }
        Some((record, text)) => {
            if !uses.is_empty() {
                target_edits.push(Edit::insert(import_place(record, text), uses.concat()));
            }
            target_edits.push(lines::append(text, &moved, 1));
            target_edits.into_iter().for_each(|edit| exact.edits.push(whole.to, edit));
        }
    }
    Ok(exact)
}

/// The module of a file that is to be made, declared beside the one that the definition comes from.
fn declare(whole: &Move<'_>, old: &Module, exact: &mut Exact) -> Result<Module, ExactError> {
    let index = whole.index();
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let stem = whole.to.rsplit('/').next().unwrap_or(whole.to).trim_end_matches(".rs");
    let parent = if old.parts.is_empty() {
        // Beside the root of the crate: a module of it.
        (folder(&old.root) == folder(whole.to)).then(|| (old.root.clone(), Vec::new()))
    } else {
        let beside = folder(whole.from()) == folder(whole.to) && !whole.from().ends_with("/mod.rs");
        let parts = old.parts[..old.parts.len() - 1].to_vec();
        beside.then(|| old.parent_file(index).map(|file| (file, parts))).flatten()
    };
    let Some((parent, mut parts)) = parent else {
        return refuse(format!("{} is new, and a new module is made only beside {}", whole.to, whole.from()));
    };
    let (Some(record), Some(text)) = (index.file(&parent), whole.snapshot.text(&parent)) else {
        return refuse(format!("{parent} cannot be read"));
    };
    let modules: Vec<&Symbol> =
        record.file().symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Module && symbol.container.is_empty()).collect();
    if record.file().symbols.iter().any(|symbol| symbol.container.is_empty() && symbol.name == stem) {
        return refuse(format!("{stem} is something else in {parent}"));
    }
    let beside = old.parts.last().and_then(|name| modules.iter().find(|symbol| symbol.name == *name));
    let visibility = beside.map_or("pub(crate) ", |symbol| {
        let text = symbol.span.of(&text);
        &text[..text.find("mod ").unwrap_or(0)]
    });
    let declared = modules.iter().filter(|symbol| symbol.span.of(&text).ends_with(';'));
    let place = match declared.map(|symbol| symbol.span.end as usize).max() {
        Some(end) => text::line_end(&text, end),
        None => import_place(record, &text),
    };
    exact.edits.push(parent, Edit::insert(place, format!("{visibility}mod {stem};\n")));
    parts.push(stem.to_owned());
    Ok(Module { root: old.root.clone(), parts })
}

/// Refuses where one of the modules is compiled under a condition. Says whether each can be named from outside of the crate.
fn same_conditions(whole: &Move<'_>, old: &Module, new: &Module) -> Result<(bool, bool), ExactError> {
    let mut public = [true, true];
    for (at, module) in [old, new].into_iter().enumerate() {
        // A module that is only now made is like the one beside it.
        let module = if at == 1 && whole.target.is_none() { old } else { module };
        let Some(declarations) = module.declarations(whole.index()) else {
            return refuse(format!("nothing declares the module {}", module.path()));
        };
        for declaration in declarations {
            let Some(text) = whole.snapshot.text(declaration.path()) else { continue };
            let symbol = declaration.get();
            let head = &text[symbol.full_span.start as usize..symbol.span.start as usize];
            if head.contains("cfg") || head.contains("path") {
                return refuse(format!("the module {} is compiled under a condition, or from a path of its own", module.path()));
            }
            public[at] &= symbol.visibility == Visibility::Public;
        }
        public[at] &= module.root.ends_with("lib.rs");
    }
    let outer =
        &whole.text[..whole.record.file().symbols.iter().map(|symbol| symbol.full_span.start as usize).min().unwrap_or(0)];
    if outer.contains("#![cfg") {
        return refuse(format!("{} is compiled under a condition", whole.from()));
    }
    Ok((public[0], public[1]))
}

/// Lets every import and every path to the definition follow it. Says whether anything outside of the new module names it.
fn follow(
    whole: &Move<'_>,
    old: &Module,
    new: &Module,
    exact: &mut Exact,
    of_target: &mut Vec<Edit>,
) -> Result<bool, ExactError> {
    let (index, from, name) = (whole.index(), whole.from(), whole.name());
    let new_path = new.path();
    let hits = whole.hits();
    let mut used = false;
    let bare = |hit: &&Hit| {
        hit.certainty > Certainty::SameName && hit.get().qualifier.is_empty() && hit.get().kind != ReferenceKind::Import
    };
    let is_inline = |hit: &Hit| {
        let modules = hit.record.file().symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Module);
        modules.into_iter().any(|module| module.span.contains(hit.get().span))
    };
    let at_top = hits.iter().filter(bare).any(|hit| hit.path() == from && !is_inline(hit));
    let at_top = at_top || is_used_outside_of_modules(whole);
    if at_top {
        let place = import_place(&whole.record, &whole.text);
        exact.edits.push(from, Edit::insert(place, format!("use {new_path}::{name};\n")));
        used = true;
    }
    for record in index.files().filter(|record| record.language == whole.record.language) {
        let file = record.file();
        if !file.imports.iter().any(|import| import.name == name || import.name == "*") {
            continue;
        }
        let crate_of = Module::of(index, &record.path);
        let Some(text) = whole.snapshot.text(&record.path) else { continue };
        for (import, files) in file.imports.iter().zip(index.imported_files(&record.path)) {
            if !files.iter().any(|path| **path == *from) || !(import.name == name || import.name == "*") {
                continue;
            }
            let statement = import.span.of(&text);
            let Some(keyword) = statement.find("use ") else { continue };
            let is_same_crate = crate_of.as_ref().is_some_and(|module| module.root == old.root);
            let head = import.from.split("::").next().unwrap_or_default();
            let path = if is_same_crate { new_path.clone() } else { new_path.replacen("crate", head, 1) };
            let visibility = &statement[..keyword];
            let indent = text::line_indent(&text, import.span.start as usize);
            let above = &text[..text::line_start(&text, import.span.start as usize)];
            let is_attributed = above.lines().next_back().is_some_and(|line| line.trim_start().starts_with("#["));
            let edits = |edit: Edit, exact: &mut Exact, of_target: &mut Vec<Edit>| {
                if *record.path == *whole.to { of_target.push(edit) } else { exact.edits.push(&*record.path, edit) }
            };
            if import.name == "*" {
                if crate::exact::rust_needs::from_inline(whole, record, import, at_top) {
                    continue;
                }
                let gives_on = !visibility.is_empty();
                let named = hits.iter().filter(bare).any(|hit| hit.path() == &*record.path);
                if !(gives_on || named) || *record.path == *whole.to {
                    continue;
                }
                if is_attributed {
                    return refuse(format!("an import in {} stands under an attribute", record.path));
                }
                let line = format!("{indent}{visibility}use {path}::{name};\n");
                exact.edits.push(&*record.path, Edit::insert(text::line_end(&text, import.span.end as usize), line));
                used = true;
                continue;
            }
            let Some(clause) = Clause::of(record, &text, import) else {
                return refuse(format!("the import of {name} in {} is not understood", record.path));
            };
            let listed = clause.span.of(&text);
            if *record.path == *whole.to && visibility.is_empty() && import.alias == name && indent.is_empty() {
                let gone = if clause.is_alone {
                    lines::whole_lines(&text, import.span).map(|lines| Edit::replace(lines, ""))
                } else {
                    None
                };
                of_target.push(gone.unwrap_or_else(|| with_path(&clause, &text).removal(&text)));
                continue;
            }
            used = true;
            let line = format!("{visibility}use {path}::{listed};");
            if clause.is_alone {
                edits(Edit::replace(import.span, line), exact, of_target);
            } else if is_attributed {
                return refuse(format!("an import in {} stands under an attribute", record.path));
            } else {
                edits(with_path(&clause, &text).removal(&text), exact, of_target);
                edits(
                    Edit::insert(text::line_end(&text, import.span.end as usize), format!("{indent}{line}\n")),
                    exact,
                    of_target,
                );
            }
        }
    }
    for hit in &hits {
        let reference = hit.get();
        if hit.certainty == Certainty::SameName {
            if !reference.member {
                exact.left.push(hit.clone());
            }
            continue;
        }
        used |= hit.path() != whole.to;
        if reference.qualifier.is_empty() || reference.kind == ReferenceKind::Import {
            continue;
        }
        let last = reference.qualifier.rsplit("::").next().unwrap_or_default();
        let names_module = old.parts.last().map_or(matches!(last, "crate" | "self" | "super"), |module| module == last)
            || (matches!(last, "self" | "super") && Module::of(index, hit.path()).is_some_and(|module| old.contains(&module)))
            || (old.parts.is_empty() && !reference.qualifier.contains("::"));
        if !names_module {
            // It is given on under another path, and still is.
            continue;
        }
        let Some(text) = whole.snapshot.text(hit.path()) else { continue };
        let start = reference.span.start as usize;
        let written = format!("{}::", reference.qualifier);
        if !text[..start].ends_with(&written) {
            return refuse(format!("{}:{} writes its path over several lines", hit.path(), reference.line() + 1));
        }
        let is_same_crate = Module::of(index, hit.path()).is_some_and(|module| module.root == old.root);
        let head = reference.qualifier.split("::").next().unwrap_or_default();
        let path = if is_same_crate { new_path.clone() } else { new_path.replacen("crate", head, 1) };
        let edit = Edit::replace(Span::new(start - written.len(), start - 2), path);
        if hit.path() == whole.to { of_target.push(edit) } else { exact.edits.push(hit.path(), edit) }
    }
    Ok(used)
}

/// A clause with the path before its name: `b::Store` in `use a::{b::Store, c}`.
fn with_path(clause: &Clause, text: &str) -> Clause {
    let before = &text[clause.statement.start as usize..clause.span.start as usize];
    let path = before.trim_end_matches(|character: char| character.is_alphanumeric() || matches!(character, '_' | ':'));
    let start = clause.statement.start as usize + path.len();
    let within = before.contains('{') && !text[start..clause.span.start as usize].contains("use");
    let span = if within { Span::new(start, clause.span.end as usize) } else { clause.span };
    Clause { statement: clause.statement, span, name: clause.name, is_alone: clause.is_alone }
}

/// Whether the file's own code outside of modules that are written in it names the definition.
fn is_used_outside_of_modules(whole: &Move<'_>) -> bool {
    let mut spans = whole.spans.clone();
    let modules =
        whole.record.file().symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Module && symbol.container.is_empty());
    spans.extend(modules.map(|symbol| symbol.full_span));
    let file = whole.record.file();
    let named = file.references().any(|reference| {
        reference.name == whole.name()
            && reference.qualifier.is_empty()
            && !reference.member
            && !reference.label
            && !reference.local
            && !spans.iter().any(|span| span.contains(reference.span))
            && !file.imports.iter().any(|import| import.span.contains(reference.span))
    });
    named && is_used_outside(&whole.record, whole.name(), &spans)
}

/// The text in its new place: seen by whoever uses it, its relative paths written out.
fn moved_text(whole: &Move<'_>, old: &Module, new: &Module, used: bool) -> Result<String, ExactError> {
    let name = whole.name();
    let mut parts = Vec::new();
    for span in &whole.spans {
        let mut text = span.of(&whole.text).trim_end().to_owned();
        let defines = whole
            .record
            .file()
            .symbols
            .iter()
            .find(|symbol| symbol.name == name && symbol.container.is_empty() && span.contains(symbol.span));
        if let Some(symbol) = defines {
            let start = (symbol.span.start - span.start) as usize;
            let head = &text[start..];
            if head.starts_with("pub(") && !head.starts_with("pub(crate)") {
                return refuse(format!("{name} is visible in a part of the crate that hangs on its module"));
            }
            if used && !head.starts_with("pub") {
                text.insert_str(start, "pub(crate) ");
            }
        }
        if text.contains("pub(super)") || text.contains("pub(in ") || text.contains("super::super") {
            return refuse(format!("{name} says who may see it by its place"));
        }
        if old.parts.len() != new.parts.len()
            || old.parts[..old.parts.len().saturating_sub(1)] != new.parts[..new.parts.len().saturating_sub(1)]
        {
            let parent = Module { root: old.root.clone(), parts: old.parts[..old.parts.len().saturating_sub(1)].to_vec() };
            text = replaced(&text, "super", &parent.path());
        }
        text = replaced(&text, "self", &old.path());
        parts.push(text);
    }
    Ok(parts.join("\n\n"))
}

/// A text with `word::` written out as a path, where that begins a path.
fn replaced(text: &str, word: &str, path: &str) -> String {
    let begins = format!("{word}::");
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for at in lines::words(text, word) {
        if text[at..].starts_with(&begins) && !text[..at].ends_with("::") {
            result.push_str(&text[copied..at]);
            result.push_str(path);
            copied = at + word.len();
        }
    }
    result.push_str(&text[copied..]);
    result
}

/// Behind the last `use` at the head of the file, else below its comments and inner attributes.
pub(super) fn import_place(record: &FileRecord, text: &str) -> usize {
    let file = record.file();
    let first = file
        .symbols
        .iter()
        .filter(|symbol| symbol.kind != SymbolKind::Module)
        .map(|symbol| symbol.full_span.start)
        .min()
        .unwrap_or(u32::MAX);
    let heads = file
        .imports
        .iter()
        .filter(|import| import.span.start < first && text::line_indent(text, import.span.start as usize).is_empty());
    let heads: BTreeSet<usize> = heads.map(|import| import.span.end as usize).collect();
    if let Some(end) = heads.last() {
        return text::line_end(text, *end);
    }
    let mut at = 0;
    while at < text.len() {
        let line = &text[at..text::line_end(text, at)];
        if !(line.starts_with("//!")
            || line.starts_with("#!")
            || line.trim().is_empty()
            || (line.starts_with("//") && !line.starts_with("///")))
        {
            break;
        }
        at += line.len();
    }
    at
}
