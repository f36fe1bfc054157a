//! What the matches of a query say of nodes that the walk has not come to yet.

use std::{collections::HashMap, ops::ControlFlow, time::Instant};

use rustc_hash::FxBuildHasher;
use tree_sitter::{Node, QueryCursor, QueryCursorOptions, StreamingIterator};

use crate::{
    Import, ReferenceKind, SymbolKind,
    capture::{Capture, Settings, Use},
    declarator::declared,
    query::{Rest, Rules, matcher::Captured},
};

/// What the query says of nodes that are still to come.
#[derive(Default)]
pub(crate) struct Marks<'tree> {
    /// Where the last of them begins.
    reach: u32,
    found: Found<'tree>,
    nodes: HashMap<usize, Mark, FxBuildHasher>,
    /// Definitions; those of one node are linked by [`Definition::next`].
    pub(crate) definitions: Vec<Definition<'tree>>,
    /// Names that are bound from the start of a node on.
    pub(crate) hoisted: HashMap<usize, Vec<Node<'tree>>, FxBuildHasher>,
    /// Containers, by the node in which they hold.
    pub(crate) containers: HashMap<usize, Node<'tree>, FxBuildHasher>,
    /// Imports, each with where its name stands.
    pub(crate) imports: Vec<(u32, Import)>,
    /// Where the items of an import statement come from, by the statement.
    pub(crate) sources: HashMap<usize, Node<'tree>, FxBuildHasher>,
    /// Imported names and what they are called here, by the item.
    pub(crate) items: HashMap<usize, (Node<'tree>, Node<'tree>), FxBuildHasher>,
}

/// What the query says of one node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    pub(crate) flags: u16,
    /// One more than the position of the first definition that this node is.
    pub(crate) first_definition: u32,
    /// How its name is used, where it is a name.
    pub(crate) usage: Option<Use>,
    /// Where the names bound in it come into scope; 0 is at once.
    pub(crate) after: u32,
}

/// One definition as the query gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition<'tree> {
    pub(crate) kind: SymbolKind,
    pub(crate) name: Node<'tree>,
    pub(crate) container: Option<Node<'tree>>,
    pub(crate) body: Option<u32>,
    pub(crate) settings: Settings,
    pub(crate) after: u32,
    node: usize,
    pattern: usize,
    next: u32,
    /// A later pattern says it better.
    dead: bool,
}

impl Mark {
    pub(crate) const SCOPE: u16 = 1;
    pub(crate) const PATTERN: u16 = 1 << 1;
    pub(crate) const BOUND: u16 = 1 << 2;
    pub(crate) const USE: u16 = 1 << 3;
    pub(crate) const GLOBAL: u16 = 1 << 4;
    pub(crate) const WRAPPER: u16 = 1 << 5;
    pub(crate) const ATTRIBUTE: u16 = 1 << 6;
    pub(crate) const IGNORE: u16 = 1 << 7;
    pub(crate) const IMPORT: u16 = 1 << 8;
    pub(crate) const DEFINED: u16 = 1 << 9;
    pub(crate) const CONTAINER: u16 = 1 << 10;
    pub(crate) const HOISTS: u16 = 1 << 11;
    pub(crate) const DOC: u16 = 1 << 12;
    pub(crate) const ITEM: u16 = 1 << 14;
    /// With [`SCOPE`](Self::SCOPE): a scope of type parameters only.
    pub(crate) const TYPES: u16 = 1 << 13;

    /// What is said of a name only: the rest changes what the walk does inside of the node.
    pub(crate) const OF_NAMES: u16 = Self::BOUND | Self::GLOBAL | Self::DEFINED;

    pub(crate) fn has(self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// The captures of one match.
#[derive(Default)]
struct Found<'tree> {
    definition: Option<(Node<'tree>, SymbolKind)>,
    usage: Option<Use>,
    /// Each with whether a declarator makes it a function.
    names: Vec<(Node<'tree>, bool)>,
    container: Option<Node<'tree>>,
    body: Option<Node<'tree>>,
    /// Where the node ends after which the names come into scope; 0 is none.
    after: u32,
    scope: Option<(Node<'tree>, u16)>,
    container_scope: Option<Node<'tree>>,
    patterns: Vec<Node<'tree>>,
    bound: Vec<Node<'tree>>,
    import: Option<Node<'tree>>,
    from: Option<Node<'tree>>,
    source: Option<Node<'tree>>,
    item: Option<Node<'tree>>,
    import_name: Option<Node<'tree>>,
    alias: Option<Node<'tree>>,
}

impl<'tree> Marks<'tree> {
    /// Takes in what only tree-sitter's own machine can find; whether it was done by the deadline.
    pub(crate) fn collect(&mut self, rules: &Rules, rest: &Rest, root: Node<'tree>, text: &str, deadline: Instant) -> bool {
        let mut late = false;
        let mut progress = |_: &tree_sitter::QueryCursorState| {
            late = Instant::now() > deadline;
            if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut cursor = QueryCursor::new();
        let options = QueryCursorOptions::new().progress_callback(&mut progress);
        let mut matches = cursor.matches_with_options(&rest.query, root, text.as_bytes(), options);
        let mut captured = Vec::new();
        while let Some(matched) = matches.next() {
            captured.clear();
            let number = |index: u32| rest.captures.get(index as usize).copied().unwrap_or(u16::MAX);
            captured.extend(matched.captures().iter().map(|capture| (number(capture.index), capture.node)));
            let pattern = rest.patterns.get(matched.pattern_index).copied().unwrap_or_default();
            self.apply(rules, pattern, &captured, &[], text);
        }
        drop(matches);
        self.reach = u32::MAX;
        !late
    }

    /// Takes in one match. `above` is what was captured above the node at which it was made, and where those nodes end.
    pub(crate) fn apply(
        &mut self,
        rules: &Rules,
        pattern: usize,
        captured: &Captured<'tree>,
        above: &[(Capture, u32)],
        text: &str,
    ) {
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        for &(capture, end) in above {
            match capture {
                Capture::Reference(usage) => found.usage = Some(usage),
                Capture::After => found.after = end,
                _ => {}
            }
        }
        for &(capture, node) in captured {
            self.capture(&mut found, rules.captures.get(capture), node);
        }
        self.add(&found, pattern, rules.captures.settings(pattern));
        if found.import.is_some() {
            self.import(&found, rules.captures.import_name(pattern), text);
        }
        self.found = found;
    }

    /// What is said of a node that begins at `start`, which the walk has come to.
    pub(crate) fn take(&mut self, id: usize, start: u32) -> Option<Mark> {
        if self.nodes.is_empty() {
            self.definitions.clear();
            return None;
        }
        if start > self.reach {
            self.nodes.clear();
            self.definitions.clear();
            self.reach = 0;
            return None;
        }
        self.nodes.remove(&id)
    }

    /// What is known of a node, to add to it.
    fn mark(&mut self, node: Node<'tree>) -> &mut Mark {
        self.reach = self.reach.max(narrow(node.start_byte()));
        self.nodes.entry(node.id()).or_default()
    }

    /// The definitions that a node is.
    pub(crate) fn definitions_of(&self, mark: Mark) -> impl Iterator<Item = &Definition<'tree>> {
        let mut next = mark.first_definition;
        std::iter::from_fn(move || {
            let definition = self.definitions.get((next as usize).checked_sub(1)?)?;
            next = definition.next;
            Some(definition)
        })
        .filter(|definition| !definition.dead)
    }

    fn flag(&mut self, node: Node<'tree>, flag: u16) -> &mut Mark {
        let mark = self.mark(node);
        mark.flags |= flag;
        mark
    }

    fn capture(&mut self, found: &mut Found<'tree>, capture: Capture, node: Node<'tree>) {
        match capture {
            Capture::Definition(kind) => found.definition = Some((node, kind)),
            Capture::Reference(usage) => found.usage = Some(usage),
            Capture::Name => found.names.push((node, false)),
            Capture::Declarator => found.names.extend(declared(node)),
            Capture::Container => found.container = Some(node),
            Capture::ContainerScope => found.container_scope = Some(node),
            Capture::Body => found.body = Some(node),
            Capture::After => found.after = narrow(node.end_byte()),
            Capture::Scope => found.scope = Some((node, Mark::SCOPE)),
            Capture::TypeScope => found.scope = Some((node, Mark::SCOPE | Mark::TYPES)),
            Capture::Pattern => found.patterns.push(node),
            Capture::LocalDefinition => found.bound.push(node),
            Capture::Import => found.import = Some(node),
            Capture::ImportFrom => found.from = Some(node),
            Capture::ImportSource => found.source = Some(node),
            Capture::ImportItem => found.item = Some(node),
            Capture::ImportName => found.import_name = Some(node),
            Capture::ImportAlias => found.alias = Some(node),
            Capture::LocalUse => _ = self.flag(node, Mark::USE),
            Capture::Global => _ = self.flag(node, Mark::GLOBAL),
            Capture::Wrapper => _ = self.flag(node, Mark::WRAPPER),
            Capture::Attribute => _ = self.flag(node, Mark::ATTRIBUTE),
            Capture::Ignore => _ = self.flag(node, Mark::IGNORE),
            Capture::Doc => _ = self.flag(node, Mark::DOC),
            Capture::Documented | Capture::Unknown => {}
        }
    }

    fn add(&mut self, found: &Found<'tree>, pattern: usize, settings: Settings) {
        let after = found.after;
        if let Some((node, kind)) = found.definition {
            for &(name, function) in &found.names {
                let kind = match kind {
                    SymbolKind::Variable if function => SymbolKind::Function,
                    SymbolKind::Field if function => SymbolKind::Method,
                    kind => kind,
                };
                let body = found.body.map(|body| narrow(body.start_byte()));
                let id = node.id();
                let (container, next, dead) = (found.container, 0, false);
                let new = Definition { kind, name, container, body, settings, after, node: id, pattern, next, dead };
                self.define(node, new);
            }
        } else if let Some(usage) = found.usage {
            for &(name, _) in &found.names {
                let mark = self.mark(name);
                mark.usage = Some(mark.usage.map_or(usage, |known| stronger(known, usage)));
            }
        }
        if let (Some(scope), Some(container)) = (found.container_scope, found.container) {
            self.flag(scope, Mark::CONTAINER);
            self.containers.insert(scope.id(), container);
        }
        if let Some((scope, flags)) = found.scope {
            let hoists = !found.bound.is_empty();
            self.flag(scope, if hoists { flags | Mark::HOISTS } else { flags });
            if hoists {
                self.hoisted.entry(scope.id()).or_default().extend(&found.bound);
            }
        }
        for &node in &found.patterns {
            self.flag(node, Mark::PATTERN).after = after;
        }
        for &node in &found.bound {
            self.flag(node, Mark::BOUND).after = after;
        }
        if let (Some(item), Some(name)) = (found.item, found.import_name) {
            self.flag(item, Mark::ITEM);
            self.items.insert(item.id(), (name, found.alias.unwrap_or(name)));
        }
        if let Some(statement) = found.import {
            self.flag(statement, Mark::IMPORT);
            if let Some(source) = found.source {
                self.sources.insert(statement.id(), source);
            }
        }
    }

    /// Adds a definition to its node; of two patterns that define the same name the later one in the query counts.
    fn define(&mut self, node: Node<'tree>, mut new: Definition<'tree>) {
        let name = new.name.id();
        let known = self.nodes.get(&name).filter(|mark| mark.has(Mark::DEFINED));
        if known.is_some() {
            let same = self.definitions.iter_mut().rev().find(|definition| definition.name.id() == name);
            match same {
                Some(same) if same.pattern > new.pattern => return,
                Some(same) if same.node == new.node => {
                    new.next = same.next;
                    *same = new;
                    return;
                }
                Some(same) => same.dead = true,
                None => {}
            }
        }
        self.flag(new.name, Mark::DEFINED);
        self.definitions.push(new);
        let position = narrow(self.definitions.len());
        let mark = self.mark(node);
        let mut last = mark.first_definition;
        if last == 0 {
            mark.first_definition = position;
            return;
        }
        while let Some(definition) = self.definitions.get_mut(last as usize - 1) {
            if definition.next == 0 {
                definition.next = position;
                return;
            }
            last = definition.next;
        }
    }

    /// Adds what a match says of an import, if it names where it comes from.
    fn import(&mut self, found: &Found<'tree>, fixed_name: Option<&str>, text: &str) {
        let of = |node: Node<'tree>| text.get(node.byte_range()).unwrap_or_default().trim_matches(['"', '\'', '`', '<', '>']);
        let (Some(statement), Some(from)) = (found.import, found.from.map(of)) else { return };
        let name = found.import_name.map(of).or(fixed_name).unwrap_or_default();
        let alias = found.alias.map_or(name, of);
        let span = text::Span::new(statement.start_byte(), statement.end_byte());
        let at = found.import_name.or(found.from).map_or(0, |node| narrow(node.start_byte()));
        self.imports.push((at, Import { from: from.into(), name: name.into(), alias: alias.into(), span }));
    }
}

impl Found<'_> {
    fn clear(&mut self) {
        let Self { names, patterns, bound, .. } = std::mem::take(self);
        (self.names, self.patterns, self.bound) = (names, patterns, bound);
        self.names.clear();
        self.patterns.clear();
        self.bound.clear();
    }
}

/// The use that says more, where two patterns speak of one name.
pub(crate) fn stronger(first: Use, second: Use) -> Use {
    let rank = |usage: Use| match usage.kind {
        ReferenceKind::Implementation => 4,
        ReferenceKind::Import => 3,
        ReferenceKind::Call => 2,
        ReferenceKind::Type => 1,
        ReferenceKind::Other => 0,
    };
    if rank(second) >= rank(first) { second } else { first }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
