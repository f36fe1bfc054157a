//! Matches the patterns that look at several branches of a tree at once, from the node on at which they part.

use super::shape::Shape;
use crate::{
    deadline::Deadline,
    tape::{Entry, Tape},
};

/// A pattern may try this many nodes from one node on: two free branches over long lists would take the square of them.
const MAX_STEPS: u32 = 1 << 20;

/// How many nodes are tried between two looks at the clock.
const STEPS_PER_CLOCK: u64 = 1 << 14;

/// What was captured, by the capture's number and the node's place on the tape.
pub(crate) type Captured = [(u16, u32)];

/// The machine, with its buffers.
pub(crate) struct Matcher<'a, 't> {
    tape: &'a Tape<'t>,
    captured: Vec<(u16, u32)>,
    steps: u32,
    /// The same for all nodes so far.
    all_steps: u64,
    deadline: Deadline,
    is_late: bool,
}

/// What is still to be found: shapes among the siblings from `at` on, and then what is left around them.
struct Left<'r> {
    shapes: &'r [Shape],
    at: u32,
    end: u32,
    around: Option<&'r Left<'r>>,
}

impl<'a, 't> Matcher<'a, 't> {
    pub(crate) fn new(tape: &'a Tape<'t>, deadline: Deadline) -> Self {
        Self { tape, captured: Vec::new(), steps: 0, all_steps: 0, deadline, is_late: false }
    }

    /// Whether the deadline passed while it tried: it finds nothing from then on.
    pub(crate) fn is_late(&self) -> bool {
        self.is_late
    }

    /// Takes one step, where another may be taken.
    fn step(&mut self) -> bool {
        self.steps += 1;
        self.all_steps += 1;
        if self.all_steps.is_multiple_of(STEPS_PER_CLOCK) {
            self.is_late |= self.deadline.has_passed();
        }
        self.steps < MAX_STEPS && !self.is_late
    }

    /// Finds all ways in which `shape` fits the node at a place, whose kind and field are known to fit.
    pub(crate) fn each(&mut self, shape: &Shape, at: u32, found: &mut dyn FnMut(&Captured)) {
        self.captured.clear();
        self.steps = 0;
        if self.has_field_of(shape, at) {
            return;
        }
        self.captured.extend(shape.captures.iter().map(|&capture| (capture, at)));
        if shape.children.is_empty() {
            return found(&self.captured);
        }
        let end = self.tape.get(at).map_or(0, |entry| entry.next);
        self.siblings(&Left { shapes: &shape.children, at: at + 1, end, around: None }, found);
    }

    /// Calls itself once for each shape of a pattern, of which there are few, whatever the tree.
    fn siblings(&mut self, left: &Left<'_>, found: &mut dyn FnMut(&Captured)) {
        let Some((shape, later)) = left.shapes.split_first() else {
            return match left.around {
                Some(around) => self.siblings(around, found),
                None => found(&self.captured),
            };
        };
        let mut at = left.at;
        while at < left.end {
            if !self.step() {
                return;
            }
            let Some(child) = self.tape.get(at) else { return };
            if self.fits(shape, child, at, left.end) {
                let kept = self.captured.len();
                self.captured.extend(shape.captures.iter().map(|&capture| (capture, at)));
                let after = Left { shapes: later, at: child.next, end: left.end, around: left.around };
                if shape.children.is_empty() {
                    self.siblings(&after, found);
                } else {
                    let inner = Left { shapes: &shape.children, at: at + 1, end: child.next, around: Some(&after) };
                    self.siblings(&inner, found);
                }
                self.captured.truncate(kept);
            }
            if shape.immediate && child.is_named() {
                return;
            }
            at = child.next;
        }
    }

    fn fits(&self, shape: &Shape, child: &Entry, at: u32, end: u32) -> bool {
        shape.what.is(child.number, child.is_named())
            && shape.field.is_none_or(|field| child.field == Some(field))
            && !(shape.last && self.named_follows(child.next, end))
            && !self.has_field_of(shape, at)
    }

    fn named_follows(&self, mut at: u32, end: u32) -> bool {
        while let Some(entry) = self.tape.get(at).filter(|_| at < end) {
            if entry.is_named() {
                return true;
            }
            at = entry.next;
        }
        false
    }

    /// Whether a node has a field that it must not have.
    fn has_field_of(&self, shape: &Shape, at: u32) -> bool {
        let field = |at: u32| self.tape.get(at).and_then(|entry| entry.field);
        !shape.without.is_empty()
            && self.tape.children(at).any(|child| field(child).is_some_and(|field| shape.without.contains(&field)))
    }
}
