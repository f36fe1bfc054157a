//! A definition that the walk is inside of: its signature and its hash, token by token.

use text::Span;

/// Longer signatures are cut, in bytes.
const MAX_SIGNATURE: usize = 240;
/// Ends a token in what is hashed.
const TOKEN: u8 = 0x1f;
/// Ends a node that has children: so that indentation that means something counts.
const NODE: u8 = 0x1e;

pub(crate) struct Frame {
    /// The symbols that this definition is, as positions: the first, and one past the last.
    pub(crate) symbols: (u32, u32),
    /// Whether members stand in it.
    pub(crate) has_members: bool,
    /// Whether what stands in it belongs to what is around it.
    pub(crate) flat: bool,
    /// How many functions were open when it began.
    pub(crate) functions: u32,
    /// How long the container path was before it.
    pub(crate) path: usize,
    /// How long it is inside.
    pub(crate) inner_path: usize,
    /// Where its signature ends.
    head_end: u32,
    /// Where the last token ended.
    last: u32,
    gap: bool,
    signature: String,
    tokens: Vec<u8>,
}

impl Frame {
    pub(crate) fn new(symbols: (u32, u32), start: u32, head_end: u32) -> Self {
        Self {
            symbols,
            has_members: false,
            flat: false,
            functions: 0,
            path: 0,
            inner_path: 0,
            head_end,
            last: start,
            gap: false,
            signature: String::new(),
            tokens: Vec::new(),
        }
    }

    /// Ends the signature at `end`.
    pub(crate) fn head_ends(&mut self, end: u32) {
        self.head_end = end;
    }

    /// Takes one token in. What the grammar left out between it and the last token counts if it is more than white space.
    pub(crate) fn token(&mut self, text: &str, token: Span, in_signature: bool) {
        if token.start < self.last {
            return;
        }
        let between = Span { start: self.last, end: token.start }.of(text);
        self.last = token.end;
        self.gap |= !between.is_empty();
        let left_out = between.trim();
        let in_head = in_signature && token.start < self.head_end;
        for piece in [left_out, token.of(text).trim()] {
            if piece.is_empty() {
                continue;
            }
            self.tokens.extend_from_slice(piece.as_bytes());
            self.tokens.push(TOKEN);
            if in_head {
                self.head(piece);
            }
        }
    }

    /// Passes over what is no token: a comment, an attribute's signature.
    pub(crate) fn skip(&mut self, end: u32) {
        self.last = self.last.max(end);
        self.gap = true;
    }

    /// How much was taken in so far.
    pub(crate) fn taken(&self) -> usize {
        self.tokens.len()
    }

    /// Ends a node at whose beginning so much was taken in; a node without tokens, as one of comments only, does not count.
    pub(crate) fn close_node(&mut self, taken: usize) {
        if self.tokens.len() > taken {
            self.tokens.push(NODE);
        }
    }

    /// Takes in a definition that stands in this one.
    pub(crate) fn inner(&mut self, span: Span, signature: &str, hash: u64) {
        self.tokens.extend_from_slice(&hash.to_le_bytes());
        self.gap |= self.last < span.start;
        if span.start < self.head_end && !signature.is_empty() {
            self.head(signature);
        }
        self.last = self.last.max(span.end);
    }

    fn head(&mut self, piece: &str) {
        if self.signature.len() > MAX_SIGNATURE {
            return;
        }
        if self.gap && !self.signature.is_empty() {
            self.signature.push(' ');
        }
        self.gap = false;
        for (number, word) in piece.split_whitespace().enumerate() {
            if number > 0 {
                self.signature.push(' ');
            }
            self.signature.push_str(word);
        }
    }

    /// The signature and the hash.
    pub(crate) fn finish(&self) -> (String, u64) {
        let hash = blake3::hash(&self.tokens);
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        let tidy = self.signature.replace("( ", "(").replace(", )", ")").replace(" )", ")");
        let mut signature = tidy.as_str();
        if signature.len() > MAX_SIGNATURE {
            let cut = &signature[..signature.floor_char_boundary(MAX_SIGNATURE)];
            return (format!("{}…", cut.trim_end()), u64::from_le_bytes([a, b, c, d, e, f, g, h]));
        }
        loop {
            let cut = signature.trim_end().trim_end_matches([';', '{', ':', ',']).trim_end_matches("=>");
            let cut = cut.strip_suffix(" =").unwrap_or(cut);
            if cut.len() == signature.len() {
                break;
            }
            signature = cut;
        }
        (signature.to_owned(), u64::from_le_bytes([a, b, c, d, e, f, g, h]))
    }
}
