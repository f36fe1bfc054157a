//! The walk's half that takes in names: a definition's own, those that are bound, and uses.

use text::Span;

use crate::{
    Arguments, Language, ReferenceKind,
    capture::{Form, Use},
    imports,
    marks::Mark,
    qualifier::{arguments, leads_on, qualifier, turbofish},
    symbol,
    walk::Walker,
};

/// How far back the name of a generic type is looked for, in bytes.
const LITERAL_REACH: usize = 120;

impl<'a> Walker<'a, '_> {
    /// Takes in a name.
    pub(crate) fn name(&mut self, at: u32, span: Span, kind: ReferenceKind, mark: Mark) {
        let span = self.language.name_in(self.text, span);
        let name = span.of(self.text);
        self.locals.reach(span.start);
        let usage = mark.usage.unwrap_or(Use { kind, form: Form::Plain });
        let defined = mark.has(Mark::DEFINED) && !self.reused.contains(&at);
        if self.ignoring > 0 || matches!(name, "" | "_") {
            return;
        }
        if defined && usage.form != Form::Shorthand {
            self.implement(at, span);
            return;
        }
        if mark.has(Mark::GLOBAL) {
            self.locals.declare_global(name);
        }
        let start = span.start as usize;
        let may_qualify = self.grammar.may_qualify(&self.text.as_bytes()[..start]);
        let (before, member) = if may_qualify { qualifier(self.language, self.text, start) } else { ("", false) };
        let shorthand = usage.form == Form::Shorthand;
        if mark.has(Mark::BOUND) {
            self.locals.bind(name, mark.after);
            self.say_bound(at, name, span, mark.after);
            return;
        }
        if let Some(after) = self.binding
            && (mark.usage.is_none() || shorthand)
            && self.binds(name, span, kind, member || !before.is_empty())
        {
            self.locals.bind(name, after);
            if !defined {
                self.say_bound(at, name, span, after);
            }
            if !shorthand {
                return;
            }
        }
        // The name of a further clause is not a call of the first.
        let continues = self.frames.last().is_some_and(|frame| frame.continues.is_some());
        let clause = continues && mark.has(Mark::DEFINED) && !defined;
        let usage = if clause { Use { kind: ReferenceKind::Other, form: Form::Plain } } else { usage };
        let mut kind = if self.importing > 0 { ReferenceKind::Import } else { usage.kind };
        if self.language == Language::Rust && member && kind == ReferenceKind::Other && turbofish(self.text, span) {
            kind = ReferenceKind::Call;
        }
        let of_type = matches!(kind, ReferenceKind::Type | ReferenceKind::Implementation | ReferenceKind::Import);
        let label = usage.form == Form::Field && !member;
        let arguments = if kind == ReferenceKind::Call { self.arguments(span) } else { None };
        let member = (member && !of_type) || usage.form == Form::Field;
        let bare = !member && before.is_empty() && usage.form != Form::Macro && self.importing == 0;
        let enclosing = self.frames.last().map(|frame| frame.symbols.0);
        let local = bare && (self.locals.holds(name) || (shorthand && (defined || self.binding.is_some())));
        if self.language == Language::Python && name == "isinstance" {
            self.say_instance(at);
        }
        let is_labelled = self.grammar.has_literals() && before.is_empty() && (label || shorthand);
        let before = if is_labelled { self.labelled_type(at) } else { before };
        if (member || shorthand) && before.is_empty() {
            self.say_receiver(at, span, label || shorthand);
        }
        let usage = symbol::Use { kind, member, local, shorthand, label, arguments };
        let number = self.references.intern(name);
        if self.importing > 0 && self.language == Language::Rust {
            let from = imports::rust_path(self.text, self.import_start, span.start as usize);
            self.references.push_made(number, &from, span.start, enclosing, usage);
        } else {
            let before = self.references.intern(before);
            self.references.push(number, before, span.start, enclosing, usage);
        }
    }

    /// What arguments the call of a name has. What they are is said where functions differ by that.
    fn arguments(&mut self, name: Span) -> Option<Arguments> {
        let text = self.text;
        match self.values.as_mut() {
            _ if !self.grammar.counts_arguments => arguments(text, name, None::<fn(&str)>),
            Some(values) => values.given(name.end, |each| arguments(text, name, Some(each))),
            None => arguments(text, name, Some(|_: &str| {})),
        }
    }

    /// The type whose field a label is, as it is written in front of the braces; empty where none is.
    fn labelled_type(&self, at: u32) -> &'a str {
        let tape = self.tape;
        // The node of the label, of the label with its value, and of all of them may stand between.
        let outer = std::iter::successors(tape.around(at), |&around| tape.around(around)).take(4);
        let mut literals = outer.filter(|&around| tape.get(around).is_some_and(|entry| self.grammar.is_literal(entry.number)));
        let written = literals.next().and_then(|literal| tape.children(literal).next()).map_or("", |named| self.text_at(named));
        let plain = written.split(['<', '[']).next().unwrap_or_default().trim_end_matches(':');
        if plain.contains(char::is_whitespace) { "" } else { plain }
    }

    /// A function in an object that is wanted as a type is a definition, and a use of the member of that type as well.
    fn implement(&mut self, at: u32, span: Span) {
        if !matches!(self.language, Language::TypeScript | Language::Tsx) || !self.say_implementation(at, span) {
            return;
        }
        let outer = self.frames.len().checked_sub(2).and_then(|outer| self.frames.get(outer));
        let enclosing = outer.map(|frame| frame.symbols.0);
        let usage = symbol::Use {
            kind: ReferenceKind::Other,
            member: true,
            local: false,
            shorthand: false,
            label: true,
            arguments: None,
        };
        let (name, nothing) = (self.references.intern(span.of(self.text)), self.references.intern(""));
        self.references.push(name, nothing, span.start, enclosing, usage);
    }

    /// Takes in the names in a type that is written as a string; those of `Literal` are none.
    pub(crate) fn quoted_type(&mut self, at: u32, span: Span, mark: Mark) {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let near = &before[before.floor_char_boundary(before.len().saturating_sub(LITERAL_REACH))..];
        if near.rsplit_once('[').is_some_and(|(head, _)| head.ends_with("Literal")) {
            return;
        }
        let quoted = span.of(self.text);
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let mut from = 0;
        while let Some(start) = quoted[from..].find(is_word).map(|start| from + start) {
            let end = quoted[start..].find(|character| !is_word(character)).map_or(quoted.len(), |end| start + end);
            let of_word = |offset: usize| span.start + crate::walk::narrow(offset);
            if !quoted.as_bytes()[start].is_ascii_digit() && !self.language.is_keyword(&quoted[start..end]) {
                let word = Span { start: of_word(start), end: of_word(end) };
                self.name(at, word, ReferenceKind::Type, mark);
            }
            from = end;
        }
    }

    /// Whether a name in a pattern is bound by it, and not used.
    fn binds(&self, name: &str, span: Span, kind: ReferenceKind, qualified: bool) -> bool {
        let manners = &self.language.spec().manners;
        let constant = (self.language == Language::Rust || manners.capitals) && name.starts_with(char::is_uppercase);
        let used = !manners.open_patterns && leads_on(self.text, span);
        kind != ReferenceKind::Type && !qualified && !constant && !used
    }
}
