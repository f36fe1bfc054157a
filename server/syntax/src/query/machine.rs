//! The patterns that cannot be written out, matched by tree-sitter's own machine in a pass of its own.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use text::Span;
use tree_sitter::{Node, QueryCursor, QueryCursorOptions, StreamingIterator};

use super::{Rest, Rules};
use crate::{
    deadline::Deadline,
    marks::Marks,
    tape::{Tape, key_of},
};

/// Takes in what the machine finds; whether that was done by the deadline.
pub(crate) fn run(
    rules: &Rules,
    rest: &Rest,
    root: Node<'_>,
    tape: &Tape<'_>,
    marks: &mut Marks<'_, '_>,
    text: &str,
    deadline: Deadline,
) -> bool {
    let places: FxHashMap<(u16, Span), u32> = tape.places().map(|(at, entry)| (entry.key(), at)).collect();
    let mut late = false;
    let mut progress = |_: &tree_sitter::QueryCursorState| {
        late = deadline.has_passed();
        if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut cursor = QueryCursor::new();
    let options = QueryCursorOptions::new().progress_callback(&mut progress);
    let mut matches = cursor.matches_with_options(&rest.query, root, text.as_bytes(), options);
    let mut captured = Vec::new();
    while let Some(matched) = matches.next() {
        captured.clear();
        captured.extend(matched.captures().iter().filter_map(|capture| {
            let number = rest.captures.get(capture.index as usize)?;
            Some((*number, *places.get(&key_of(capture.node))?))
        }));
        let pattern = rest.patterns.get(matched.pattern_index).copied().unwrap_or_default();
        // Their own conditions are tree-sitter's to check, ours are not known to it.
        if rules.holds(pattern, &captured, tape, text) {
            marks.apply(rules, pattern, &captured, &[], text);
        }
    }
    drop(matches);
    !late
}
