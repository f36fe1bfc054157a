//! The proof of an exact step: what was meant for certain before is meant for certain afterwards.

use std::collections::BTreeSet;

use assist::Snapshot;
use index::{Hit, Index, SymbolRef};
use syntax::{Certainty, Language, ReferenceKind};

use super::{Exact, ExactError, python_module, refuse};

/// Proves that every file still parses as well, and that as many uses as before mean each definition of the files that changed.
///
/// # Errors
/// Says what would mean something else.
pub(super) fn prove(before: &Snapshot, after: &Snapshot, exact: &Exact) -> Result<(), ExactError> {
    let paths: BTreeSet<&str> = exact.files().collect();
    for path in &paths {
        let now = exact.renamed.iter().find(|(from, _)| from == path).map_or(*path, |(_, to)| to.as_str());
        let errors = |index: &Index, path: &str| index.file(path).map_or(0, |record| record.file().error_count);
        if errors(after.index(), now) > errors(before.index(), path) {
            return refuse(format!("{now} would no longer parse"));
        }
    }
    let changed: Vec<SymbolRef> = paths.iter().flat_map(|path| outer(before.index(), path)).collect();
    for symbol in changed {
        if exact.gone.contains(&(symbol.path().to_owned(), symbol.symbol_path())) {
            continue;
        }
        let path = exact.renamed.iter().find(|(from, _)| from == symbol.path()).map_or(symbol.path(), |(_, to)| to.as_str());
        let Some(same) = outer(after.index(), path).into_iter().find(|other| other.symbol_path() == symbol.symbol_path()) else {
            continue;
        };
        let goes = |hit: &Hit| exact.removed.iter().any(|(path, span)| hit.path() == path && span.contains(hit.get().span));
        let was = uses(before.index(), &symbol).iter().filter(|hit| !goes(hit)).count();
        let is = uses(after.index(), &same).len();
        if is < was {
            let name = symbol.symbol_path();
            return refuse(format!("{} of {was} uses of {name} would no longer be known to mean it", was - is));
        }
    }
    Ok(())
}

/// Proves that a definition that stands elsewhere now is meant by as many uses as before.
///
/// # Errors
/// Says how many are not.
pub(super) fn still_meant(before: &Index, was: &SymbolRef, after: &Index, path: &str) -> Result<(), ExactError> {
    let name = was.symbol_path();
    let Some(is) = outer(after, path).into_iter().find(|other| other.symbol_path() == name && other.get().kind == was.get().kind)
    else {
        return refuse(format!("{name} would not be found in {path}"));
    };
    let (known, left) = (uses(before, was).len(), uses(after, &is).len());
    if left < known {
        return refuse(format!("{} of {known} uses of {name} would no longer be known to mean it", known - left));
    }
    Ok(())
}

/// The uses that are certain, imports left out: those come and go.
fn uses(index: &Index, symbol: &SymbolRef) -> Vec<Hit> {
    let is_certain =
        |hit: &Hit| hit.certainty > Certainty::SameName && hit.get().kind != ReferenceKind::Import && !means_module(index, hit);
    index.references_of(symbol).into_iter().filter(is_certain).collect()
}

/// Whether a use in Python means the module that bears the name of what it defines: `tax` in `from shop import tax; tax.tax(1)`.
fn means_module(index: &Index, hit: &Hit) -> bool {
    let reference = hit.get();
    if hit.record.language != Language::Python || !reference.qualifier.is_empty() {
        return false;
    }
    let imports = hit.record.file().imports.iter().zip(index.imported_files(hit.path()));
    imports.filter(|(import, _)| import.alias == reference.name).any(|(import, files)| {
        files.iter().any(|path| {
            python_module::parts(path).last() == Some(&import.name.as_str())
                && !python_module::is_meant(index, hit.path(), &import.from, path)
        })
    })
}

/// The definitions at the top of a file.
pub(super) fn outer(index: &Index, path: &str) -> Vec<SymbolRef> {
    let Some(record) = index.file(path) else { return Vec::new() };
    let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
    let all = (0..count).filter_map(|symbol| SymbolRef::new(record, symbol));
    all.filter(|symbol| symbol.get().container.is_empty()).collect()
}
