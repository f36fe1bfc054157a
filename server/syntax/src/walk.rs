//! One walk over a tree, without recursion: it turns what the query says of single nodes into symbols and references.

use std::{collections::HashSet, time::Instant};

use rustc_hash::FxHashSet;
use text::Span;
use tree_sitter::{Node, TreeCursor};

use crate::{
    FileSymbols, Import, Language,
    capture::Capture,
    docs,
    frame::Frame,
    grammar::{Grammar, Kind},
    imports,
    lead::Lead,
    locals::Locals,
    marks::{Mark, Marks, stronger},
    query::{automaton::START, matcher::Matcher},
    references::Builder,
};

/// After so many nodes the walk looks at the clock.
const NODES_PER_CLOCK: u32 = 1 << 14;

/// Lists what a tree defines, uses and imports; `None` where the deadline passes first. What is nested deeper than `max_depth`
/// is not looked into.
pub(crate) fn walk(
    language: Language,
    grammar: &Grammar,
    tree: &tree_sitter::Tree,
    text: &str,
    max_depth: usize,
    deadline: Instant,
) -> Option<FileSymbols> {
    let root = tree.root_node();
    let mut walker = Walker::new(language, grammar, text, root);
    if let Some(rest) = &grammar.rules.rest
        && !walker.marks.collect(&grammar.rules, rest, root, text, deadline)
    {
        return None;
    }
    let mut cursor = tree.walk();
    let mut nodes = 0_u32;
    loop {
        nodes += 1;
        if nodes.is_multiple_of(NODES_PER_CLOCK) && Instant::now() > deadline {
            return None;
        }
        if walker.enter(&cursor, max_depth) {
            if cursor.goto_first_child() {
                continue;
            }
            walker.leave();
        }
        // What follows the last named node in a node is text only: it is not visited.
        loop {
            match walker.open.last() {
                None => {
                    let errors = if root.has_error() { count_errors(tree) } else { 0 };
                    return Some(walker.finish(errors));
                }
                Some(open) if open.left > 0 && cursor.goto_next_sibling() => break,
                Some(_) => {
                    walker.leave();
                    cursor.goto_parent();
                }
            }
        }
    }
}

fn count_errors(tree: &tree_sitter::Tree) -> u32 {
    let mut count = 0;
    crate::tree::each_error(tree, |_| {
        count += 1;
        true
    });
    count
}

/// A node that the walk is inside of.
pub(crate) struct Open {
    /// Where it is on the paths of the query.
    state: u16,
    flags: u16,
    /// How many of its named children are still to come.
    left: u32,
    end: u32,
    /// How much its definition had taken in before it.
    taken: u32,
    /// Whether the last of [`Walker::kept`] is its own.
    pub(crate) kept: bool,
}

/// What few open nodes have.
#[derive(Default)]
pub(crate) struct Kept {
    start: u32,
    defines: bool,
    /// How long the path was before the container that it opened.
    container: Option<usize>,
    /// What was bound around it, where it changed that.
    binding: Option<Option<u32>>,
    /// What leads up to it, for the definition that it wraps: where it began, and where it ends.
    pub(crate) wraps: Option<(Lead, u32, u32)>,
}

pub(crate) struct Walker<'a, 't> {
    pub(crate) language: Language,
    pub(crate) grammar: &'a Grammar,
    pub(crate) text: &'a str,
    pub(crate) marks: Marks<'t>,
    matcher: Matcher<'t>,
    pub(crate) file: FileSymbols,
    pub(crate) references: Builder<'a>,
    pub(crate) open: Vec<Open>,
    pub(crate) kept: Vec<Kept>,
    /// What leads up to the next child of the open node at a depth, innermost last.
    leads: Vec<(usize, Lead)>,
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
    attributes: u32,
    pub(crate) ignoring: u32,
    /// How many scopes that are functions' are open.
    pub(crate) functions: u32,
    /// The paths of definitions that are made once.
    pub(crate) once: HashSet<String>,
    /// Names that a pattern defines but that were defined before.
    pub(crate) reused: FxHashSet<usize>,
}

impl<'a, 't> Walker<'a, 't> {
    fn new(language: Language, grammar: &'a Grammar, text: &'a str, root: Node<'t>) -> Self {
        Self {
            language,
            grammar,
            text,
            marks: Marks::default(),
            matcher: Matcher::new(root),
            file: FileSymbols::default(),
            references: Builder::new(),
            open: Vec::with_capacity(64),
            kept: Vec::new(),
            leads: Vec::new(),
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
            reused: FxHashSet::default(),
        }
    }

    /// Enters the node at the cursor; whether it was opened, so that its children are to be visited.
    fn enter(&mut self, cursor: &TreeCursor<'t>, max_depth: usize) -> bool {
        let node = cursor.node();
        let number = node.kind_id();
        let kind = self.grammar.kind(number);
        if kind == Kind::Anonymous {
            self.drop_lead();
            return false;
        }
        let mut outer = START;
        if let Some(around) = self.open.last_mut() {
            around.left = around.left.saturating_sub(1);
            outer = around.state;
        }
        let span = span_of(node);
        if matches!(kind, Kind::Comment | Kind::Blank) {
            self.pass(kind, span);
            return false;
        }
        let (state, action) = self.grammar.rules.automaton.step(outer, number, || cursor.field_id());
        let mark = self.mark(node, span, action);
        if mark.has(Mark::DOC) {
            self.document(span);
            return false;
        }
        let children = narrow(node.named_child_count());
        let childless = children == 0 || self.open.len() + 2 >= max_depth;
        let taken = match self.frames.last_mut() {
            Some(frame) if !childless => frame.taken_at(self.text, span.start),
            _ => 0,
        };
        let lead = self.lead(mark, span);
        let kept = mark.flags & !Mark::OF_NAMES != 0 || mark.first_definition != 0;
        if kept {
            self.enter_marked(node, mark, span, lead);
        }
        if childless {
            self.leaf(node, span, kind, mark, children == 0);
            if !kept {
                return false;
            }
        }
        self.open.push(Open { state, flags: mark.flags, left: children, end: span.end, taken, kept });
        if childless {
            self.leave();
            return false;
        }
        true
    }

    /// What the query says of a node.
    fn mark(&mut self, node: Node<'t>, span: Span, action: u16) -> Mark {
        let mut mark = Mark::default();
        let rules = &self.grammar.rules;
        if action != 0
            && let Some(action) = rules.automaton.actions.get(usize::from(action))
        {
            let end_of = |open: &[Open], distance: usize| {
                open.len().checked_sub(distance).and_then(|at| open.get(at)).map_or(0, |open| open.end)
            };
            let still = action.still;
            mark.flags = still.flags;
            mark.usage = still.usage;
            if still.after > 0 {
                mark.after = end_of(&self.open, still.after);
            }
            if !action.rules.is_empty() {
                self.matcher.begin();
            }
            for rule in action.rules.iter().filter_map(|&rule| rules.rules.get(rule as usize)) {
                let mut above: [(Capture, u32); 4] = [(Capture::Unknown, 0); 4];
                for (place, &(capture, distance)) in above.iter_mut().zip(&rule.above) {
                    *place = (rules.captures.get(capture), end_of(&self.open, distance));
                }
                let predicates = rules.predicates.get(rule.pattern).map(Vec::as_slice).unwrap_or_default();
                let (text, marks) = (self.text, &mut self.marks);
                self.matcher.each(&rule.shape, node, &mut |captured| {
                    if predicates.iter().all(|predicate| predicate.holds(captured, text)) {
                        marks.apply(rules, rule.pattern, captured, &above, text);
                    }
                });
            }
        }
        if let Some(found) = self.marks.take(node.id(), span.start) {
            mark.flags |= found.flags;
            mark.first_definition = found.first_definition;
            if found.after != 0 {
                mark.after = found.after;
            }
            mark.usage = match (mark.usage, found.usage) {
                (Some(first), Some(second)) => Some(stronger(first, second)),
                (first, second) => first.or(second),
            };
        }
        mark
    }

    /// Passes over what is no part of the program.
    fn pass(&mut self, kind: Kind, span: Span) {
        if kind == Kind::Comment {
            let what = self.language.spec().classify(span.of(self.text));
            let depth = self.open.len();
            match self.leads.last_mut() {
                Some((known, lead)) if *known == depth => lead.comment(self.text, span, what),
                _ if what != docs::Comment::Plain => {
                    let mut lead = Lead::default();
                    lead.comment(self.text, span, what);
                    self.leads.push((depth, lead));
                }
                _ => {}
            }
        }
        self.skip(span);
    }

    /// Forgets what leads up to the next child of the innermost node.
    fn drop_lead(&mut self) {
        if let Some((depth, _)) = self.leads.last()
            && *depth >= self.open.len()
        {
            self.leads.pop();
        }
    }

    /// What leads up to a node; an attribute leads up to the next one.
    fn lead(&mut self, mark: Mark, span: Span) -> Lead {
        let depth = self.open.len();
        let known = self.leads.last().is_some_and(|(known, _)| *known == depth);
        if mark.has(Mark::ATTRIBUTE) {
            if !known {
                self.leads.push((depth, Lead::default()));
            }
            if let Some((_, lead)) = self.leads.last_mut() {
                lead.attribute(self.text, span);
            }
            return Lead::default();
        }
        if known { self.leads.pop().map_or_else(Lead::default, |(_, lead)| lead) } else { Lead::default() }
    }

    fn enter_marked(&mut self, node: Node<'t>, mark: Mark, span: Span, lead: Lead) {
        let mut kept = Kept { start: span.start, ..Kept::default() };
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes += 1;
            if self.attributes == 1
                && let Some(frame) = self.frames.last_mut()
            {
                frame.attribute(span);
            }
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
            let around = self.open.last().filter(|around| around.kept).and(self.kept.last_mut());
            let outer = around.and_then(|around| around.wraps.take());
            kept.wraps = outer.or(Some((lead, span.start, span.end)));
        } else {
            kept.defines = self.define(node, mark, span, lead);
            self.bind_property_parameter(mark);
        }
        if mark.has(Mark::CONTAINER)
            && let Some(container) = self.marks.containers.get(&node.id())
        {
            kept.container = Some(self.path.len());
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
            kept.binding = Some(self.binding.replace(mark.after));
        } else if mark.has(Mark::USE) {
            kept.binding = Some(self.binding.take());
        }
        self.kept.push(kept);
    }

    /// Takes in one name of an import's list.
    fn import_item(&mut self, node: Node<'t>) {
        if let (Some((span, from)), Some((name, alias))) = (self.import, self.marks.items.get(&node.id())) {
            let (name, alias) = (&self.text[name.byte_range()], &self.text[alias.byte_range()]);
            self.file.imports.push(Import { from: from.into(), name: name.into(), alias: alias.into(), span });
        }
    }

    fn leave(&mut self) {
        let Some(Open { flags, end, taken, kept, .. }) = self.open.pop() else { return };
        if self.leads.last().is_some_and(|(depth, _)| *depth > self.open.len()) {
            self.leads.pop();
        }
        let kept = if kept { self.kept.pop() } else { None };
        if let Some(kept) = &kept {
            self.leave_marked(flags, kept);
        }
        match kept {
            Some(kept) if kept.defines => self.close(Span { start: kept.start, end }),
            _ => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.close_node(self.text, end, taken);
                }
            }
        }
    }

    fn leave_marked(&mut self, flags: u16, kept: &Kept) {
        let has = |flag: u16| flags & flag != 0;
        if let Some(binding) = kept.binding {
            self.binding = binding;
        }
        if has(Mark::SCOPE) {
            self.locals.close();
            self.functions -= u32::from(!has(Mark::TYPES));
        }
        if let Some(length) = kept.container {
            self.path.truncate(length);
        }
        if has(Mark::IMPORT) {
            self.importing -= 1;
            self.import = None;
        }
        if has(Mark::ATTRIBUTE) {
            self.attributes -= 1;
        }
        if has(Mark::IGNORE) {
            self.ignoring -= 1;
        }
    }

    /// Passes over what is no token.
    pub(crate) fn skip(&mut self, span: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.skip(self.text, span);
        }
    }

    /// Takes in a node without named children, or one that is not looked into.
    fn leaf(&mut self, node: Node<'t>, span: Span, kind: Kind, mark: Mark, whole: bool) {
        if span.is_empty() {
            return;
        }
        if let Some(frame) = self.frames.last_mut() {
            if matches!(kind, Kind::Name(_)) || node.child_count() == 0 || !whole {
                frame.token(self.text, span);
            } else {
                frame.reach(self.text, span.end);
            }
        }
        if let Kind::Name(kind) = kind {
            self.name(node, span, kind, mark);
        }
    }

    fn finish(mut self, error_count: u32) -> FileSymbols {
        self.file.error_count = error_count;
        self.marks.imports.sort_by_key(|(at, _)| *at);
        self.file.imports.extend(std::mem::take(&mut self.marks.imports).into_iter().map(|(_, import)| import));
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
