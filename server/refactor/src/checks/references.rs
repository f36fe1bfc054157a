//! `references`: no use is left of a definition that is gone.

use std::collections::{BTreeMap, BTreeSet};

use index::{FileRecord, Index, SymbolRef};
use syntax::{Certainty, Import, Reference};

use crate::overlay::Overlay;

/// No use is left of a definition that is gone.
pub(super) fn faults(overlay: &Overlay, lost: &[SymbolRef]) -> Vec<String> {
    let (base, now) = (overlay.base().index(), overlay.now().index());
    let mut faults = Vec::new();
    for symbol in lost {
        let name = &symbol.get().name;
        if !now.named(name).is_empty() {
            // Another symbol of that name may be what the uses mean now.
            faults.extend(left_behind(base, now, symbol));
            continue;
        }
        // What stands there in another way (the macro `vec!` beside a field `vec`) is another use.
        let way = |reference: &Reference<'_>| (reference.qualifier.is_empty(), reference.member, reference.label);
        let hits = base.references_of(symbol).into_iter().filter(|hit| hit.certainty > Certainty::SameName);
        let mut uses: BTreeMap<String, BTreeSet<(bool, bool, bool)>> = BTreeMap::new();
        hits.for_each(|hit| {
            uses.entry(hit.path().to_owned()).or_default().insert(way(&hit.get()));
        });
        for (path, known) in uses {
            let Some(record) = now.file(&path) else { continue };
            let mut left = record.file().references().filter(|reference| reference.name == name.as_str() && !reference.local);
            if let Some(reference) = left.find(|reference| known.contains(&way(reference))) {
                faults.push(format!("{path}:{} would still use {name}, which is gone", reference.line() + 1));
            }
        }
        faults.extend(written_paths(now, symbol));
    }
    faults.sort();
    faults.dedup();
    faults
}

/// The uses of a name that is gone in files in which nothing else says now what the name means: they import it as before, and no definition
/// is certain any more where one was.
fn left_behind(base: &Index, now: &Index, symbol: &SymbolRef) -> Vec<String> {
    let name = symbol.get().name.as_str();
    let mut faults = Vec::new();
    let hits = base.references_of(symbol).into_iter().filter(|hit| hit.certainty > Certainty::SameName);
    let uses: BTreeSet<(String, String)> =
        hits.filter(|hit| !hit.get().member).map(|hit| (hit.path().to_owned(), hit.get().qualifier.to_string())).collect();
    for (path, qualifier) in uses {
        let (Some(before), Some(after)) = (base.file(&path), now.file(&path)) else { continue };
        let first = qualifier.split("::").next().unwrap_or_default();
        let bound = |record: &FileRecord| -> Vec<(String, String)> {
            let binds = |import: &&Import| [name, first, "*"].contains(&&*import.alias) || import.name == "*";
            record.file().imports.iter().filter(binds).map(|import| (import.from.to_string(), import.name.to_string())).collect()
        };
        if bound(before) != bound(after) {
            continue;
        }
        let is_same = |reference: &Reference<'_>| {
            reference.name == name && *reference.qualifier == *qualifier && !reference.member && !reference.local
        };
        let means_nothing = |reference: &Reference<'_>| {
            let targets = now.target_at(&path, reference.span.start as usize);
            targets.iter().all(|(_, certainty)| *certainty == Certainty::SameName)
        };
        let left = after.file().references().find(|reference| is_same(reference) && means_nothing(reference));
        faults.extend(left.map(|reference| format!("{path}:{} would still use {name}, which is gone", reference.line() + 1)));
    }
    faults
}

/// The uses of a name that is gone behind a path that begins in the workspace, wherever they stand: where such a path leads may
/// not be known, but outside of the workspace it does not.
fn written_paths(now: &Index, symbol: &SymbolRef) -> Vec<String> {
    let name = symbol.get().name.as_str();
    let records: Vec<_> = now.files().filter(|record| record.language == symbol.record.language).collect();
    let is_ours = |first: &str| {
        let names_part = |path: &str| path.split(['/', '.']).any(|part| part.replace('-', "_") == first);
        matches!(first, "crate" | "self" | "super") || records.iter().any(|record| names_part(&record.path))
    };
    let mut faults = Vec::new();
    for record in &records {
        let file = record.file();
        let behind_path = file.references().filter(|reference| {
            reference.name == name && !reference.member && !reference.local && reference.qualifier.contains("::")
        });
        for reference in behind_path {
            let first = reference.qualifier.split("::").next().unwrap_or_default();
            let import = file.imports.iter().find(|import| import.alias == first && !import.from.is_empty());
            let first = import.map_or(first, |import| import.from.split("::").next().unwrap_or_default());
            if is_ours(first) {
                faults.push(format!("{}:{} would still use {name}, which is gone", record.path, reference.line() + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::checks::definitions::lost;
    use crate::checks::fixture::overlay;

    #[test]
    fn a_use_of_what_is_gone_is_found() {
        let files = [
            ("src/lib.rs", "mod a;\nmod b;\n"),
            ("src/a.rs", "pub fn one() {}\npub fn two() {}\n"),
            ("src/b.rs", "use crate::a::one;\n\nfn go() {\n    one();\n}\n"),
        ];
        let after = |texts: &[(&str, Option<&str>)]| {
            let (_folder, overlay) = overlay(&files, texts);
            faults(&overlay, &lost(&overlay))
        };
        assert_eq!(after(&[("src/a.rs", Some("pub fn two() {}\n"))]), ["src/b.rs:1 would still use one, which is gone"]);
        assert_eq!(after(&[("src/a.rs", Some("pub fn one() {}\n"))]), Vec::<String>::new(), "nothing used it");
        let other = [("src/c.rs", Some("fn one() {}\n")), ("src/a.rs", Some("pub fn two() {}\n"))];
        let left = ["src/b.rs:1 would still use one, which is gone", "src/b.rs:4 would still use one, which is gone"];
        assert_eq!(after(&other), left, "another of that name is none of its business");
        let both = [("src/a.rs", Some("pub fn two() {}\n")), ("src/b.rs", Some("fn go() {}\n"))];
        assert_eq!(after(&both), Vec::<String>::new());
    }
}
