//! One walk over a tree, without recursion: it turns what the query says of single nodes into symbols and references.

use std::collections::HashSet;

use text::Span;
use tree_sitter::Node;

use crate::{
    FileSymbols, Import, Language, ReferenceKind,
    capture::{Form, Use},
    docs,
    frame::Frame,
    grammar::{Grammar, Kind},
    imports,
    lead::Lead,
    locals::Locals,
    marks::{Mark, Marks},
    qualifier::{arguments, leads_on, qualifier, turbofish},
    references::Builder,
    symbol,
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
pub(crate) struct Open {
    pub(crate) mark: Mark,
    /// How much its definition had taken in before it.
    pub(crate) taken: usize,
    pub(crate) defines: bool,
    /// How long the path was before the container that it opened.
    pub(crate) container: Option<usize>,
    /// What was bound around it, where it changed that.
    pub(crate) binding: Option<Option<u32>>,
    /// What leads up to its next child.
    pub(crate) lead: Lead,
    /// What leads up to it, for the definition that it wraps: where it began, and where it ends.
    pub(crate) wraps: Option<(Lead, u32, u32)>,
}

pub(crate) struct Walker<'a, 't> {
    pub(crate) language: Language,
    pub(crate) grammar: &'a Grammar,
    pub(crate) text: &'a str,
    pub(crate) marks: Marks<'t>,
    pub(crate) file: FileSymbols,
    references: Builder<'a>,
    pub(crate) open: Vec<Open>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) locals: Locals<'a>,
    /// The container path at this point.
    pub(crate) path: String,
    /// Where the plain names met here come into scope; `None` outside of patterns.
    pub(crate) binding: Option<u32>,
    pub(crate) importing: u32,
    /// Where the innermost import statement begins.
    pub(crate) import_start: usize,
    /// The import statement that the walk is inside of, and where its items come from.
    pub(crate) import: Option<(Span, &'a str)>,
    pub(crate) attributes: u32,
    pub(crate) ignoring: u32,
    /// How many scopes that are functions' are open.
    pub(crate) functions: u32,
    /// The paths of definitions that are made once.
    pub(crate) once: HashSet<String>,
    /// Names that a pattern defines but that were defined before.
    pub(crate) reused: HashSet<usize>,
}

impl<'a, 't> Walker<'a, 't> {
    fn new(language: Language, grammar: &'a Grammar, text: &'a str, marks: Marks<'t>) -> Self {
        Self {
            language,
            grammar,
            text,
            marks,
            file: FileSymbols::default(),
            references: Builder::new(),
            open: vec![Open::default()],
            frames: Vec::new(),
            locals: Locals::default(),
            path: String::new(),
            binding: None,
            importing: 0,
            import_start: 0,
            import: None,
            attributes: 0,
            ignoring: 0,
            functions: 0,
            once: HashSet::new(),
            reused: HashSet::new(),
        }
    }

    /// Enters a node; whether its children are to be visited and [`leave`](Self::leave) called.
    fn enter(&mut self, node: Node<'t>) -> bool {
        if node.is_error() || node.is_missing() {
            self.file.error_count += 1;
        }
        let span = span_of(node);
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
        open.taken = self.frames.last().map_or(0, Frame::taken);
        self.open.push(open);
        true
    }

    fn enter_marked(&mut self, node: Node<'t>, span: Span, open: &mut Open, lead: Lead) {
        let mark = open.mark;
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes += 1;
        }
        if mark.has(Mark::IGNORE) {
            self.ignoring += 1;
        }
        if mark.has(Mark::IMPORT) {
            self.importing += 1;
            self.import_start = span.start as usize;
            self.import = self.marks.sources.get(&node.id()).map(|source| (span, &self.text[source.byte_range()]));
            if self.language == Language::Rust {
                self.file.imports.extend(imports::rust_use(self.text, span));
            }
        }
        if mark.has(Mark::ITEM) {
            self.import_item(node);
        }
        if mark.has(Mark::WRAPPER) {
            let outer = self.open.last_mut().and_then(|around| around.wraps.take());
            open.wraps = outer.or(Some((lead, span.start, span.end)));
        } else {
            open.defines = self.define(node, mark, span, lead);
            self.bind_property_parameter(mark);
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
            self.functions += u32::from(!mark.has(Mark::TYPES));
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

    /// Takes in one name of an import's list.
    fn import_item(&mut self, node: Node<'t>) {
        if let (Some((span, from)), Some((name, alias))) = (self.import, self.marks.items.get(&node.id())) {
            let (name, alias) = (&self.text[name.byte_range()], &self.text[alias.byte_range()]);
            self.file.imports.push(Import { from: from.into(), name: name.into(), alias: alias.into(), span });
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
            self.functions -= u32::from(!mark.has(Mark::TYPES));
        }
        if let Some(length) = open.container {
            self.path.truncate(length);
        }
        if mark.has(Mark::IMPORT) {
            self.importing -= 1;
            self.import = None;
        }
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes -= 1;
        }
        if mark.has(Mark::IGNORE) {
            self.ignoring -= 1;
        }
        if open.defines {
            self.close(span_of(node));
        } else if node.is_named()
            && let Some(frame) = self.frames.last_mut()
        {
            frame.close_node(open.taken);
        }
    }

    /// Passes over what is no token.
    pub(crate) fn skip(&mut self, end: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.skip(end);
        }
    }

    /// Takes in a node without children.
    fn leaf(&mut self, node: Node<'t>) {
        let span = span_of(node);
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
        let usage = mark.usage.unwrap_or(Use { kind, form: Form::Plain });
        let defined = mark.has(Mark::DEFINED) && !self.reused.contains(&node.id());
        if self.ignoring > 0 || name == "_" || (defined && usage.form != Form::Shorthand) {
            return;
        }
        if mark.has(Mark::GLOBAL) {
            self.locals.declare_global(name);
        }
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
        let mut kind = if self.importing > 0 { ReferenceKind::Import } else { usage.kind };
        if self.language == Language::Rust && member && kind == ReferenceKind::Other && turbofish(self.text, span) {
            kind = ReferenceKind::Call;
        }
        let of_type = matches!(kind, ReferenceKind::Type | ReferenceKind::Implementation | ReferenceKind::Import);
        let label = usage.form == Form::Field && !member;
        let arguments = if kind == ReferenceKind::Call { arguments(self.text, span) } else { None };
        let member = (member && !of_type) || usage.form == Form::Field;
        let bare = !member && before.is_empty() && usage.form != Form::Macro && self.importing == 0;
        let enclosing = self.frames.last().map(|frame| frame.symbols.0);
        let local = bare && (self.locals.holds(name) || (shorthand && (defined || self.binding.is_some())));
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

    /// Whether a name in a pattern is bound by it, and not used.
    fn binds(&self, name: &str, span: Span, kind: ReferenceKind, qualified: bool) -> bool {
        let constant = self.language == Language::Rust && name.starts_with(char::is_uppercase);
        kind != ReferenceKind::Type && !qualified && !constant && !leads_on(self.text, span)
    }

    fn finish(mut self) -> FileSymbols {
        self.file.imports.append(&mut self.marks.imports);
        if self.language == Language::Go {
            for import in self.file.imports.iter_mut().filter(|import| import.alias.is_empty()) {
                import.alias = imports::go_package(&import.from).into();
            }
        }
        self.file.imports.sort_by_key(|import| import.span);
        if self.language != Language::Rust {
            let modules: HashSet<&str> = self.file.imports.iter().map(|import| import.alias.as_str()).collect();
            self.references.of_modules(modules.into_iter());
        }
        self.file.references = self.references.finish(self.text);
        self.file
    }
}

pub(crate) fn push_path(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push_str("::");
    }
    path.push_str(name);
}

pub(crate) fn span_of(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

pub(crate) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
