//! The walk's half that says what values are.

use text::Span;

use super::{
    Builder, Reading,
    kinds::{Field, Kind},
    read, written,
};
use crate::{SymbolKind, walk::Walker};

/// Longer aliases say nothing, in bytes.
const LONG_ALIAS: usize = 4_000;
/// The place of the root.
const ROOT: u32 = 0;

impl<'a, 't> Walker<'a, 't> {
    /// Says what a declaration gives a local name, which holds from `after` on.
    pub(crate) fn say_local(&mut self, declaration: u32, name_at: u32, name: &str, after: u32) {
        let Some((reading, values)) = self.reading() else {
            return self.say_written(name, self.tape.span(name_at), after);
        };
        let value = values.noted(|out| reading.local(declaration, name_at, out));
        values.bind(name, after, value);
    }

    /// Says what a symbol is that has a value.
    pub(crate) fn say_symbol(&mut self, at: u32, name_at: u32, kind: SymbolKind, name: Span) {
        use SymbolKind::{Constant, Field as Member, Property, TypeAlias, Variable};
        let (text, length) = (self.text, self.tape.span(at).len());
        let Some((reading, values)) = self.reading() else { return };
        if kind == TypeAlias && length > read::MAX_LENGTH {
            // Its signature is cut.
            let body = reading.field(at, Field::Value);
            let body = body.map_or(0, |body| values.noted(|out| reading.typed_up_to(body, LONG_ALIAS, out)));
            values.say(name.of(text), name.start, body);
        } else if matches!(kind, Constant | Member | Property | Variable) {
            let value = values.noted(|out| reading.local(at, name_at, out));
            if value != 0 {
                values.say(name.of(text), name.start, value);
            }
        }
    }

    /// Says what a pattern binds a name to, which holds from `after` on.
    pub(crate) fn say_bound(&mut self, at: u32, name: &str, span: Span, after: u32) {
        let Some((reading, values)) = self.reading() else { return self.say_written(name, span, after) };
        let value = values.noted(|out| reading.bound(at, ROOT, out));
        values.bind(name, span.end.max(after), value);
    }

    /// Says what the text around a local name tells of it, where that is looked at.
    fn say_written(&mut self, name: &str, span: Span, after: u32) {
        if let (Some(style), Some(values)) = (self.grammar.local_types, self.values.as_mut())
            && let Some(value) = written::value(style, self.text, span)
        {
            let value = values.number(&value);
            values.bind(name, span.end.max(after), value);
        }
    }

    /// Says what a member is reached through that has no plain path in front of it, or what the object is for whose field it is.
    pub(crate) fn say_receiver(&mut self, at: u32, span: Span, of_object: bool) {
        let tape = self.tape;
        let is_name = tape.get(at).is_some_and(|entry| entry.span.start == span.start);
        let (Some(last), Some((reading, values))) = (tape.around(at).filter(|_| is_name), self.reading()) else { return };
        let value = match reading.kind(last) {
            Kind::Member | Kind::Attribute if !of_object => {
                let object = reading.field(last, Field::Object);
                object.map_or(0, |object| values.noted(|out| reading.expression(object, out)))
            }
            Kind::Pair => tape.around(last).map_or(0, |object| values.wanted(reading, object)),
            Kind::Object => values.wanted(reading, last),
            Kind::ObjectPattern | Kind::PairPattern | Kind::ObjectAssignment => {
                values.noted(|out| reading.bound(last, ROOT, out))
            }
            _ => 0,
        };
        if value != 0 {
            values.receive(span.start, value);
        }
    }

    /// Says what the object is wanted as in which a function is defined under a name; whether that is known.
    pub(crate) fn say_implementation(&mut self, at: u32, span: Span) -> bool {
        let tape = self.tape;
        let (Some(function), Some((reading, values))) = (tape.around(at), self.reading()) else { return false };
        let is_member = matches!(reading.kind(function), Kind::Pair | Kind::Method);
        let object = tape.around(function).filter(|&object| is_member && reading.kind(object) == Kind::Object);
        let wanted = object.map_or(0, |object| values.wanted(reading, object));
        if wanted != 0 {
            values.receive(span.start, wanted);
        }
        wanted != 0
    }

    /// Says what is known where a scope opens: as what an interface can be called, and which part of a union a name is.
    pub(crate) fn say_scope(&mut self, at: u32) {
        let (tape, span) = (self.tape, self.tape.span(at));
        let Some((reading, values)) = self.reading() else { return };
        let around = tape.around(at);
        match reading.kind(at) {
            Kind::CallSignature => {
                let signature = values.noted(|out| reading.typed(at, out));
                if signature != 0 {
                    values.say("()", span.start, signature);
                }
            }
            Kind::Block => {
                let Some(condition) = around.and_then(|around| reading.condition(around, at)) else { return };
                reading.each_narrowed(condition, &mut |name, value| values.narrow(name, span, value));
            }
            Kind::SwitchBody => {
                let switch = around.and_then(|around| reading.field(around, Field::Value));
                let Some(member) = switch.and_then(|switched| tape.named_children(switched).next()) else { return };
                for case in tape.named_children(at).filter(|&case| reading.kind(case) == Kind::SwitchCase) {
                    let Some(word) = reading.field(case, Field::Value) else { continue };
                    reading.narrowed(member, word, &mut |name, value| values.narrow(name, tape.span(case), value));
                }
            }
            _ => {}
        }
    }

    /// Says what `isinstance`, whose name stands at a place, is asked for, in the block that it decides on.
    pub(crate) fn say_instance(&mut self, at: u32) {
        let tape = self.tape;
        let (Some(call), Some((reading, values))) = (tape.around(at), self.reading()) else { return };
        let mut inner = call;
        while let Some(around) = tape.around(inner) {
            let is_part = matches!(reading.kind(around), Kind::BooleanOperator | Kind::Parenthesized);
            let block =
                reading.field(around, Field::Consequence).filter(|&block| reading.condition(around, block) == Some(inner));
            if let (Some(block), Some((name, class))) = (block, reading.instance_of(call)) {
                values.narrow(name, tape.span(block), &class);
            }
            if !is_part || !reading.is_and(around) {
                return;
            }
            inner = around;
        }
    }

    /// What values are read from and listed in, where they are read.
    fn reading(&mut self) -> Option<(Reading<'a, 't>, &mut Builder)> {
        let values = self.values.as_mut()?;
        let vocabulary = self.grammar.values.as_ref()?;
        Some((Reading { text: self.text, tape: self.tape, vocabulary }, values))
    }
}
