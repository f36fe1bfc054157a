//! Go: a package is a folder, so a definition that moves within it takes only its imports along.

use syntax::{Import, ReferenceKind, SymbolKind};
use text::{Edit, EditSet, Span};

use super::move_symbol::Move;
use super::names::{is_used_outside, needs};
use super::{Exact, ExactError, lines, refuse};

/// What every file of Go knows.
const BUILT_IN: &str = " any append bool byte cap clear close comparable complex complex128 complex64 copy delete error false float32 \
    float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print println real recover rune string true uint \
    uint16 uint32 uint64 uint8 uintptr ";

/// Endings of file names by which Go leaves a file out on some systems, or but for tests.
const SYSTEMS: &str = " aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows \
    zos 386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm test unix ";

pub(super) fn move_definition(whole: &Move<'_>) -> Result<Exact, ExactError> {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    if folder(whole.from()) != folder(whole.to) {
        return refuse(format!("{} is in another package than {}; Go's names change with the package", whole.to, whole.from()));
    }
    same_conditions(whole.from(), &whole.text, whole.to, whole.target_text())?;
    let package = package(&whole.text);
    if whole.target.is_some() && self::package(whole.target_text()) != package {
        return refuse(format!("{} and {} are of two packages", whole.from(), whole.to));
    }
    let moved = whole.moved_text();
    if moved.contains("//go:") || moved.contains("//export ") {
        return refuse(format!("a directive stands over {}", whole.name()));
    }
    let this = whole.symbol.get();
    if matches!(this.name.as_str(), "init" | "main" | "_") {
        return refuse(format!("{} is called by its place in the program", this.name));
    }
    let calls = whole.record.file().references().filter(|reference| this.span.contains(reference.span));
    if this.kind == SymbolKind::Variable
        && calls.clone().any(|reference| reference.kind == ReferenceKind::Call && reference.name != "New")
    {
        return refuse(format!("{} is computed when the program starts, in the order of its files", this.name));
    }
    for free in &whole.needs.free {
        let in_package = whole.index().named(free).iter().any(|symbol| folder(symbol.path()) == folder(whole.from()));
        if !in_package && !BUILT_IN.contains(&format!(" {free} ")) {
            return refuse(format!("nothing says where {free} comes from"));
        }
    }
    let mut exact = whole.exact();
    let from = whole.from();
    for span in &whole.spans {
        exact.edits.push(from, lines::removal(&whole.text, *span));
    }
    let imports = whole.record.file().imports.iter().enumerate();
    let unused = imports
        .clone()
        .filter(|(at, import)| whole.needs.imports.contains(at) && !is_used_outside(&whole.record, &import.alias, &whole.spans));
    without_imports(
        &mut exact.edits,
        from,
        &whole.text,
        &unused.map(|(_, import)| import.span).collect::<Vec<_>>(),
        &whole.record.file().imports,
    );
    let wanted: Vec<&str> =
        imports.filter(|(at, _)| whole.needs.imports.contains(at)).map(|(_, import)| import.span.of(&whole.text)).collect();
    match &whole.target {
        None => {
            let head = format!("package {package}\n\n");
            let imports = match wanted.as_slice() {
                [] => String::new(),
                [one] => format!("import {one}\n\n"),
                several => format!("import (\n\t{}\n)\n\n", several.join("\n\t")),
            };
            exact.edits.push(whole.to, Edit::insert(0, format!("{head}{imports}{moved}\n")));
        }
        Some((record, text)) => {
            let has = |spec: &&str| record.file().imports.iter().any(|import| import.span.of(text) == *spec);
            let missing: Vec<&str> = wanted.into_iter().filter(|spec| !has(spec)).collect();
            if !missing.is_empty() {
                exact.edits.push(whole.to, added_imports(text, &record.file().imports, &missing));
            }
            exact.edits.push(whole.to, lines::append(text, &moved, 1));
        }
    }
    Ok(exact)
}

/// The imports that only what goes uses, taken out.
pub(super) fn unused_imports(edits: &mut EditSet, path: &str, text: &str, record: &index::FileRecord, spans: &[Span]) {
    let used = needs(record, spans).imports;
    let imports = &record.file().imports;
    let unused = used.iter().filter(|&&at| !is_used_outside(record, &imports[at].alias, spans)).map(|&at| imports[at].span);
    without_imports(edits, path, text, &unused.collect::<Vec<_>>(), imports);
}

fn without_imports(edits: &mut EditSet, path: &str, text: &str, unused: &[Span], imports: &[Import]) {
    let group = |span: Span| {
        let open = text[..span.start as usize].rfind("import")?;
        let inner = text[open..span.start as usize].trim_start_matches("import").trim_start();
        inner.starts_with('(').then_some(open)
    };
    let mut groups_done: Vec<usize> = Vec::new();
    for &span in unused {
        let Some(open) = group(span) else {
            let start = text::line_start(text, span.start as usize);
            edits.push(path, lines::removal(text, Span::new(start, text::line_end(text, span.end as usize))));
            continue;
        };
        let of_group: Vec<Span> = imports.iter().map(|import| import.span).filter(|other| group(*other) == Some(open)).collect();
        if of_group.iter().all(|other| unused.contains(other)) {
            let close = of_group.iter().map(|other| other.end as usize).max().unwrap_or(open);
            let end = text[close..].find(')').map_or(close, |at| close + at + 1);
            if !groups_done.contains(&open) {
                groups_done.push(open);
                edits.push(path, lines::removal(text, Span::new(open, text::line_end(text, end))));
            }
            continue;
        }
        let start = text::line_start(text, span.start as usize);
        edits.push(path, Edit::replace(Span::new(start, text::line_end(text, span.end as usize)), ""));
    }
}

fn added_imports(text: &str, imports: &[Import], missing: &[&str]) -> Edit {
    let grouped = imports.iter().rev().find(|import| !text::line_indent(text, import.span.start as usize).is_empty());
    if let Some(last) = grouped {
        let at = text::line_end(text, last.span.end as usize);
        return Edit::insert(at, format!("\t{}\n", missing.join("\n\t")));
    }
    let written: String = missing.iter().map(|spec| format!("import {spec}\n")).collect();
    match imports.last() {
        Some(last) => Edit::insert(text::line_end(text, last.span.end as usize), written),
        None => {
            let clause = text.lines().scan(0, |at, line| {
                let start = *at;
                *at += line.len() + 1;
                Some((start, line))
            });
            let clause = clause.filter(|(_, line)| line.starts_with("package ")).map(|(start, _)| start).next().unwrap_or(0);
            Edit::insert(text::line_end(text, clause), format!("\n{written}"))
        }
    }
}

/// The name in the package clause.
fn package(text: &str) -> &str {
    let clause = text.lines().find_map(|line| line.strip_prefix("package ")).unwrap_or_default();
    clause.split(|character: char| !(character.is_alphanumeric() || character == '_')).next().unwrap_or_default()
}

/// Refuses where one of the two files is left out of some builds and the other is not.
pub(super) fn same_conditions(from: &str, text: &str, to: &str, target: &str) -> Result<(), ExactError> {
    let ends = |path: &str| -> Vec<String> {
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".go");
        stem.split('_').skip(1).filter(|part| SYSTEMS.contains(&format!(" {part} "))).map(str::to_owned).collect()
    };
    if ends(from) != ends(to) {
        return refuse(format!("{from} and {to} are not built under the same conditions, as their names say"));
    }
    let head = |text: &str| -> Vec<String> {
        let lines = text.lines().take_while(|line| !line.starts_with("package "));
        lines.filter(|line| line.starts_with("//go:build") || line.starts_with("// +build")).map(str::to_owned).collect()
    };
    if head(text) != head(target) {
        return refuse(format!("{from} and {to} are not built under the same conditions"));
    }
    if text.contains("import \"C\"") || target.contains("import \"C\"") {
        return refuse(format!("{from} or {to} is partly written in C"));
    }
    Ok(())
}
