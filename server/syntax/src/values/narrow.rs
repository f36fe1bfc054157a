//! What conditions say of values: which part of a union one is, or of which class.

use text::Span;

use super::{
    Reading,
    kinds::{Field, Kind},
    read::MAX_STEPS,
};

/// Longer words say nothing, in bytes.
const MAX_WORD: usize = 48;

impl<'a> Reading<'a, '_> {
    /// Writes that a member is a word, where a node is one: a string, or a name like `Kind.Leaf`.
    fn tells(self, member: &str, node: u32, out: &mut String) -> Option<()> {
        let word = match self.kind(node) {
            Kind::String => self.unquoted(node).of(self.text),
            Kind::Member => self.of(node),
            _ => return None,
        };
        let plain = |text: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$');
            (1..=MAX_WORD).contains(&text.len()) && text.bytes().all(is_plain)
        };
        if !plain(member) || !plain(word) {
            return None;
        }
        out.extend(["{", member, ":", word, "}"]);
        Some(())
    }

    /// Calls `found` with each name of which a condition says what it is, and with the expression that it then is.
    pub(crate) fn each_narrowed(self, condition: u32, found: &mut dyn FnMut(&'a str, &str)) {
        let mut waiting = vec![condition];
        while let Some(at) = waiting.pop().filter(|_| waiting.len() < MAX_STEPS) {
            match self.kind(at) {
                Kind::Parenthesized => waiting.extend(self.named(at, 0)),
                Kind::Binary | Kind::BooleanOperator => {
                    let (Some(left), Some(right)) = (self.field(at, Field::Left), self.field(at, Field::Right)) else { continue };
                    let between = Span { start: self.tape.span(left).end, end: self.tape.span(right).start };
                    match between.of(self.text).trim() {
                        "&&" | "and" => waiting.extend([left, right]),
                        "===" | "==" => self.narrowed(left, right, found),
                        "instanceof" if self.kind(left) == Kind::Identifier => {
                            found(self.of(left), &format!("<{}>", self.of(right)))
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// The condition under which a block is entered, where it is that of an `if`.
    pub(crate) fn condition(self, around: u32, block: u32) -> Option<u32> {
        let is_its = self.kind(around) == Kind::If && self.field(around, Field::Consequence) == Some(block);
        self.field(around, Field::Condition).filter(|_| is_its)
    }

    /// Whether all parts of a condition hold where it does: no `or` stands between them.
    pub(crate) fn is_and(self, at: u32) -> bool {
        let (Some(left), Some(right)) = (self.field(at, Field::Left), self.field(at, Field::Right)) else { return true };
        let between = Span { start: self.tape.span(left).end, end: self.tape.span(right).start };
        between.of(self.text).trim() == "and"
    }

    /// The same for a member that is compared with a word.
    pub(crate) fn narrowed(self, member: u32, word: u32, found: &mut dyn FnMut(&'a str, &str)) {
        let object = self.field(member, Field::Object).filter(|_| self.kind(member) == Kind::Member);
        let property = self.field(member, Field::Property);
        if let (Some(object), Some(property)) = (object.filter(|&object| self.kind(object) == Kind::Identifier), property) {
            let mut expression = self.of(object).to_owned();
            if self.tells(self.of(property), word, &mut expression).is_some() {
                found(self.of(object), &expression);
            }
        }
    }

    /// The type that `isinstance` asks of the name that is its first argument, where it is called at a node; and that name.
    pub(crate) fn instance_of(self, call: u32) -> Option<(&'a str, String)> {
        let arguments = self.field(call, Field::Arguments)?;
        let (name, class) = (self.named(arguments, 0)?, self.named(arguments, 1)?);
        let is_plain = self.kind(name) == Kind::Identifier && matches!(self.kind(class), Kind::Identifier | Kind::Attribute);
        is_plain.then(|| (self.of(name), format!("<{}>", self.of(class))))
    }
}
