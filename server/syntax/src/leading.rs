//! The walk's half that keeps what leads up to definitions: comments, attributes and strings that document.

use text::Span;

use crate::{
    docs::Comment,
    grammar::Kind,
    lead::Lead,
    marks::Mark,
    walk::{Walker, narrow},
};

impl Walker<'_, '_> {
    /// Passes over what is no part of the program.
    pub(crate) fn pass(&mut self, kind: Kind, span: Span) {
        if kind == Kind::Comment {
            let spec = self.language.spec();
            let span = Span { start: span.start + narrow(spec.doc_start(span.of(self.text))), end: span.end };
            let what = spec.classify(span.of(self.text));
            let waits = self.leads.last().is_some_and(|(depth, _)| *depth == self.open.len());
            if !self.document_before(span, what) && (waits || what != Comment::Plain) {
                let text = self.text;
                self.open_lead().comment(text, span, what);
            }
        }
        self.skip(span);
    }

    /// What leads up to the next child of the innermost node, to add to it.
    pub(crate) fn open_lead(&mut self) -> &mut Lead {
        let depth = self.open.len();
        if self.leads.last().is_none_or(|(known, _)| *known != depth) {
            self.leads.push((depth, Lead::default()));
        }
        let last = self.leads.len() - 1;
        &mut self.leads[last].1
    }

    /// Forgets what leads up to the next child of the innermost node.
    pub(crate) fn drop_lead(&mut self) {
        if let Some((depth, _)) = self.leads.last()
            && *depth >= self.open.len()
        {
            self.leads.pop();
        }
    }

    /// Ends what waits in a node that was left and ended at `end`. A comment that ends it leads up to what follows it.
    pub(crate) fn pass_lead_on(&mut self, end: u32) {
        let depth = self.open.len();
        if let Some((_, lead)) = self.leads.pop_if(|(known, _)| *known > depth)
            && lead.waits_at(self.text, end)
            && self.leads.last().is_none_or(|(known, _)| *known < depth)
        {
            self.leads.push((depth, lead));
        }
    }

    /// What leads up to a node; an attribute leads up to the next one.
    pub(crate) fn lead(&mut self, mark: Mark, span: Span) -> Lead {
        let depth = self.open.len();
        let known = self.leads.last().is_some_and(|(known, _)| *known == depth);
        if mark.has(Mark::ATTRIBUTE) {
            let text = self.text;
            self.open_lead().attribute(text, span);
            return Lead::default();
        }
        if known { self.leads.pop().map_or_else(Lead::default, |(_, lead)| lead) } else { Lead::default() }
    }
}
