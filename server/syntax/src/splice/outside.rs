//! Whether a tree is what it was outside of one function, without comparing the whole of it.

use text::Span;
use tree_sitter::{Node, Tree};

/// The outermost nodes of a tree outside of one function.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    /// Where the function begins.
    pub(super) function: u32,
    shapes: Vec<Shape>,
}

/// What tells a node from another that is made of the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    span: Span,
    kind: u16,
    nodes: usize,
}

impl Outside {
    pub(super) fn new(function: u32, nodes: &[Node<'_>]) -> Self {
        Self { function, shapes: nodes.iter().map(Shape::of).collect() }
    }

    /// Whether these nodes are the same, of which those behind the function were moved.
    pub(super) fn is_still(&self, now: &Self, moved: impl Fn(Span) -> Span) -> bool {
        let same = |(was, is): (&Shape, &Shape)| Shape { span: moved(was.span), ..*was } == *is;
        self.shapes.len() == now.shapes.len() && self.shapes.iter().zip(&now.shapes).all(same)
    }
}

impl Shape {
    fn of(node: &Node<'_>) -> Self {
        let span = Span::new(node.start_byte(), node.end_byte());
        Self { span, kind: node.kind_id(), nodes: node.descendant_count() }
    }
}

/// Whether two trees are broken in the same places and in the same way outside of a stretch of the text. The parser mends what is broken
/// anew each time, now and then in another way, and tree-sitter does not name all of that among the ranges that changed.
pub(super) fn is_broken_alike(old: &Tree, new: &Tree, stretch: Span) -> bool {
    if !old.root_node().has_error() && !new.root_node().has_error() {
        return true;
    }
    let (mut was, mut is) = (old.walk(), new.walk());
    loop {
        let (old, new) = (was.node(), is.node());
        let spans = [&old, &new].map(|node| Span::new(node.start_byte(), node.end_byte()));
        if !spans.iter().all(|&span| stretch.contains(span)) {
            let same = spans[0] == spans[1]
                && old.kind_id() == new.kind_id()
                && old.is_error() == new.is_error()
                && old.is_missing() == new.is_missing()
                && was.field_id() == is.field_id();
            if !same {
                return false;
            }
            if old.has_error() || new.has_error() {
                match (was.goto_first_child(), is.goto_first_child()) {
                    (true, true) => continue,
                    (false, false) => {}
                    _ => return false,
                }
            }
        }
        loop {
            match (was.goto_next_sibling(), is.goto_next_sibling()) {
                (true, true) => break,
                (false, false) if was.goto_parent() && is.goto_parent() => {}
                (false, false) => return true,
                _ => return false,
            }
        }
    }
}
