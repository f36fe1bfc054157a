//! The walk's half that takes in macros which the grammar did not see: they are uses, and so are the names in their arguments.

use text::Span;

use crate::{
    ReferenceKind,
    capture::{Form, Use},
    grammar::Kind,
    marks::Mark,
    mask::Mask,
    tape::Entry,
    walk::{Walker, narrow},
};

impl<'t> Walker<'_, 't> {
    /// Takes in the macros before a node; those in it are none where it is a comment or a string. Whether the node is a name
    /// that stands in for one, as which `inline` may be taken in a broken text.
    pub(crate) fn meet_masks(&mut self, entry: &Entry) -> bool {
        self.take_masks_before(entry.span.start);
        let childless = matches!(entry.kind, Kind::Comment | Kind::Blank) || entry.has(Entry::LEAF | Entry::CUT);
        if !childless || !entry.is_named() {
            return false;
        }
        let mut stands_in = false;
        while let Some((&mask, rest)) = self.masks.split_first()
            && mask.span.start < entry.span.end
        {
            self.masks = rest;
            if mask.is_seen_as(entry.span) && entry.has(Entry::LEAF) {
                stands_in = matches!(entry.kind, Kind::Name(_));
                self.list_mask(mask);
            }
        }
        stands_in
    }

    /// Takes in the macros that stand before a byte.
    pub(crate) fn take_masks_before(&mut self, end: u32) {
        while let Some((&mask, rest)) = self.masks.split_first()
            && mask.span.start < end
        {
            self.masks = rest;
            self.list_mask(mask);
        }
    }

    fn list_mask(&mut self, mask: Mask) {
        if !mask.is_macro() {
            return;
        }
        let text = mask.span.of(self.text);
        let mut rest = text;
        while let Some(first) = rest.find(|character: char| character == '"' || character == '_' || character.is_alphanumeric()) {
            rest = &rest[first..];
            if let Some(string) = rest.strip_prefix('"') {
                rest = string.find('"').map_or("", |end| &string[end + 1..]);
                continue;
            }
            let length = rest.find(|character: char| character != '_' && !character.is_alphanumeric()).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(length);
            let start = mask.span.start + narrow(text.len() - rest.len());
            rest = behind;
            if word.starts_with(|first: char| first.is_numeric()) || self.language.is_keyword(word) {
                continue;
            }
            let kind = if rest.trim_start().starts_with('(') { ReferenceKind::Call } else { ReferenceKind::Other };
            let mark = Mark::used(Use { kind, form: Form::Plain });
            self.name(0, Span { start, end: start + narrow(length) }, kind, mark);
        }
    }
}
