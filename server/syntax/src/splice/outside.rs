//! Whether a tree is what it was outside of one function, without comparing the whole of it.

use text::Span;
use tree_sitter::Node;

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
