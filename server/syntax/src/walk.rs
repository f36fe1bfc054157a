//! One walk over a tree, without recursion: it turns what the query says of single nodes into symbols and references.

use std::collections::HashSet;

use smol_str::SmolStr;
use text::Span;
use tree_sitter::Node;

use crate::{
    FileSymbols, Language, Reference, ReferenceKind, Symbol,
    capture::{Form, Use},
    docs,
    frame::Frame,
    grammar::{Grammar, Kind},
    imports,
    lead::Lead,
    locals::Locals,
    marks::{Definition, Mark, Marks},
    qualifier::{leads_on, qualifier},
    visibility::visibility,
};

/// Lists what a tree defines, uses and imports. What is nested deeper than `max_depth` is not looked into.
pub(crate) fn walk(
    language: Language,
    grammar: &Grammar,
    tree: &tree_sitter::Tree,
    text: &str,
    marks: Marks<'_>,
    max_depth: usize,
) -> FileSymbols {
    let mut walker = Walker::new(language, grammar, text, marks);
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if walker.enter(node) {
            if walker.open.len() < max_depth && cursor.goto_first_child() {
                continue;
            }
            walker.leaf(node);
            walker.leave(node);
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return walker.finish();
            }
            walker.leave(cursor.node());
        }
    }
}

/// A node that the walk is inside of.
#[derive(Default)]
struct Open {
    mark: Mark,
    defines: bool,
    /// How long the path was before the container that it opened.
    container: Option<usize>,
    /// What was bound around it, where it changed that.
    binding: Option<Option<u32>>,
    /// What leads up to its next child.
    lead: Lead,
    /// What leads up to it, for the definition that it wraps: where it began, and where it ends.
    wraps: Option<(Lead, u32, u32)>,
}

struct Walker<'a, 't> {
    language: Language,
    grammar: &'a Grammar,
    text: &'a str,
    marks: Marks<'t>,
    file: FileSymbols,
    open: Vec<Open>,
    frames: Vec<Frame>,
    locals: Locals<'a>,
    /// The container path at this point.
    path: String,
    /// Where the plain names met here come into scope; `None` outside of patterns.
    binding: Option<u32>,
    importing: u32,
    attributes: u32,
    /// The paths of definitions that are made once.
    once: HashSet<String>,
    /// Names that a pattern defines but that were defined before.
    reused: HashSet<usize>,
}

impl<'a, 't> Walker<'a, 't> {
    fn new(language: Language, grammar: &'a Grammar, text: &'a str, marks: Marks<'t>) -> Self {
        Self {
            language,
            grammar,
            text,
            marks,
            file: FileSymbols::default(),
            open: vec![Open::default()],
            frames: Vec::new(),
            locals: Locals::default(),
            path: String::new(),
            binding: None,
            importing: 0,
            attributes: 0,
            once: HashSet::new(),
            reused: HashSet::new(),
        }
    }

    /// Enters a node; whether its children are to be visited and [`leave`](Self::leave) called.
    fn enter(&mut self, node: Node<'t>) -> bool {
        if node.is_error() || node.is_missing() {
            self.file.error_count += 1;
        }
        let span = span(node);
        let kind = self.grammar.kind(node.kind_id());
        match kind {
            Kind::Comment => {
                let what = docs::classify(self.language, span.of(self.text));
                if let Some(around) = self.open.last_mut() {
                    around.lead.comment(self.text, span, what);
                }
                self.skip(span.end);
                return false;
            }
            Kind::Blank => {
                self.skip(span.end);
                return false;
            }
            Kind::Plain | Kind::Name(_) => {}
        }
        let mark = self.marks.get(node.id());
        if mark.is_some_and(|mark| mark.has(Mark::DOC)) {
            self.document(span);
            return false;
        }
        let mut open = Open { mark: mark.unwrap_or_default(), ..Open::default() };
        let lead = match self.open.last_mut() {
            Some(around) if open.mark.has(Mark::ATTRIBUTE) => {
                around.lead.attribute(self.text, span);
                Lead::default()
            }
            Some(around) => std::mem::take(&mut around.lead),
            None => Lead::default(),
        };
        if mark.is_some() {
            self.enter_marked(node, span, &mut open, lead);
        }
        self.open.push(open);
        true
    }

    fn enter_marked(&mut self, node: Node<'t>, span: Span, open: &mut Open, lead: Lead) {
        let mark = open.mark;
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes += 1;
        }
        if mark.has(Mark::IMPORT) {
            self.importing += 1;
            if self.language == Language::Rust {
                self.file.imports.extend(imports::rust_use(self.text, span));
            }
        }
        if mark.has(Mark::WRAPPER) {
            let outer = self.open.last_mut().and_then(|around| around.wraps.take());
            open.wraps = outer.or(Some((lead, span.start, span.end)));
        } else {
            open.defines = self.define(node, mark, span, lead);
        }
        if mark.has(Mark::CONTAINER)
            && let Some(container) = self.marks.containers.get(&node.id())
        {
            open.container = Some(self.path.len());
            let name = &self.text[container.byte_range()];
            push_path(&mut self.path, name);
        }
        if mark.has(Mark::SCOPE) {
            self.locals.open(span.start);
            if mark.has(Mark::HOISTS) {
                for name in self.marks.hoisted.get(&node.id()).into_iter().flatten() {
                    self.locals.bind(&self.text[name.byte_range()], 0);
                }
            }
        }
        if mark.has(Mark::PATTERN) {
            open.binding = Some(self.binding.replace(mark.after));
        } else if mark.has(Mark::USE) {
            open.binding = Some(self.binding.take());
        }
    }

    fn leave(&mut self, node: Node<'t>) {
        let Some(open) = self.open.pop() else { return };
        let mark = open.mark;
        if let Some(binding) = open.binding {
            self.binding = binding;
        }
        if mark.has(Mark::SCOPE) {
            self.locals.close();
        }
        if let Some(length) = open.container {
            self.path.truncate(length);
        }
        if mark.has(Mark::IMPORT) {
            self.importing -= 1;
        }
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes -= 1;
        }
        if open.defines {
            self.close(span(node));
        } else if node.is_named()
            && let Some(frame) = self.frames.last_mut()
        {
            frame.close_node();
        }
    }

    /// Passes over what is no token.
    fn skip(&mut self, end: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.skip(end);
        }
    }

    /// Documents the definition that the walk is inside of.
    fn document(&mut self, span: Span) {
        self.skip(span.end);
        let symbols = self.frames.last().map_or((0, 0), |frame| frame.symbols);
        for symbol in symbols.0..symbols.1 {
            if let Some(symbol) = self.file.symbols.get_mut(symbol as usize) {
                symbol.doc = docs::docstring(span.of(self.text)).into();
            }
        }
    }

    /// Begins the definitions that a node is; whether there are any.
    fn define(&mut self, node: Node<'t>, mark: Mark, span: Span, mut lead: Lead) -> bool {
        let definitions: Vec<Definition<'t>> = self.marks.definitions_of(mark).copied().collect();
        if definitions.is_empty() {
            return false;
        }
        let mut full = Span { start: lead.reach(self.text, span.start), end: span.end };
        let mut exported = false;
        if let Some((outer, start, end)) = self.open.last_mut().and_then(|around| around.wraps.as_mut()) {
            let reached = outer.reach(self.text, *start);
            full = Span { start: reached.min(full.start), end: full.end.max(*end) };
            exported = self.text[*start as usize..].starts_with("export");
            if lead.is_empty() || lead.doc(self.text).is_empty() {
                lead = outer.clone();
            }
        }
        let parent = self.frames.last().map(|frame| frame.symbols.0);
        let first = narrow(self.file.symbols.len());
        let mut inner_path = None;
        let mut has_members = false;
        let mut head_end = span.end;
        for definition in definitions {
            let name_span = self::span(definition.name);
            let name = name_span.of(self.text);
            if definition.settings.local && self.in_function() {
                let after = if definition.after == 0 { span.end } else { definition.after };
                self.locals.bind(name, after);
                continue;
            }
            let mut container = self.path.clone();
            if let Some(outer) = definition.container {
                push_path(&mut container, &self.text[outer.byte_range()]);
            } else if self.language == Language::Cpp {
                push_path(&mut container, qualifier(self.language, self.text, name_span.start as usize).0);
            }
            let mut path = container.clone();
            push_path(&mut path, name);
            if definition.settings.once && self.once.contains(&path) || name.is_empty() {
                self.reused.insert(definition.name.id());
                continue;
            }
            if definition.settings.once {
                self.once.insert(path.clone());
            }
            head_end = match (definition.settings.head_is_name, definition.body) {
                (true, _) => name_span.end,
                (false, Some(body)) => body,
                (false, None) => self.body_start(node).unwrap_or(span.end),
            };
            has_members |= definition.kind.has_members();
            let position = definition.name.start_position();
            inner_path.get_or_insert(path);
            self.file.symbols.push(Symbol {
                name: name.into(),
                kind: definition.kind,
                container: container.into(),
                parent,
                span,
                full_span: full,
                name_span,
                line: narrow(position.row),
                column: narrow(position.column),
                end_line: narrow(node.end_position().row),
                signature: Box::default(),
                doc: lead.doc(self.text).into(),
                body_hash: 0,
                // Stated by the head, which is read later; until then it keeps whether it is exported.
                visibility: if exported { crate::Visibility::Public } else { crate::Visibility::Unstated },
            });
        }
        let Some(inner_path) = inner_path else { return false };
        let outer_path = self.path.len();
        let outer = std::mem::replace(&mut self.path, inner_path);
        let symbols = (first, narrow(self.file.symbols.len()));
        self.frames.push(Frame::new(symbols, has_members, self.locals.depth(), outer_path, span.start, head_end));
        debug_assert!(self.path.starts_with(&outer));
        true
    }

    /// Where the body of a definition begins, unless it is part of its head, as the fields of a tuple are.
    fn body_start(&self, node: Node<'t>) -> Option<u32> {
        let body = node.child_by_field_name("body")?;
        let start = body.start_byte();
        (self.language == Language::Python || !self.text[start..].starts_with('(')).then(|| narrow(start))
    }

    /// Whether a function is nearer than a type or module.
    fn in_function(&self) -> bool {
        let members = self.frames.iter().rev().find(|frame| frame.has_members);
        self.locals.depth() > members.map_or(0, |frame| frame.scopes)
    }

    /// Ends the innermost definition.
    fn close(&mut self, span: Span) {
        let Some(frame) = self.frames.pop() else { return };
        self.path.truncate(frame.path);
        let (signature, hash) = frame.finish();
        for position in frame.symbols.0..frame.symbols.1 {
            if let Some(symbol) = self.file.symbols.get_mut(position as usize) {
                let exported = symbol.visibility == crate::Visibility::Public;
                symbol.visibility = visibility(self.language, symbol.kind, &symbol.name, &signature, exported);
                symbol.signature = signature.as_str().into();
                symbol.body_hash = hash;
            }
        }
        if let Some(outer) = self.frames.last_mut() {
            outer.inner(span.start, span.end, &signature, hash);
        }
    }

    /// Takes in a node without children.
    fn leaf(&mut self, node: Node<'t>) {
        let span = span(node);
        if span.is_empty() {
            return;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.token(self.text, span, self.attributes == 0);
        }
        if let Kind::Name(kind) = self.grammar.kind(node.kind_id()) {
            let mark = self.open.last().map(|open| open.mark).unwrap_or_default();
            self.name(node, span, kind, mark);
        }
    }

    /// Takes in a name: a definition's own, one that is bound, or a use.
    fn name(&mut self, node: Node<'t>, span: Span, kind: ReferenceKind, mark: Mark) {
        let name = span.of(self.text);
        self.locals.reach(span.start);
        if mark.has(Mark::IGNORE) || (mark.has(Mark::DEFINED) && !self.reused.contains(&node.id())) {
            return;
        }
        if mark.has(Mark::GLOBAL) {
            self.locals.declare_global(name);
        }
        let usage = mark.usage.unwrap_or(Use { kind, form: Form::Plain });
        let (before, member) = qualifier(self.language, self.text, span.start as usize);
        let shorthand = usage.form == Form::Shorthand;
        if mark.has(Mark::BOUND) {
            self.locals.bind(name, mark.after);
            return;
        }
        if let Some(after) = self.binding
            && (mark.usage.is_none() || shorthand)
            && self.binds(name, span, kind, member || !before.is_empty())
        {
            self.locals.bind(name, after);
            if !shorthand {
                return;
            }
        }
        let kind = if self.importing > 0 { ReferenceKind::Import } else { usage.kind };
        let member = (member || usage.form == Form::Field) && self.importing == 0;
        let bare = !member && before.is_empty() && usage.form != Form::Macro && self.importing == 0;
        let position = node.start_position();
        self.file.references.push(Reference {
            name: name.into(),
            kind,
            span,
            line: narrow(position.row),
            column: narrow(position.column),
            enclosing: self.frames.last().map(|frame| frame.symbols.0),
            qualifier: SmolStr::new(before),
            member,
            local: bare && (self.locals.holds(name) || (shorthand && self.binding.is_some())),
            shorthand,
        });
    }

    /// Whether a name in a pattern is bound by it, and not used.
    fn binds(&self, name: &str, span: Span, kind: ReferenceKind, qualified: bool) -> bool {
        let constant = self.language == Language::Rust && name.starts_with(char::is_uppercase);
        kind != ReferenceKind::Type && !qualified && !constant && !leads_on(self.text, span)
    }

    fn finish(mut self) -> FileSymbols {
        self.file.imports.append(&mut self.marks.imports);
        self.file.imports.sort_by_key(|import| import.span);
        if self.language != Language::Rust {
            let modules: HashSet<&str> = self.file.imports.iter().map(|import| import.alias.as_str()).collect();
            for reference in &mut self.file.references {
                reference.member &= reference.qualifier.is_empty() || !modules.contains(reference.qualifier.as_str());
            }
        }
        self.file
    }
}

fn push_path(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push_str("::");
    }
    path.push_str(name);
}

fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
