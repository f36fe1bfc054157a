//! The base of a picture: tables over all files, made once and then only read.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::FileRecord;
use crate::answers::Answers;
use crate::graph::{Graph, Ranks};
use crate::imports::Lead;
use crate::names::Names;
use crate::rank::Words;
use crate::search::Signatures;

/// A file in a picture: below [`Base::len`] a file of the base, from there on a file of the overlay.
pub(crate) type FileId = u32;

/// A place in a file: a symbol or a reference.
pub(crate) type Place = (FileId, u32);

/// Lists, one for each number, in one block of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists<T> {
    starts: Vec<u32>,
    places: Vec<T>,
}

/// Lists of places.
pub(crate) type Postings = Lists<Place>;

impl<T: Copy + Default> Lists<T> {
    /// Sorts pairs of number and place into lists; the places of a list keep their order. The pairs are gone through twice, so
    /// that they need not be kept.
    pub(crate) fn new(lists: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut this = Self::with_room(lists, pairs.clone().map(|(list, _)| list));
        pairs.for_each(|(list, place)| this.put(list, place));
        this
    }

    /// The same where it is known how long each list will be, so that the pairs are gone through once.
    pub(crate) fn of_lengths(lengths: &[u32], pairs: impl Iterator<Item = (u32, T)>) -> Self {
        let mut starts = vec![0, 0];
        starts.extend(lengths);
        let mut this = Self::with_lengths(starts);
        pairs.for_each(|(list, place)| this.put(list, place));
        this
    }

    /// Room for lists of which each has as many places as its number is named.
    fn with_room(lists: usize, named: impl Iterator<Item = u32>) -> Self {
        let mut starts = vec![0_u32; lists + 2];
        for list in named {
            starts[list as usize + 2] += 1;
        }
        Self::with_lengths(starts)
    }

    /// Room for lists, the lengths of which stand behind two zeros. `starts[list + 1]` is where the list will end; while it is filled,
    /// where its next place goes.
    fn with_lengths(mut starts: Vec<u32>) -> Self {
        let lists = starts.len() - 2;
        for list in 0..lists {
            starts[list + 2] += starts[list + 1];
        }
        let places = vec![T::default(); starts.last().copied().unwrap_or_default() as usize];
        Self { starts, places }
    }

    /// Lists from one block of memory and where each begins; `None` where the two do not fit.
    pub(crate) fn of_parts(starts: Vec<u32>, places: Vec<T>) -> Option<Self> {
        let ends = starts.last().copied().unwrap_or_default() as usize;
        (starts.is_sorted() && ends == places.len()).then_some(Self { starts, places })
    }

    /// Where each list begins, and all places.
    pub(crate) fn parts(&self) -> (&[u32], &[T]) {
        (&self.starts, &self.places)
    }

    fn put(&mut self, list: u32, place: T) {
        let slot = &mut self.starts[list as usize + 1];
        self.places[*slot as usize] = place;
        *slot += 1;
    }

    pub(crate) fn list(&self, list: u32) -> &[T] {
        let at = |list: u32| self.starts[list as usize] as usize;
        &self.places[at(list)..at(list + 1)]
    }
}

/// The tables of so many uses are made before anybody sees that they were not there.
const AN_INSTANT: usize = 50_000;

/// Where each import of a file leads.
pub(crate) type Leads = Arc<[Lead]>;

/// Which files lie where.
#[derive(Default)]
struct Shelves {
    folders: FxHashMap<SmolStr, Vec<FileId>>,
    stems: FxHashMap<SmolStr, Vec<FileId>>,
}

/// Where names are used.
struct Uses {
    /// The names that are used and nowhere defined, in order; their numbers follow those of the names that are defined.
    foreign: Vec<SmolStr>,
    places: Postings,
}

/// What a file of C or C++ includes, as far as somebody has asked.
#[derive(Default)]
struct Include {
    /// What it names itself.
    named: OnceLock<Box<[FileId]>>,
    /// All that it brings in, itself among them.
    reached: OnceLock<Arc<[FileId]>>,
}

/// Tables over files that stay as they are. Those that need the contents of all files are made when they are first asked for.
#[derive(Default)]
pub(crate) struct Base {
    /// In the order of their paths.
    pub(crate) files: Vec<Arc<FileRecord>>,
    /// Every name that is defined, in order.
    pub(crate) names: Arc<Names>,
    definitions: Arc<Postings>,
    /// The number of symbols in all files before each file; one more than there are files.
    symbol_starts: Vec<u32>,
    shelves: OnceLock<Shelves>,
    uses: OnceLock<Uses>,
    /// The files that each import of each file leads to.
    pub(crate) imports: OnceLock<Vec<Leads>>,
    pub(crate) graph: OnceLock<Graph>,
    pub(crate) ranks: OnceLock<Ranks>,
    pub(crate) words: OnceLock<Words>,
    /// Set where the files have their vectors.
    pub(crate) has_vectors: OnceLock<()>,
    /// Set where a store has the definitions.
    pub(crate) is_kept: OnceLock<()>,
    signatures: OnceLock<Signatures>,
    includes: OnceLock<Vec<Include>>,
    /// What the uses of names mean, by the number of the name, as far as that was worked out.
    pub(crate) answers: RwLock<FxHashMap<u32, Arc<Answers>>>,
    /// Set where a store has the ranks too.
    pub(crate) ranks_are_kept: OnceLock<()>,
    newest: OnceLock<Option<i128>>,
}

impl Base {
    /// Makes the tables of definitions.
    pub(crate) fn new(mut files: Vec<Arc<FileRecord>>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let mut numbers: FxHashMap<SmolStr, u32> = FxHashMap::default();
        let mut of_symbols = Vec::new();
        for symbol in files.iter().flat_map(|record| &record.file().symbols) {
            let fresh = narrow(numbers.len());
            of_symbols.push(*numbers.entry(symbol.name.clone()).or_insert(fresh));
        }
        let mut names: Vec<(SmolStr, u32)> = numbers.into_iter().collect();
        names.par_sort_unstable();
        let mut in_order = vec![0; names.len()];
        for (number, (_, first_sight)) in (0_u32..).zip(&names) {
            in_order[*first_sight as usize] = number;
        }
        of_symbols.iter_mut().for_each(|number| *number = in_order[*number as usize]);
        let places = (0_u32..).zip(&files).flat_map(|(id, record)| (0..record.counts.0).map(move |place| (id, place)));
        let definitions = Postings::new(names.len(), of_symbols.iter().copied().zip(places));
        let names = names.iter().map(|(name, _)| name).collect();
        Self::of(files, Arc::new(names), Arc::new(definitions))
    }

    /// The same of files in the order of their paths, defined names in their order, and where each is defined.
    pub(crate) fn of(files: Vec<Arc<FileRecord>>, names: Arc<Names>, definitions: Arc<Postings>) -> Self {
        let counts = files.iter().scan(0, |sum, record| {
            *sum += record.counts.0;
            Some(*sum)
        });
        let symbol_starts = std::iter::once(0).chain(counts).collect();
        Self { files, names, definitions, symbol_starts, ..Self::default() }
    }

    /// Where each name is defined.
    pub(crate) fn definition_lists(&self) -> &Arc<Postings> {
        &self.definitions
    }

    /// Makes the table of uses, if it is not there yet.
    pub(crate) fn find_uses(&self) {
        self.uses();
    }

    /// Whether the uses of names and where imports lead are known, or made in an instant.
    pub(crate) fn knows_uses(&self) -> bool {
        let is_made = self.uses.get().is_some() && self.imports.get().is_some();
        is_made || self.files.iter().map(|record| record.counts.1 as usize).sum::<usize>() < AN_INSTANT
    }

    fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| {
            let defined: FxHashMap<&str, u32> = self.names.iter().zip(0..).collect();
            let of_file = |record: &Arc<FileRecord>| -> Box<[u32]> {
                record.file().names().map(|name| defined.get(name).copied().unwrap_or(u32::MAX)).collect()
            };
            // For each file, the number here of each name of the file.
            let mut numbers: Vec<Box<[u32]>> = self.files.par_iter().map(of_file).collect();
            let mut foreign: FxHashMap<&str, u32> = FxHashMap::default();
            for (record, numbers) in self.files.iter().zip(&mut numbers) {
                for (name, number) in record.file().names().zip(numbers.iter_mut()).filter(|(_, number)| **number == u32::MAX) {
                    let fresh = narrow(defined.len() + foreign.len());
                    *number = *foreign.entry(name).or_insert(fresh);
                }
            }
            let mut foreign: Vec<(&str, u32)> = foreign.into_iter().collect();
            foreign.par_sort_unstable();
            let mut in_order = vec![0; foreign.len()];
            for (number, (_, first_sight)) in (narrow(defined.len())..).zip(&foreign) {
                in_order[*first_sight as usize - defined.len()] = number;
            }
            for number in numbers.iter_mut().flat_map(|numbers| &mut **numbers) {
                *number = (*number as usize).checked_sub(defined.len()).map_or(*number, |place| in_order[place]);
            }
            let uses = (0_u32..).zip(self.files.iter().zip(&numbers)).flat_map(|(id, (record, numbers))| {
                let uses = record.file().named_uses();
                uses.map(move |(place, name)| (numbers[name as usize], (id, place)))
            });
            let places = Postings::new(defined.len() + foreign.len(), uses);
            Uses { foreign: foreign.into_iter().map(|(name, _)| name.into()).collect(), places }
        })
    }

    /// When the newest file was written, in nanoseconds since 1970; `None` where no file's time is known.
    pub(crate) fn newest(&self) -> Option<i128> {
        *self.newest.get_or_init(|| self.files.iter().filter_map(|record| record.mtime_ns).max())
    }

    fn include(&self, file: FileId) -> Option<&Include> {
        self.includes.get_or_init(|| self.files.iter().map(|_| Include::default()).collect()).get(file as usize)
    }

    /// Where the headers that a file of the base names are kept; `None` for a file that is not of the base.
    pub(crate) fn included(&self, file: FileId) -> Option<&OnceLock<Box<[FileId]>>> {
        self.include(file).map(|include| &include.named)
    }

    /// Where all that a header of the base brings in is kept; `None` for a file that is not of the base.
    pub(crate) fn reached(&self, file: FileId) -> Option<&OnceLock<Arc<[FileId]>>> {
        self.include(file).map(|include| &include.reached)
    }

    /// The defined names as a search sees them.
    pub(crate) fn signatures(&self) -> &Signatures {
        self.signatures.get_or_init(|| Signatures::new(&self.names))
    }

    fn shelves(&self) -> &Shelves {
        self.shelves.get_or_init(|| {
            let mut shelves = Shelves::default();
            for (id, record) in (0_u32..).zip(&self.files) {
                shelves.folders.entry(crate::paths::folder(&record.path).into()).or_default().push(id);
                shelves.stems.entry(crate::paths::stem(&record.path).into()).or_default().push(id);
            }
            shelves
        })
    }

    /// The number of a name that is defined.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.names.number(name)
    }

    pub(crate) fn len(&self) -> u32 {
        narrow(self.files.len())
    }

    pub(crate) fn id(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|record| (*record.path).cmp(path)).ok().map(narrow)
    }

    pub(crate) fn definitions(&self, name: &str) -> &[Place] {
        self.number(name).map_or(&[], |number| self.definitions.list(number))
    }

    /// The definitions of the name of this number.
    pub(crate) fn definitions_of(&self, number: u32) -> &[Place] {
        self.definitions.list(number)
    }

    pub(crate) fn references(&self, name: &str) -> &[Place] {
        let uses = self.uses();
        let foreign = || {
            let place = uses.foreign.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
            Some(narrow(self.names.len() + place))
        };
        self.number(name).or_else(foreign).map_or(&[], |number| uses.places.list(number))
    }

    /// How many uses of names there are that are not local variables.
    pub(crate) fn use_count(&self) -> usize {
        self.uses().places.places.len()
    }

    pub(crate) fn in_folder(&self, folder: &str) -> &[FileId] {
        self.shelves().folders.get(folder).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn with_stem(&self, stem: &str) -> &[FileId] {
        self.shelves().stems.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Every folder that holds a file itself.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &SmolStr> {
        self.shelves().folders.keys()
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
