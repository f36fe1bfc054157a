//! What the matches of a query say of nodes that the walk has not come to yet.

use rustc_hash::FxHashMap;

use crate::{
    Import, ReferenceKind, SymbolKind,
    capture::{Capture, Form, Settings, Use},
    declarator::declared,
    query::{Rules, matcher::Captured},
    tape::Tape,
};

/// What the query says of nodes that are still to come; nodes are named by their places on the tape.
pub(crate) struct Marks<'a, 't> {
    tape: &'a Tape<'t>,
    found: Found,
    /// One more than the position in `marks` of what is said of each place; 0 is nothing.
    said: Vec<u32>,
    marks: Vec<Mark>,
    /// Definitions; those of one node are linked by [`Definition::next`].
    pub(crate) definitions: Vec<Definition>,
    /// Names that are bound from the start of a node on.
    pub(crate) hoisted: FxHashMap<u32, Vec<u32>>,
    /// Containers, by the node in which they hold.
    pub(crate) containers: FxHashMap<u32, u32>,
    /// Imports, each with where its name stands.
    pub(crate) imports: Vec<(u32, Import)>,
    /// Where the items of an import statement come from, by the statement.
    pub(crate) sources: FxHashMap<u32, u32>,
    /// Imported names and what they are called here, by the item.
    pub(crate) items: FxHashMap<u32, (u32, u32)>,
}

/// What the query says of one node.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    pub(crate) flags: u16,
    /// One more than the position of the first definition that this node is.
    pub(crate) first_definition: u32,
    /// The same for the last.
    last_definition: u32,
    /// One more than the position of the definition whose name it is.
    defined_by: u32,
    /// How its name is used, where it is a name.
    pub(crate) usage: Option<Use>,
    /// Where the names bound in it come into scope; 0 is at once.
    pub(crate) after: u32,
}

/// One definition as the query gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    pub(crate) kind: SymbolKind,
    pub(crate) name: u32,
    pub(crate) container: Option<u32>,
    pub(crate) body: Option<u32>,
    pub(crate) settings: Settings,
    pub(crate) after: u32,
    node: u32,
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

    /// It documents the definition behind it.
    pub(crate) const DOC_NEXT: u16 = 1 << 15;

    /// What is said of a name only: the rest changes what the walk does inside of the node.
    pub(crate) const OF_NAMES: u16 = Self::BOUND | Self::GLOBAL | Self::DEFINED;

    /// Nothing but how a name is used.
    pub(crate) fn used(usage: Use) -> Self {
        Self { usage: Some(usage), ..Self::default() }
    }

    pub(crate) fn has(self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// The captures of one match.
#[derive(Default)]
struct Found {
    definition: Option<(u32, SymbolKind)>,
    usage: Option<Use>,
    /// Each with whether a declarator makes it a function.
    names: Vec<(u32, bool)>,
    container: Option<u32>,
    body: Option<u32>,
    /// Where the node ends after which the names come into scope; 0 is none.
    after: u32,
    scope: Option<(u32, u16)>,
    container_scope: Option<u32>,
    patterns: Vec<u32>,
    bound: Vec<u32>,
    import: Option<u32>,
    from: Option<u32>,
    source: Option<u32>,
    item: Option<u32>,
    import_name: Option<u32>,
    alias: Option<u32>,
}

impl<'a, 't> Marks<'a, 't> {
    pub(crate) fn new(tape: &'a Tape<'t>) -> Self {
        Self {
            tape,
            found: Found::default(),
            said: vec![0; tape.len()],
            marks: Vec::new(),
            definitions: Vec::new(),
            hoisted: FxHashMap::default(),
            containers: FxHashMap::default(),
            imports: Vec::new(),
            sources: FxHashMap::default(),
            items: FxHashMap::default(),
        }
    }

    /// Takes in one match. `above` is what was captured above the node at which it was made, and where those nodes end.
    pub(crate) fn apply(&mut self, rules: &Rules, pattern: usize, captured: &Captured, above: &[(Capture, u32)], text: &str) {
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

    /// What is said of a node.
    pub(crate) fn get(&self, at: u32) -> Option<Mark> {
        let position = self.said.get(at as usize)?.checked_sub(1)?;
        self.marks.get(position as usize).copied()
    }

    /// What is said of a node, to add to it.
    fn mark(&mut self, at: u32) -> &mut Mark {
        let mut none = 0;
        let position = self.said.get_mut(at as usize).unwrap_or(&mut none);
        if *position == 0 {
            self.marks.push(Mark::default());
            *position = narrow(self.marks.len());
        }
        let position = *position as usize - 1;
        &mut self.marks[position]
    }

    /// The definitions that a node is.
    pub(crate) fn definitions_of(&self, mark: Mark) -> impl Iterator<Item = &Definition> {
        let mut next = mark.first_definition;
        std::iter::from_fn(move || {
            let definition = self.definitions.get((next as usize).checked_sub(1)?)?;
            next = definition.next;
            Some(definition)
        })
        .filter(|definition| !definition.dead)
    }

    fn flag(&mut self, node: u32, flag: u16) -> &mut Mark {
        let mark = self.mark(node);
        mark.flags |= flag;
        mark
    }

    fn capture(&mut self, found: &mut Found, capture: Capture, node: u32) {
        match capture {
            Capture::Definition(kind) => found.definition = Some((node, kind)),
            Capture::Reference(usage) => found.usage = Some(usage),
            Capture::Name => found.names.push((node, false)),
            Capture::Declarator => {
                let name = self.tape.node(node).and_then(declared);
                let place = name.and_then(|(name, function)| Some((self.tape.place_in(node, name)?, function)));
                found.names.extend(place);
            }
            Capture::Container => found.container = Some(node),
            Capture::ContainerScope => found.container_scope = Some(node),
            Capture::Body => found.body = Some(node),
            Capture::After => found.after = self.tape.span(node).end,
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
            Capture::DocNext => _ = self.flag(node, Mark::DOC_NEXT),
            Capture::Documented | Capture::Unknown => {}
        }
    }

    fn add(&mut self, found: &Found, pattern: usize, settings: Settings) {
        let after = found.after;
        if let Some((node, kind)) = found.definition {
            for &(name, function) in &found.names {
                let kind = match kind {
                    SymbolKind::Variable if function => SymbolKind::Function,
                    SymbolKind::Field if function => SymbolKind::Method,
                    kind => kind,
                };
                let body = found.body.map(|body| self.tape.span(body).start);
                let (container, next, dead) = (found.container, 0, false);
                let new = Definition { kind, name, container, body, settings, after, node, pattern, next, dead };
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
            self.containers.insert(scope, container);
        }
        if let Some((scope, flags)) = found.scope {
            let hoists = !found.bound.is_empty();
            self.flag(scope, if hoists { flags | Mark::HOISTS } else { flags });
            if hoists {
                self.hoisted.entry(scope).or_default().extend(&found.bound);
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
            self.items.insert(item, (name, found.alias.unwrap_or(name)));
        }
        if let Some(statement) = found.import {
            self.flag(statement, Mark::IMPORT);
            if let Some(source) = found.source {
                self.sources.insert(statement, source);
            }
        }
    }

    /// Adds a definition to its node; of two patterns that define the same name the later one in the query counts.
    fn define(&mut self, node: u32, mut new: Definition) {
        let known = self.get(new.name).map_or(0, |mark| mark.defined_by);
        if let Some(same) = self.definitions.get_mut((known as usize).wrapping_sub(1)) {
            if same.pattern > new.pattern {
                return;
            }
            if same.node == new.node {
                new.next = same.next;
                *same = new;
                return;
            }
            same.dead = true;
        }
        self.definitions.push(new);
        let position = narrow(self.definitions.len());
        self.flag(new.name, Mark::DEFINED).defined_by = position;
        let mark = self.mark(node);
        let last = std::mem::replace(&mut mark.last_definition, position);
        if last == 0 {
            mark.first_definition = position;
        } else if let Some(last) = self.definitions.get_mut(last as usize - 1) {
            last.next = position;
        }
    }

    /// Adds what a match says of an import, if it names where it comes from.
    fn import(&mut self, found: &Found, fixed_name: Option<&str>, text: &str) {
        let tape = self.tape;
        let of = |node: u32| tape.span(node).of(text).trim_matches(['"', '\'', '`', '<', '>']);
        let (Some(statement), Some(from)) = (found.import, found.from.map(of)) else { return };
        let name = found.import_name.map(of).or(fixed_name).unwrap_or_default();
        let alias = found.alias.map_or(name, of);
        let span = tape.span(statement);
        let at = found.import_name.or(found.from).map_or(0, |node| tape.span(node).start);
        self.imports.push((at, Import { from: from.into(), name: name.into(), alias: alias.into(), span }));
    }
}

impl Found {
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
        ReferenceKind::Other if usage.form == Form::Macro => 3,
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
