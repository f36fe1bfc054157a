//! The walk's half that says what values are.

use text::Span;
use tree_sitter::Node;

use super::Reading;
use crate::{SymbolKind, walk::Walker};

/// Longer aliases say nothing, in bytes.
const LONG_ALIAS: usize = 4_000;
/// So many nodes around a name are looked at.
const AROUND: usize = 64;

impl<'t> Walker<'_, 't> {
    /// Says what a declaration gives a local name, which holds from `after` on.
    pub(crate) fn say_local(&mut self, declaration: Node<'t>, name_at: u32, name: &str, after: u32) {
        let Some(values) = &mut self.values else { return };
        let reading = Reading { text: self.text, fields: &self.grammar.fields };
        let value = self.tape.get(name_at).and_then(|entry| reading.local(declaration, entry.node));
        values.bind(name, after, value.as_deref());
    }

    /// Says what a symbol is that has a value.
    pub(crate) fn say_symbol(&mut self, node: Node<'t>, name_at: u32, kind: SymbolKind, name: Span) {
        use SymbolKind::{Constant, Field, Property, TypeAlias, Variable};
        if let Some(values) =
            self.values.as_mut().filter(|_| kind == TypeAlias && node.byte_range().len() > super::read::MAX_LENGTH)
        {
            // Its signature is cut.
            let body = node
                .child_by_field_name("value")
                .and_then(|body| Reading { text: self.text, fields: &self.grammar.fields }.typed_up_to(body, LONG_ALIAS));
            values.say(name.of(self.text), name.start, body.as_deref());
            return;
        }
        let Some(values) = self.values.as_mut().filter(|_| matches!(kind, Constant | Field | Property | Variable)) else {
            return;
        };
        let reading = Reading { text: self.text, fields: &self.grammar.fields };
        if let Some(value) = self.tape.get(name_at).and_then(|entry| reading.local(node, entry.node)) {
            values.say(name.of(self.text), name.start, Some(&value));
        }
    }

    /// Says what a pattern binds a name to, which holds from `after` on.
    pub(crate) fn say_bound(&mut self, at: u32, name: &str, span: Span, after: u32) {
        let around = self.around();
        let Some(values) = &mut self.values else { return };
        let reading = Reading { text: self.text, fields: &self.grammar.fields };
        let value = self.tape.get(at).and_then(|entry| reading.bound(&around, entry.node));
        values.bind(name, span.end.max(after), value.as_deref());
    }

    /// Says what a member is reached through that has no plain path in front of it, or what the object is for whose field it is.
    pub(crate) fn say_receiver(&mut self, at: u32, span: Span, of_object: bool) {
        let is_name = self.tape.get(at).is_some_and(|entry| entry.span.start == span.start);
        if self.values.is_none() || !is_name {
            return;
        }
        let reading = Reading { text: self.text, fields: &self.grammar.fields };
        let Some(last) = self.open_node(0) else { return };
        let value = match last.kind() {
            "member_expression" | "attribute" if !of_object => {
                last.child_by_field_name("object").and_then(|object| reading.expression(object))
            }
            "pair" => self.wanted(1),
            "object" => self.wanted(0),
            "object_pattern" => reading.bound(&self.around(), last),
            "pair_pattern" | "object_assignment_pattern" => {
                let around = self.around();
                around.split_last().and_then(|(_, outer)| reading.bound(outer, last))
            }
            _ => None,
        };
        if let (Some(value), Some(values)) = (value, &mut self.values) {
            values.receive(span.start, &value);
        }
    }

    /// What the object is wanted as that is open so many nodes further out; it is read once for all of its fields.
    fn wanted(&mut self, further: usize) -> Option<String> {
        let object = self.open_node(further)?.id();
        if let Some(known) = self.values.as_ref()?.wanted.get(&object) {
            return known.clone();
        }
        let reading = Reading { text: self.text, fields: &self.grammar.fields };
        let inner = self.open.len() - further;
        let around: Vec<Node<'t>> = self.nodes(inner.saturating_sub(AROUND), inner).collect();
        let found = reading.wanted(&around, super::read::MAX_STEPS);
        self.values.as_mut()?.wanted.insert(object, found.clone());
        found
    }

    /// Says as what an interface can be called.
    pub(crate) fn say_call(&mut self, node: Node<'t>) {
        let Some(values) = self.values.as_mut().filter(|_| node.kind() == "call_signature") else { return };
        if let Some(signature) = (Reading { text: self.text, fields: &self.grammar.fields }).typed(node) {
            values.say("()", crate::walk::narrow(node.start_byte()), Some(&signature));
        }
    }

    /// The nodes that the walk is inside of, as far as they are asked for.
    fn around(&self) -> Vec<Node<'t>> {
        if self.values.is_none() {
            return Vec::new();
        }
        self.nodes(self.open.len().saturating_sub(AROUND), self.open.len()).collect()
    }

    fn nodes(&self, from: usize, to: usize) -> impl Iterator<Item = Node<'t>> {
        self.open[from..to].iter().filter_map(|open| Some(self.tape.get(open.at)?.node))
    }

    /// The innermost open node, or one so many further out.
    fn open_node(&self, further: usize) -> Option<Node<'t>> {
        let at = self.open.len().checked_sub(further + 1)?;
        Some(self.tape.get(self.open[at].at)?.node)
    }
}
