//! Languages that name a module by a path like its file's, or by what the text calls it: Lua, Haskell, OCaml, Elixir, Julia, Zig,
//! R, Bash, Dart, PHP and Ruby.

use syntax::{Import, Language, SymbolKind};

use crate::base::FileId;
use crate::family::family;
use crate::imports::Lead;
use crate::{Index, paths};

pub(super) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let record = index.record(file);
    let near = record.path.clone();
    let from = import.from.as_str();
    let files = match record.language {
        Language::Lua => {
            let path = from.replace('.', "/");
            ending(index, &near, &[format!("{path}.lua"), format!("{path}/init.lua")])
        }
        Language::Haskell => ending(index, &near, &[format!("{}.hs", from.replace('.', "/"))]),
        Language::OCaml | Language::OCamlInterface => of_file_name(index, file, from.rsplit('.').next().unwrap_or(from)),
        Language::Elixir if matches!(import.name.as_str(), "" | "*") => defining(index, record.language, from),
        Language::Elixir => defining(index, record.language, &format!("{from}.{}", import.name)),
        Language::Julia if !from.ends_with(".jl") => defining(index, record.language, from.trim_start_matches('.')),
        Language::Dart => dart(index, &near, from),
        Language::Php => php(index, &near, from, &import.name),
        Language::Ruby => ruby(index, &near, from),
        Language::Julia | Language::Zig | Language::R | Language::Bash => written(index, &near, from),
        _ => Vec::new(),
    };
    let foreign = files.is_empty();
    // Elixir's `alias A.{B, C}` names modules, others what stands in one.
    let is_module = import.name.is_empty() || (record.language == Language::Elixir && import.name != "*");
    let (from, module) = if is_module { (Vec::new(), files) } else { (files, Vec::new()) };
    Lead { from: from.into(), module: module.into(), foreign }
}

/// A Dart library: a file beside this one, or one below the `lib` of a package.
fn dart(index: &Index, near: &str, from: &str) -> Vec<FileId> {
    match from.strip_prefix("package:").and_then(|path| path.split_once('/')) {
        Some((package, path)) => {
            let files = ending(index, near, &[format!("{package}/lib/{path}")]);
            if files.is_empty() { ending(index, near, &[format!("lib/{path}")]) } else { files }
        }
        None if from.contains(':') => Vec::new(),
        None => written(index, near, from),
    }
}

/// The file of a PHP class: the class names it, the namespace its folder.
fn php(index: &Index, near: &str, from: &str, class: &str) -> Vec<FileId> {
    let folder = from.rsplit('\\').next().unwrap_or_default();
    let files = ending(index, near, &[format!("{folder}/{class}.php")]);
    if files.is_empty() { ending(index, near, &[format!("{class}.php")]) } else { files }
}

/// What Ruby requires: a file beside this one, or one below a `lib`.
fn ruby(index: &Index, near: &str, from: &str) -> Vec<FileId> {
    let file = if from.ends_with(".rb") { from.to_owned() } else { format!("{from}.rb") };
    let beside = written(index, near, &file);
    if beside.is_empty() { ending(index, near, &[format!("lib/{file}")]) } else { beside }
}

/// The files of a module that OCaml calls by the name of its file.
pub(crate) fn of_file_name(index: &Index, file: FileId, module: &str) -> Vec<FileId> {
    let mut letters = module.chars();
    let Some(first) = letters.next() else { return Vec::new() };
    let stem = format!("{}{}", first.to_lowercase(), letters.as_str());
    let mut files = index.with_stem(&stem);
    files.extend(index.with_stem(module));
    files.retain(|&other| family(index.record(other).language) == family(index.record(file).language));
    super::nearest(index, files, &index.record(file).path)
}

/// The files whose paths end like this, those that are nearest.
fn ending(index: &Index, near: &str, ends: &[String]) -> Vec<FileId> {
    let of = |end: &String| {
        let mut files = index.with_stem(paths::stem(end));
        files.retain(|&file| super::ends_with_path(&index.record(file).path, end));
        files
    };
    super::nearest(index, ends.iter().flat_map(of).collect(), near)
}

/// The file at a path that is written out, as far as it does not hang on a variable.
fn written(index: &Index, near: &str, path: &str) -> Vec<FileId> {
    let plain = path.rsplit_once(['$', '`', ')', '}']).map(|(_, rest)| rest.split_once('/').map_or("", |(_, rest)| rest));
    match plain {
        None => paths::join(paths::folder(near), path).and_then(|path| index.id(&path)).into_iter().collect(),
        Some("") => Vec::new(),
        Some(rest) => ending(index, near, &[rest.trim_start_matches("../").to_owned()]),
    }
}

/// The files that define a module of this name, its parts parted by dots.
fn defining(index: &Index, language: Language, module: &str) -> Vec<FileId> {
    let path = module.replace('.', "::");
    let name = path.rsplit("::").next().unwrap_or_default();
    let mut files: Vec<FileId> = index
        .definitions(name)
        .into_iter()
        .filter(|&(file, symbol)| {
            let record = index.record(file);
            record.language == language
                && record.file().symbols.get(symbol as usize).is_some_and(|symbol| {
                    matches!(symbol.kind, SymbolKind::Module | SymbolKind::Interface) && symbol.path() == path
                })
        })
        .map(|(file, _)| file)
        .collect();
    files.dedup();
    files
}
