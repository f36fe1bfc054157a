//! What a grammar cannot read, taken out of its sight.
//!
//! In C's `FOO_API int open(void) FOO_NONNULL(1);` the two words are macros that stand for attributes or for nothing. The grammar takes
//! the first for a type, and what follows is lost. So it is given a copy of the text, as long as the text, in which such words
//! are blanks; one in front of a declaration becomes `inline`, which keeps it a declaration. TypeScript's grammar lacks some of the
//! language, and Kotlin's does not end at the end of some texts. Names, signatures and documentation are read from the true text, and
//! macros are listed as uses all the same.

mod kotlin;
mod macros;
mod tokens;
mod typescript;

use std::borrow::Cow;

use text::{AppliedChange, Span};
use tree_sitter::{InputEdit, Point};

use crate::{Language, walk::narrow};

pub(crate) use self::{
    kotlin::find as in_kotlin,
    macros::{in_c, in_cpp},
    typescript::find as in_typescript,
};

/// What takes the place of a macro in front of a declaration, where it is long enough.
const STAND_IN: &[u8] = b"inline";

/// The tree is told of more places than these as one.
const MAX_APART: usize = 64;

/// What the grammar does not see of one text, in order.
#[derive(Clone, Debug)]
pub(crate) struct Masks {
    masks: Vec<Mask>,
}

/// One macro with its arguments, or what else is masked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(crate) span: Span,
    pub(crate) form: Form,
}

/// What the grammar sees in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Blanks for a macro.
    Blank,
    /// `inline`, and blanks, for a macro.
    StandIn,
    /// Blanks for what names nothing.
    Hidden,
    /// A semicolon for a blank.
    Separator,
    /// The text was changed in it since.
    Stale,
}

impl Mask {
    /// Whether it hides a use of a name.
    pub(crate) fn is_macro(self) -> bool {
        matches!(self.form, Form::Blank | Form::StandIn)
    }

    /// Whether the node at `span` is the word that stands in for it.
    pub(crate) fn is_seen_as(self, span: Span) -> bool {
        self.form == Form::StandIn && span.start == self.span.start && span.end as usize == span.start as usize + STAND_IN.len()
    }
}

impl Masks {
    /// What must be masked in a text.
    pub(crate) fn of(language: Language, text: &str) -> Self {
        Self { masks: (language.spec().manners.masks)(text) }
    }

    /// From the first to the last.
    pub(crate) fn as_slice(&self) -> &[Mask] {
        &self.masks
    }

    /// The text that the grammar is to see.
    pub(crate) fn apply<'t>(&self, text: &'t str) -> Cow<'t, [u8]> {
        if self.masks.is_empty() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut seen = text.as_bytes().to_vec();
        for mask in &self.masks {
            let Some(bytes) = seen.get_mut(mask.span.start as usize..mask.span.end as usize) else { continue };
            bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
            let instead: &[u8] = match mask.form {
                Form::StandIn => STAND_IN,
                Form::Separator => b";",
                _ => b"",
            };
            if let Some(word) = bytes.get_mut(..instead.len()) {
                word.copy_from_slice(instead);
            }
        }
        Cow::Owned(seen)
    }

    /// Takes in a change of the text.
    pub(crate) fn edit(&mut self, change: &AppliedChange) {
        let (start, old_end, new_end) = (narrow(change.start), narrow(change.old_end), narrow(change.new_end));
        for mask in &mut self.masks {
            let span = &mut mask.span;
            if span.end <= start {
                continue;
            }
            if span.start < old_end {
                *span = Span { start: span.start.min(start), end: span.end.max(old_end) };
                mask.form = Form::Stale;
            } else {
                span.start = span.start - old_end + new_end;
            }
            span.end = span.end - old_end + new_end;
        }
    }

    /// Tells `tree`, the tree of a text in which these were masked, where the grammar sees something else now that `new` are;
    /// `None` where it sees the same.
    pub(crate) fn moved(&self, new: &Self, tree: &tree_sitter::Tree, text: &str) -> Option<tree_sitter::Tree> {
        let mut differing: Vec<Span> = Vec::new();
        let (mut old, mut new) = (self.masks.iter().peekable(), new.masks.iter().peekable());
        loop {
            let next = match (old.peek(), new.peek()) {
                (None, None) => break,
                (Some(one), Some(other)) if one == other => {
                    old.next();
                    new.next();
                    continue;
                }
                (Some(one), Some(other)) if one.span.start <= other.span.start => old.next(),
                (Some(_), None) => old.next(),
                _ => new.next(),
            };
            differing.extend(next.map(|mask| mask.span));
        }
        let (first, last) = (differing.first()?.start, differing.iter().map(|span| span.end).max()?);
        if differing.len() > MAX_APART {
            differing = vec![Span { start: first, end: last }];
        }
        let mut tree = tree.clone();
        for span in differing {
            let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
            let (from, to) = (point(text, start), point(text, end));
            tree.edit(&InputEdit {
                start_byte: start,
                old_end_byte: end,
                new_end_byte: end,
                start_position: from,
                old_end_position: to,
                new_end_position: to,
            });
        }
        Some(tree)
    }
}

fn point(text: &str, offset: usize) -> Point {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let row = memchr::memchr_iter(b'\n', before).count();
    Point { row, column: offset - memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1) }
}

#[cfg(test)]
mod tests {
    use super::Masks;
    use crate::Language;

    /// Each of these lines sends a look to the end of the text, or to its beginning: without a bound of them all this takes minutes.
    #[test]
    fn a_text_is_looked_at_only_so_often() {
        let lines = [
            (Language::C, ";A_ /*\n"),
            (Language::C, ";A_\n#\\\n"),
            (Language::C, "*/A_\n"),
            (Language::C, ")A_ ( \n"),
            (Language::Cpp, "class A /*\n"),
            (Language::TypeScript, "interface A<\\`\n"),
            (Language::TypeScript, "interface A<(\n"),
            (Language::TypeScript, "export type /*\n"),
            (Language::TypeScript, "import( /*\n"),
            (Language::TypeScript, "/*\n <A>(a): */\n"),
        ];
        for (language, line) in lines {
            let first = if language == Language::TypeScript { "type B<in A> = 1\n" } else { "B_ int a(void);\n" };
            let masks = Masks::of(language, &format!("{first}{}", line.repeat(100_000)));
            assert_eq!(masks.as_slice().first().map(|mask| mask.span.start), first.find("in A").or(Some(0)).map(|at| at as u32));
        }
    }
}
