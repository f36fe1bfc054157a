//! The state of all files in one piece: what the first answers need, in columns that are read as fast as they are copied.
//!
//! Little-endian throughout, in parts that each carry a checksum. What is damaged is not read.

use rayon::prelude::*;
use rusqlite::{Connection, params};
use smol_str::SmolStr;
use syntax::Language;

use super::row::{Known, REASONS, What, eight};
use super::schema::Fault;

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
    pub(crate) names: Vec<SmolStr>,
    /// For each symbol of each file the position of its name in `names`.
    pub(crate) of_symbols: Vec<u32>,
    /// How much each symbol matters; empty where nobody has reckoned it.
    pub(crate) ranks: Vec<f32>,
}

impl Picture {
    /// Writes it as the state after the batch `seq`.
    pub(super) fn write_at(&self, connection: &Connection, seq: i64) -> rusqlite::Result<()> {
        connection.execute("DELETE FROM picture", [])?;
        let bytes = self.to_bytes(seq);
        let mut insert = connection.prepare("INSERT INTO picture (part, body) VALUES (?1, ?2)")?;
        for (number, part) in bytes.chunks(PART).enumerate() {
            let mut body = eight(&blake3::hash(part)).to_vec();
            body.extend(part);
            insert.execute(params![i64::try_from(number).unwrap_or(i64::MAX), body])?;
        }
        Ok(())
    }

    /// The picture, where there is one.
    pub(super) fn read(connection: &Connection) -> Result<Option<Self>, Fault> {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut select = connection.prepare("SELECT body FROM picture ORDER BY part")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            parts.push(row.get(0)?);
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let is_whole = |part: &Vec<u8>| part.len() > 8 && part[..8] == eight(&blake3::hash(&part[8..]));
        if !parts.par_iter().all(is_whole) {
            return Err(Fault::Damaged);
        }
        let bytes: Vec<u8> = parts.iter().flat_map(|part| &part[8..]).copied().collect();
        drop(parts);
        Self::from_bytes(&bytes).map(Some).ok_or(Fault::Damaged)
    }

    fn to_bytes(&self, seq: i64) -> Vec<u8> {
        let mut out = Vec::new();
        let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        out.extend(u64::from(VERSION).to_le_bytes());
        out.extend(seq.to_le_bytes());
        for count in [self.known.len(), self.names.len(), self.of_symbols.len(), self.ranks.len()] {
            out.extend(wide(count).to_le_bytes());
        }
        texts(&mut out, self.known.iter().map(|known| &*known.path));
        texts(&mut out, self.names.iter().map(SmolStr::as_str));
        texts(&mut out, Language::ALL.iter().map(|language| language.name()));
        self.of_symbols.iter().for_each(|number| out.extend(number.to_le_bytes()));
        self.ranks.iter().for_each(|share| out.extend(share.to_le_bytes()));
        for known in &self.known {
            out.extend(known.size.to_le_bytes());
            out.extend(known.mtime_ns.unwrap_or(NO_TIME).to_le_bytes());
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
            out.extend((u32::try_from(tag).unwrap_or(GENERATED - 1) | mark).to_le_bytes());
            out.extend(counts.0.to_le_bytes());
            out.extend(counts.1.to_le_bytes());
            out.extend(key);
            out.extend(hash);
        }
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut left = bytes;
        let left = &mut left;
        if u64::from_le_bytes(take(left)?) != u64::from(VERSION) {
            return None;
        }
        let seq = i64::from_le_bytes(take(left)?);
        let mut count = || usize::try_from(u64::from_le_bytes(take(left)?)).ok();
        let [known, names, of_symbols, ranks] = [count()?, count()?, count()?, count()?];
        let paths = read_texts(left, known)?;
        let names: Vec<SmolStr> = read_texts(left, names)?.into_par_iter().map(SmolStr::new).collect();
        let languages = read_texts(left, usize::try_from(u32::from_le_bytes(*left.first_chunk()?)).ok()?)?;
        // Another build has other languages: what it knows is of no use here.
        if languages.iter().copied().ne(Language::ALL.iter().map(|language| language.name())) {
            return None;
        }
        let of_symbols: Vec<u32> = numbers(left, of_symbols)?.map(u32::from_le_bytes).collect();
        let ranks: Vec<f32> = numbers(left, ranks)?.map(f32::from_le_bytes).collect();
        let known = paths.into_iter().map(|path| read_known(left, path)).collect::<Option<Vec<Known>>>()?;
        let symbols: usize = known.iter().map(Known::symbols).sum();
        let is_sound = left.is_empty()
            && symbols == of_symbols.len()
            && of_symbols.par_iter().all(|&number| (number as usize) < names.len())
            && (ranks.is_empty() || ranks.len() == symbols);
        is_sound.then_some(Self { seq, known, names, of_symbols, ranks })
    }
}

impl Known {
    fn symbols(&self) -> usize {
        match self.what {
            What::Record { counts, .. } => counts.0 as usize,
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
fn texts<'t>(out: &mut Vec<u8>, texts: impl ExactSizeIterator<Item = &'t str> + Clone) {
    out.extend(u32::try_from(texts.len()).unwrap_or(u32::MAX).to_le_bytes());
    let mut end = 0_u32;
    for text in texts.clone() {
        end += u32::try_from(text.len()).unwrap_or(u32::MAX);
        out.extend(end.to_le_bytes());
    }
    texts.for_each(|text| out.extend(text.as_bytes()));
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

fn numbers<'b, const N: usize>(left: &mut &'b [u8], count: usize) -> Option<impl Iterator<Item = [u8; N]> + use<'b, N>> {
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
    use super::{Known, Language, Picture, What};

    fn picture() -> Picture {
        let record = What::Record { hash: [7; 32], language: Language::Go, key: [1; 8], counts: (3, 9), is_generated: true };
        let left = What::Left { reason: "not-utf8", key: [2; 8] };
        Picture {
            seq: 5,
            known: vec![
                Known { path: "a/ä.go".into(), size: 10, mtime_ns: Some(-3), what: record },
                Known { path: "b".into(), size: 0, mtime_ns: None, what: left },
            ],
            names: vec!["f".into(), "g".into()],
            of_symbols: vec![0, 1, 0],
            ranks: vec![0.5, 0.25, 0.25],
        }
    }

    #[test]
    fn a_picture_is_read_as_it_was_written() {
        assert_eq!(Picture::from_bytes(&picture().to_bytes(5)), Some(picture()));
        let bare = Picture { ranks: Vec::new(), ..picture() };
        assert_eq!(Picture::from_bytes(&bare.to_bytes(5)), Some(bare));
    }

    #[test]
    fn a_picture_that_was_cut_or_does_not_add_up_is_not_read() {
        let bytes = picture().to_bytes(5);
        assert!((0..bytes.len()).all(|length| Picture::from_bytes(&bytes[..length]).is_none()));
        assert!(Picture::from_bytes(&Picture { of_symbols: vec![0, 1, 2], ..picture() }.to_bytes(5)).is_none());
        assert!(Picture::from_bytes(&Picture { of_symbols: vec![0], ..picture() }.to_bytes(5)).is_none());
    }
}
