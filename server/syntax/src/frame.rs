//! A definition that the walk is inside of: its signature and its hash, as the walk passes over its text.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use text::Span;

/// Longer signatures are cut, in bytes.
const MAX_SIGNATURE: usize = 240;
/// Ends a node that has children: so that indentation that means something counts.
const NODE: u64 = 0x1e;
/// Stands for a definition inside.
const INNER: u64 = 0x1d;

/// The hash of a definition in which another one now has another hash. The hashes of what stands in a definition are added up, so
/// that one can be exchanged without the text of the others.
pub(crate) fn with_another_inside(hash: u64, was: u64, is: u64) -> u64 {
    hash.wrapping_sub(spread(was)).wrapping_add(spread(is))
}

/// Keeps what is added up from cancelling out.
fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31)
}

pub(crate) struct Frame {
    /// The symbols that this definition is, as positions: the first, and one past the last.
    pub(crate) symbols: (u32, u32),
    /// Whether members stand in it.
    pub(crate) has_members: bool,
    /// Whether what stands in it belongs to what is around it.
    pub(crate) flat: bool,
    /// The symbol of which it is a further clause.
    pub(crate) continues: Option<u32>,
    /// What the signature begins with before its own text.
    pub(crate) begins: &'static str,
    /// How many functions were open when it began.
    pub(crate) functions: u32,
    /// The container path before it.
    pub(crate) path: String,
    /// How long it is inside.
    pub(crate) inner_path: usize,
    start: u32,
    /// Where its signature ends.
    head_end: u32,
    /// What is left out of its head.
    cuts: Vec<Cut>,
    /// How far it is hashed.
    last: u32,
    hasher: FxHasher,
    /// The hashes of the definitions inside, added up.
    members: u64,
    /// Bytes between nodes that wait to be hashed, and how many.
    word: u64,
    waiting: u32,
    /// Grows with all that is hashed.
    taken: u32,
}

/// A part of a head that is no part of the signature.
struct Cut {
    span: Span,
    /// What stands there instead: the signature of a definition in the head.
    instead: String,
    /// Whether it parts what is around it, as a comment does.
    parts: bool,
}

impl Frame {
    pub(crate) fn new(symbols: (u32, u32), start: u32, head_end: u32) -> Self {
        Self {
            symbols,
            has_members: false,
            flat: false,
            continues: None,
            begins: "",
            functions: 0,
            path: String::new(),
            inner_path: 0,
            start,
            head_end,
            cuts: Vec::new(),
            last: start,
            hasher: FxHasher::default(),
            members: 0,
            word: 0,
            waiting: 0,
            taken: 0,
        }
    }

    /// Ends the signature at `end`.
    pub(crate) fn head_ends(&mut self, end: u32) {
        self.head_end = end;
    }

    /// Takes in one token that has a name of its own, and what stands before it.
    pub(crate) fn token(&mut self, text: &str, token: Span) {
        if token.start < self.last {
            return;
        }
        self.reach(text, token.start);
        self.flush();
        self.hasher.write(text.as_bytes().get(token.start as usize..token.end as usize).unwrap_or_default());
        self.taken += 1;
        self.last = token.end;
    }

    /// Takes in what stands before `end`, white space left out.
    pub(crate) fn reach(&mut self, text: &str, end: u32) {
        if end <= self.last {
            return;
        }
        let between = text.as_bytes().get(self.last as usize..end as usize).unwrap_or_default();
        for &byte in between {
            if !byte.is_ascii_whitespace() {
                self.word = self.word << 8 | u64::from(byte);
                self.waiting += 1;
                self.taken += 1;
                if self.waiting == 8 {
                    self.flush();
                }
            }
        }
        self.last = end;
    }

    fn flush(&mut self) {
        if self.waiting > 0 {
            self.hasher.write_u64(self.word);
            (self.word, self.waiting) = (0, 0);
        }
    }

    /// Passes over what is no token: a comment.
    pub(crate) fn skip(&mut self, text: &str, span: Span) {
        self.reach(text, span.start);
        self.last = self.last.max(span.end);
        self.cut(span, String::new(), true);
    }

    /// Leaves an attribute out of the signature.
    pub(crate) fn attribute(&mut self, span: Span) {
        self.cut(span, String::new(), false);
    }

    fn cut(&mut self, span: Span, instead: String, parts: bool) {
        if span.start < self.head_end {
            self.cuts.push(Cut { span, instead, parts });
        }
    }

    /// How much is taken in before a node that begins at `start`.
    pub(crate) fn taken_at(&mut self, text: &str, start: u32) -> u32 {
        self.reach(text, start);
        self.taken
    }

    /// Ends a node at whose beginning so much was taken in; a node without tokens, as one of comments only, does not count.
    pub(crate) fn close_node(&mut self, text: &str, end: u32, taken: u32) {
        self.reach(text, end);
        if self.taken > taken {
            self.flush();
            self.hasher.write_u64(NODE);
        }
    }

    /// Takes in a definition that stands in this one.
    pub(crate) fn inner(&mut self, text: &str, span: Span, signature: String, hash: u64) {
        self.reach(text, span.start);
        self.flush();
        self.hasher.write_u64(INNER);
        self.members = self.members.wrapping_add(spread(hash));
        self.taken += 1;
        self.last = self.last.max(span.end);
        self.cut(span, signature, false);
    }

    /// The signature and the hash of the definition, which ends at `end`.
    pub(crate) fn finish(mut self, text: &str, end: u32) -> (String, u64) {
        self.reach(text, end);
        self.flush();
        (self.signature(text), self.hasher.finish().wrapping_add(self.members))
    }

    fn signature(&self, text: &str) -> String {
        let length = self.head_end.saturating_sub(self.start) as usize;
        let mut head = Head { signature: String::with_capacity(length.min(MAX_SIGNATURE)), gap: false };
        head.push(self.begins);
        let mut at = self.start;
        for cut in self.cuts.iter().filter(|cut| cut.span.start < self.head_end) {
            if cut.span.start < at {
                continue;
            }
            head.push(Span { start: at, end: cut.span.start }.of(text));
            head.push(&cut.instead);
            head.gap |= cut.parts;
            at = cut.span.end;
        }
        if at < self.head_end {
            head.push(Span { start: at, end: self.head_end }.of(text));
        }
        head.finish()
    }
}

/// The head of a definition, its white space folded.
struct Head {
    signature: String,
    gap: bool,
}

impl Head {
    fn push(&mut self, piece: &str) {
        let mut rest = piece;
        while self.signature.len() <= 2 * MAX_SIGNATURE {
            let word = rest.trim_ascii_start();
            self.gap |= word.len() < rest.len();
            let Some(&first) = word.as_bytes().first() else { return };
            let end = word.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(word.len());
            if self.gap && !self.signature.is_empty() {
                self.space(first);
            }
            self.gap = false;
            self.signature.push_str(&word[..end]);
            rest = &word[end..];
        }
    }

    /// A space where one belongs: not inside of parentheses.
    fn space(&mut self, next: u8) {
        if next == b')' && self.signature.ends_with(',') {
            self.signature.pop();
        }
        if next != b')' && !self.signature.ends_with('(') {
            self.signature.push(' ');
        }
    }

    fn finish(mut self) -> String {
        let mut signature = self.signature.as_str();
        if signature.len() > MAX_SIGNATURE {
            let cut = &signature[..signature.floor_char_boundary(MAX_SIGNATURE)];
            return format!("{}…", cut.trim_end());
        }
        loop {
            let cut = signature.trim_end().trim_end_matches([';', '{', ':', ',', '\\']);
            let cut = cut.strip_suffix("=>").unwrap_or(cut);
            let cut = cut.strip_suffix(" =").unwrap_or(cut);
            if cut.len() == signature.len() {
                break;
            }
            signature = cut;
        }
        let length = signature.len();
        self.signature.truncate(length);
        self.signature
    }
}
