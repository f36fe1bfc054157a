//! What a piece of Rust takes from the module around it: imports, traits whose methods it calls, and what is private there.

use std::collections::BTreeSet;

use index::{FileRecord, SymbolRef};
use syntax::{Certainty, Import, ReferenceKind, SymbolKind, Visibility};
use text::{Edit, Span};

use super::clause::without;
use super::move_symbol::Move;
use super::names::is_used_outside;
use super::rust_paths::Module;
use super::{Exact, ExactError, lines, refuse};

/// What every module knows: the prelude, primitive types, macros, attributes and derives of the language.
const BUILT_IN: &str = " AsMut AsRef Box Clone Copy Debug Default DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From \
    FromIterator Hash Into IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Self Send Sized Some String Sync ToOwned \
    ToString TryFrom TryInto Unpin Vec alloc allow assert assert_eq assert_ne bool cfg cfg_attr char cold column compile_error concat \
    core crate dbg debug_assert debug_assert_eq debug_assert_ne deny deprecated derive doc drop env eprint eprintln expect f32 f64 file \
    format format_args forbid global_allocator i128 i16 i32 i64 i8 include include_bytes include_str inline isize line link_section \
    macro_export matches module_path must_use no_mangle non_exhaustive option_env panic path print println repr self should_panic std \
    str stringify target_feature test thread_local todo transparent track_caller u128 u16 u32 u64 u8 unimplemented unreachable usize \
    vec warn write writeln ";

/// Traits of the standard library and the methods that only they give.
const TRAITS: &[(&str, &str)] = &[
    ("Any", " type_id "),
    ("Borrow", " borrow "),
    ("BorrowMut", " borrow_mut "),
    ("BufRead", " lines read_line read_until split fill_buf consume read_line skip_until "),
    ("Error", " source description cause "),
    ("FromStr", " from_str "),
    ("Hash", " hash "),
    ("Hasher", " finish write write_u8 write_u32 write_u64 write_usize "),
    ("BuildHasher", " build_hasher hash_one "),
    ("Read", " read read_to_end read_to_string read_exact bytes take chain by_ref read_vectored "),
    ("Seek", " seek rewind stream_position "),
    ("Write", " write write_all flush write_fmt write_str write_char writeln by_ref write_vectored "),
    ("OsStrExt", " as_bytes from_bytes encode_wide "),
    ("OsStringExt", " from_vec into_vec "),
    ("CommandExt", " uid gid exec pre_exec arg0 process_group "),
    ("ExitStatusExt", " signal core_dumped "),
    ("FileExt", " read_at write_at seek_read "),
    ("FileTypeExt", " is_fifo is_socket is_block_device is_char_device "),
    ("MetadataExt", " mode ino dev uid gid size nlink file_attributes mtime "),
    ("PermissionsExt", " mode set_mode from_mode "),
    ("OpenOptionsExt", " mode custom_flags "),
    ("AsFd", " as_fd "),
    ("AsRawFd", " as_raw_fd "),
    ("IntoRawFd", " into_raw_fd "),
    ("IsTerminal", " is_terminal "),
    ("ToSocketAddrs", " to_socket_addrs "),
    ("Deref", " deref "),
    ("DerefMut", " deref_mut "),
    ("Add", " add "),
    ("Index", " index "),
    ("RangeBounds", " start_bound end_bound contains "),
    ("Future", " poll "),
    ("Display", " fmt "),
];

/// Refuses where what moves uses what its old module keeps to itself, or the other way round.
pub(super) fn private_members(whole: &Move<'_>, old: &Module, new: &Module) -> Result<(), ExactError> {
    let (index, from) = (whole.index(), whole.from());
    let inside = |span: Span| whole.spans.iter().any(|outer| outer.contains(span));
    let is_private = |symbol: &SymbolRef| symbol.get().visibility == Visibility::Private;
    let of_trait = |symbol: &SymbolRef| {
        symbol.parent().is_some_and(|parent| matches!(parent.get().kind, SymbolKind::Interface | SymbolKind::Enum))
    };
    let count = u32::try_from(whole.record.file().symbols.len()).unwrap_or(u32::MAX);
    let members = (0..count).filter_map(|at| SymbolRef::new(&whole.record, at));
    let members = members.filter(|symbol| {
        inside(symbol.get().full_span) && !symbol.get().container.is_empty() && is_private(symbol) && !of_trait(symbol)
    });
    for member in members.filter(|member| matches!(member.get().kind, SymbolKind::Field | SymbolKind::Method)) {
        let outside = index.references_of(&member).into_iter().find(|hit| {
            let elsewhere = !(hit.path() == from && inside(hit.get().span));
            let is_near = Module::of(index, hit.path()).is_some_and(|module| old.contains(&module));
            let sees = Module::of(index, hit.path()).is_some_and(|module| new.contains(&module));
            elsewhere && !sees && (hit.certainty > Certainty::SameName || is_near)
        });
        if let Some(hit) = outside {
            let line = hit.get().line() + 1;
            return refuse(format!("{}:{line} uses {}, which is private", hit.path(), member.symbol_path()));
        }
    }
    for reference in whole.record.file().references().filter(|reference| inside(reference.span)) {
        let is_member = reference.member || reference.label || reference.shorthand || !reference.qualifier.is_empty();
        if !is_member {
            continue;
        }
        for (target, _) in index.target_at(from, reference.span.start as usize) {
            let here = target.path() == from && inside(target.get().full_span);
            let module = Module::of(index, target.path());
            let sees = module.as_ref().is_none_or(|module| module.contains(new));
            let near = module.as_ref().is_some_and(|module| module.contains(old));
            let is_member = matches!(target.get().kind, SymbolKind::Field | SymbolKind::Method);
            if is_member && !here && near && !sees && is_private(&target) && !of_trait(&target) {
                return refuse(format!("{} uses {}, which is private", whole.name(), target.symbol_path()));
            }
        }
    }
    let is_tuple = |symbol: &syntax::Symbol| {
        let text = symbol.span.of(&whole.text);
        let fields = text.split_once(&*symbol.name).map_or("", |(_, rest)| rest).trim_start();
        symbol.kind == SymbolKind::Struct
            && fields.starts_with(['(', '<'])
            && text.trim_end().ends_with(';')
            && text.contains('(')
    };
    let hides = |symbol: &syntax::Symbol| is_tuple(symbol) && !symbol.span.of(&whole.text).contains("(pub ");
    if hides(whole.symbol.get()) && !whole.hits().is_empty() {
        return refuse(format!("the fields of {} are private", whole.name()));
    }
    match whole.own().find(|own| hides(own) && !old.contains(new)) {
        Some(own) => refuse(format!("the fields of {} are private", own.name)),
        None => Ok(()),
    }
}

/// The `use` declarations that what moves needs in its new file. What it needs of its old module is made visible there.
pub(super) fn imports(whole: &Move<'_>, old: &Module, new: &Module, exact: &mut Exact) -> Result<Vec<String>, ExactError> {
    let (index, from, file) = (whole.index(), whole.from(), whole.record.file());
    let leads = index.imported_files(from);
    let calls = calls(whole);
    let knows = |name: &str| {
        whole.target.as_ref().is_some_and(|(record, text)| {
            record
                .file()
                .imports
                .iter()
                .any(|import| import.alias == name && text::line_indent(text, import.span.start as usize).is_empty())
        })
    };
    let mut uses = BTreeSet::new();
    for (at, import) in file.imports.iter().enumerate() {
        let at_top = text::line_indent(&whole.text, import.span.start as usize).is_empty();
        let is_needed = whole.needs.imports.contains(&at);
        if !at_top || import.name == "*" || !(is_needed || is_trait_for(whole, at, &leads[at], &calls)) {
            continue;
        }
        if leads[at].iter().any(|path| **path == *whole.to)
            && leads[at].len() == 1
            && import.name != *new.parts.last().map_or("", String::as_str)
        {
            continue;
        }
        if knows(&import.alias) && import.alias != "_" {
            continue;
        }
        let above =
            whole.text[..text::line_start(&whole.text, import.span.start as usize)].lines().next_back().unwrap_or_default();
        if above.starts_with("#[") {
            return refuse(format!("{} is imported under an attribute", import.alias));
        }
        let path = from_root(whole, old, &import.from, &import.name);
        let alias = if import.alias == import.name { String::new() } else { format!(" as {}", import.alias) };
        let gap = if path.is_empty() { "" } else { "::" };
        uses.insert(format!("use {path}{gap}{}{alias};\n", import.name));
    }
    for own in whole.own() {
        if knows(&own.name) {
            continue;
        }
        if own.kind == SymbolKind::Macro {
            return refuse(format!("{} uses the macro {}, which is known only below its definition", whole.name(), own.name));
        }
        let text = own.span.of(&whole.text);
        if !old.contains(new) && !text.starts_with("pub") {
            exact.edits.push(from, Edit::insert(own.span.start as usize, "pub(crate) "));
        } else if text.starts_with("pub(") && !text.starts_with("pub(crate)") {
            return refuse(format!("{} is visible in a part of the crate that hangs on its module", own.name));
        }
        uses.insert(format!("use {}::{};\n", old.path(), own.name));
    }
    uses.extend(through_globs(whole, old, new, &leads, &calls)?);
    Ok(uses.into_iter().collect())
}

/// A path of the old module as the new one must write it.
fn from_root(whole: &Move<'_>, old: &Module, path: &str, name: &str) -> String {
    let mut parts: Vec<&str> = path.split("::").filter(|part| !part.is_empty()).collect();
    let mut module = old.parts.clone();
    match parts.first().copied() {
        Some("self") => {
            parts.remove(0);
        }
        Some("super") => {
            while parts.first() == Some(&"super") {
                parts.remove(0);
                module.pop();
            }
        }
        first => {
            let first = first.unwrap_or(name);
            let is_own = whole
                .record
                .file()
                .symbols
                .iter()
                .any(|symbol| symbol.container.is_empty() && symbol.name == first && symbol.kind.has_members());
            if !is_own {
                return path.to_owned();
            }
        }
    }
    let all = std::iter::once("crate").chain(module.iter().map(String::as_str)).chain(parts);
    all.collect::<Vec<_>>().join("::")
}

/// The methods and macros that what moves calls.
fn calls(whole: &Move<'_>) -> BTreeSet<String> {
    let inside = |span: Span| whole.spans.iter().any(|outer| outer.contains(span));
    let called =
        whole.record.file().references().filter(|reference| inside(reference.span) && reference.kind == ReferenceKind::Call);
    called.map(|reference| reference.name.to_owned()).collect()
}

/// Whether an import brings a trait in whose methods are called.
fn is_trait_for(whole: &Move<'_>, at: usize, lead: &[std::sync::Arc<str>], calls: &BTreeSet<String>) -> bool {
    let import = &whole.record.file().imports[at];
    let begins_large = import.name.chars().next().is_some_and(char::is_uppercase);
    if !begins_large || calls.is_empty() {
        return false;
    }
    if !lead.is_empty() {
        let traits = whole.index().named(&import.name).into_iter().filter(|symbol| symbol.get().kind == SymbolKind::Interface);
        return traits.into_iter().any(|symbol| {
            let methods = symbol.record.file().symbols.iter().filter(|other| other.container == symbol.symbol_path());
            methods.into_iter().any(|method| calls.contains(method.name.as_str()))
        });
    }
    let standard = TRAITS.iter().find(|(name, _)| import.name == *name).map(|(_, methods)| *methods);
    let is_standard = import.from.split("::").next().is_some_and(|head| matches!(head, "std" | "core" | "alloc" | "io" | "fmt"));
    match standard {
        Some(methods) => calls.iter().any(|call| methods.contains(&format!(" {call} "))),
        None if is_standard => false,
        // A trait of another crate that is imported for its methods alone is named nowhere.
        None => import.alias == "_" || !is_used_outside(&whole.record, &import.alias, &[]),
    }
}

/// Names that come to the old module by a glob: each by name where the workspace defines it, else by the same globs.
fn through_globs(
    whole: &Move<'_>,
    old: &Module,
    new: &Module,
    leads: &[Vec<std::sync::Arc<str>>],
    calls: &BTreeSet<String>,
) -> Result<BTreeSet<String>, ExactError> {
    let (index, file) = (whole.index(), whole.record.file());
    let globs: Vec<(&Import, bool)> = file
        .imports
        .iter()
        .zip(leads)
        .filter(|(import, _)| import.name == "*")
        .map(|(import, lead)| (import, lead.is_empty()))
        .collect();
    let at_top = |import: &Import| text::line_indent(&whole.text, import.span.start as usize).is_empty();
    let mut uses = BTreeSet::new();
    let mut open = !calls.is_empty() && globs.iter().any(|(import, _)| import.from.ends_with("prelude"));
    let inside = |span: Span| whole.spans.iter().any(|outer| outer.contains(span));
    for free in whole.needs.free.iter().filter(|free| !BUILT_IN.contains(&format!(" {free} "))) {
        let Some(reference) = file.references().find(|reference| reference.name == free.as_str() && inside(reference.span))
        else {
            continue;
        };
        let line = &whole.text[text::line_start(&whole.text, reference.span.start as usize)..];
        if line.trim_start().starts_with("#[") && !line.trim_start().starts_with("#[derive") {
            continue;
        }
        let targets = index.target_at(whole.from(), reference.span.start as usize);
        let sure: Vec<_> = targets
            .into_iter()
            .filter(|(target, certainty)| *certainty > Certainty::SameName && target.get().container.is_empty())
            .collect();
        match sure.as_slice() {
            [(target, _)] => {
                let module = Module::of(index, target.path()).filter(|module| module.root == old.root);
                let Some(module) = module.filter(|_| target.get().kind != SymbolKind::Macro) else {
                    return refuse(format!("nothing says how {} comes to know {free}", whole.name()));
                };
                if target.get().visibility == Visibility::Private && !module.contains(new) {
                    return refuse(format!("{} uses {free}, which is private", whole.name()));
                }
                if target.path() != whole.to {
                    uses.insert(format!("use {}::{free};\n", module.path()));
                }
            }
            [] if globs.iter().any(|(import, foreign)| *foreign && at_top(import)) => open = true,
            [] if is_crate_or_macro(whole, old, free) => {}
            _ => return refuse(format!("nothing says where {free} comes from")),
        }
    }
    if open {
        uses.extend(
            globs
                .iter()
                .filter(|(import, foreign)| *foreign && at_top(import))
                .map(|(import, _)| format!("use {}::*;\n", import.from)),
        );
    }
    Ok(uses)
}

/// Whether a name can be that of a crate, or of a macro that `#[macro_use]` lets the whole crate know.
fn is_crate_or_macro(whole: &Move<'_>, old: &Module, name: &str) -> bool {
    let followed = whole.spans.iter().any(|span| {
        let text = span.of(&whole.text);
        lines::words(text, name).any(|at| text[at + name.len()..].starts_with("::"))
    });
    let root = whole.snapshot.text(&old.root).unwrap_or_default();
    followed || (root.contains("macro_use") && whole.moved_text().contains(&format!("{name}!")))
}

/// Edits that take imports out of the old file that only the definition used by name and that can bring in no methods.
pub(super) fn unused(whole: &Move<'_>) -> Vec<Edit> {
    let (index, file) = (whole.index(), whole.record.file());
    let leads = index.imported_files(whole.from());
    let is_file = |symbol: &syntax::Symbol| symbol.kind == SymbolKind::Module && symbol.span.of(&whole.text).ends_with(';');
    if file.symbols.iter().any(is_file) {
        return Vec::new();
    }
    let idle = whole.needs.imports.iter().filter(|&&at| {
        let import = &file.imports[at];
        let is_standard = import.from.starts_with("std") || import.from.starts_with("core");
        let is_trait = TRAITS.iter().any(|(name, _)| import.name == *name)
            || index.named(&import.name).iter().any(|symbol| symbol.get().kind == SymbolKind::Interface);
        let mentions = lines::words(&whole.text, &import.alias).filter(|&at| {
            let at = Span::new(at, at);
            !import.span.contains(at) && !whole.spans.iter().any(|span| span.contains(at))
        });
        (is_standard || !leads[at].is_empty())
            && !is_trait
            && import.span.of(&whole.text).starts_with("use ")
            && mentions.count() == 0
            && !whole.text[..import.span.start as usize].trim_end().ends_with(']')
    });
    let idle: Vec<&Import> = idle.map(|&at| &file.imports[at]).collect();
    without(&whole.record, &whole.text, &idle, |clause| {
        let is_flat = clause.statement.of(&whole.text).matches('{').count() == 1;
        is_flat && !whole.text[..clause.span.start as usize].ends_with(':')
    })
}

/// Whether a glob gets the definition through the import that its parent has of it now.
pub(super) fn from_inline(whole: &Move<'_>, record: &FileRecord, import: &Import, parent_has_it: bool) -> bool {
    let is_below =
        *record.path == *whole.from() || record.path.starts_with(whole.from().trim_end_matches(".rs").trim_end_matches("/mod"));
    parent_has_it && import.from == "super" && is_below
}
