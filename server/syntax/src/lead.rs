//! What leads up to a definition: the doc comments, attributes and decorators right in front of it.

use text::Span;

use crate::docs::{self, Comment};

/// A run of comments and attributes that waits for its definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    start: Option<u32>,
    end: u32,
    docs: Vec<Span>,
    /// A string that documents.
    string: Option<Span>,
    /// Whether the last of it is a comment that a blank line would part from the definition.
    loose: bool,
}

impl Lead {
    /// Takes in a comment.
    pub(crate) fn comment(&mut self, text: &str, span: Span, what: Comment) {
        if what == Comment::Plain {
            if self.start.is_some() && !blank_between(text, self.end, span.start) {
                self.end = span.end;
            }
            return;
        }
        let trails = trails(text, span);
        if trails || (self.start.is_some() && self.loose && blank_between(text, self.end, span.start)) {
            *self = Self::default();
        }
        if trails {
            return;
        }
        self.start.get_or_insert(span.start);
        self.end = span.end;
        self.loose = what == Comment::Adjacent;
        self.docs.push(span);
    }

    /// Takes in what holds a string that documents.
    pub(crate) fn string(&mut self, text: &str, span: Span) {
        self.attribute(text, span);
        self.string = Some(span);
    }

    /// Whether something waits here and nothing stands between it and `end`.
    pub(crate) fn waits_at(&self, text: &str, end: u32) -> bool {
        self.start.is_some() && text.get(self.end as usize..end as usize).is_some_and(|rest| rest.trim().is_empty())
    }

    /// Takes in an attribute.
    pub(crate) fn attribute(&mut self, text: &str, span: Span) {
        if self.loose && blank_between(text, self.end, span.start) {
            *self = Self::default();
        }
        self.start.get_or_insert(span.start);
        self.end = span.end;
        self.loose = false;
    }

    /// Where a definition that starts at `start` begins with all that leads up to it; what does not belong to it is dropped.
    pub(crate) fn reach(&mut self, text: &str, start: u32) -> u32 {
        if self.loose && blank_between(text, self.end, start) {
            *self = Self::default();
        }
        self.start.map_or(start, |lead| lead.min(start))
    }

    /// The documentation in it.
    pub(crate) fn doc(&self, text: &str) -> String {
        if let Some(string) = self.string {
            let literal = string.of(text);
            return literal.find(['"', '\'']).map_or_else(String::new, |start| docs::docstring(&literal[start..]));
        }
        let mut doc = String::with_capacity(self.docs.iter().map(|comment| comment.len()).sum());
        for comment in &self.docs {
            docs::push_comment(&mut doc, comment.of(text));
        }
        doc.truncate(doc.trim_end().len());
        doc
    }
}

/// Whether an empty line stands between two offsets.
fn blank_between(text: &str, from: u32, to: u32) -> bool {
    let from = (from as usize).saturating_sub(1);
    let between = text.as_bytes().get(from..to as usize).unwrap_or_default();
    // What was passed over may be long.
    memchr::memchr_iter(b'\n', between).nth(1).is_some()
}

/// Whether a comment ends a line that something else began: it speaks of that.
fn trails(text: &str, span: Span) -> bool {
    let before = text.as_bytes().get(..span.start as usize).unwrap_or_default();
    let is_space = |byte: &u8| byte.is_ascii_whitespace() && *byte != b'\n';
    // Nothing else stands in the line, or what is opened there.
    if matches!(before.iter().rev().find(|byte| !is_space(byte)), None | Some(b'\n' | b'{' | b'(')) {
        return false;
    }
    let after = text.get(span.end as usize..).unwrap_or_default();
    span.of(text).ends_with('\n') || after.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}
