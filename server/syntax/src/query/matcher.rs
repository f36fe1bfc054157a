//! Matches the patterns that look at several branches of a tree at once, from the node on at which they part.

use std::{num::NonZeroU16, ops::Range};

use tree_sitter::{Node, TreeCursor};

use super::shape::Shape;

/// A pattern may try this many nodes from one node on: two free branches over long lists would take the square of them.
const MAX_STEPS: u32 = 1 << 20;

/// What was captured, by the capture's number.
pub(crate) type Captured<'t> = [(u16, Node<'t>)];

/// The machine, with its buffers.
pub(crate) struct Matcher<'t> {
    cursor: TreeCursor<'t>,
    children: Vec<Child<'t>>,
    /// Where the children of a node stand in `children`.
    lists: Vec<(usize, Range<usize>)>,
    captured: Vec<(u16, Node<'t>)>,
    steps: u32,
}

#[derive(Clone, Copy)]
struct Child<'t> {
    node: Node<'t>,
    kind: u16,
    field: Option<NonZeroU16>,
    named: bool,
}

/// What is still to be found: shapes among the children from `at` on, and then what is left around them.
struct Left<'r> {
    shapes: &'r [Shape],
    at: usize,
    end: usize,
    around: Option<&'r Left<'r>>,
}

impl<'t> Matcher<'t> {
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self { cursor: root.walk(), children: Vec::new(), lists: Vec::new(), captured: Vec::new(), steps: 0 }
    }

    /// Forgets the children of the node before.
    pub(crate) fn begin(&mut self) {
        self.children.clear();
        self.lists.clear();
        self.steps = 0;
    }

    /// Finds all ways in which `shape` fits `node`, whose kind and field are known to fit.
    pub(crate) fn each(&mut self, shape: &Shape, node: Node<'t>, found: &mut dyn FnMut(&Captured<'t>)) {
        self.captured.clear();
        if shape.without.iter().any(|field| node.child_by_field_id(field.get()).is_some()) {
            return;
        }
        self.captured.extend(shape.captures.iter().map(|&capture| (capture, node)));
        if shape.children.is_empty() {
            return found(&self.captured);
        }
        let list = self.children_of(node);
        self.siblings(&Left { shapes: &shape.children, at: list.start, end: list.end, around: None }, found);
    }

    fn children_of(&mut self, node: Node<'t>) -> Range<usize> {
        if let Some((_, known)) = self.lists.iter().find(|(id, _)| *id == node.id()) {
            return known.clone();
        }
        let start = self.children.len();
        self.cursor.reset(node);
        let mut more = self.cursor.goto_first_child();
        while more {
            let node = self.cursor.node();
            let (kind, field, named) = (node.kind_id(), self.cursor.field_id(), node.is_named());
            self.children.push(Child { node, kind, field, named });
            more = self.cursor.goto_next_sibling();
        }
        let list = start..self.children.len();
        self.lists.push((node.id(), list.clone()));
        list
    }

    /// Calls itself once for each shape of a pattern, of which there are few, whatever the tree.
    fn siblings(&mut self, left: &Left<'_>, found: &mut dyn FnMut(&Captured<'t>)) {
        let Some((shape, later)) = left.shapes.split_first() else {
            return match left.around {
                Some(around) => self.siblings(around, found),
                None => found(&self.captured),
            };
        };
        for at in left.at..left.end {
            self.steps += 1;
            let Some(&child) = self.children.get(at).filter(|_| self.steps < MAX_STEPS) else { return };
            if self.fits(shape, child, at, left.end) {
                let kept = self.captured.len();
                self.captured.extend(shape.captures.iter().map(|&capture| (capture, child.node)));
                let after = Left { shapes: later, at: at + 1, end: left.end, around: left.around };
                if shape.children.is_empty() {
                    self.siblings(&after, found);
                } else {
                    let list = self.children_of(child.node);
                    let inner = Left { shapes: &shape.children, at: list.start, end: list.end, around: Some(&after) };
                    self.siblings(&inner, found);
                }
                self.captured.truncate(kept);
            }
            if shape.immediate && child.named {
                return;
            }
        }
    }

    fn fits(&self, shape: &Shape, child: Child<'t>, at: usize, end: usize) -> bool {
        shape.what.is(child.kind, child.named)
            && shape.field.is_none_or(|field| child.field == Some(field))
            && !(shape.last && self.children.get(at + 1..end).is_some_and(|after| after.iter().any(|after| after.named)))
            && !shape.without.iter().any(|field| child.node.child_by_field_id(field.get()).is_some())
    }
}
