//! Listing a file again after a change inside of a comment: what stands behind it is moved, what it documents is documented anew, and
//! nothing is walked.

use text::{AppliedChange, Span};
use tree_sitter::{Node, Tree};

use super::{Listed, MAX_SPLICES, Touched, column_of, line_of, outside::is_broken_alike};
use crate::{
    FileSymbols, Import, Language, Symbol,
    docs::Comment,
    grammar::{Grammar, Kind},
    lead::Lead,
    references::{Packed, References},
    values::{Binding, Values},
    walk::narrow,
};

/// Lists `new`, the tree of `text`, by what was listed of `old`, which was told of all changes. `None` where the change is not known to be one of a comment alone.
pub(crate) fn shift(
    (language, grammar): (Language, &Grammar),
    (old, listed): (&Tree, &Listed),
    new: &Tree,
    text: &str,
) -> Option<Listed> {
    let before = &*listed.file;
    let touched = listed.touched?;
    if listed.splices >= MAX_SPLICES || grammar.rules.captures.has_clauses() || !touched.in_comment {
        return None;
    }
    let comment = Inside { language, grammar, text }.comment(new, old, touched)?;
    let moved = Moved::new(before, touched, text);
    let mut symbols: Vec<Symbol> = before.symbols.iter().map(|symbol| moved.symbol(symbol)).collect();
    match language.spec().classify(&text[comment.byte_range()]) {
        Comment::Plain => {}
        Comment::Doc | Comment::Adjacent => {
            let (start, end) = (narrow(comment.start_byte()), narrow(comment.end_byte()));
            for symbol in symbols.iter_mut().filter(|symbol| symbol.full_span.start <= start && end <= symbol.span.start) {
                let lead = Span { start: symbol.full_span.start, end: symbol.span.start };
                symbol.doc = Inside { language, grammar, text }.doc(comment, lead)?.into();
            }
        }
        Comment::Behind | Comment::Beside => return None,
    }
    let imports = before.imports.iter().map(|import| Import { span: moved.span(import.span), ..import.clone() }).collect();
    let references = moved.references(&before.references, text);
    let values = moved.values(&before.values);
    Some(Listed::after(FileSymbols { symbols, imports, error_count: before.error_count, references, values }, listed, None))
}

/// Whether a change of a text lies in one comment of its tree, behind what tells which kind of comment it is.
pub(crate) fn is_in_comment(language: Language, tree: &Tree, change: &AppliedChange) -> bool {
    let comments = &language.spec().comments;
    let longest = comments.docs.iter().map(|(marker, _)| marker.len()).max().unwrap_or(0).max(comments.line.len()).max(3);
    let comment = Grammar::of(language).and_then(|grammar| comment_at(grammar, tree, change.start, change.old_end));
    comment.is_some_and(|comment| comment.start_byte() + longest <= change.start && change.old_end <= comment.end_byte())
}

/// The comment around a stretch of the text; what it is made of is a part of it.
fn comment_at<'tree>(grammar: &Grammar, tree: &'tree Tree, start: usize, end: usize) -> Option<Node<'tree>> {
    let at = |start| tree.root_node().descendant_for_byte_range(start, end);
    let comment = |innermost| {
        let mut around = std::iter::successors(innermost, Node::parent).take(3);
        around.find(|node| grammar.kind(node.kind_id()) == Kind::Comment)
    };
    // What is typed behind the last letter of a comment stands beside it.
    comment(at(start)).or_else(|| comment(at(start.saturating_sub(1))))
}

/// A text and how it is read.
struct Inside<'a> {
    language: Language,
    grammar: &'a Grammar,
    text: &'a str,
}

impl Inside<'_> {
    /// The comment that holds the change, if it was a comment before and begins as it did.
    fn comment<'tree>(&self, new: &'tree Tree, old: &Tree, touched: Touched) -> Option<Node<'tree>> {
        let (start, end) = (touched.start as usize, touched.new_end as usize);
        let comment = comment_at(self.grammar, new, start, end)?;
        // Some grammars make one comment of neighbouring lines, of which any may document.
        let body = &self.text[comment.byte_range()];
        if body.starts_with(self.language.spec().comments.line) && body.trim_end().contains('\n') {
            return None;
        }
        let was = comment_at(self.grammar, old, start - 1, start)?;
        let holds = comment.start_byte() < start && end <= comment.end_byte();
        // A comment whose end was typed over ends at the next one, with all that stands between. What is typed at its end is told to no node.
        let ends = comment.end_byte() == was.end_byte().max(end);
        // What stands in a broken place documents nothing for sure.
        let is_broken = is_in_error(new, comment);
        let same = holds && ends && !is_broken && was.kind_id() == comment.kind_id() && was.start_byte() == comment.start_byte();
        let within = |range: tree_sitter::Range| range.start_byte >= comment.start_byte() && range.end_byte <= comment.end_byte();
        let own = Span { start: narrow(comment.start_byte()), end: narrow(comment.end_byte()) };
        (same && old.changed_ranges(new).all(within) && is_broken_alike(old, new, own)).then_some(comment)
    }

    /// The documentation in the comments that lead up to a definition, of which `comment` is one; `None` where it comes from elsewhere.
    fn doc(&self, comment: Node<'_>, span: Span) -> Option<String> {
        let mut cursor = comment.parent()?.walk();
        cursor.goto_first_child_for_byte(span.start as usize)?;
        while narrow(cursor.node().start_byte()) < span.start && cursor.goto_next_sibling() {}
        let mut lead = Lead::default();
        let mut next = Some(cursor.node());
        while let Some(node) = next.filter(|node| narrow(node.end_byte()) <= span.end) {
            // Behind a token or in a broken place a comment leads up to nothing.
            if !node.is_named() || node.has_error() {
                return None;
            }
            let own = Span { start: narrow(node.start_byte()), end: narrow(node.end_byte()) };
            if self.grammar.kind(node.kind_id()) == Kind::Comment {
                lead.comment(self.text, own, self.language.spec().classify(own.of(self.text)));
            } else {
                lead.attribute(self.text, own);
            }
            next = cursor.goto_next_sibling().then(|| cursor.node());
        }
        let definition = next.map_or(span.end, |node| narrow(node.start_byte()));
        (lead.reach(self.text, definition) == span.start).then(|| lead.doc(self.text))
    }
}

/// Whether one of the nodes around this one is an error: on the way down to it, as looking for the node around one begins at the root.
fn is_in_error(tree: &Tree, node: Node<'_>) -> bool {
    let mut cursor = tree.walk();
    while cursor.node() != node {
        if cursor.node().is_error() {
            return true;
        }
        if cursor.goto_first_child_for_byte(node.start_byte()).is_none() {
            return false;
        }
    }
    false
}

/// How far what stands behind a change was moved by it.
struct Moved {
    touched: Touched,
    lines: (u32, u32),
    columns: (u32, u32),
    line_starts: Box<[u32]>,
}

impl Moved {
    fn new(before: &FileSymbols, touched: Touched, text: &str) -> Self {
        let line_starts = References::lines_of(text);
        let old = &before.references.lines;
        let lines = (line_of(old, touched.old_end), line_of(&line_starts, touched.new_end));
        let columns = (column_of(old, touched.old_end), column_of(&line_starts, touched.new_end));
        Self { touched, lines, columns, line_starts }
    }

    fn is_behind(&self, offset: u32) -> bool {
        offset >= self.touched.old_end
    }

    fn offset(&self, offset: u32) -> u32 {
        if self.is_behind(offset) { offset - self.touched.old_end + self.touched.new_end } else { offset }
    }

    fn span(&self, span: Span) -> Span {
        Span { start: self.offset(span.start), end: self.offset(span.end) }
    }

    fn line(&self, line: u32, offset: u32) -> u32 {
        if self.is_behind(offset) { line - self.lines.0 + self.lines.1 } else { line }
    }

    fn symbol(&self, symbol: &Symbol) -> Symbol {
        let name = symbol.name_span.start;
        let beside = self.is_behind(name) && symbol.line == self.lines.0;
        Symbol {
            span: self.span(symbol.span),
            full_span: self.span(symbol.full_span),
            name_span: self.span(symbol.name_span),
            line: self.line(symbol.line, name),
            column: if beside { symbol.column - self.columns.0 + self.columns.1 } else { symbol.column },
            end_line: self.line(symbol.end_line, symbol.span.end),
            ..symbol.clone()
        }
    }

    fn references(&self, old: &References, text: &str) -> References {
        let packed = old.packed.iter().map(|one| Packed { start: self.offset(one.start), ..*one }).collect();
        let (names, ends, lines) = (old.names.clone(), old.ends.clone(), self.line_starts.clone());
        References { names, ends, packed, lines, wide: References::wide_of(text) }
    }

    fn values(&self, old: &Values) -> Values {
        let binding = |binding: &Binding| Binding {
            start: self.offset(binding.start),
            end: if binding.end == 0 { 0 } else { self.offset(binding.end) },
            ..*binding
        };
        Values {
            texts: old.texts.clone(),
            ends: old.ends.clone(),
            bindings: old.bindings.iter().map(binding).collect(),
            receivers: old.receivers.iter().map(|&(start, value)| (self.offset(start), value)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

    use crate::{Language, Limits, parse};

    /// Types over a stretch of one line; whether nothing was walked for it, and the list is that of a fresh parse in any case.
    #[track_caller]
    fn is_shifted(language: Language, text: &str, (line, from, to): (u32, u32, u32), new: &str) -> bool {
        let document = Document::new(text, 0);
        let mut tree = parse(language, text, None, &Limits::default()).unwrap().tree;
        let range = PositionRange { start: Position { line, character: from }, end: Position { line, character: to } };
        let change = ContentChange { range: Some(range), text: new.to_owned() };
        let (next, applied) = document.apply(&[change], PositionEncoding::Utf8, 0);
        applied.iter().for_each(|change| tree.edit(change));
        let again = parse(language, &next.text, Some(&tree), &Limits::default()).unwrap();
        let fresh = parse(language, &next.text, None, &Limits::default()).unwrap();
        assert_eq!(again.file.symbols, fresh.file.symbols, "{}", next.text);
        assert_eq!(again.file, fresh.file, "{}", next.text);
        again.tree.listed.is_some_and(|listed| listed.splices > 0)
    }

    #[test]
    fn what_is_typed_in_a_comment_moves_what_stands_behind_it_and_is_its_documentation() {
        let rust = "mod a {\n    /// Opens.\n    #[inline]\n    pub fn open() { close() }\n}\n\n// plain\nstruct S; /* é */ fn close() {}\n";
        assert!(is_shifted(Language::Rust, rust, (1, 13, 13), " doors"));
        assert!(is_shifted(Language::Rust, rust, (1, 8, 14), ""));
        assert!(is_shifted(Language::Rust, rust, (6, 5, 6), "x"));
        assert!(is_shifted(Language::Rust, rust, (7, 15, 15), "\n\n"));
        let typescript =
            "/**\n * Opens.\n */\nexport const open = () => close();\n\n/** Shut. */\nexport interface Shut { a: string }\n";
        assert!(is_shifted(Language::TypeScript, typescript, (1, 0, 0), "\n"));
        assert!(is_shifted(Language::TypeScript, typescript, (5, 9, 9), " it"));
        let go = "package a\n\n// One does.\nfunc One() {}\n\n// aside of it\n\nfunc Two() {}\n";
        assert!(is_shifted(Language::Go, go, (2, 11, 11), " it"));
        assert!(is_shifted(Language::Go, go, (5, 11, 11), "all "));
    }

    #[test]
    fn what_may_mean_something_else_is_walked() {
        let rust = "/// Opens.\nfn open() {}\n\n// shut\nfn shut() {}\n";
        // A plain comment becomes documentation, a comment code, code a comment.
        assert!(!is_shifted(Language::Rust, rust, (3, 2, 2), "/"));
        assert!(!is_shifted(Language::Rust, rust, (0, 6, 6), "\nfn new() {}\n"));
        assert!(!is_shifted(Language::Rust, rust, (4, 0, 0), "// "));
        let c = "/* a */ int x;\nint y; /* b */\n";
        assert!(!is_shifted(Language::C, c, (0, 4, 4), "*/ int z; /*"));
        // The first comment goes on to the end of the second.
        assert!(!is_shifted(Language::C, c, (0, 6, 6), "a"));
    }
}
