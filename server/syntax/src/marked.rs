//! The walk's half that does what the query says of a node.

use crate::{
    Import, Language,
    capture::Capture,
    imports,
    lead::Lead,
    marks::{Mark, stronger},
    tape::Entry,
    walk::{Kept, Open, Walker, push_path},
};

impl<'t> Walker<'_, 't> {
    /// What the query says of a node.
    pub(crate) fn mark(&mut self, at: u32, action: u16) -> Mark {
        let mut mark = Mark::default();
        let rules = &self.grammar.rules;
        if action != 0
            && let Some(action) = rules.automaton.actions.get(usize::from(action))
        {
            let still = action.still;
            (mark.flags, mark.usage) = (still.flags, still.usage);
            if still.after > 0 {
                mark.after = end_of(&self.open, still.after);
            }
            let kinds = if action.rules.is_empty() { 0 } else { self.tape.kinds_in(at) };
            let rules_here = action.rules.iter().filter_map(|&rule| rules.rules.get(rule as usize));
            for rule in rules_here.filter(|rule| rule.needs & !kinds == 0) {
                let mut above = [(Capture::Unknown, 0); 4];
                for (place, &(capture, distance)) in above.iter_mut().zip(&rule.above) {
                    *place = (rules.captures.get(capture), end_of(&self.open, distance));
                }
                let (text, tape, marks) = (self.text, self.tape, &mut self.marks);
                self.matcher.each(&rule.shape, at, &mut |captured| {
                    if rules.holds(rule.pattern, captured, tape, text) {
                        marks.apply(rules, rule.pattern, captured, &above, text);
                    }
                });
            }
        }
        if let Some(found) = self.marks.get(at) {
            mark.flags |= found.flags;
            mark.first_definition = found.first_definition;
            if found.after != 0 {
                mark.after = found.after;
            }
            mark.usage = match (mark.usage, found.usage) {
                (Some(first), Some(second)) => Some(stronger(first, second)),
                (first, second) => first.or(second),
            };
        }
        mark
    }

    /// Does what is to be done where a node begins.
    pub(crate) fn enter_marked(&mut self, at: u32, entry: &Entry, mark: Mark, lead: Lead) {
        let span = entry.span;
        let mut kept = Kept { start: span.start, ..Kept::default() };
        if mark.has(Mark::ATTRIBUTE) {
            self.attributes += 1;
            if self.attributes == 1
                && let Some(frame) = self.frames.last_mut()
            {
                frame.attribute(span);
            }
        }
        if mark.has(Mark::IGNORE) {
            self.ignoring += 1;
        }
        if mark.has(Mark::IMPORT) {
            self.importing += 1;
            self.import_start = span.start as usize;
            self.import = self.marks.sources.get(&at).map(|&source| (span, self.text_at(source)));
            if self.language == Language::Rust {
                self.file.imports.extend(imports::rust_use(self.text, span));
            }
        }
        if mark.has(Mark::ITEM) {
            self.import_item(at);
        }
        if mark.has(Mark::WRAPPER) {
            let around = self.open.last().filter(|around| around.kept).and(self.kept.last_mut());
            let outer = around.and_then(|around| around.wraps.take());
            kept.wraps = outer.or(Some((lead, span.start, span.end)));
        } else {
            kept.defines = self.define(at, mark, span, lead);
            self.bind_property_parameter(mark);
        }
        if mark.has(Mark::CONTAINER)
            && let Some(&container) = self.marks.containers.get(&at)
        {
            kept.container = Some(self.path.len());
            let name = self.text_at(container);
            push_path(&mut self.path, &name.replace('.', "::"));
        }
        if mark.has(Mark::SCOPE) {
            self.locals.open(span.start);
            self.say_scope(at);
            if let Some(values) = &mut self.values {
                values.open();
            }
            self.functions += u32::from(!mark.has(Mark::TYPES));
            if mark.has(Mark::HOISTS) {
                for &name in self.marks.hoisted.get(&at).into_iter().flatten() {
                    self.locals.bind(self.tape.span(name).of(self.text), 0);
                }
            }
        }
        if mark.has(Mark::PATTERN) {
            kept.binding = Some(self.binding.replace(mark.after));
        } else if mark.has(Mark::USE) {
            kept.binding = Some(self.binding.take());
        }
        self.kept.push(kept);
    }

    /// Takes in one name of an import's list.
    fn import_item(&mut self, at: u32) {
        if let (Some((span, from)), Some(&(name, alias))) = (self.import, self.marks.items.get(&at)) {
            let (name, alias) = (self.text_at(name), self.text_at(alias));
            self.file.imports.push(Import { from: from.into(), name: name.into(), alias: alias.into(), span });
        }
    }

    /// Takes back at the end of a node what was done at its beginning.
    pub(crate) fn leave_marked(&mut self, flags: u16, kept: &Kept, end: u32) {
        let has = |flag: u16| flags & flag != 0;
        if let Some(binding) = kept.binding {
            self.binding = binding;
        }
        if has(Mark::SCOPE) {
            self.locals.close();
            if let Some(values) = &mut self.values {
                values.close(end);
            }
            self.functions -= u32::from(!has(Mark::TYPES));
        }
        if let Some(length) = kept.container {
            self.path.truncate(length);
        }
        if has(Mark::IMPORT) {
            self.importing -= 1;
            self.import = None;
        }
        if has(Mark::ATTRIBUTE) {
            self.attributes -= 1;
        }
        if has(Mark::IGNORE) {
            self.ignoring -= 1;
        }
    }
}

/// Where the node ends that stands so many above the innermost.
fn end_of(open: &[Open], distance: usize) -> u32 {
    open.len().checked_sub(distance).and_then(|at| open.get(at)).map_or(0, |open| open.end)
}
