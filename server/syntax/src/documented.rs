//! Where documentation and comments stand in a text, for edits that must touch nothing else.

use text::Span;
use tree_sitter::{Node, TreeCursor};

use crate::doc_form::DocForm;
use crate::docs::{Comment, push_comment};
use crate::{Symbol, Tree};

/// The innermost node in a comment has its comment among so many around it, itself counted.
const MAX_IN_COMMENT: usize = 4;

/// Where a symbol's documentation stands, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocPlace {
    /// The documentation that is there already, as whole lines.
    pub old: Vec<Span>,
    /// Where the new one belongs: the start of a line.
    pub at: usize,
    /// What its lines begin with.
    pub indent: String,
}

impl Tree {
    /// Where the documentation of a symbol of this text stands, or would; `None` where it cannot be written by itself: beside
    /// other things on a line, in a body of one line, or in a form that is not known.
    #[must_use]
    pub fn doc_place(&self, text: &str, symbol: &Symbol) -> Option<DocPlace> {
        if self.language.doc_form() == DocForm::Docstring {
            return self.docstring_place(text, symbol);
        }
        let start = symbol.full_span.start as usize;
        let (at, indent) = line_head(text, start)?;
        let lead = Span::new(start, symbol.span.start as usize);
        let spec = self.language.spec();
        let is_doc = |span: &Span| lead.contains(*span) && spec.classify(span.of(text)) != Comment::Plain;
        let old: Vec<Span> = self.comments_in(lead).into_iter().filter(is_doc).collect();
        let old = old.into_iter().map(|span| whole_lines(text, span)).collect::<Option<Vec<Span>>>()?;
        // What documents it stands elsewhere: behind it, or in a string.
        if old.is_empty() && !symbol.doc.is_empty() {
            return None;
        }
        Some(DocPlace { old, at, indent: indent.to_owned() })
    }

    fn docstring_place(&self, text: &str, symbol: &Symbol) -> Option<DocPlace> {
        let name = symbol.name_span;
        let mut node = self.inner.root_node().descendant_for_byte_range(name.start as usize, name.end as usize)?;
        let body = loop {
            node = node.parent().filter(|parent| parent.start_byte() >= symbol.full_span.start as usize)?;
            if let Some(body) = node.child_by_field_name("body") {
                break body;
            }
        };
        let first = body.named_child(0)?;
        let (at, indent) = line_head(text, first.start_byte())?;
        if at <= name.end as usize {
            return None;
        }
        let is_docstring = first.kind() == "expression_statement"
            && first.named_child_count() == 1
            && first.named_child(0).is_some_and(|child| child.kind() == "string");
        let old = if is_docstring { vec![whole_lines(text, span_of(first))?] } else { Vec::new() };
        Some(DocPlace { old, at, indent: indent.to_owned() })
    }

    /// Every comment, in source order.
    #[must_use]
    pub fn comments(&self) -> Vec<Span> {
        self.comments_in(Span::new(0, self.inner.root_node().end_byte()))
    }

    /// What the comment at a byte says, without its markers: all of the comments that stand line by line around it. `None` where no
    /// comment is, or one that says nothing.
    #[must_use]
    pub fn comment_at(&self, text: &str, offset: usize) -> Option<String> {
        let kinds = self.language.spec().kinds.comments;
        let at = |offset: usize| {
            let innermost = self.inner.root_node().descendant_for_byte_range(offset, offset);
            // Looking for the node around one begins at the root again; a comment holds few.
            let mut around = std::iter::successors(innermost, Node::parent).take(MAX_IN_COMMENT);
            around.find(|node| node.is_named() && kinds.contains(&node.kind())).map(span_of)
        };
        // The end of a comment belongs to it.
        let comment = at(offset).or_else(|| at(offset.checked_sub(1)?))?;
        let all = self.comments();
        let follows = |pair: &[Span]| {
            // Some grammars take the end of the line for a part of the comment.
            let (end, start) = (pair[0].start as usize + pair[0].of(text).trim_end().len(), pair[1].start as usize);
            text.get(end..start).is_some_and(|between| between.trim().is_empty() && between.matches('\n').count() <= 1)
        };
        let place = all.partition_point(|other| other.start < comment.start);
        let above = all.get(..=place)?.windows(2).rev().take_while(|pair| follows(pair)).count();
        let below = all.get(place..)?.windows(2).take_while(|pair| follows(pair)).count();
        let mut said = String::new();
        for comment in all.get(place - above..=place + below)? {
            push_comment(&mut said, comment.of(text));
        }
        Some(said.trim().to_owned()).filter(|said| !said.is_empty())
    }

    fn comments_in(&self, span: Span) -> Vec<Span> {
        let kinds = self.language.spec().kinds.comments;
        let mut found = Vec::new();
        each_node(&self.inner, |node, _| {
            if !span.overlaps(span_of(node)) {
                return false;
            }
            let is_comment = node.is_named() && kinds.contains(&node.kind());
            if is_comment {
                found.push(span_of(node));
            }
            !is_comment
        });
        found
    }

    /// How many tokens stand in a span, comments left out.
    #[must_use]
    pub fn token_count(&self, span: Span) -> usize {
        self.code(&[]).iter().filter(|token| !token.text.is_empty() && span.contains(token.text)).count()
    }

    /// Whether nothing but comments and strings stands in a span, and Elixir's `@doc` in front of one.
    #[must_use]
    pub fn is_only_prose(&self, text: &str, span: Span) -> bool {
        let strings = self.language.spec().kinds.strings;
        let comments = self.language.spec().kinds.comments;
        let mut only = true;
        each_node(&self.inner, |node, _| {
            let inside = span_of(node);
            if !only || !span.overlaps(inside) {
                return false;
            }
            if strings.contains(&node.kind()) || comments.contains(&node.kind()) {
                // One that reaches out of the span has swallowed what stands around it.
                let trimmed = Span::new(inside.start as usize, inside.start as usize + inside.of(text).trim_end().len());
                only &= span.contains(trimmed);
                return false;
            }
            let is_leaf = node.child_count() == 0 && !inside.of(text).trim().is_empty();
            only &= !is_leaf || matches!(inside.of(text), "@" | "doc");
            true
        });
        only
    }

    /// The shape and the tokens of the text without its comments and without what lies in `but`.
    pub(crate) fn code(&self, but: &[Span]) -> Vec<Token> {
        let comments = self.language.spec().kinds.comments;
        let mut tokens = Vec::new();
        each_node(&self.inner, |node, depth| {
            let span = span_of(node);
            let is_comment = node.is_named() && comments.contains(&node.kind());
            if is_comment || (!span.is_empty() && but.iter().any(|but| but.contains(span))) {
                return false;
            }
            let is_leaf = node.child_count() == 0;
            tokens.push(Token { kind: node.kind_id(), depth, text: if is_leaf { span } else { Span::default() } });
            true
        });
        tokens
    }
}

/// One node of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    kind: u16,
    depth: u32,
    /// The bytes of a leaf; empty for what holds others.
    text: Span,
}

/// Whether two texts are the same program: the same nodes and the same tokens, but for white space, comments and what lies in the
/// spans that each is given with.
#[must_use]
pub fn is_same_code(a: (&Tree, &str, &[Span]), b: (&Tree, &str, &[Span])) -> bool {
    let (left, right) = (a.0.code(a.2), b.0.code(b.2));
    left.len() == right.len()
        && left.iter().zip(&right).all(|(one, other)| {
            one.kind == other.kind && one.depth == other.depth && one.text.of(a.1).trim() == other.text.of(b.1).trim()
        })
}

/// Visits nodes in source order, each with its depth; what `visit` says no to is not entered.
fn each_node(tree: &tree_sitter::Tree, mut visit: impl FnMut(Node<'_>, u32) -> bool) {
    let mut cursor: TreeCursor<'_> = tree.walk();
    loop {
        if visit(cursor.node(), cursor.depth()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn span_of(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The start of the line and the white space in front of `offset`; `None` where something else stands there.
fn line_head(text: &str, offset: usize) -> Option<(usize, &str)> {
    let before = text.get(..offset)?;
    let start = text::line_start(text, offset);
    let head = &before[start..];
    head.trim().is_empty().then_some((start, head))
}

/// The lines of a span with their line ends; `None` where something else stands on them.
fn whole_lines(text: &str, span: Span) -> Option<Span> {
    let (start, _) = line_head(text, span.start as usize)?;
    let end = span.start as usize + span.of(text).trim_end().len();
    let rest = text.get(end..)?;
    let line = rest.find('\n').map_or(rest, |at| &rest[..=at]);
    line.trim().is_empty().then(|| Span::new(start, end + line.len()))
}
