//! [`FileSymbols`] as bytes, for a store: a version, a checksum, then columns of variable-length numbers and one text.
//!
//! A use takes about seven bytes. Nothing that is read is trusted: bytes that were cut, damaged or made up are an error, and never
//! cost more memory than a small multiple of their own length.

mod read;
mod write;

use smol_str::SmolStr;
use text::Span;

use self::read::Reader;
use self::write::Writer;
use crate::references::{NONE, Packed, References};
use crate::values::{Binding, Values};
use crate::{FileSymbols, Import, Symbol, SymbolKind, Visibility};

/// Changes whenever the format does, or what is listed of a text.
const VERSION: u8 = 3;
/// The version and the checksum.
const HEAD: usize = 9;
/// The least bytes that a symbol takes.
const SYMBOL_BYTES: usize = 20;

/// Bytes that are no [`FileSymbols`] of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the bytes of a record are damaged, or of another version")
    }
}

impl std::error::Error for Unreadable {}

impl FileSymbols {
    /// These symbols, uses and imports as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.number(self.error_count);
        symbols(&mut writer, &self.symbols);
        imports(&mut writer, &self.imports);
        references(&mut writer, &self.references);
        values(&mut writer, &self.values);
        let body = writer.finish();
        let mut bytes = Vec::with_capacity(HEAD + body.len());
        bytes.push(VERSION);
        bytes.extend(checksum(&body));
        bytes.extend(body);
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// Where the bytes are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(Unreadable)?;
        if head[0] != VERSION || head[1..] != checksum(body) {
            return Err(Unreadable);
        }
        Self::from_body(body)
    }

    fn from_body(body: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(body)?;
        let error_count = reader.number()?;
        let symbols = read_symbols(&mut reader)?;
        let imports = read_imports(&mut reader)?;
        let references = read_references(&mut reader, symbols.len())?;
        let values = read_values(&mut reader)?;
        if reader.is_at_end() { Ok(Self { symbols, imports, error_count, references, values }) } else { Err(Unreadable) }
    }
}

fn checksum(body: &[u8]) -> [u8; 8] {
    let mut checksum = [0; 8];
    checksum.copy_from_slice(&blake3::hash(body).as_bytes()[..8]);
    checksum
}

/// How a container is written: as that of the symbol before, as the path of the parent, or in full.
const AS_BEFORE: u32 = 0;
const AS_PARENT: u32 = 1;
const IN_FULL: u32 = 2;

fn symbols(writer: &mut Writer, symbols: &[Symbol]) {
    writer.count(symbols.len());
    let (mut before, mut line) = (0, 0);
    for (place, symbol) in symbols.iter().enumerate() {
        writer.text(&symbol.name);
        writer.byte(kind_number(symbol.kind));
        writer.byte(match symbol.visibility {
            Visibility::Public => 0,
            Visibility::Private => 1,
            Visibility::Unstated => 2,
        });
        let parent = symbol.parent.filter(|&parent| (parent as usize) < place);
        debug_assert_eq!(parent, symbol.parent, "a symbol stands behind what it stands in");
        writer.number(parent.map_or(0, |parent| u32::try_from(place).unwrap_or(u32::MAX) - parent));
        let of_parent = parent.map_or_else(String::new, |parent| symbols[parent as usize].path());
        if place > 0 && symbols[place - 1].container == symbol.container {
            writer.number(AS_BEFORE);
        } else if of_parent == *symbol.container {
            writer.number(AS_PARENT);
        } else {
            writer.number(IN_FULL);
            writer.text(&symbol.container);
        }
        writer.step(before, symbol.span.start);
        writer.step(symbol.span.start, symbol.span.end);
        writer.step(symbol.span.start, symbol.full_span.start);
        writer.step(symbol.span.end, symbol.full_span.end);
        writer.step(symbol.span.start, symbol.name_span.start);
        writer.step(symbol.name_span.start, symbol.name_span.end);
        writer.step(line, symbol.line);
        writer.number(symbol.column);
        writer.step(symbol.line, symbol.end_line);
        writer.text(&symbol.signature);
        writer.text(&symbol.doc);
        writer.eight(symbol.body_hash);
        (before, line) = (symbol.span.start, symbol.line);
    }
}

fn read_symbols(reader: &mut Reader<'_>) -> Result<Vec<Symbol>, Unreadable> {
    let count = reader.count(SYMBOL_BYTES)?;
    let mut symbols: Vec<Symbol> = Vec::with_capacity(count);
    let (mut before, mut line) = (0, 0);
    for place in 0..count {
        let name = SmolStr::new(reader.text()?);
        let kind = KINDS.get(usize::from(reader.byte()?)).copied().ok_or(Unreadable)?;
        let visibility = match reader.byte()? {
            0 => Visibility::Public,
            1 => Visibility::Private,
            2 => Visibility::Unstated,
            _ => return Err(Unreadable),
        };
        let parent = match reader.number()? {
            0 => None,
            back => Some(u32::try_from(place).ok().and_then(|place| place.checked_sub(back)).ok_or(Unreadable)?),
        };
        let container = match reader.number()? {
            AS_BEFORE => symbols.last().ok_or(Unreadable)?.container.clone(),
            AS_PARENT => parent.map_or_else(SmolStr::default, |parent| symbols[parent as usize].path().into()),
            IN_FULL => reader.text()?.into(),
            _ => return Err(Unreadable),
        };
        let start = reader.step(before)?;
        let end = reader.step(start)?;
        let full_span = Span { start: reader.step(start)?, end: reader.step(end)? };
        let name_start = reader.step(start)?;
        let name_span = Span { start: name_start, end: reader.step(name_start)? };
        (before, line) = (start, reader.step(line)?);
        symbols.push(Symbol {
            name,
            kind,
            container,
            parent,
            span: Span { start, end },
            full_span,
            name_span,
            line,
            column: reader.number()?,
            end_line: reader.step(line)?,
            signature: reader.text()?.into(),
            doc: reader.text()?.into(),
            body_hash: reader.eight()?,
            visibility,
        });
    }
    Ok(symbols)
}

fn imports(writer: &mut Writer, imports: &[Import]) {
    writer.count(imports.len());
    let mut before = ("", 0);
    for import in imports {
        let is_as_before = import.from == before.0;
        writer.byte(u8::from(is_as_before));
        if !is_as_before {
            writer.text(&import.from);
        }
        writer.text(&import.name);
        writer.text(if import.alias == import.name { "" } else { &import.alias });
        writer.byte(u8::from(import.alias == import.name));
        writer.step(before.1, import.span.start);
        writer.step(import.span.start, import.span.end);
        before = (&import.from, import.span.start);
    }
}

fn read_imports(reader: &mut Reader<'_>) -> Result<Vec<Import>, Unreadable> {
    let count = reader.count(6)?;
    let mut imports: Vec<Import> = Vec::with_capacity(count);
    let mut before = 0;
    for _ in 0..count {
        let from = match reader.byte()? {
            0 => SmolStr::new(reader.text()?),
            _ => imports.last().map(|import| import.from.clone()).unwrap_or_default(),
        };
        let name = SmolStr::new(reader.text()?);
        let alias = reader.text()?;
        let alias = if reader.byte()? == 1 { name.clone() } else { alias.into() };
        let start = reader.step(before)?;
        imports.push(Import { from, name, alias, span: Span { start, end: reader.step(start)? } });
        before = start;
    }
    Ok(imports)
}

fn references(writer: &mut Writer, references: &References) {
    writer.column(references.ends.iter().copied());
    writer.text(&references.names);
    writer.column(references.lines.iter().copied());
    writer.column(references.wide.iter().copied());
    writer.column(references.packed.iter().map(|packed| packed.start));
    writer.numbers(references.packed.iter().map(|packed| packed.number()));
    writer.numbers(references.packed.iter().map(|packed| packed.flags()));
    writer.numbers(references.packed.iter().map(|packed| packed.qualifier));
    writer.steps(references.packed.iter().map(|packed| packed.enclosing.wrapping_add(1)));
}

fn read_references(reader: &mut Reader<'_>, symbols: usize) -> Result<References, Unreadable> {
    let ends = reader.column()?;
    let names = reader.text()?;
    let is_cut = |(start, end): (&u32, &u32)| names.get(*start as usize..*end as usize).is_none();
    if std::iter::once(&0).chain(&ends).zip(&ends).any(is_cut) {
        return Err(Unreadable);
    }
    let lines = reader.column()?;
    let wide = reader.column()?;
    if !lines.is_sorted() || !wide.is_sorted() {
        return Err(Unreadable);
    }
    let starts = reader.column()?;
    let mut packed: Vec<Packed> = starts.iter().map(|&start| Packed { name: 0, qualifier: 0, start, enclosing: NONE }).collect();
    let is_name = |number: u32| (number as usize) < ends.len();
    for slot in &mut packed {
        slot.name = reader.number().ok().filter(|&number| is_name(number)).ok_or(Unreadable)?;
    }
    for slot in &mut packed {
        *slot = slot.with_flags(reader.number()?).ok_or(Unreadable)?;
    }
    for slot in &mut packed {
        slot.qualifier = reader.number().ok().filter(|&number| is_name(number)).ok_or(Unreadable)?;
    }
    let mut enclosing = 0;
    for slot in &mut packed {
        enclosing = reader.step(enclosing)?;
        slot.enclosing = enclosing.wrapping_sub(1);
        if slot.enclosing != NONE && slot.enclosing as usize >= symbols {
            return Err(Unreadable);
        }
    }
    Ok(References { names: names.into(), ends: ends.into(), packed: packed.into(), lines: lines.into(), wide: wide.into() })
}

fn values(writer: &mut Writer, values: &Values) {
    writer.column(values.ends.iter().copied());
    writer.text(&values.texts);
    writer.column(values.bindings.iter().map(|binding| binding.start));
    writer.steps(values.bindings.iter().map(|binding| binding.end));
    writer.numbers(values.bindings.iter().map(|binding| binding.name));
    writer.numbers(values.bindings.iter().map(|binding| binding.value));
    writer.column(values.receivers.iter().map(|receiver| receiver.0));
    writer.numbers(values.receivers.iter().map(|receiver| receiver.1));
}

fn read_values(reader: &mut Reader<'_>) -> Result<Values, Unreadable> {
    let ends = reader.column()?;
    let texts = reader.text()?;
    let is_cut = |(start, end): (&u32, &u32)| texts.get(*start as usize..*end as usize).is_none();
    if std::iter::once(&0).chain(&ends).zip(&ends).any(is_cut) {
        return Err(Unreadable);
    }
    let number =
        |reader: &mut Reader<'_>| reader.number().ok().filter(|&number| (number as usize) < ends.len()).ok_or(Unreadable);
    let starts = reader.column()?;
    let mut bindings: Vec<Binding> = starts.iter().map(|&start| Binding { start, end: 0, name: 0, value: 0 }).collect();
    let mut end = 0;
    for binding in &mut bindings {
        end = reader.step(end)?;
        binding.end = end;
    }
    for binding in &mut bindings {
        binding.name = number(reader)?;
    }
    for binding in &mut bindings {
        binding.value = number(reader)?;
    }
    let starts = reader.column()?;
    let mut receivers: Vec<(u32, u32)> = starts.iter().map(|&start| (start, 0)).collect();
    for receiver in &mut receivers {
        receiver.1 = number(reader)?;
    }
    if !bindings.is_sorted_by_key(|binding| binding.start) || !receivers.is_sorted_by_key(|receiver| receiver.0) {
        return Err(Unreadable);
    }
    Ok(Values { texts: texts.into(), ends: ends.into(), bindings: bindings.into(), receivers: receivers.into() })
}

/// Kinds by their numbers.
const KINDS: [SymbolKind; 18] = {
    use SymbolKind::*;
    [
        Module,
        Namespace,
        Package,
        Class,
        Method,
        Property,
        Field,
        Constructor,
        Enum,
        Interface,
        Function,
        Variable,
        Constant,
        EnumMember,
        Struct,
        TypeParameter,
        Macro,
        TypeAlias,
    ]
};

fn kind_number(kind: SymbolKind) -> u8 {
    kind as u8
}

#[cfg(test)]
mod tests;
