//! The state of all files in one piece: what the first answers need, in columns that are read as fast as they are copied.
//!
//! Little-endian throughout, in parts that each carry a checksum. What is damaged is not read.

use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;
use rusqlite::{Connection, Statement, params};
use syntax::Language;

use super::row::{Known, REASONS, What, eight};
use super::schema::Fault;
use crate::base::Postings;
use crate::names::Names;

/// Changes whenever the format does.
const VERSION: u32 = 2;
/// The bit of a language's number that marks a generated file.
const GENERATED: u32 = 1 << 31;
/// How much of a picture stands in one row, in bytes.
const PART: usize = 1 << 20;
/// The time of writing of a file whose time proves nothing.
const NO_TIME: i64 = i64::MIN;

/// All that is known at one moment.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Picture {
    /// The batch after which it was taken; what was written later is not in it.
    pub(crate) seq: i64,
    /// Files with records, in the order of their paths; then files that were left out.
    pub(crate) known: Vec<Known>,
    /// Every name that is defined, in order.
    pub(crate) names: Arc<Names>,
    /// For each name the places of its definitions.
    pub(crate) definitions: Arc<Postings>,
    /// How much each symbol matters; empty where nobody has reckoned it.
    pub(crate) ranks: Arc<Vec<f32>>,
}

impl Picture {
    /// Writes it as the state after the batch `seq`.
    pub(super) fn write_at(&self, connection: &Connection, seq: i64) -> rusqlite::Result<()> {
        connection.execute("DELETE FROM picture", [])?;
        let insert = connection.prepare("INSERT INTO picture (part, body) VALUES (?1, ?2)")?;
        let mut parts = Parts { insert, number: 0, part: Vec::with_capacity(PART) };
        self.write_into(seq, &mut parts).and_then(|()| parts.end()).map_err(as_of_store)
    }

    /// The picture, where there is one.
    pub(super) fn read(connection: &Connection) -> Result<Option<Self>, Fault> {
        let parts: i64 = connection.query_row("SELECT COUNT(*) FROM picture", [], |row| row.get(0))?;
        let mut bytes = Vec::with_capacity(usize::try_from(parts).unwrap_or(0).saturating_mul(PART));
        let mut checksums = Vec::new();
        let mut select = connection.prepare("SELECT body FROM picture ORDER BY part")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let part = row.get_ref(0)?.as_blob().map_err(|_| Fault::Damaged)?;
            let (checksum, part) = part.split_first_chunk::<8>().ok_or(Fault::Damaged)?;
            checksums.push(*checksum);
            // All but the last are full.
            if bytes.len() != (checksums.len() - 1) * PART {
                return Err(Fault::Damaged);
            }
            bytes.extend_from_slice(part);
        }
        if checksums.is_empty() {
            return Ok(None);
        }
        let is_whole = |(part, checksum): (&[u8], &[u8; 8])| eight(&blake3::hash(part)) == *checksum;
        if bytes.len().div_ceil(PART) != checksums.len() || !bytes.par_chunks(PART).zip(&checksums).all(is_whole) {
            return Err(Fault::Damaged);
        }
        Self::from_bytes(&bytes).map(Some).ok_or(Fault::Damaged)
    }

    /// Writes it bit by bit: that of a large workspace is not held twice.
    fn write_into(&self, seq: i64, out: &mut impl Write) -> io::Result<()> {
        let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        out.write_all(&u64::from(VERSION).to_le_bytes())?;
        out.write_all(&seq.to_le_bytes())?;
        let (starts, places) = self.definitions.parts();
        let text = self.names.text();
        let name_starts = self.names.starts();
        for count in [self.known.len(), text.len(), name_starts.len(), starts.len(), places.len(), self.ranks.len()] {
            out.write_all(&wide(count).to_le_bytes())?;
        }
        texts(out, self.known.iter().map(|known| &*known.path))?;
        texts(out, Language::ALL.iter().map(|language| language.name()))?;
        out.write_all(text.as_bytes())?;
        name_starts.iter().try_for_each(|start| out.write_all(&start.to_le_bytes()))?;
        starts.iter().try_for_each(|start| out.write_all(&start.to_le_bytes()))?;
        places.iter().try_for_each(|(file, _)| out.write_all(&file.to_le_bytes()))?;
        places.iter().try_for_each(|(_, symbol)| out.write_all(&symbol.to_le_bytes()))?;
        self.ranks.iter().try_for_each(|share| out.write_all(&share.to_le_bytes()))?;
        for known in &self.known {
            out.write_all(&known.size.to_le_bytes())?;
            out.write_all(&known.mtime_ns.unwrap_or(NO_TIME).to_le_bytes())?;
            let mut mark = 0;
            let (tag, hash, key, counts) = match &known.what {
                What::Record { hash, language, key, counts, is_generated } => {
                    mark = if *is_generated { GENERATED } else { 0 };
                    (*language as usize, *hash, *key, *counts)
                }
                What::Left { reason, key } => {
                    let reason = REASONS.iter().position(|known| known == reason).unwrap_or_default();
                    (Language::ALL.len() + reason, [0; 32], *key, (0, 0))
                }
                What::Gone => continue,
            };
            out.write_all(&(u32::try_from(tag).unwrap_or(GENERATED - 1) | mark).to_le_bytes())?;
            out.write_all(&counts.0.to_le_bytes())?;
            out.write_all(&counts.1.to_le_bytes())?;
            out.write_all(&key)?;
            out.write_all(&hash)?;
        }
        Ok(())
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut left = bytes;
        let left = &mut left;
        if u64::from_le_bytes(take(left)?) != u64::from(VERSION) {
            return None;
        }
        let seq = i64::from_le_bytes(take(left)?);
        let mut count = || usize::try_from(u64::from_le_bytes(take(left)?)).ok();
        let [known, text, names, lists, places, ranks] = [count()?, count()?, count()?, count()?, count()?, count()?];
        let paths = read_texts(left, known)?;
        let languages = read_texts(left, usize::try_from(u32::from_le_bytes(*left.first_chunk()?)).ok()?)?;
        // Another build has other languages: what it knows is of no use here.
        if languages.iter().copied().ne(Language::ALL.iter().map(|language| language.name())) {
            return None;
        }
        // The large parts are read side by side.
        let (text, rest) = left.split_at_checked(text)?;
        *left = rest;
        let (name_starts, lists, files) = (numbers(left, names)?, numbers(left, lists)?, numbers(left, places)?);
        let (symbols, ranks) = (numbers(left, places)?, numbers(left, ranks)?);
        let names = || {
            let (text, starts) = rayon::join(
                || std::str::from_utf8(text).ok().map(str::to_owned),
                || name_starts.map(u32::from_le_bytes).collect(),
            );
            Names::of_parts(text?, starts)
        };
        let definitions = || {
            let places = files.zip(symbols).map(|(file, symbol)| (u32::from_le_bytes(file), u32::from_le_bytes(symbol)));
            Postings::of_parts(lists.map(u32::from_le_bytes).collect(), places.collect())
        };
        let rest = || {
            let known = paths.into_iter().map(|path| read_known(left, path)).collect::<Option<Vec<Known>>>()?;
            left.is_empty().then_some((known, ranks.map(f32::from_le_bytes).collect::<Vec<f32>>()))
        };
        let (names, (definitions, rest)) = rayon::join(names, || rayon::join(definitions, rest));
        let (names, definitions, (known, ranks)) = (names?, definitions?, rest?);
        let symbols: Vec<u32> = known.iter().map(Known::symbols).collect();
        let (lists, places) = definitions.parts();
        let total: usize = symbols.iter().map(|&count| count as usize).sum();
        let is_sound = total == places.len()
            && lists.len() == names.len() + 2
            && places.par_iter().all(|&(file, symbol)| symbols.get(file as usize).is_some_and(|&count| symbol < count))
            && (ranks.is_empty() || ranks.len() == total);
        is_sound.then(|| Self { seq, known, names: Arc::new(names), definitions: Arc::new(definitions), ranks: Arc::new(ranks) })
    }
}

/// The rows of a picture that is being written.
struct Parts<'c> {
    insert: Statement<'c>,
    number: i64,
    /// What the next row will hold.
    part: Vec<u8>,
}

impl Parts<'_> {
    fn put(&mut self) -> io::Result<()> {
        let mut body = eight(&blake3::hash(&self.part)).to_vec();
        body.append(&mut self.part);
        self.insert.execute(params![self.number, body]).map_err(io::Error::other)?;
        self.number += 1;
        Ok(())
    }

    /// Writes what no full row has held.
    fn end(&mut self) -> io::Result<()> {
        if self.part.is_empty() { Ok(()) } else { self.put() }
    }
}

impl Write for Parts<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let fits = bytes.len().min(PART - self.part.len());
        self.part.extend_from_slice(&bytes[..fits]);
        if self.part.len() == PART {
            self.put()?;
        }
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the store said, where writing failed: nothing else can fail.
fn as_of_store(error: io::Error) -> rusqlite::Error {
    error.downcast().unwrap_or_else(|other| rusqlite::Error::ToSqlConversionFailure(other.into()))
}

impl Known {
    fn symbols(&self) -> u32 {
        match self.what {
            What::Record { counts, .. } => counts.0,
            _ => 0,
        }
    }
}

fn read_known(left: &mut &[u8], path: &str) -> Option<Known> {
    let size = u64::from_le_bytes(take(left)?);
    let mtime_ns = Some(i64::from_le_bytes(take(left)?)).filter(|&time| time != NO_TIME);
    let marked = u32::from_le_bytes(take(left)?);
    let (tag, is_generated) = ((marked & !GENERATED) as usize, marked & GENERATED != 0);
    let counts = (u32::from_le_bytes(take(left)?), u32::from_le_bytes(take(left)?));
    let (key, hash) = (take(left)?, take(left)?);
    let what = match Language::ALL.get(tag) {
        Some(&language) => What::Record { hash, language, key, counts, is_generated },
        None => What::Left { reason: REASONS.get(tag - Language::ALL.len())?, key },
    };
    Some(Known { path: path.into(), size, mtime_ns, what })
}

/// How many, where each ends, and all in one.
fn texts<'t>(out: &mut impl Write, mut texts: impl ExactSizeIterator<Item = &'t str> + Clone) -> io::Result<()> {
    out.write_all(&u32::try_from(texts.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    let mut end = 0_u32;
    for text in texts.clone() {
        end += u32::try_from(text.len()).unwrap_or(u32::MAX);
        out.write_all(&end.to_le_bytes())?;
    }
    texts.try_for_each(|text| out.write_all(text.as_bytes()))
}

fn read_texts<'b>(left: &mut &'b [u8], count: usize) -> Option<Vec<&'b str>> {
    if u32::from_le_bytes(take(left)?) as usize != count {
        return None;
    }
    let ends: Vec<u32> = numbers(left, count)?.map(u32::from_le_bytes).collect();
    let (text, rest) = left.split_at_checked(ends.last().copied().unwrap_or(0) as usize)?;
    *left = rest;
    let text = std::str::from_utf8(text).ok()?;
    let starts = std::iter::once(&0).chain(&ends);
    starts.zip(&ends).map(|(&start, &end)| text.get(start as usize..end as usize)).collect()
}

fn numbers<'b, const N: usize>(left: &mut &'b [u8], count: usize) -> Option<impl ExactSizeIterator<Item = [u8; N]> + use<'b, N>> {
    let (numbers, rest) = left.split_at_checked(count.checked_mul(N)?)?;
    *left = rest;
    Some(numbers.as_chunks::<N>().0.iter().copied())
}

fn take<const N: usize>(left: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = left.split_first_chunk()?;
    *left = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::{Arc, Known, Language, Names, Picture, Postings, What};

    /// Of a file whose symbols have names of these numbers.
    fn definitions(names: &[u32]) -> Arc<Postings> {
        Arc::new(Postings::new(2, names.iter().copied().zip((0..).map(|symbol| (0, symbol)))))
    }

    fn picture() -> Picture {
        let record = What::Record { hash: [7; 32], language: Language::Go, key: [1; 8], counts: (3, 9), is_generated: true };
        let left = What::Left { reason: "not-utf8", key: [2; 8] };
        Picture {
            seq: 5,
            known: vec![
                Known { path: "a/ä.go".into(), size: 10, mtime_ns: Some(-3), what: record },
                Known { path: "b".into(), size: 0, mtime_ns: None, what: left },
            ],
            names: Arc::new(Names::new(["f", "g"].into_iter())),
            definitions: definitions(&[0, 1, 0]),
            ranks: Arc::new(vec![0.5, 0.25, 0.25]),
        }
    }

    fn bytes(picture: &Picture) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_into(5, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_read_as_it_was_written() {
        assert_eq!(Picture::from_bytes(&bytes(&picture())), Some(picture()));
        let bare = Picture { ranks: Arc::default(), ..picture() };
        assert_eq!(Picture::from_bytes(&bytes(&bare)), Some(bare));
    }

    #[test]
    fn a_picture_that_was_cut_or_does_not_add_up_is_not_read() {
        let whole = bytes(&picture());
        assert!((0..whole.len()).all(|length| Picture::from_bytes(&whole[..length]).is_none()));
        let elsewhere = Arc::new(Postings::new(2, [(0, (0, 0)), (1, (0, 3)), (0, (0, 2))].into_iter()));
        assert!(Picture::from_bytes(&bytes(&Picture { definitions: elsewhere, ..picture() })).is_none());
        assert!(Picture::from_bytes(&bytes(&Picture { definitions: definitions(&[0]), ..picture() })).is_none());
        let other_names = Arc::new(Names::new(["f"].into_iter()));
        assert!(Picture::from_bytes(&bytes(&Picture { names: other_names, ..picture() })).is_none());
    }
}
