//! A plan document, read back.

use models::{Cost, Tier};

use super::anchor::Anchors;
use super::span::{Token, tokens};
use super::write::{ANCHORS, ASKED, GOAL, INVARIANTS, STEPS};
use super::{Estimate, PlanDocument, PlanFault, StepKind, WrittenStep};

/// Reads a document.
///
/// # Errors
/// Says everything that cannot be read, each with its line.
pub(super) fn document(markdown: &str) -> Result<PlanDocument, Vec<PlanFault>> {
    let mut reader = Reader { lines: markdown.lines().collect(), at: 0, faults: Vec::new() };
    let document = reader.document();
    if reader.faults.is_empty() {
        Ok(document)
    } else {
        reader.faults.sort_by_key(|fault| fault.line);
        Err(reader.faults)
    }
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    faults: Vec<PlanFault>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line
    }

    fn fault(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push(PlanFault { line, message: message.into() });
    }

    fn document(&mut self) -> PlanDocument {
        let mut document = PlanDocument::default();
        let mut has_steps = false;
        let mut anchors = None;
        while let Some(line) = self.next() {
            match line.trim_end() {
                ASKED => document.instruction = self.section(),
                GOAL => document.summary = self.section(),
                INVARIANTS => {
                    let section = self.section();
                    let filled = section.lines().map(str::trim).filter(|line| !line.is_empty());
                    document.invariants = filled.map(str::to_owned).collect();
                }
                STEPS => {
                    has_steps = true;
                    document.steps = self.steps();
                }
                ANCHORS => anchors = Some(self.anchors(&mut document.comment)),
                other if other.starts_with("## ") => self.fault(self.at - 1, "there is no such section in a plan"),
                _ => {}
            }
        }
        let end = self.lines.len().saturating_sub(1);
        if !has_steps {
            self.fault(end, format!("there is no section “{STEPS}”"));
        }
        match anchors {
            Some(anchors) => document.anchors = anchors,
            None => self.fault(end, "the last lines are missing, which say what the plan was made for; make the plan again"),
        }
        document
    }

    /// The fence of a section.
    fn section(&mut self) -> String {
        while let Some(line) = self.lines.get(self.at) {
            if line.trim().is_empty() {
                self.at += 1;
            } else {
                break;
            }
        }
        let from = self.at;
        match self.fence() {
            Some(body) => body,
            None => {
                self.fault(from.min(self.lines.len().saturating_sub(1)), "here a fence (```) was to begin");
                String::new()
            }
        }
    }

    /// A fenced block that begins on this line; `None`, and no line read, where none does.
    fn fence(&mut self) -> Option<String> {
        let line = self.lines.get(self.at)?;
        let indent = line.len() - line.trim_start().len();
        let ticks = line.trim_start().len() - line.trim_start().trim_start_matches('`').len();
        if ticks < 3 {
            return None;
        }
        let opened = self.at;
        self.at += 1;
        let mut body = Vec::new();
        while let Some(line) = self.next() {
            let bare = line.trim();
            if bare.len() >= ticks && bare.chars().all(|character| character == '`') {
                return Some(body.join("\n").trim().to_owned());
            }
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            body.push(line[indent.min(blank)..].trim_end());
        }
        self.fault(opened, "this fence is never closed");
        Some(String::new())
    }

    fn steps(&mut self) -> Vec<WrittenStep> {
        let mut steps: Vec<WrittenStep> = Vec::new();
        let mut is_lost = false;
        while let Some(line) = self.lines.get(self.at).copied() {
            let here = self.at;
            if line.starts_with("## ") || line.trim_end() == ANCHORS {
                break;
            }
            self.at += 1;
            if line.trim().is_empty() || line.starts_with("The workers of the ticked steps") {
                continue;
            }
            if line.starts_with("- ") {
                match head(line) {
                    Ok(step) if steps.iter().any(|other| other.id == step.id) => {
                        self.fault(here, format!("there are two steps {}", step.id));
                        is_lost = true;
                    }
                    Ok(step) => {
                        is_lost = false;
                        steps.push(WrittenStep { line: here, ..step });
                    }
                    Err(message) => {
                        self.fault(here, message);
                        is_lost = true;
                    }
                }
            } else if line.starts_with("  ") && (is_lost || !steps.is_empty()) {
                // What belongs to a step that cannot be read is read over, fences and all.
                let mut nobody = None;
                let step = if is_lost { &mut nobody } else { &mut steps.pop() };
                self.detail(here, line.trim(), step);
                steps.extend(step.take());
            } else {
                self.fault(here, "this is neither a step (`- [x] **id** kind …`) nor a part of one, which is indented");
            }
        }
        for step in &steps {
            if !step.kind.is_exact() && step.goal.is_empty() {
                self.faults.push(PlanFault { line: step.line, message: format!("{} has no goal", step.id) });
            }
        }
        steps
    }

    /// One of the indented lines below a step, and the fence that follows it.
    fn detail(&mut self, here: usize, line: &str, step: &mut Option<WrittenStep>) {
        let body = line.strip_prefix("- ").unwrap_or(line).trim();
        if matches!(body, "interface:" | "goal:") {
            let Some(text) = self.fence() else {
                return self.fault(here, "behind this line a fence (```) was to begin");
            };
            let Some(step) = step else { return };
            if body == "goal:" && step.kind.is_exact() {
                self.fault(here, format!("a {} is carried out by the index, which reads no goal", step.kind.as_str()));
            } else if body == "goal:" {
                step.goal = text;
            } else {
                step.interface = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
            }
        } else if let Some(ids) = body.strip_prefix("after ") {
            let ids = ids.split(',').map(|id| id.trim().trim_matches('*').to_owned()).filter(|id| !id.is_empty());
            step.iter_mut().for_each(|step| step.depends_on = ids.clone().collect());
        } else if let Some(names) = body.strip_prefix("may delete ") {
            match code_spans(names) {
                Ok(names) => step.iter_mut().for_each(|step| step.may_delete = names.clone()),
                Err(message) => self.fault(here, message),
            }
        } else {
            self.fault(here, "a step has `after`, `may delete`, `interface:` and `goal:`, and nothing else");
        }
    }

    fn anchors(&mut self, comment: &mut Option<String>) -> Anchors {
        let mut anchors = Anchors::default();
        while let Some(line) = self.next() {
            let here = self.at - 1;
            if line.trim_end() == "-->" {
                return anchors;
            }
            if let Some(path) = line.strip_prefix("comment ").and_then(|path| serde_json::from_str(path).ok()) {
                *comment = Some(path);
            } else if !line.trim().is_empty()
                && let Err(message) = anchors.read(line)
            {
                self.fault(here, message);
            }
        }
        self.fault(self.lines.len().saturating_sub(1), "the comment at the end is never closed");
        anchors
    }
}

fn code_spans(text: &str) -> Result<Vec<String>, String> {
    let name = |token| match token {
        Token::Code(name) => Ok(name),
        Token::Word(word) => Err(format!("names stand in backticks: `{word}`")),
    };
    tokens(text)?.into_iter().map(name).collect()
}

/// `- [x] **e1** edit_symbol `a`, `b` in `src/a.rs` (mini, about 1,234 tokens, $0.0012)`.
fn head(line: &str) -> Result<WrittenStep, String> {
    let line = line.strip_prefix("- ").unwrap_or(line).trim();
    let (is_ticked, rest) = match (line.get(..3), line.get(3..)) {
        (Some("[x]" | "[X]"), Some(rest)) => (true, rest),
        (Some("[ ]"), Some(rest)) => (false, rest),
        _ => return Err("a step begins with a box, `[x]` or `[ ]`".to_owned()),
    };
    let mut tokens = tokens(rest)?.into_iter().peekable();
    let mut word = |what: &str| match tokens.next() {
        Some(Token::Word(word)) => Ok(word),
        _ => Err(format!("here the {what} of the step was to stand")),
    };
    let id = word("id")?.trim_matches('*').to_owned();
    let kind = word("kind")?;
    let Some(kind) = StepKind::named(&kind) else {
        let known: Vec<&str> = StepKind::ALL.iter().map(|kind| kind.as_str()).collect();
        return Err(format!("there is no kind {kind:?}; there are {}", known.join(", ")));
    };
    let mut names = Vec::new();
    let mut file = None;
    let mut target = None;
    let mut notes = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Code(name) => names.push(name),
            Token::Word(word) if word == "in" || word == "to" => {
                let Some(Token::Code(name)) = tokens.next() else {
                    return Err(format!("behind “{word}” a path or a name in backticks was to stand"));
                };
                let place = if word == "in" { &mut file } else { &mut target };
                if place.replace(name).is_some() {
                    return Err(format!("“{word}” stands twice"));
                }
            }
            Token::Word(word) if word.starts_with('(') => {
                notes.push(word);
                notes.extend(tokens.by_ref().map(|token| match token {
                    Token::Word(text) | Token::Code(text) => text,
                }));
            }
            Token::Word(word) => return Err(format!("{word:?} cannot be read; paths and names stand in backticks")),
        }
    }
    // Without symbols the one name is that of the file.
    let file = match (file, names.len()) {
        (Some(file), _) => file,
        (None, 1) => names.remove(0),
        _ => return Err("it does not say in which file".to_owned()),
    };
    let target = match (kind.has_target(), target) {
        (true, Some(target)) => target,
        (true, None) => return Err(format!("a {} says what it leads to: to `…`", kind.as_str())),
        (false, Some(_)) => return Err(format!("a {} leads nowhere: nothing stands behind “to”", kind.as_str())),
        (false, None) => String::new(),
    };
    let (tier, estimate) = read_notes(kind, &notes.join(" "))?;
    Ok(WrittenStep {
        is_ticked,
        id,
        kind,
        file,
        symbols: names,
        may_delete: Vec::new(),
        target,
        tier,
        estimate,
        interface: Vec::new(),
        depends_on: Vec::new(),
        goal: String::new(),
        line: 0,
    })
}

/// What stands in the brackets: the tier counts, the rest is told and not asked.
fn read_notes(kind: StepKind, notes: &str) -> Result<(Option<Tier>, Option<Estimate>), String> {
    let notes = notes.trim_start_matches('(').trim_end_matches(')');
    let words: Vec<&str> = notes.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let tier = match (kind.is_exact(), words.first().copied()) {
        (true, None | Some("index")) => None,
        (true, Some(other)) => return Err(format!("a {} is carried out by the index, not by {other:?}", kind.as_str())),
        (false, None | Some("mini")) => Some(Tier::Mini),
        (false, Some("flagship")) => Some(Tier::Flagship),
        (false, Some(other)) => return Err(format!("a worker is mini or flagship, not {other:?}")),
    };
    Ok((tier, read_estimate(notes)))
}

/// `…, about 1,234 tokens, $0.0012`.
fn read_estimate(notes: &str) -> Option<Estimate> {
    let (_, rest) = notes.split_once("about ")?;
    let (tokens, rest) = rest.split_once(" tokens")?;
    let tokens = tokens.replace(',', "").parse().ok()?;
    let cost = rest.split_once('$').and_then(|(_, dollars)| micro_dollars(dollars.trim())).map(Cost::from_micro_usd);
    Some((tokens, cost))
}

/// Dollars with up to six digits behind the point, as micro-dollars.
fn micro_dollars(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000000".chars()).take(6).collect();
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(part.parse().ok()?)
}
