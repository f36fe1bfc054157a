//! The syntax tree of one text, kept so that the next parse costs only what changed.

use text::{AppliedChange, Span};
use tree_sitter::{InputEdit, Node, Point};

use crate::{
    Language,
    mask::Masks,
    spec::Spec,
    splice::{Listed, is_in_comment},
};

/// How many broken places [`Tree::error_spans`] names at most.
const MAX_ERROR_SPANS: usize = 20;

/// The syntax tree of one text. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) inner: tree_sitter::Tree,
    pub(crate) language: Language,
    /// What its grammar did not see of the text.
    pub(crate) masks: Masks,
    /// What was listed of it, and where its text has changed since.
    pub(crate) listed: Option<Listed>,
}

impl Tree {
    /// The language that it was parsed as.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// Moves what lies behind a change, so that the next parse may use this tree as its old one. Changes are told in the order
    /// in which they were applied.
    pub fn edit(&mut self, change: &AppliedChange) {
        if let Some(listed) = &mut self.listed {
            listed.edit(change, is_in_comment(self.language, &self.inner, change));
        }
        self.masks.edit(change);
        self.inner.edit(&InputEdit {
            start_byte: change.start,
            old_end_byte: change.old_end,
            new_end_byte: change.new_end,
            start_position: point(change.start_point),
            old_end_position: point(change.old_end_point),
            new_end_position: point(change.new_end_point),
        });
    }

    /// How many ERROR and MISSING nodes it holds.
    #[must_use]
    pub fn error_count(&self) -> usize {
        let mut count = 0;
        each_error(&self.inner, |_| {
            count += 1;
            true
        });
        count
    }

    /// Where its first ERROR and MISSING nodes stand, twenty at most.
    #[must_use]
    pub fn error_spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        each_error(&self.inner, |node| {
            spans.push(Span::new(node.start_byte(), node.end_byte()));
            spans.len() < MAX_ERROR_SPANS
        });
        spans
    }
}

/// Visits broken nodes in source order until `visit` says no; what holds no error is not entered.
pub(crate) fn each_error(tree: &tree_sitter::Tree, mut visit: impl FnMut(Node<'_>) -> bool) {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if (node.is_error() || node.is_missing()) && !visit(node) {
            return;
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn point(point: text::Point) -> Point {
    Point { row: point.row, column: point.column }
}

/// Whether the byte at `offset` lies in a comment or a string literal, where no name is meant as a name.
#[must_use]
pub fn is_comment_or_string(tree: &Tree, offset: usize) -> bool {
    let spec = tree.language.spec();
    let mut cursor = tree.inner.walk();
    loop {
        let node = cursor.node();
        let inside = node.start_byte() <= offset && offset < node.end_byte();
        let kind = node.kind();
        if inside && node.is_named() && spec.kinds.comments.contains(&kind) {
            return true;
        }
        if inside && node.is_named() && spec.kinds.strings.contains(&kind) {
            return !in_hole(spec, &mut cursor, offset);
        }
        if cursor.goto_first_child_for_byte(offset).is_none() {
            return false;
        }
    }
}

/// Whether a hole in a template (`${name}`) covers the byte.
fn in_hole(spec: &Spec, cursor: &mut tree_sitter::TreeCursor<'_>, offset: usize) -> bool {
    while cursor.goto_first_child_for_byte(offset).is_some() {
        let node = cursor.node();
        if spec.kinds.holes.contains(&node.kind()) {
            return node.start_byte() < offset && offset + 1 < node.end_byte();
        }
    }
    false
}
