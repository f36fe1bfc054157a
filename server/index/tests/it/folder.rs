//! A folder of files that is gone after the test.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use index::{Index, Options, Report, SymbolRef};
use syntax::{Certainty, FileSymbols, Language, Limits};
use tempfile::TempDir;

pub(crate) struct Folder {
    dir: TempDir,
}

impl Folder {
    /// Files from one text: each begins with a line `//- path`.
    pub(crate) fn new(files: &str) -> Self {
        let folder = Self { dir: TempDir::new().unwrap() };
        for (path, text) in split(files) {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.root().join(path)).unwrap();
    }

    pub(crate) fn build(&self) -> (Index, Report) {
        Index::build(self.root(), &Options::default(), &|_| {}, &AtomicBool::new(false))
    }

    pub(crate) fn index(&self) -> Index {
        self.build().0
    }

    /// What the name at `needle` in a file may mean, each as `symbol certainty`. The name begins where the `^` in the needle is.
    pub(crate) fn meanings(&self, index: &Index, path: &str, needle: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.root().join(path)).unwrap();
        let offset = text.find(&needle.replace('^', "")).unwrap() + needle.find('^').unwrap_or(0);
        index.target_at(path, offset).iter().map(|(symbol, certainty)| show(symbol, *certainty)).collect()
    }
}

fn split(files: &str) -> impl Iterator<Item = (&str, &str)> {
    files.split("//- ").skip(1).map(|file| file.split_once('\n').unwrap())
}

pub(crate) fn show(symbol: &SymbolRef, certainty: Certainty) -> String {
    format!("{} {}", symbol.id(), certainty.as_str())
}

pub(crate) fn paths(index: &Index) -> Vec<String> {
    let mut paths: Vec<String> = index.files().map(|record| record.path.to_string()).collect();
    paths.sort();
    paths
}

pub(crate) fn named(index: &Index, name: &str) -> SymbolRef {
    let found = index.named(name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].clone()
}

pub(crate) fn uses(index: &Index, symbol: &SymbolRef) -> Vec<String> {
    index.references_of(symbol).iter().map(|hit| format!("{hit:?}")).collect()
}

pub(crate) fn parse(language: Language, text: &str) -> std::sync::Arc<FileSymbols> {
    syntax::parse(language, text, None, &Limits::default()).unwrap().file
}
