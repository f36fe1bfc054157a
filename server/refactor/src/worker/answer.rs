//! A worker's answer: operations on symbols by our ids, read into edits or into the first thing that is wrong with them.

use assist::Flaw;
use index::SymbolRef;
use serde_json::Value;
use syntax::{Language, Limits};
use text::{Edit, Span, line_end, line_indent, line_start};

use super::{Target, Task};
use crate::test_place::TestPlace;

/// The operations of an answer as edits, or the first thing that is wrong with them.
pub(super) fn read(target: &Target, task: &Task, answer: &Value) -> Result<Vec<Edit>, Flaw> {
    let string = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if string(answer, "status") != "done" {
        return Err(Flaw::Unable(format!("the worker cannot do it: {}", string(answer, "note"))));
    }
    let operations = answer.get("ops").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_new_file = |operation: &Value| string(operation, "op") == "write_file";
    if operations.len() > 1 && operations.iter().any(is_new_file) {
        return Err(Flaw::Wrong("a new file is written by one operation".to_owned()));
    }
    let mut edits = Vec::new();
    for operation in operations {
        let op = string(operation, "op");
        if !task.rules.operations.contains(&op.as_str()) {
            let known = task.rules.operations.join(", ");
            return Err(Flaw::Wrong(format!("{op:?} is not among the operations of this step: {known}")));
        }
        let (symbol, find, text) = (string(operation, "symbol"), string(operation, "find"), string(operation, "text"));
        let operation = Operation { target, task, op: &op, symbol: &symbol, find: &find, text: text.replace("\r\n", "\n") };
        edits.extend(operation.edits().map_err(|fault| format!("addresses: {fault}"))?);
    }
    if edits.is_empty() {
        return Err(Flaw::Wrong("there is no operation".to_owned()));
    }
    if target.text.contains("\r\n") {
        edits.iter_mut().for_each(|edit| edit.new_text = with_windows_line_ends(&edit.new_text));
    }
    // Overlaps are found here, so that they send the answer back rather than fail the whole plan.
    let after = text::apply_edits(&target.text, &edits).map_err(|error| format!("addresses: {error}"))?;
    if after == target.text {
        return Err(Flaw::Wrong("the operations change nothing".to_owned()));
    }
    Ok(edits)
}

fn with_windows_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// One operation.
struct Operation<'a> {
    target: &'a Target,
    task: &'a Task,
    op: &'a str,
    symbol: &'a str,
    find: &'a str,
    text: String,
}

impl Operation<'_> {
    fn edits(&self) -> Result<Vec<Edit>, String> {
        let file = self.target.text.as_str();
        match self.op {
            "write_file" => return Ok(vec![Edit::insert(0, whole_file(&self.text))]),
            "add_import" => return Ok(self.import().into_iter().collect()),
            "add_test" => return self.test().map(|edit| vec![edit]),
            "replace_text" if self.symbol == "file" && self.task.rules.whole_file => {
                return self.replace_text(Span::new(0, file.len()), "the file").map(|edit| vec![edit]);
            }
            _ => {}
        }
        let number = self.target.number(self.symbol)?;
        let span = self.target.span(number);
        let name = self.target.symbols[number].symbol_path();
        let may_change = self.target.may_change[number];
        let changeable = || may_change.then_some(()).ok_or_else(|| format!("{name} is not part of this step"));
        let insertable = || {
            let allowed = may_change || self.task.rules.inserts_anywhere;
            allowed.then_some(()).ok_or_else(|| format!("nothing may be inserted beside {name}"))
        };
        match self.op {
            "replace_symbol" => {
                changeable()?;
                Ok(vec![Edit::replace(span, refit(file, span, span.of(file), &self.text))])
            }
            "delete_symbol" if self.target.may_delete[number] => Ok(vec![Edit::replace(whole_lines(file, span), "")]),
            "delete_symbol" => Err(format!("the plan does not allow {name} to be deleted")),
            "insert_before" => {
                insertable()?;
                let start = line_start(file, span.start as usize);
                let gap = "\n".repeat(self.blank_lines(number));
                Ok(vec![Edit::insert(start, format!("{}{gap}", indented(&self.text, line_indent(file, span.start as usize))))])
            }
            "insert_after" => {
                insertable()?;
                let end = line_end(file, span.end as usize);
                let break_off = if file[..end].ends_with('\n') { "" } else { "\n" };
                let lead = break_off.to_owned() + &"\n".repeat(self.blank_lines(number));
                Ok(vec![Edit::insert(end, format!("{lead}{}", indented(&self.text, line_indent(file, span.start as usize))))])
            }
            "replace_text" => {
                changeable()?;
                self.replace_text(span, &name).map(|edit| vec![edit])
            }
            "document" => {
                changeable()?;
                self.document(number)
            }
            other => Err(format!("there is no operation {other:?}")),
        }
    }

    /// How many blank lines stand between a symbol and what is inserted beside it: one, or two where there are two between it and its
    /// neighbour, or where Python has two around whatever stands in no class.
    fn blank_lines(&self, number: usize) -> usize {
        let file = self.target.text.as_str();
        let symbols = || self.target.symbols.iter().map(SymbolRef::get);
        let this = self.target.symbols[number].get();
        let siblings = || symbols().filter(|other| other.parent == this.parent);
        let next = siblings().map(|other| other.full_span.start).filter(|start| *start >= this.full_span.end).min();
        let last = siblings().map(|other| other.full_span.end).filter(|end| *end <= this.full_span.start).max();
        let gaps = [next.map(|next| (this.full_span.end, next)), last.map(|last| (last, this.full_span.start))];
        let between = gaps.into_iter().flatten().map(|(from, to)| &file[from as usize..to as usize]);
        let blank = between.filter(|text| text.trim().is_empty()).map(|text| text.matches('\n').count().saturating_sub(1)).next();
        let is_outer_python = self.target.language == Some(Language::Python) && this.parent.is_none();
        blank.unwrap_or(if is_outer_python { 2 } else { 1 }).clamp(1, 2)
    }

    /// The text to find must occur exactly once; where it does not occur at all, white space at the ends of its lines is not
    /// regarded.
    fn replace_text(&self, scope: Span, name: &str) -> Result<Edit, String> {
        let old = scope.of(&self.target.text);
        // A file with Windows line ends is shown to a model with plain ones.
        let find = if old.contains("\r\n") { with_windows_line_ends(self.find) } else { self.find.to_owned() };
        let mut places = old.match_indices(&find);
        match (find.trim().is_empty(), places.next(), places.next()) {
            (false, Some((at, found)), None) => {
                let start = scope.start as usize + at;
                Ok(Edit::replace(Span::new(start, start + found.len()), self.text.clone()))
            }
            (false, None, _) => Err(format!("the text to find does not occur in {name}")),
            _ => Err(format!("the text to find is empty or occurs more than once in {name}")),
        }
    }

    /// An import statement behind the last one; nothing where it is there already.
    fn import(&self) -> Option<Edit> {
        let file = self.target.text.as_str();
        let statement = unfenced(&self.text).trim();
        if statement.is_empty() || file.lines().any(|line| line.trim() == statement) {
            return None;
        }
        let first = self.target.symbols.first();
        let imports = first.map(|first| first.record.file().imports.as_slice()).unwrap_or_default();
        let at_top = imports.iter().filter(|import| line_start(file, import.span.start as usize) == import.span.start as usize);
        Some(match (at_top.map(|import| import.span.end as usize).max(), first) {
            (Some(end), _) => Edit::insert(line_end(file, end), format!("{statement}\n")),
            (None, Some(first)) => {
                let start = line_start(file, first.get().full_span.start as usize);
                Edit::insert(start, format!("{statement}\n\n"))
            }
            (None, None) if file.starts_with("#!") => Edit::insert(line_end(file, 0), format!("{statement}\n")),
            (None, None) => Edit::insert(0, format!("{statement}\n")),
        })
    }

    fn test(&self) -> Result<Edit, String> {
        let file = self.target.text.as_str();
        let place = self.task.test.as_ref().ok_or("this step asks for no test")?;
        let text = unfenced(&self.text);
        if text.trim().is_empty() {
            return Err("the test is empty".to_owned());
        }
        Ok(match place {
            TestPlace::Inside(path) => {
                let container = self.target.symbols.iter().find(|symbol| symbol.symbol_path() == *path);
                let container = container.ok_or_else(|| format!("there is no {path} in {}", self.task.file))?;
                let span = container.get().full_span;
                let close = span.of(file).rfind('}').ok_or_else(|| format!("{path} has no body"))?;
                let at = line_start(file, span.start as usize + close);
                if at <= span.start as usize {
                    return Err(format!("the body of {path} stands on one line"));
                }
                let unit = if file.contains("\n\t") { "\t" } else { "    " };
                let indent = format!("{}{unit}", line_indent(file, span.start as usize));
                Edit::insert(at, format!("\n{}", indented(text, &indent)))
            }
            TestPlace::NewModule => {
                let lead = if file.ends_with('\n') { "\n" } else { "\n\n" };
                let body = indented(text, "    ");
                Edit::insert(file.len(), format!("{lead}#[cfg(test)]\nmod tests {{\n    use super::*;\n\n{body}}}\n"))
            }
            TestPlace::End { blank_lines } => {
                let lead = if file.ends_with('\n') { "" } else { "\n" };
                let blank = "\n".repeat(*blank_lines);
                Edit::insert(file.len(), format!("{lead}{blank}{}", with_line_end(text)))
            }
        })
    }

    /// The documentation of a symbol in the form of its language, in place of what there was.
    fn document(&self, number: usize) -> Result<Vec<Edit>, String> {
        let file = self.target.text.as_str();
        let symbol = &self.target.symbols[number];
        let language = symbol.record.language;
        let prose = unfenced(&self.text).trim();
        if prose.is_empty() {
            return Err("the documentation is empty".to_owned());
        }
        let tree = syntax::parse_only(language, file, None, &Limits::default()).map_err(|skip| skip.as_str().to_owned())?;
        let place = tree
            .doc_place(file, symbol.get())
            .ok_or_else(|| format!("the documentation of {} cannot be written by itself", symbol.symbol_path()))?;
        let end = if file.contains("\r\n") { "\r\n" } else { "\n" };
        let written = language.write_doc(prose, &place.indent, end);
        // What is replaced and what is inserted may begin at one place; the insertion then stands first.
        let mut edits = vec![Edit::insert(place.at, written)];
        match place.old.first() {
            Some(first) if first.start as usize == place.at => edits[0].span = *first,
            _ => {}
        }
        let rest = place.old.iter().filter(|old| old.start as usize != place.at);
        edits.extend(rest.map(|old| Edit::replace(*old, "")));
        Ok(edits)
    }
}

/// A new definition as it must stand in the file: without an accidental fence, the first line where the old one began, the others
/// moved by as much as the first line has to move.
fn refit(file: &str, span: Span, old: &str, new: &str) -> String {
    let new = unfenced(new).trim_end();
    let start = line_start(file, span.start as usize);
    let before = &file[start..span.start as usize];
    let wanted = if before.trim().is_empty() { before } else { "" };
    let given = new.lines().next().map(|line| &line[..indent_of(line)]).unwrap_or_default();
    let moved: Vec<String> = new
        .lines()
        .enumerate()
        .map(|(at, line)| match (at, line.strip_prefix(given)) {
            (0, _) => line.trim_start().to_owned(),
            (_, _) if line.trim().is_empty() => String::new(),
            // Where the model began without indent but wrote the rest as it stands in the file, the rest is right already.
            (_, _) if given.is_empty() && aligned(old, new, wanted) => line.to_owned(),
            (_, Some(rest)) => format!("{wanted}{rest}"),
            (_, None) => line.to_owned(),
        })
        .collect();
    moved.join("\n")
}

/// Whether the last line of a new text already stands as far in as the last line of the old one.
fn aligned(old: &str, new: &str, wanted: &str) -> bool {
    let last_indent = |text: &str| indent_of(text.lines().next_back().unwrap_or_default());
    !wanted.is_empty() && new.lines().count() > 1 && last_indent(new) == last_indent(old) && last_indent(old) >= wanted.len()
}

/// Whole lines, moved together so that the least indented of them stands at `indent`.
fn indented(text: &str, indent: &str) -> String {
    let text = unfenced(text);
    let filled = || text.lines().filter(|line| !line.trim().is_empty());
    let common = filled().map(indent_of).min().unwrap_or(0);
    let line = |line: &str| if line.trim().is_empty() { "\n".to_owned() } else { format!("{indent}{}\n", &line[common..]) };
    text.trim_end().lines().map(line).collect()
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn unfenced(text: &str) -> &str {
    let trimmed = text.trim_matches('\n');
    let Some(inner) = trimmed.strip_prefix("```").and_then(|rest| rest.trim_end().strip_suffix("```")) else {
        return trimmed;
    };
    inner.split_once('\n').map_or(trimmed, |(_, code)| code.trim_end_matches('\n'))
}

fn whole_lines(text: &str, span: Span) -> Span {
    let start = line_start(text, span.start as usize);
    let end = line_end(text, span.end as usize);
    let alone = text[start..span.start as usize].trim().is_empty() && text[span.end as usize..end].trim().is_empty();
    if alone { Span::new(start, end) } else { span }
}

/// What a new file holds: the text as it is, without an accidental fence, its last line ended.
fn whole_file(text: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    if text.trim_start().starts_with("```") { with_line_end(text) } else { format!("{text}{end}") }
}

fn with_line_end(text: &str) -> String {
    let text = unfenced(text);
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests {
    use super::{indented, refit};
    use text::Span;

    fn fit(file: &str, old: &str, new: &str) -> String {
        let start = file.find(old).unwrap();
        refit(file, Span::new(start, start + old.len()), old, new)
    }

    #[test]
    fn a_definition_is_moved_to_where_the_old_one_stood() {
        let file = "impl A {\n    fn a() {\n        1\n    }\n}\n";
        let old = "fn a() {\n        1\n    }";
        let wanted = "fn a() {\n        2\n    }";
        assert_eq!(fit(file, old, "fn a() {\n    2\n}"), wanted);
        assert_eq!(fit(file, old, "    fn a() {\n        2\n    }"), wanted);
        assert_eq!(fit(file, old, "fn a() {\n        2\n    }"), wanted);
        assert_eq!(fit(file, old, "```rust\nfn a() {\n    2\n}\n```"), wanted);
    }

    #[test]
    fn what_is_inserted_stands_as_far_in_as_its_neighbour() {
        assert_eq!(indented("fn a() {\n    1\n}\n", "    "), "    fn a() {\n        1\n    }\n");
        assert_eq!(indented("        fn a() {\n\n        }", "\t"), "\tfn a() {\n\n\t}\n");
    }
}
