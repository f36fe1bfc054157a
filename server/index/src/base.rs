//! The base of a picture: tables over all files, made once and then only read.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::FileRecord;
use crate::graph::Graph;
use crate::imports::Lead;
use crate::rank::Words;

/// A file in a picture: below [`Base::len`] a file of the base, from there on a file of the overlay.
pub(crate) type FileId = u32;

/// A place in a file: a symbol or a reference.
pub(crate) type Place = (FileId, u32);

/// Lists of places, one list for each number, in one block of memory.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    places: Vec<Place>,
}

impl Postings {
    /// Sorts pairs of number and place into lists; the places of a list keep their order. The pairs are gone through twice, so
    /// that they need not be kept.
    pub(crate) fn new(lists: usize, pairs: impl Iterator<Item = (u32, Place)> + Clone) -> Self {
        // `starts[list + 1]` is where the list will end; while it is filled, where its next place goes.
        let mut starts = vec![0_u32; lists + 2];
        for (list, _) in pairs.clone() {
            starts[list as usize + 2] += 1;
        }
        for list in 0..lists {
            starts[list + 2] += starts[list + 1];
        }
        let mut places = vec![(0, 0); starts.last().copied().unwrap_or_default() as usize];
        for (list, place) in pairs {
            let slot = &mut starts[list as usize + 1];
            places[*slot as usize] = place;
            *slot += 1;
        }
        Self { starts, places }
    }

    pub(crate) fn list(&self, list: u32) -> &[Place] {
        let at = |list: u32| self.starts[list as usize] as usize;
        &self.places[at(list)..at(list + 1)]
    }
}

/// Where each import of a file leads.
pub(crate) type Leads = Box<[Lead]>;

/// Tables over files that stay as they are.
#[derive(Default)]
pub(crate) struct Base {
    /// In the order of their paths.
    pub(crate) files: Vec<Arc<FileRecord>>,
    /// Every name that is defined or used, in the order of first sight.
    pub(crate) names: Vec<SmolStr>,
    numbers: FxHashMap<SmolStr, u32>,
    definitions: Postings,
    references: Postings,
    /// The number of symbols in all files before each file; one more than there are files.
    symbol_starts: Vec<u32>,
    folders: FxHashMap<SmolStr, Vec<FileId>>,
    stems: FxHashMap<SmolStr, Vec<FileId>>,
    /// The files that each import of each file leads to.
    pub(crate) imports: OnceLock<Vec<Leads>>,
    pub(crate) graph: OnceLock<Graph>,
    pub(crate) words: OnceLock<Words>,
}

impl Base {
    /// Makes the tables that need nothing but the files.
    pub(crate) fn new(mut files: Vec<Arc<FileRecord>>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let mut base = Self { symbol_starts: vec![0], ..Self::default() };
        let mut definitions = Vec::new();
        // For each file, the number here of each name of the file.
        let mut numbers: Vec<Box<[u32]>> = Vec::with_capacity(files.len());
        for (id, record) in (0_u32..).zip(&files) {
            for (place, symbol) in (0_u32..).zip(&record.file().symbols) {
                definitions.push((base.intern(&symbol.name), (id, place)));
            }
            numbers.push(record.file().names().map(|name| base.intern(name)).collect());
            base.symbol_starts.push(narrow(definitions.len()));
            base.folders.entry(crate::paths::folder(&record.path).into()).or_default().push(id);
            base.stems.entry(crate::paths::stem(&record.path).into()).or_default().push(id);
        }
        base.definitions = Postings::new(base.names.len(), definitions.iter().copied());
        drop(definitions);
        let uses = (0_u32..).zip(files.iter().zip(&numbers)).flat_map(|(id, (record, numbers))| {
            let uses = record.file().named_uses();
            uses.map(move |(place, name)| (numbers[name as usize], (id, place)))
        });
        base.references = Postings::new(base.names.len(), uses);
        base.files = files;
        base
    }

    fn intern(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let (number, name) = (narrow(self.names.len()), SmolStr::new(name));
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    pub(crate) fn len(&self) -> u32 {
        narrow(self.files.len())
    }

    pub(crate) fn id(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|record| (*record.path).cmp(path)).ok().map(narrow)
    }

    pub(crate) fn definitions(&self, name: &str) -> &[Place] {
        self.numbers.get(name).map_or(&[], |&number| self.definitions.list(number))
    }

    pub(crate) fn references(&self, name: &str) -> &[Place] {
        self.numbers.get(name).map_or(&[], |&number| self.references.list(number))
    }

    /// Every name that is defined.
    pub(crate) fn defined(&self) -> impl Iterator<Item = &SmolStr> {
        (0_u32..).zip(&self.names).filter(|(number, _)| !self.definitions.list(*number).is_empty()).map(|(_, name)| name)
    }

    pub(crate) fn in_folder(&self, folder: &str) -> &[FileId] {
        self.folders.get(folder).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn with_stem(&self, stem: &str) -> &[FileId] {
        self.stems.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Every folder that holds a file itself.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &SmolStr> {
        self.folders.keys()
    }

    /// The files whose paths begin with `folder/`.
    pub(crate) fn below(&self, folder: &str) -> Range<FileId> {
        let folder = format!("{folder}/");
        let start = self.files.partition_point(|record| *record.path < *folder);
        let count = self.files[start..].iter().take_while(|record| record.path.starts_with(&folder)).count();
        narrow(start)..narrow(start + count)
    }

    /// The number of a symbol among all symbols of the base.
    pub(crate) fn node(&self, (file, symbol): Place) -> u32 {
        self.symbol_starts[file as usize] + symbol
    }

    /// The place of a symbol by its number.
    pub(crate) fn place(&self, node: u32) -> Place {
        let file = self.symbol_starts.partition_point(|&start| start <= node) - 1;
        (narrow(file), node - self.symbol_starts[file])
    }

    pub(crate) fn symbol_count(&self) -> usize {
        self.symbol_starts.last().copied().unwrap_or_default() as usize
    }
}

/// A count as the width that the tables use. More than four thousand million of anything is more than the limits let in.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
