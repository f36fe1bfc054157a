//! The walk's half that makes symbols: where a definition begins and ends, what it belongs to and what documents it.

use text::Span;
use tree_sitter::{Node, Point};

use crate::{
    Language, Symbol, SymbolKind, Visibility, docs,
    frame::Frame,
    lead::Lead,
    marks::{Definition, Mark},
    qualifier::qualifier,
    spec::Head,
    walk::{Walker, narrow, push_path},
};

impl<'t> Walker<'_, 't> {
    /// Documents the definition that the walk is inside of.
    pub(crate) fn document(&mut self, span: Span) {
        self.skip(span);
        let symbols = self.frames.last().map_or((0, 0), |frame| frame.symbols);
        for symbol in symbols.0..symbols.1 {
            if let Some(symbol) = self.file.symbols.get_mut(symbol as usize) {
                symbol.doc = docs::docstring(span.of(self.text)).into();
            }
        }
    }

    /// Begins the definitions that a node is; whether there are any.
    pub(crate) fn define(&mut self, at: u32, mark: Mark, span: Span, mut lead: Lead) -> bool {
        if mark.first_definition == 0 {
            return false;
        }
        let mut definitions: Vec<Definition> = self.marks.definitions_of(mark).copied().collect();
        if definitions.is_empty() {
            return false;
        }
        let Some(node) = self.tape.node(at) else { return false };
        definitions.sort_by_key(|definition| definition.name);
        let (full, exported) = self.extent(span, &mut lead);
        let first = narrow(self.file.symbols.len());
        let mut inner_path = None;
        let mut frame = Frame::new((first, first), span.start, span.end);
        for definition in definitions {
            let written = self.tape.span(definition.name);
            let name_span = self.language.name_in(self.text, written);
            let name = name_span.of(self.text);
            let settings = definition.settings;
            if settings.local && self.in_function() {
                let after = if definition.after == 0 { span.end } else { definition.after };
                self.locals.bind(name, after);
                self.say_local(at, definition.name, name, after);
                continue;
            }
            let Some(container) = self.container(&definition, name_span) else {
                self.reused.insert(definition.name);
                continue;
            };
            let mut path = container.clone();
            push_path(&mut path, name);
            if settings.clause
                && lead.doc(self.text).is_empty()
                && let Some(&clause) = self.once.get(&path)
            {
                self.reused.insert(definition.name);
                frame.continues = Some(clause);
                inner_path.get_or_insert(path);
                continue;
            }
            // What is set on a parameter or a local variable belongs to the type that this has.
            let of_local = definition.container.is_some_and(|container| self.locals.holds(self.text_at(container)))
                && matches!(self.language, Language::TypeScript | Language::Tsx);
            let again = of_local || settings.once && self.once.contains_key(&path);
            // What a broken text makes of a statement.
            let keyword = matches!(self.language, Language::C | Language::Cpp | Language::CSharp)
                && ((self.language.is_keyword(name) && !self.is_defined_as_macro(span, name_span))
                    || is_statement(span.of(self.text))
                    || self.is_macro(node, name, name_span));
            if again || keyword || name.is_empty() || self.names_its_own_type(node, &definition, name) {
                self.reused.insert(definition.name);
                continue;
            }
            if settings.once || settings.clause {
                self.once.insert(path.clone(), narrow(self.file.symbols.len()));
            }
            let head_end = match definition.body {
                _ if settings.head_is_name => name_span.end,
                Some(body) => body,
                None => self.body_start(node).unwrap_or(span.end),
            };
            frame.head_ends(head_end);
            let kind = self.kind(&definition, &container, name, name_span);
            self.say_symbol(at, definition.name, kind, name_span);
            frame.has_members |= kind.has_members();
            if !settings.outer && !settings.flat {
                inner_path.get_or_insert(path);
            }
            let position = self.position(node, definition.name);
            self.file.symbols.push(Symbol {
                name: name.into(),
                kind,
                container: container.into(),
                parent: self.parent(settings.outer),
                span,
                full_span: full,
                name_span,
                line: narrow(position.row),
                column: narrow(position.column) + (name_span.start - written.start),
                end_line: narrow(node.end_position().row),
                signature: Box::default(),
                doc: lead.doc(self.text).into(),
                body_hash: 0,
                // What the head states is read when it has passed; until then this keeps whether it is exported.
                visibility: if exported { Visibility::Public } else { Visibility::Unstated },
            });
        }
        frame.symbols.1 = narrow(self.file.symbols.len());
        match frame.continues {
            Some(clause) => frame.symbols = (clause, clause + 1),
            None if frame.symbols.1 == first => return false,
            None => {}
        }
        let words = self.language.spec().manners.group_words.iter();
        frame.begins = words.into_iter().find(|(kind, _)| *kind == node.kind()).map_or("", |(_, word)| *word);
        frame.flat = inner_path.is_none();
        frame.path = match inner_path {
            Some(inner) => std::mem::replace(&mut self.path, inner),
            None => self.path.clone(),
        };
        frame.inner_path = self.path.len();
        frame.functions = self.functions;
        self.frames.push(frame);
        true
    }

    /// The line and the column in bytes of what stands at a place, counted from the node that it names.
    fn position(&self, node: Node<'t>, name: u32) -> Point {
        let start = node.start_position();
        let Some(between) = self.text.as_bytes().get(node.start_byte()..self.tape.span(name).start as usize) else {
            return self.tape.node(name).map_or(start, |name| name.start_position());
        };
        match memchr::memrchr(b'\n', between) {
            None => Point::new(start.row, start.column + between.len()),
            Some(last) => Point::new(start.row + memchr::memchr_iter(b'\n', between).count(), between.len() - last - 1),
        }
    }

    /// The symbol that a definition met here stands in, or the class around that.
    fn parent(&self, class: bool) -> Option<u32> {
        let around = self.frames.iter().rev().find(|frame| !frame.flat && (frame.has_members || !class))?;
        Some(around.symbols.0)
    }

    /// A parameter that declares a property of the class is a parameter too.
    pub(crate) fn bind_property_parameter(&mut self, mark: Mark) {
        if matches!(self.language, Language::TypeScript | Language::Tsx | Language::Php) {
            for definition in self.marks.definitions_of(mark).filter(|definition| definition.settings.outer) {
                self.locals.bind(self.tape.span(definition.name).of(self.text), 0);
            }
        }
    }

    /// The whole of a definition with what leads up to it and wraps it, and whether it is exported; `lead` becomes what
    /// documents it.
    fn extent(&mut self, span: Span, lead: &mut Lead) -> (Span, bool) {
        let mut full = Span { start: lead.reach(self.text, span.start), end: span.end };
        let around = self.open.last().filter(|around| around.kept).and(self.kept.last_mut());
        let Some((outer, start, end)) = around.and_then(|around| around.wraps.as_mut()) else {
            return (full, false);
        };
        if self.language.spec().manners.wraps_first {
            full.start = full.start.min(outer.reach(self.text, *start));
            let outer = std::mem::take(outer);
            if lead.doc(self.text).is_empty() {
                *lead = outer;
            }
            return (full, false);
        }
        let reached = outer.reach(self.text, *start);
        full = Span { start: reached.min(full.start), end: full.end.max(*end) };
        if lead.doc(self.text).is_empty() {
            *lead = outer.clone();
        }
        let before = self.text.get(*start as usize..span.start as usize).unwrap_or_default();
        (full, before.split_whitespace().any(|word| word == "export"))
    }

    /// The path of what a definition belongs to; `None` where it should belong to a class and none is there.
    fn container(&self, definition: &Definition, name_span: Span) -> Option<String> {
        if definition.settings.outer {
            let class = self.frames.iter().rev().find(|frame| frame.has_members)?;
            return self.path.get(..class.inner_path).map(str::to_owned);
        }
        let mut container = if definition.settings.root { String::new() } else { self.path.clone() };
        if let Some(outer) = definition.container {
            push_path(&mut container, &self.text_at(outer).replace(['.', ':'], "::"));
        } else if name_span.start > self.tape.span(definition.name).start {
            // One token of several parts: Elixir's `Plug.Conn`.
            let before = Span { start: self.tape.span(definition.name).start, end: name_span.start }.of(self.text);
            push_path(&mut container, &before.strip_suffix('.').unwrap_or_default().replace('.', "::"));
        } else if self.language == Language::Cpp {
            let (scope, member) = qualifier(self.language, self.text, name_span.start as usize);
            push_path(&mut container, if member { "" } else { scope });
        }
        Some(container)
    }

    /// Whether a C `typedef` only gives a type that it defines its own name again.
    fn names_its_own_type(&self, node: Node<'t>, definition: &Definition, name: &str) -> bool {
        definition.settings.flat
            && node
                .child_by_field_name("type")
                .filter(|named| named.child_by_field_name("body").is_some())
                .and_then(|named| named.child_by_field_name("name"))
                .is_some_and(|own| &self.text[own.byte_range()] == name)
    }

    /// The kind of a definition: in C++ a function is a method or constructor by where it stands.
    fn kind(&self, definition: &Definition, container: &str, name: &str, name_span: Span) -> SymbolKind {
        let function = matches!(definition.kind, SymbolKind::Function | SymbolKind::Method);
        if self.language != Language::Cpp || !function {
            return definition.kind;
        }
        let class = container.rsplit("::").next().unwrap_or_default();
        let around = self.frames.last().and_then(|frame| self.file.symbols.get(frame.symbols.0 as usize));
        let in_class = around.is_some_and(|symbol| matches!(symbol.kind, SymbolKind::Class | SymbolKind::Struct));
        if !in_class && qualifier(self.language, self.text, name_span.start as usize).0.is_empty() {
            return SymbolKind::Function;
        }
        if class == name { SymbolKind::Constructor } else { SymbolKind::Method }
    }

    /// Whether what a declaration declares begins with its name, whatever pointers lead to it.
    fn is_plain(&self, node: Node<'t>) -> bool {
        node.child_by_field_name("declarator").is_some_and(|declarator| !self.text[declarator.byte_range()].starts_with('('))
    }

    /// Whether a name stands right behind `#define`.
    fn is_defined_as_macro(&self, span: Span, name_span: Span) -> bool {
        let before = Span { start: span.start, end: name_span.start.max(span.start) }.of(self.text);
        before.strip_prefix('#').is_some_and(|word| word.trim() == "define")
    }

    /// Whether what C's grammar takes for a definition is a macro, or stands in a preprocessor directive.
    fn is_macro(&self, node: Node<'t>, name: &str, name_span: Span) -> bool {
        let kind = node.kind();
        if self.language == Language::CSharp || kind.starts_with("preproc") {
            return false;
        }
        // A parameter of a function whose head could not be read.
        let head = Span { start: narrow(node.start_byte()), end: name_span.start.max(narrow(node.start_byte())) };
        if kind == "declaration"
            && node.has_error()
            && head.of(self.text).matches('(').count() > head.of(self.text).matches(')').count()
            && self.is_plain(node)
        {
            return true;
        }
        let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        // `using namespace std;` behind an `#ifdef __cplusplus`, in a header of C.
        let word = match name {
            "namespace" => self.language == Language::C,
            "module" => node.child_by_field_name("type").is_some_and(|word| &self.text[word.byte_range()] == "export"),
            _ => name == "__attribute__",
        };
        if word || !name.bytes().all(capital) {
            return word;
        }
        let before = self.text.get(..name_span.start as usize).unwrap_or_default();
        // What catches all, behind a block that tries.
        let behind = self.text.get(name_span.end as usize..).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let untyped = kind == "function_definition" && node.child_by_field_name("type").is_none();
        (untyped && (self.in_function() || behind.starts_with("(...)"))) || line.trim_start().starts_with('#')
    }

    /// Where the body of a definition begins, unless it is part of its head, as the fields of a tuple are.
    fn body_start(&self, node: Node<'t>) -> Option<u32> {
        if let Some(head_end) = self.language.spec().manners.head_end {
            return head_end(node).map(narrow);
        }
        let body = node.child_by_field_id(self.grammar.body?.get())?;
        let start = body.start_byte();
        (self.language == Language::Python || !self.text[start..].starts_with('(')).then(|| narrow(start))
    }

    /// Whether a function is nearer than a type or module.
    fn in_function(&self) -> bool {
        let members = self.frames.iter().rev().find(|frame| frame.has_members);
        self.functions > members.map_or(0, |frame| frame.functions)
    }

    /// Ends the innermost definition.
    pub(crate) fn close(&mut self, span: Span) {
        let Some(frame) = self.frames.pop() else { return };
        let (symbols, continues) = (frame.symbols, frame.continues);
        self.path.clone_from(&frame.path);
        let (signature, hash) = frame.finish(self.text, span.end);
        if let Some(first) = continues {
            self.add_clause(first, span, hash);
            if let Some(outer) = self.frames.last_mut() {
                outer.inner(self.text, span, String::new(), hash);
            }
            return;
        }
        for position in symbols.0..symbols.1 {
            if let Some(symbol) = self.file.symbols.get_mut(position as usize) {
                let exported = symbol.visibility == Visibility::Public;
                let head = Head { kind: symbol.kind, name: &symbol.name, signature: &signature, exported };
                symbol.visibility = (self.language.spec().visibility)(&head);
                let named = signature.contains(symbol.name.as_str());
                symbol.signature = if named { signature.as_str().into() } else { format!("{signature} {}", symbol.name).into() };
                symbol.body_hash = hash;
            }
        }
        if let Some(outer) = self.frames.last_mut() {
            outer.inner(self.text, span, signature, hash);
        }
    }
}

/// Whether what C's grammar takes for a declaration, in text that it cannot read, is a statement in truth.
fn is_statement(text: &str) -> bool {
    let word = text.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or_default();
    matches!(word, "return" | "goto" | "throw" | "delete" | "case" | "else" | "co_return" | "co_await")
}
