//! A plan document, written.

use models::{Cost, Tier};

use super::span::{code, list};
use super::{PlanDocument, WrittenStep};

/// What stands at the top, so that a reader needs nothing else.
const HEAD: &str = "# Refactor plan

Nothing has been changed yet. Tick what is to be done, edit goals as you like, delete steps, or write further ones in the same form;
then choose “Apply the ticked steps”, or run `tierline refactor --apply --plan FILE`.
";

pub(super) const ASKED: &str = "## Asked for";
pub(super) const GOAL: &str = "## Goal";
pub(super) const INVARIANTS: &str = "## What stays true";
pub(super) const STEPS: &str = "## Steps";
pub(super) const ANCHORS: &str = "<!-- tierline plan 1";

pub(super) fn markdown(document: &PlanDocument) -> String {
    let mut text = HEAD.to_owned();
    let mut section = |head: &str, body: &str| text.push_str(&format!("\n{head}\n\n{}", fenced("", body)));
    section(ASKED, &document.instruction);
    section(GOAL, &document.summary);
    section(INVARIANTS, &document.invariants.join("\n"));
    text.push_str(&format!("\n{STEPS}\n"));
    for step in &document.steps {
        text.push('\n');
        text.push_str(&written(step));
    }
    let (tokens, cost) = document.total();
    if tokens > 0 {
        let cost = cost.map(|cost| format!(" and {cost}")).unwrap_or_default();
        text.push_str(&format!("\nThe workers of the ticked steps need about {} tokens{cost}.\n", grouped(tokens)));
    }
    let comment = document.comment.as_deref().map(|path| format!("comment {}\n", quoted(path))).unwrap_or_default();
    text.push_str(&format!("\n{ANCHORS}\n{comment}{}-->\n", document.anchors.to_lines()));
    text
}

/// A text in quotes, without the angle bracket that could close the comment which it stands in.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('>', "\\u003e")
}

fn written(step: &WrittenStep) -> String {
    let mut text = format!("- [{}] **{}** {}", if step.is_ticked { 'x' } else { ' ' }, step.id, step.kind.as_str());
    if !step.symbols.is_empty() {
        text.push_str(&format!(" {} in", list(&step.symbols)));
    }
    text.push_str(&format!(" {}", code(&step.file)));
    if step.kind.has_target() {
        text.push_str(&format!(" to {}", code(&step.target)));
    }
    let mut needs = vec![step.tier.map_or("index", Tier::as_str).to_owned()];
    if let Some((tokens, cost)) = step.estimate {
        needs.push(format!("about {} tokens", grouped(tokens)));
        needs.extend(cost.map(dollars));
    }
    text.push_str(&format!(" ({})\n", needs.join(", ")));
    if !step.depends_on.is_empty() {
        text.push_str(&format!("  - after {}\n", step.depends_on.join(", ")));
    }
    if !step.may_delete.is_empty() {
        text.push_str(&format!("  - may delete {}\n", list(&step.may_delete)));
    }
    if !step.interface.is_empty() {
        text.push_str(&format!("  - interface:\n{}", fenced("    ", &step.interface.join("\n"))));
    }
    if !step.kind.is_exact() {
        text.push_str(&format!("  - goal:\n{}", fenced("    ", &step.goal)));
    }
    text
}

/// Lines between fences that are longer than any in them.
fn fenced(indent: &str, body: &str) -> String {
    let longest = body.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let lines: String =
        body.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }).collect();
    format!("{indent}{fence}text\n{lines}{indent}{fence}\n")
}

/// Dollars to the millionth, so that they are read back as they were.
fn dollars(cost: Cost) -> String {
    let micro = cost.micro_usd();
    format!("${}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
