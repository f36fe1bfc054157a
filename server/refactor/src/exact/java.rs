//! Java: a class goes to another package with its file, or from a file that holds several into one of its own.

use assist::Snapshot;
use index::{Index, SymbolRef};
use syntax::{Certainty, SymbolKind, Visibility};
use text::{Edit, Span};

use super::move_symbol::definition_lines;
use super::names::needs;
use super::proof::outer;
use super::rename_file::{FileMove, folder};
use super::{Exact, ExactError, elsewhere, lines, refuse};
use crate::rename::rename;

pub(super) fn move_class(snapshot: &Snapshot, symbol: &SymbolRef, to: &str) -> Result<Exact, ExactError> {
    let (index, from, name) = (snapshot.index(), symbol.path(), symbol.get().name.clone());
    let (Some(text), false) = (snapshot.text(from), snapshot.text(to).is_some()) else {
        return refuse(format!("{to} exists already; a class of Java goes to a file of its own"));
    };
    if stem(to) != name {
        return refuse(format!("a file of Java is called like its class: {name}.java"));
    }
    let types = outer(index, from);
    if types.len() == 1 || stem(from) == name {
        if types.len() > 1 {
            return refuse(format!("{from} holds {} other classes", types.len() - 1));
        }
        return super::rename_file(snapshot, from, to);
    }
    if folder(from) != folder(to) {
        return refuse(format!(
            "{name} shares {from} with other classes; move it to a file of its own in the same package first"
        ));
    }
    let spans = definition_lines(&symbol.record, &text, symbol)?;
    let file = symbol.record.file();
    let needed = needs(&symbol.record, &spans);
    let wanted = |at: usize| needed.imports.contains(&at) || file.imports[at].name == "*";
    let imports: Vec<&str> =
        (0..file.imports.len()).filter(|at| wanted(*at)).map(|at| file.imports[at].span.of(&text).trim()).collect();
    let package = text.lines().find(|line| line.starts_with("package ")).map_or(String::new(), |line| format!("{line}\n\n"));
    let imports = if imports.is_empty() { String::new() } else { format!("{}\n\n", imports.join("\n")) };
    let moved: Vec<&str> = spans.iter().map(|span| span.of(&text).trim_end()).collect();
    let mut exact = Exact {
        gone: vec![(from.to_owned(), symbol.symbol_path())],
        moved: Some((symbol.clone(), to.to_owned())),
        what: format!("moved {name} to {to}"),
        ..Exact::default()
    };
    let inside = |span: Span| spans.iter().any(|outer| outer.contains(span));
    exact
        .gone
        .extend(file.symbols.iter().filter(|symbol| inside(symbol.full_span)).map(|symbol| (from.to_owned(), symbol.path())));
    for span in &spans {
        exact.edits.push(from, lines::removal(&text, *span));
    }
    exact.edits.push(to, Edit::insert(0, format!("{package}{imports}{}\n", moved.join("\n\n"))));
    Ok(exact)
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".java")
}

/// The class is called otherwise, or stands in another package; not both at once.
pub(super) fn rename_file(file: &FileMove<'_>, exact: &mut Exact) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    let types = outer(index, file.from);
    let Some(class) = types.iter().find(|symbol| symbol.get().name == stem(file.from)) else {
        return refuse(format!("{} holds no class of its name", file.from));
    };
    if folder(file.from) == folder(file.to) {
        let renamed = rename(file.snapshot, class, stem(file.to))?;
        if let Some(place) = elsewhere::mention(file.snapshot, &[qualified(&package(&file.text), stem(file.from))]) {
            return refuse(format!("{place} names {}", stem(file.from)));
        }
        exact.edits = renamed.edits;
        exact.left = renamed.left;
        return Ok(());
    }
    if stem(file.from) != stem(file.to) {
        return refuse("a class gets another name or another package, one after the other".to_owned());
    }
    if types.len() > 1 {
        return refuse(format!("{} holds {} other classes", file.from, types.len() - 1));
    }
    change_package(file, class, exact)
}

fn package(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("package "));
    line.and_then(|line| line.split(';').next()).unwrap_or_default().trim().to_owned()
}

fn qualified(package: &str, name: &str) -> String {
    if package.is_empty() { name.to_owned() } else { format!("{package}.{name}") }
}

fn change_package(file: &FileMove<'_>, class: &SymbolRef, exact: &mut Exact) -> Result<(), ExactError> {
    let (index, name) = (file.snapshot.index(), stem(file.from));
    let old = package(&file.text);
    let root = folder(file.from).strip_suffix(&old.replace('.', "/")).filter(|_| !old.is_empty());
    let inner = root.and_then(|root| folder(file.to).strip_prefix(root)).filter(|inner| !inner.is_empty());
    let Some(inner) = inner else { return refuse(format!("the package of {} does not follow from its folder", file.to)) };
    let new = inner.replace('/', ".");
    let (was, is) = (qualified(&old, name), qualified(&new, name));
    if let Some(place) = elsewhere::mention(file.snapshot, std::slice::from_ref(&was)) {
        return refuse(format!("{place} names {was}"));
    }
    if index.files().any(|record| record.path.ends_with("module-info.java")) {
        return refuse("a module-info.java says which packages are given out".to_owned());
    }
    if index.file(file.to).is_some()
        || index.files().any(|record| folder(&record.path) == folder(file.to) && stem(&record.path) == name)
    {
        return refuse(format!("{is} exists already"));
    }
    if class.get().visibility != Visibility::Public && !index.references_of(class).iter().all(|hit| hit.path() == file.from) {
        return refuse(format!("{name} is not public"));
    }
    private_to_package(file)?;
    let needs_of_package = used_of_package(file, class)?;
    let clause = file.text.find(&format!("package {old}")).map(|at| at + "package ".len());
    let Some(clause) = clause else { return refuse(format!("{} has no package clause", file.from)) };
    exact.edits.push(file.from, Edit::replace(Span::new(clause, clause + old.len()), new.clone()));
    let added: String = needs_of_package.iter().map(|name| format!("import {};\n", qualified(&old, name))).collect();
    if !added.is_empty() {
        exact.edits.push(file.from, import_edit(&file.record, &file.text, &added));
    }
    for record in index.files().filter(|record| record.language == file.record.language && *record.path != *file.from) {
        let Some(text) = file.snapshot.text(&record.path).filter(|text| text.contains(name)) else { continue };
        for at in lines::words(&text, &was) {
            if text[..at].ends_with(['.', '"']) {
                return refuse(format!(
                    "{}:{} names {was} in a string or in a longer path",
                    record.path,
                    lines::line_number(&text, at)
                ));
            }
            exact.edits.push(&*record.path, Edit::replace(Span::new(at, at + was.len()), is.clone()));
        }
        let imports = &record.file().imports;
        let named = imports.iter().any(|import| import.alias == name && import.name != "*");
        let beside =
            folder(&record.path) == folder(file.from) || imports.iter().any(|import| import.name == "*" && import.from == old);
        let uses = record
            .file()
            .references()
            .any(|reference| reference.name == name && reference.qualifier.is_empty() && !reference.member && !reference.local);
        let already = folder(&record.path) == folder(file.to);
        if beside && uses && !named && !already {
            exact.edits.push(&*record.path, import_edit(record, &text, &format!("import {is};\n")));
        }
    }
    exact.moved = Some((class.clone(), file.to.to_owned()));
    Ok(())
}

/// Refuses where what only the package may use is used across what would be its border.
fn private_to_package(file: &FileMove<'_>) -> Result<(), ExactError> {
    let index = file.snapshot.index();
    let beside = |path: &str| path != file.from && folder(path) == folder(file.from);
    let of_package = |symbol: &SymbolRef| {
        let parent = symbol.parent().map(|parent| parent.get().kind);
        !matches!(symbol.get().visibility, Visibility::Public)
            && !symbol.get().signature.starts_with("public ")
            && !matches!(parent, Some(SymbolKind::Interface))
            && !matches!(symbol.get().kind, SymbolKind::EnumMember | SymbolKind::TypeParameter)
    };
    let count = u32::try_from(file.record.file().symbols.len()).unwrap_or(u32::MAX);
    let own = (0..count).filter_map(|at| SymbolRef::new(&file.record, at));
    for symbol in own.filter(|symbol| {
        !symbol.get().container.is_empty() && symbol.get().visibility != Visibility::Private && of_package(symbol)
    }) {
        if let Some(hit) = index.references_of(&symbol).into_iter().find(|hit| beside(hit.path())) {
            return refuse(format!(
                "{}:{} may use {}, which is for its package",
                hit.path(),
                hit.get().line() + 1,
                symbol.symbol_path()
            ));
        }
        if symbol.get().kind == SymbolKind::Constructor && !index.references_of(&symbol).is_empty() {
            return refuse(format!("a constructor of {} is for its package", symbol.get().container));
        }
    }
    for reference in file.record.file().references() {
        for (target, _) in index.target_at(file.from, reference.span.start as usize) {
            if beside(target.path()) && of_package(&target) && target.get().visibility != Visibility::Private {
                let line = reference.line() + 1;
                return refuse(format!("{}:{line} may use {}, which is for its package", file.from, target.symbol_path()));
            }
        }
    }
    Ok(())
}

/// The classes of the old package that the file uses without an import.
fn used_of_package(file: &FileMove<'_>, class: &SymbolRef) -> Result<Vec<String>, ExactError> {
    let index: &Index = file.snapshot.index();
    let whole = [Span::new(0, file.text.len())];
    let mut names = Vec::new();
    let heads = needs(&file.record, &whole).free;
    for free in heads {
        let here = index.named(&free).into_iter().find(|symbol| {
            symbol.get().container.is_empty() && folder(symbol.path()) == folder(file.from) && symbol.path() != file.from
        });
        let Some(here) = here else { continue };
        if here.get().visibility != Visibility::Public {
            return refuse(format!("{} uses {free}, which is for its package", class.get().name));
        }
        names.push(free);
    }
    // What it inherits from the package may be used without being named.
    let inherits = file.record.file().references().filter(|reference| reference.kind == syntax::ReferenceKind::Implementation);
    for reference in inherits {
        let parents = index.target_at(file.from, reference.span.start as usize);
        let beside = parents.iter().find(|(parent, certainty)| {
            *certainty > Certainty::SameName && parent.path() != file.from && folder(parent.path()) == folder(file.from)
        });
        if let Some((parent, _)) = beside
            && parent.get().kind != SymbolKind::Interface
        {
            return refuse(format!("{} inherits from {}, which may share with its package", class.get().name, parent.get().name));
        }
    }
    Ok(names)
}

fn import_edit(record: &index::FileRecord, text: &str, lines_of_imports: &str) -> Edit {
    let last = record.file().imports.iter().map(|import| import.span.end as usize).max();
    match last {
        Some(end) => Edit::insert(text::line_end(text, end), lines_of_imports),
        None => {
            let clause = text.find("package ").unwrap_or(0);
            Edit::insert(text::line_end(text, clause), format!("\n{lines_of_imports}"))
        }
    }
}
