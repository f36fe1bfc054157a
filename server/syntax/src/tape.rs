//! A tree written down in the order of its text, so that looking at the children of a node costs no call into tree-sitter.

use std::num::NonZeroU16;

use text::Span;
use tree_sitter::Node;

use crate::{
    deadline::Deadline,
    grammar::{Grammar, Kind},
    query::automaton::START,
    splice::Cuts,
    walk::narrow,
};

/// After so many nodes the clock is looked at.
const NODES_PER_CLOCK: u32 = 1 << 14;

/// The fields of a node's children are asked for.
pub(crate) const FIELDS: u8 = 1;
/// The tokens without a name in a node are asked for.
pub(crate) const TOKENS: u8 = 1 << 1;

/// One node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) span: Span,
    /// The place after all that is in it: its next sibling's, if it has one.
    pub(crate) next: u32,
    /// The place of the node around it; its own for the root.
    pub(crate) around: u32,
    pub(crate) number: u16,
    /// Its field, where somebody asks for it.
    pub(crate) field: Option<NonZeroU16>,
    /// What the query says of it by its path.
    pub(crate) action: u16,
    pub(crate) kind: Kind,
    bits: u8,
}

impl Entry {
    /// A token without a name, which is not written down, stands before it.
    pub(crate) const AFTER_TOKEN: u8 = 1;
    /// It has no children with a name of their own.
    pub(crate) const LEAF: u8 = 1 << 1;
    /// It is too deep to be looked into.
    pub(crate) const CUT: u8 = 1 << 2;
    /// It is no name, and has no children at all.
    pub(crate) const BARE: u8 = 1 << 3;

    pub(crate) fn has(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }

    pub(crate) fn is_named(&self) -> bool {
        self.kind != Kind::Anonymous
    }

    /// Whether it was written for such a node. Of two that fill the same place and are of the same kind it is said of both.
    fn is_of(&self, node: Node<'_>) -> bool {
        self.key() == key_of(node)
    }

    /// The child of a node that it was written for: by where it stands, as a node may have any number of children.
    fn child_of<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut cursor = node.walk();
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        // tree-sitter looks for a byte in a child; one without any stands behind the byte before it.
        cursor.goto_first_child_for_byte(if start == end { start.saturating_sub(1) } else { start })?;
        while !self.is_of(cursor.node()) {
            if cursor.node().start_byte() > start || !cursor.goto_next_sibling() {
                return None;
            }
        }
        Some(cursor.node())
    }

    /// What it is and where it stands: by that a node is found again.
    pub(crate) fn key(&self) -> (u16, Span) {
        (self.number, self.span)
    }
}

/// The nodes of a tree that matter.
pub(crate) struct Tape<'t> {
    entries: Vec<Entry>,
    /// tree-sitter's nodes of those that rules are matched from, each with its place. The rest are rarely asked for, and five of our
    /// entries take the room of two with a node in each.
    nodes: Vec<(u32, Node<'t>)>,
    root: Node<'t>,
    /// Where all but a stretch is cut: the outermost nodes outside of it.
    pub(crate) outside: Vec<Node<'t>>,
}

/// A node whose children are being written down.
struct Open {
    at: u32,
    /// How many of its named children are still to come.
    left: u32,
    state: u16,
    wants: u8,
}

impl<'t> Tape<'t> {
    /// Writes a tree down; `None` where the deadline passes first. What is nested deeper than `max_depth`, and what is cut, is left out.
    pub(crate) fn write(
        grammar: &Grammar,
        tree: &'t tree_sitter::Tree,
        cuts: Option<&Cuts>,
        max_depth: usize,
        deadline: Deadline,
    ) -> Option<Self> {
        let mut entries: Vec<Entry> =
            Vec::with_capacity(if cuts.is_some() { 1_024 } else { tree.root_node().end_byte() / 5 + 16 });
        let mut nodes = Vec::with_capacity(entries.capacity() / 16);
        let mut open: Vec<Open> = Vec::with_capacity(64);
        let mut cursor = tree.walk();
        let mut outside = Vec::new();
        // How many of the open nodes hold the stretch that is not cut.
        let mut around_stretch = 0;
        let mut token = false;
        let mut seen = 0_u32;
        loop {
            seen += 1;
            if seen.is_multiple_of(NODES_PER_CLOCK) && deadline.has_passed() {
                return None;
            }
            let node = cursor.node();
            let number = node.kind_id();
            let kind = grammar.kind(number);
            let (state, wants, around) = open.last().map_or((START, 0, 0), |around| (around.state, around.wants, around.at));
            let mut inside = None;
            let span = Span::new(node.start_byte(), node.end_byte());
            let (mut holds_stretch, mut leads_up) = (false, false);
            if let Some(cuts) = cuts
                && open.len() == around_stretch
            {
                holds_stretch = span.contains(cuts.stretch);
                if !holds_stretch && !cuts.stretch.contains(span) {
                    outside.push(node);
                    leads_up = kind == Kind::Comment && cuts.leads_up(span);
                }
            }
            if leads_up || (kind == Kind::Anonymous && wants & TOKENS == 0) {
                if leads_up && let Some(around) = open.last_mut() {
                    around.left = around.left.saturating_sub(1);
                }
                token = true;
            } else {
                let at = narrow(entries.len());
                let field = if wants & FIELDS == 0 { None } else { cursor.field_id() };
                let (mut action, mut bits) = (0, u8::from(token));
                token = false;
                if kind != Kind::Anonymous {
                    if let Some(around) = open.last_mut() {
                        around.left = around.left.saturating_sub(1);
                    }
                    if !matches!(kind, Kind::Comment | Kind::Blank) {
                        let field = || if wants & FIELDS == 0 { cursor.field_id() } else { field };
                        let (state, its) = grammar.rules.automaton.step(state, number, field);
                        action = its;
                        if grammar.rules.automaton.has_rules(action) {
                            nodes.push((at, node));
                        }
                        let left = narrow(node.named_child_count());
                        let wants = grammar.rules.wants(number);
                        if left == 0 {
                            let bare = !matches!(kind, Kind::Name(_)) && node.child_count() == 0;
                            bits |= if bare { Entry::LEAF | Entry::BARE } else { Entry::LEAF };
                        }
                        if open.len() + 2 >= max_depth || cuts.is_some_and(|cuts| cuts.spans.contains(&span)) {
                            bits |= Entry::CUT;
                        } else if left > 0 || wants & TOKENS != 0 {
                            inside = Some(Open { at, left, state, wants });
                        }
                    }
                }
                entries.push(Entry { span, next: at + 1, around, number, field, action, kind, bits });
            }
            if let Some(inside) = inside
                && cursor.goto_first_child()
            {
                open.push(inside);
                around_stretch += usize::from(holds_stretch);
                continue;
            }
            // What follows the last named node in a node is text only, unless somebody asks for it.
            loop {
                let Some(around) = open.last() else { return Some(Self { entries, nodes, root: tree.root_node(), outside }) };
                if (around.left > 0 || around.wants & TOKENS != 0) && cursor.goto_next_sibling() {
                    break;
                }
                let end = narrow(entries.len());
                if let Some(entry) = entries.get_mut(around.at as usize) {
                    entry.next = end;
                }
                open.pop();
                around_stretch = around_stretch.min(open.len());
                token = false;
                cursor.goto_parent();
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, at: u32) -> Option<&Entry> {
        self.entries.get(at as usize)
    }

    /// The node at a place: what was kept, or else what is found on the way down from the nearest node around it that was.
    pub(crate) fn node(&self, at: u32) -> Option<Node<'t>> {
        let kept = |at: u32| {
            let position = self.nodes.binary_search_by_key(&at, |(at, _)| *at).ok()?;
            self.nodes.get(position).map(|(_, node)| *node)
        };
        let mut path = vec![at];
        let mut node = loop {
            let last = *path.last()?;
            match (kept(last), self.around(last)) {
                (Some(node), _) => break node,
                (None, None) => break self.root,
                (None, Some(around)) => path.push(around),
            }
        };
        for entry in path.iter().rev().skip(1) {
            node = self.get(*entry)?.child_of(node)?;
        }
        Some(node)
    }

    /// Where a node begins and ends.
    pub(crate) fn span(&self, at: u32) -> Span {
        self.get(at).map_or(Span { start: 0, end: 0 }, |entry| entry.span)
    }

    /// The places of the children of a node.
    pub(crate) fn children(&self, at: u32) -> impl Iterator<Item = u32> {
        let end = self.get(at).map_or(0, |entry| entry.next);
        let mut child = at + 1;
        std::iter::from_fn(move || {
            let place = child;
            let entry = self.get(place).filter(|_| place < end)?;
            child = entry.next;
            Some(place)
        })
    }

    /// The place of the node around one; `None` for the root.
    pub(crate) fn around(&self, at: u32) -> Option<u32> {
        self.get(at).map(|entry| entry.around).filter(|&around| around != at)
    }

    /// The place of the first child of a node in a field, where fields are asked for.
    pub(crate) fn child_in(&self, at: u32, field: NonZeroU16) -> Option<u32> {
        self.children(at).find(|&child| self.get(child).is_some_and(|child| child.field == Some(field)))
    }

    /// The places of the children of a node that have a name of their own.
    pub(crate) fn named_children(&self, at: u32) -> impl Iterator<Item = u32> {
        self.children(at).filter(|&child| self.get(child).is_some_and(Entry::is_named))
    }

    /// The kinds of the children of a node, as bits that several kinds share.
    pub(crate) fn kinds_in(&self, at: u32) -> u64 {
        self.children(at).filter_map(|child| self.get(child)).fold(0, |kinds, child| kinds | bit_of(child.number))
    }

    /// The place of a node that stands in the one at `around`, or is it.
    pub(crate) fn place_in(&self, around: u32, node: Node<'_>) -> Option<u32> {
        let end = self.get(around)?.next;
        (around..end).find(|&at| self.get(at).is_some_and(|entry| entry.is_of(node)))
    }

    /// All places, in the order of the text.
    pub(crate) fn places(&self) -> impl Iterator<Item = (u32, &Entry)> {
        (0..).zip(&self.entries)
    }
}

/// The [`Entry::key`] of a node.
pub(crate) fn key_of(node: Node<'_>) -> (u16, Span) {
    (node.kind_id(), Span::new(node.start_byte(), node.end_byte()))
}

/// The bit that stands for a kind of node.
pub(crate) fn bit_of(kind: u16) -> u64 {
    1 << (kind % 64)
}
