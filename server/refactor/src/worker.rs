//! Workers: one step, one file, one job on mini; the answer is operations on symbols, never on line numbers.

use assist::{Delegated, Prompt, Snapshot, Unanswered, delegate};
use index::SymbolRef;
use models::{ActionId, Gateway, Job, Part, Schema, Tier};
use serde_json::{Value, json};
use text::{Edit, Span};
use tokio_util::sync::CancellationToken;

use crate::{Plan, Step, StepKind};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/edit.md"));

/// Has a step carried out: the edits to its file as that file is in `snapshot`. An answer whose operations do not resolve goes one
/// tier up.
pub(crate) async fn work(
    snapshot: &Snapshot,
    gateway: &Gateway,
    plan: &Plan,
    step: &Step,
    action: &ActionId,
    cancel: &CancellationToken,
) -> Result<Delegated<Vec<Edit>>, Unanswered> {
    let target = Target::of(snapshot, step);
    let job = job(snapshot, plan, step, &target, action);
    delegate(gateway, job, Tier::Flagship, cancel, |answer| read(&target, step, answer)).await
}

/// The file of a step and the ids of its symbols.
struct Target {
    text: String,
    language: &'static str,
    /// Every symbol of the file, in source order: `s1` is the first.
    symbols: Vec<SymbolRef>,
    /// Which of them may be changed, and which removed.
    may_change: Vec<bool>,
    may_delete: Vec<bool>,
}

impl Target {
    fn of(snapshot: &Snapshot, step: &Step) -> Self {
        let record = snapshot.index().file(&step.file);
        let symbols: Vec<SymbolRef> = record
            .map(|record| {
                let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
                (0..count).filter_map(|symbol| SymbolRef::new(record, symbol)).collect()
            })
            .unwrap_or_default();
        let listed = |list: &[SymbolRef], symbol: &SymbolRef| {
            list.iter().any(|other| other.symbol_path() == symbol.symbol_path() && other.get().kind == symbol.get().kind)
        };
        let may_change = symbols.iter().map(|symbol| listed(&step.symbols, symbol) || listed(&step.may_delete, symbol)).collect();
        let may_delete = symbols.iter().map(|symbol| listed(&step.may_delete, symbol)).collect();
        let text = snapshot.text(&step.file).unwrap_or_default().to_string();
        let language = record.map_or("text", |record| record.language.name());
        Self { text, language, symbols, may_change, may_delete }
    }

    fn number(&self, id: &str) -> Result<usize, String> {
        let number =
            id.strip_prefix('s').and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        number.filter(|number| *number < self.symbols.len()).ok_or_else(|| format!("there is no symbol {id:?} in this file"))
    }

    /// The symbol's whole text in the file, whole lines where nothing else stands on them.
    fn span(&self, number: usize) -> Span {
        self.symbols[number].get().full_span
    }
}

fn job(snapshot: &Snapshot, plan: &Plan, step: &Step, target: &Target, action: &ActionId) -> Job {
    let symbols: Vec<String> = target
        .symbols
        .iter()
        .enumerate()
        .map(|(at, symbol)| {
            let note = match (target.may_delete[at], target.may_change[at]) {
                (true, _) => " (may be changed or deleted)",
                (_, true) => " (may be changed)",
                _ => "",
            };
            format!("s{} {}: {}{note}", at + 1, symbol.symbol_path(), symbol.get().signature)
        })
        .collect();
    let shown: Vec<String> = target
        .symbols
        .iter()
        .enumerate()
        .filter(|(at, _)| target.may_change[*at])
        .map(|(at, _)| format!("[s{}]\n{}", at + 1, target.span(at).of(&target.text)))
        .collect();
    let source = shown.join("\n\n");
    let rendered = PROMPT.render(&[
        ("goal", &plan.summary),
        ("step", &step.goal),
        ("interface", &step.interface.join("\n")),
        ("file", &step.file),
        ("language", target.language),
        ("symbols", &symbols.join("\n")),
        ("source", &source),
    ]);
    // Room for the new text at the size of the old one and half as much again; a token is about three bytes of code.
    let room = u32::try_from(source.len() / 2).unwrap_or(u32::MAX).saturating_add(1_500).min(32_000);
    Job {
        kind: "edit",
        tier: Tier::Mini,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::from_file(step.file.clone(), rendered)],
        schema: Schema {
            name: "edit_v1",
            json: json!({
                "type": "object",
                "properties": {
                    "status": {"type": "string", "enum": ["done", "cannot"]},
                    "note": {"type": "string"},
                    "ops": {"type": "array", "items": {
                        "type": "object",
                        "properties": {
                            "op": {"type": "string", "enum": ["replace_symbol", "insert_before", "insert_after",
                                "delete_symbol", "replace_text", "add_import", "write_file"]},
                            "symbol": {"type": "string"},
                            "find": {"type": "string"},
                            "text": {"type": "string"},
                        },
                        "required": ["op", "symbol", "find", "text"],
                        "additionalProperties": false,
                    }},
                },
                "required": ["status", "note", "ops"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: room,
        deadline: std::time::Duration::from_secs(snapshot.settings().refactor_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: target.text.len() as u64,
    }
}

/// The operations of an answer as edits, or the first thing that is wrong with them.
fn read(target: &Target, step: &Step, answer: &Value) -> Result<Vec<Edit>, String> {
    let string = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if string(answer, "status") != "done" {
        return Err(format!("the worker cannot do it: {}", string(answer, "note")));
    }
    let operations = answer.get("ops").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut edits = Vec::new();
    for operation in operations {
        let (op, symbol) = (string(operation, "op"), string(operation, "symbol"));
        let (find, new_text) = (string(operation, "find"), string(operation, "text"));
        edits.push(read_operation(target, step, &op, &symbol, &find, new_text)?);
    }
    if edits.is_empty() {
        return Err("there is no operation".to_owned());
    }
    // Overlaps are found here, so that they send the answer back rather than fail the whole plan.
    text::apply_edits(&target.text, &edits).map_err(|error| error.to_string())?;
    Ok(edits)
}

fn read_operation(target: &Target, step: &Step, op: &str, symbol: &str, find: &str, text: String) -> Result<Edit, String> {
    match op {
        "write_file" if step.kind == StepKind::Create => return Ok(Edit::insert(0, text)),
        "write_file" => return Err("only a new file is written as a whole".to_owned()),
        "add_import" => return Ok(Edit::insert(import_place(target), with_line_end(&text))),
        _ => {}
    }
    let number = target.number(symbol)?;
    let span = target.span(number);
    let name = target.symbols[number].symbol_path();
    let changeable = || target.may_change[number].then_some(()).ok_or_else(|| format!("{name} is not part of this step"));
    match op {
        "replace_symbol" => {
            changeable()?;
            let old = span.of(&target.text);
            Ok(Edit::replace(span, refit(&target.text, span, old, &text)))
        }
        "delete_symbol" if target.may_delete[number] => Ok(Edit::replace(whole_lines(&target.text, span), "")),
        "delete_symbol" => Err(format!("the plan does not allow {name} to be deleted")),
        "insert_before" => {
            let start = line_start(&target.text, span.start as usize);
            Ok(Edit::insert(start, format!("{}\n", with_line_end(&text))))
        }
        "insert_after" => {
            let end = line_end(&target.text, span.end as usize);
            let lead = if target.text[..end].ends_with('\n') { "\n" } else { "\n\n" };
            Ok(Edit::insert(end, format!("{lead}{}", with_line_end(&text))))
        }
        "replace_text" => {
            changeable()?;
            let old = span.of(&target.text);
            let mut places = old.match_indices(find);
            match (find.is_empty(), places.next(), places.next()) {
                (false, Some((at, _)), None) => {
                    let start = span.start as usize + at;
                    Ok(Edit::replace(Span::new(start, start + find.len()), text))
                }
                (false, None, _) => Err(format!("the text to find does not occur in {name}")),
                _ => Err(format!("the text to find is empty or occurs more than once in {name}")),
            }
        }
        other => Err(format!("there is no operation {other:?}")),
    }
}

/// A new definition as it must stand in the file: without an accidental fence, the first line where the old one began, the others
/// moved by as much as the first line has to move, line ends as in the file.
fn refit(file: &str, span: Span, old: &str, new: &str) -> String {
    let new = unfenced(new).trim_end();
    let indent_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
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
    let end = if file.contains("\r\n") { "\r\n" } else { "\n" };
    moved.join(end)
}

/// Whether the last line of a new text already stands as far in as the last line of the old one.
fn aligned(old: &str, new: &str, wanted: &str) -> bool {
    let last_indent = |text: &str| {
        let line = text.lines().next_back().unwrap_or_default();
        line.len() - line.trim_start_matches([' ', '\t']).len()
    };
    !wanted.is_empty() && new.lines().count() > 1 && last_indent(new) == last_indent(old) && last_indent(old) >= wanted.len()
}

fn unfenced(text: &str) -> &str {
    let trimmed = text.trim_matches('\n');
    let Some(inner) = trimmed.strip_prefix("```").and_then(|rest| rest.trim_end().strip_suffix("```")) else {
        return trimmed;
    };
    inner.split_once('\n').map_or(trimmed, |(_, code)| code.trim_end_matches('\n'))
}

/// Behind the last import, or before the first symbol.
fn import_place(target: &Target) -> usize {
    let Some(first) = target.symbols.first() else { return 0 };
    let imports = &first.record.file().imports;
    match imports.iter().map(|import| import.span.end as usize).max() {
        Some(end) => line_end(&target.text, end),
        None => line_start(&target.text, first.get().full_span.start as usize),
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The offset behind the line end of the line of `offset`.
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

fn whole_lines(text: &str, span: Span) -> Span {
    let start = line_start(text, span.start as usize);
    let end = line_end(text, span.end as usize);
    let alone = text[start..span.start as usize].trim().is_empty() && text[span.end as usize..end].trim().is_empty();
    if alone { Span::new(start, end) } else { span }
}

fn with_line_end(text: &str) -> String {
    let text = unfenced(text);
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests {
    use super::refit;
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
    fn line_ends_stay_those_of_the_file() {
        assert_eq!(fit("fn a() {\r\n}\r\n", "fn a() {\r\n}", "fn a() {\n    1\n}"), "fn a() {\r\n    1\r\n}");
    }
}
