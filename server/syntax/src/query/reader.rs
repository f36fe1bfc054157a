//! Reads the source of a query into [shapes](Shape). What it cannot write out is left to tree-sitter's own, slower machine.

use std::ops::Range;

use super::{
    predicate::{Argument, Predicate},
    shape::{ERROR, Shape, What},
};

/// More alternatives than this in one pattern are not written out.
const MAX_ALTERNATIVES: usize = 256;
/// Patterns that nest deeper are not written out.
const MAX_DEPTH: usize = 64;

/// One pattern of a query.
#[derive(Debug, Default)]
pub(crate) struct Pattern {
    /// Where it stands in the source.
    pub(crate) source: Range<usize>,
    /// One of these must be found; `None` where it could not be written out.
    pub(crate) shapes: Option<Vec<Shape>>,
    pub(crate) predicates: Vec<Predicate>,
    /// What it sets with `#set!`.
    pub(crate) settings: Vec<(String, Option<String>)>,
}

/// The patterns of a query and the names of its captures; `None` where it is not well formed.
pub(crate) fn read(source: &str, language: &tree_sitter::Language) -> Option<(Vec<Pattern>, Vec<String>)> {
    let mut reader =
        Reader { source, at: 0, language, captures: Vec::new(), pattern: Pattern::default(), supported: true, repeated: false };
    let mut patterns = Vec::new();
    loop {
        reader.blank();
        if reader.peek().is_none() {
            return Some((patterns, reader.captures));
        }
        let start = reader.at;
        reader.supported = true;
        let alternatives = reader.item(0)?;
        let mut pattern = std::mem::take(&mut reader.pattern);
        pattern.source = start..reader.at;
        let single = |mut sequence: Vec<Shape>| if sequence.len() == 1 { sequence.pop() } else { None };
        let shapes: Option<Vec<Shape>> = alternatives.into_iter().map(single).collect();
        // The walk passes over what has no name of its own.
        pattern.shapes = shapes.filter(|shapes| reader.supported && !shapes.iter().any(|shape| shape.anonymous));
        patterns.push(pattern);
    }
}

/// What may stand at one place: one of several sequences of siblings.
type Alternatives = Vec<Vec<Shape>>;

struct Reader<'s> {
    source: &'s str,
    at: usize,
    language: &'s tree_sitter::Language,
    captures: Vec<String>,
    /// The pattern that is being read.
    pattern: Pattern,
    /// Whether it can be written out.
    supported: bool,
    /// Whether the last item may be missing or stand several times.
    repeated: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// Passes over white space and comments.
    fn blank(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b';' {
                let rest = &self.source[self.at..];
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// A name; `more` may stand in it besides letters, digits, `_` and `-`.
    fn word(&mut self, more: &[u8]) -> String {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte) || more.contains(&byte)) {
            self.at += 1;
        }
        self.source[start..self.at].to_owned()
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.source.get(self.at + 1..)?.char_indices();
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.at += offset + 2;
                    return Some(text);
                }
                '\\' => text.push(match characters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '0' => '\0',
                    other => other,
                }),
                character => text.push(character),
            }
        }
        None
    }

    /// One node, string, choice or group with what is captured of it.
    fn item(&mut self, depth: usize) -> Option<Alternatives> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blank();
        let mut alternatives = match self.peek()? {
            b'(' => self.parenthesis(depth)?,
            b'[' => self.choice(depth)?,
            b'"' => {
                let text = self.string()?;
                vec![vec![self.kind(&text, false)]]
            }
            _ if self.word(b"") == "_" => vec![vec![Shape::new(What::Any)]],
            _ => return None,
        };
        let mut repeated = false;
        loop {
            self.blank();
            match self.peek() {
                Some(b'@') => {
                    self.at += 1;
                    let capture = self.capture()?;
                    for sequence in &mut alternatives {
                        match &mut sequence[..] {
                            [] => {}
                            [shape] => shape.captures.push(capture),
                            _ => self.supported = false,
                        }
                    }
                }
                // One match for each repetition instead of one for all: no capture means more for being in one match.
                Some(b'?' | b'*') => {
                    self.at += 1;
                    alternatives.insert(0, Vec::new());
                    repeated = true;
                }
                Some(b'+') => {
                    self.at += 1;
                    repeated = true;
                }
                _ => {
                    self.repeated = repeated;
                    return Some(alternatives);
                }
            }
        }
    }

    fn capture(&mut self) -> Option<u16> {
        let name = self.word(b".?!");
        let known = self.captures.iter().position(|known| *known == name);
        let position = known.unwrap_or_else(|| {
            self.captures.push(name);
            self.captures.len() - 1
        });
        u16::try_from(position).ok()
    }

    /// `[a b c]`.
    fn choice(&mut self, depth: usize) -> Option<Alternatives> {
        self.at += 1;
        let mut alternatives = Vec::new();
        loop {
            self.blank();
            if self.take(b']') {
                return Some(alternatives);
            }
            match self.field() {
                Some(field) => {
                    let mut inner = self.item(depth + 1)?;
                    self.in_field(&mut inner, &field);
                    alternatives.append(&mut inner);
                }
                None => alternatives.append(&mut self.item(depth + 1)?),
            }
        }
    }

    /// The name of a field before its colon.
    fn field(&mut self) -> Option<String> {
        let start = self.at;
        let name = self.word(b"");
        self.blank();
        if !name.is_empty() && self.take(b':') {
            return Some(name);
        }
        self.at = start;
        None
    }

    fn in_field(&mut self, alternatives: &mut Alternatives, field: &str) {
        let id = self.language.field_id_for_name(field);
        self.supported &= id.is_some();
        for sequence in alternatives {
            match &mut sequence[..] {
                [] => {}
                [shape] => shape.field = id,
                _ => self.supported = false,
            }
        }
    }

    /// A node, a group or a predicate.
    fn parenthesis(&mut self, depth: usize) -> Option<Alternatives> {
        self.at += 1;
        self.blank();
        if self.take(b'#') {
            self.predicate()?;
            return Some(Vec::new());
        }
        let start = self.at;
        let name = self.word(b"");
        self.blank();
        // A group begins with something else than a name: another parenthesis, a string, an anchor, a field.
        if matches!(name.as_str(), "" | ".") || self.peek() == Some(b':') {
            self.at = start;
            let (sequences, _) = self.siblings(depth, None)?;
            return Some(sequences);
        }
        if self.peek() == Some(b'/') || name == "MISSING" {
            self.supported = false;
            self.at += usize::from(self.peek() == Some(b'/'));
            self.blank();
            let _ = if self.peek() == Some(b'"') { self.string() } else { Some(self.word(b"")) };
        }
        let shape = match name.as_str() {
            "_" => Shape::new(What::Named),
            "ERROR" => Shape::new(What::Error),
            "MISSING" => Shape::new(What::Any),
            name => self.kind(name, true),
        };
        let (sequences, shape) = self.siblings(depth, Some(shape))?;
        let shape = shape?;
        let with = |children| vec![Shape { children, ..shape.clone() }];
        Some(sequences.into_iter().map(with).collect())
    }

    /// What stands in a node or a group, up to its end.
    fn siblings(&mut self, depth: usize, mut around: Option<Shape>) -> Option<(Alternatives, Option<Shape>)> {
        let mut sequences: Alternatives = vec![Vec::new()];
        let mut anchored = false;
        let mut repeated = false;
        loop {
            self.blank();
            match self.peek()? {
                b')' => {
                    self.at += 1;
                    for last in sequences.iter_mut().filter_map(|sequence| sequence.last_mut()) {
                        last.last |= anchored;
                    }
                    self.supported &= !(anchored && repeated);
                    return Some((sequences, around));
                }
                b'.' => {
                    self.at += 1;
                    self.supported &= !repeated;
                    anchored = true;
                }
                b'!' => {
                    self.at += 1;
                    let field = self.word(b"");
                    match (self.language.field_id_for_name(&field), &mut around) {
                        (Some(field), Some(around)) => around.without.push(field),
                        _ => self.supported = false,
                    }
                }
                _ => {
                    let field = self.field();
                    let mut alternatives = self.item(depth + 1)?;
                    if alternatives.is_empty() {
                        continue;
                    }
                    repeated = self.repeated;
                    self.supported &= !(repeated && anchored);
                    if let Some(field) = field {
                        self.in_field(&mut alternatives, &field);
                    }
                    for first in alternatives.iter_mut().filter_map(|sequence| sequence.first_mut()) {
                        first.immediate |= anchored;
                    }
                    anchored = false;
                    if sequences.len() * alternatives.len() > MAX_ALTERNATIVES {
                        self.supported = false;
                        continue;
                    }
                    let both = |before: &Vec<Shape>| {
                        let before = before.clone();
                        alternatives.iter().map(move |after| [before.as_slice(), after].concat()).collect::<Vec<_>>()
                    };
                    sequences = sequences.iter().flat_map(both).collect();
                }
            }
        }
    }

    fn kind(&mut self, name: &str, named: bool) -> Shape {
        let id = if name == "ERROR" { ERROR } else { self.language.id_for_node_kind(name, named) };
        self.supported &= id != 0 && !(named && self.language.node_kind_is_supertype(id));
        Shape { anonymous: !named, ..Shape::new(What::Kind(id)) }
    }

    /// `(#name argument…)`, after its `#`.
    fn predicate(&mut self) -> Option<()> {
        let name = self.word(b".?!");
        let mut arguments = Vec::new();
        loop {
            self.blank();
            match self.peek()? {
                b')' => break,
                b'@' => {
                    self.at += 1;
                    arguments.push(Argument::Capture(self.capture()?));
                }
                b'"' => arguments.push(Argument::Text(self.string()?)),
                _ => {
                    let word = self.word(b".?!");
                    if word.is_empty() {
                        return None;
                    }
                    arguments.push(Argument::Text(word));
                }
            }
        }
        self.at += 1;
        if name == "set!" {
            if let [Argument::Text(key), rest @ ..] = &arguments[..] {
                let value = rest.first().and_then(|value| match value {
                    Argument::Text(text) => Some(text.clone()),
                    Argument::Capture(_) => None,
                });
                self.pattern.settings.push((key.clone(), value));
            }
        } else {
            self.pattern.predicates.extend(Predicate::new(&name, &arguments));
        }
        Some(())
    }
}
