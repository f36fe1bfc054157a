//! One walk over a tree, without recursion: it turns what the query says of single nodes into symbols and references.

use rustc_hash::{FxHashMap, FxHashSet};
use text::Span;
use tree_sitter::Node;

use crate::{
    FileSymbols, Language, ReferenceKind,
    deadline::Deadline,
    frame::Frame,
    grammar::{Grammar, Kind},
    imports,
    lead::Lead,
    locals::Locals,
    marks::{Mark, Marks},
    mask::Mask,
    query::{machine, matcher::Matcher},
    references::Builder,
    splice::Cuts,
    tape::{Entry, Tape},
    values,
};

/// A text, and what its grammar did not see of it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    pub(crate) masks: &'t [Mask],
}

/// Lists what a tree defines, uses and imports; `None` where the deadline passes first. What is nested deeper than `max_depth`
/// is not looked into.
pub(crate) fn walk(
    language: Language,
    grammar: &Grammar,
    tree: &tree_sitter::Tree,
    source: Source<'_>,
    max_depth: usize,
    deadline: Deadline,
) -> Option<FileSymbols> {
    walk_but((language, grammar), tree, source, None, max_depth, deadline).map(|(file, _)| file)
}

/// The same, without looking into what is cut; also the outermost nodes outside of the stretch that is not.
pub(crate) fn walk_but<'t>(
    (language, grammar): (Language, &Grammar),
    tree: &'t tree_sitter::Tree,
    source: Source<'_>,
    cuts: Option<&Cuts>,
    max_depth: usize,
    deadline: Deadline,
) -> Option<(FileSymbols, Vec<Node<'t>>)> {
    let root = tree.root_node();
    let tape = Tape::write(grammar, tree, cuts, max_depth, deadline)?;
    let mut walker = Walker::new(language, grammar, source, &tape, deadline);
    walker.once.extend(cuts.iter().flat_map(|cuts| &cuts.made).map(|path| (path.clone(), 0)));
    if let Some(rest) = &grammar.rules.rest
        && !machine::run(&grammar.rules, rest, root, &tape, &mut walker.marks, source.text, deadline)
    {
        return None;
    }
    let mut at = 0;
    while let Some(entry) = tape.get(at) {
        while walker.open.last().is_some_and(|open| open.next <= at) {
            walker.leave();
        }
        at = if walker.enter(at, entry) { at + 1 } else { entry.next };
        if walker.matcher.is_late() {
            return None;
        }
    }
    while !walker.open.is_empty() {
        walker.leave();
    }
    let errors = if root.has_error() { count_errors(tree) } else { 0 };
    let file = walker.finish(errors);
    Some((file, tape.outside))
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
    pub(crate) flags: u16,
    /// The place after all that is in it.
    next: u32,
    pub(crate) end: u32,
    /// How much its definition had taken in before it.
    taken: u32,
    /// Whether the last of [`Walker::kept`] is its own.
    pub(crate) kept: bool,
}

/// What few open nodes have.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) start: u32,
    pub(crate) defines: bool,
    /// How long the path was before the container that it opened.
    pub(crate) container: Option<usize>,
    /// What was bound around it, where it changed that.
    pub(crate) binding: Option<Option<u32>>,
    /// What leads up to it, for the definition that it wraps: where it began, and where it ends.
    pub(crate) wraps: Option<(Lead, u32, u32)>,
}

pub(crate) struct Walker<'a, 't> {
    pub(crate) language: Language,
    pub(crate) grammar: &'a Grammar,
    pub(crate) text: &'a str,
    /// What the grammar did not see, from here on.
    pub(crate) masks: &'a [Mask],
    pub(crate) tape: &'a Tape<'t>,
    pub(crate) marks: Marks<'a, 't>,
    pub(crate) matcher: Matcher<'a, 't>,
    pub(crate) file: FileSymbols,
    pub(crate) references: Builder<'a>,
    /// What is said of values, where that is read.
    pub(crate) values: Option<values::Builder>,
    pub(crate) open: Vec<Open>,
    pub(crate) kept: Vec<Kept>,
    /// What leads up to the next child of the open node at a depth, innermost last.
    pub(crate) leads: Vec<(usize, Lead)>,
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
    /// The paths of definitions that are made once, and which symbol each is.
    pub(crate) once: FxHashMap<String, u32>,
    /// Names that a pattern defines but that were defined before.
    pub(crate) reused: FxHashSet<u32>,
}

impl<'a, 't> Walker<'a, 't> {
    fn new(language: Language, grammar: &'a Grammar, source: Source<'a>, tape: &'a Tape<'t>, deadline: Deadline) -> Self {
        Self {
            language,
            grammar,
            text: source.text,
            masks: source.masks,
            tape,
            marks: Marks::new(tape),
            matcher: Matcher::new(tape, deadline),
            file: FileSymbols::default(),
            references: Builder::new(),
            values: (grammar.values.is_some() || grammar.local_types.is_some()).then(values::Builder::new),
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
            once: FxHashMap::default(),
            reused: FxHashSet::default(),
        }
    }

    /// Enters a node; whether it was opened, so that its children are to be visited.
    fn enter(&mut self, at: u32, entry: &Entry) -> bool {
        if entry.has(Entry::AFTER_TOKEN) || entry.kind == Kind::Anonymous {
            self.drop_lead();
        }
        let span = entry.span;
        if self.masks.first().is_some_and(|mask| mask.span.start < span.end) && self.meet_masks(entry) {
            return false;
        }
        match entry.kind {
            Kind::Anonymous => return false,
            Kind::Comment | Kind::Blank => {
                self.pass(entry.kind, span);
                return false;
            }
            Kind::Plain | Kind::Name(_) => {}
        }
        let mark = self.mark(at, entry.action);
        if mark.has(Mark::DOC) {
            self.document(span);
            return false;
        }
        if mark.has(Mark::DOC_NEXT) {
            let text = self.text;
            self.open_lead().string(text, span);
            self.skip(span);
            return false;
        }
        let childless = entry.has(Entry::LEAF | Entry::CUT);
        let taken = match self.frames.last_mut() {
            Some(frame) if !childless => frame.taken_at(self.text, span.start),
            _ => 0,
        };
        let kept = mark.flags & !Mark::OF_NAMES != 0 || mark.first_definition != 0;
        if kept {
            let lead = self.lead(mark, span);
            self.enter_marked(at, entry, mark, lead);
        } else {
            self.drop_lead();
        }
        if childless {
            self.leaf(at, entry, mark);
            if !kept {
                return false;
            }
        }
        self.open.push(Open { flags: mark.flags, next: entry.next, end: span.end, taken, kept });
        if childless {
            self.leave();
            return false;
        }
        true
    }

    fn leave(&mut self) {
        let Some(Open { flags, end, taken, kept, .. }) = self.open.pop() else { return };
        if self.masks.first().is_some_and(|mask| mask.span.start < end) {
            self.take_masks_before(end);
        }
        self.pass_lead_on(end);
        let kept = if kept { self.kept.pop() } else { None };
        if let Some(kept) = &kept {
            self.leave_marked(flags, kept, end);
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

    /// Passes over what is no token.
    pub(crate) fn skip(&mut self, span: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.skip(self.text, span);
        }
    }

    /// Takes in a node without named children, or one that is not looked into.
    fn leaf(&mut self, at: u32, entry: &Entry, mark: Mark) {
        let span = entry.span;
        if span.is_empty() {
            return;
        }
        if let Some(frame) = self.frames.last_mut() {
            if matches!(entry.kind, Kind::Name(_)) || !entry.has(Entry::LEAF) || entry.has(Entry::BARE) {
                frame.token(self.text, span);
            } else {
                frame.reach(self.text, span.end);
            }
        }
        let kind = match entry.kind {
            Kind::Name(kind) => Some(kind),
            // A string that means a name.
            _ => (entry.has(Entry::LEAF) && (mark.usage.is_some() || mark.has(Mark::BOUND))).then_some(ReferenceKind::Other),
        };
        let quoted = mark.usage.filter(|usage| usage.kind == ReferenceKind::Type && !matches!(entry.kind, Kind::Name(_)));
        if quoted.is_some() && entry.has(Entry::LEAF) {
            self.quoted_type(at, span, mark);
            return;
        }
        let span = self.language.name_in(self.text, span);
        if let Some(kind) = kind.filter(|_| !span.is_empty()) {
            self.name(at, span, kind, mark);
        }
    }

    /// The text of a node.
    pub(crate) fn text_at(&self, at: u32) -> &'a str {
        self.tape.span(at).of(self.text)
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
        if self.language.spec().manners.last_part {
            for import in self.file.imports.iter_mut().filter(|import| import.name.is_empty()) {
                import.alias = import.alias.rsplit('.').next().unwrap_or_default().into();
            }
        }
        self.file.imports.sort_by_key(|import| import.span);
        if self.language != Language::Rust {
            let modules: FxHashSet<&str> = self.file.imports.iter().map(|import| import.alias.as_str()).collect();
            self.references.of_modules(modules.into_iter());
        }
        self.file.references = self.references.finish(self.text);
        self.file.values = self.values.map(values::Builder::finish).unwrap_or_default();
        // Kept as long as the file is indexed.
        self.file.symbols.shrink_to_fit();
        self.file.imports.shrink_to_fit();
        self.file
    }
}

pub(crate) fn push_path(path: &mut String, name: &str) {
    if !path.is_empty() && !name.is_empty() {
        path.push_str("::");
    }
    path.push_str(name);
}

pub(crate) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
