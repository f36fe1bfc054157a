//! Which actions there are at a place, gated by what stands there, and why some of them cannot be chosen.

use assist::{Trust, local_file, workspace_file};
use index::SymbolRef;
use models::Tier;
use refactor::{EditRequest, Instruction, PlanDocument, Reach};
use serde_json::{Value, json};
use text::Span;
use tower_lsp::gen_lsp_types as proto;

use super::{Action, Place, in_comment};
use crate::capabilities::{command, kind};
use crate::session::{Located, Session};
use crate::{plans, to_proto};

/// The most diagnostics that a menu offers to fix.
const MOST_FIXES: usize = 3;

/// The longest question that a comment is taken for, in characters.
const LONGEST_QUESTION: usize = 300;

/// The longest part of a title that comes from elsewhere, in characters.
const LONGEST: usize = 44;

pub(super) struct Offers<'a> {
    session: &'a Session,
    located: &'a Located,
    place: &'a Place,
    /// The bytes that are selected, or where the cursor stands.
    span: Span,
    /// Why no edit by a model can be chosen here.
    no_edit: Option<String>,
}

impl<'a> Offers<'a> {
    pub(super) fn new(session: &'a Session, located: &'a Located, place: &'a Place) -> Self {
        let lines = located.snapshot.text_with_lines(&located.path);
        let span = lines.map(|(text, lines)| lines.span(&text, place.range, session.profile().encoding)).unwrap_or_default();
        let mut offers = Self { session, located, place, span, no_edit: None };
        offers.no_edit = offers.needs(Tier::Mini).or_else(|| offers.needs_apply()).or_else(|| offers.may_not_leave());
        offers
    }

    pub(super) fn all(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        actions.extend(self.fixes());
        let instruction = self.instruction();
        let is_comment = instruction.is_some();
        actions.extend(instruction);
        actions.extend(self.selection());
        if !is_comment {
            actions.extend(self.look_up());
            actions.extend(self.about_symbol());
        }
        actions.extend(self.egress());
        actions.extend(self.waiting_plan());
        actions.extend(self.undo());
        actions.extend(self.trust());
        actions
    }

    fn needs(&self, tier: Tier) -> Option<String> {
        let has = self.located.snapshot.gateway().is_some_and(|gateway| gateway.has(tier));
        (!has).then(|| format!("No {tier} model is configured; `tierline doctor` says how to configure one"))
    }

    fn needs_apply(&self) -> Option<String> {
        (!self.session.profile().apply_edit).then(|| "Your editor does not apply edits that a server sends".to_owned())
    }

    fn may_not_leave(&self) -> Option<String> {
        assist::verdict(&self.located.snapshot, &self.located.path).err().map(|denied| denied.to_string())
    }

    fn action(&self, title: String, kind: &'static str, command: &'static str, argument: Value) -> Action {
        Action { title, kind, command, argument, is_by_model: true, disabled: None, diagnostic: None }
    }

    fn edit(&self, title: String, kind: &'static str, command: &'static str) -> Action {
        Action { disabled: self.no_edit.clone(), ..self.action(title, kind, command, self.at()) }
    }

    fn at(&self) -> Value {
        let start = self.place.range.start;
        json!({"v": 1, "uri": self.place.uri, "position": {"line": start.line, "character": start.character}})
    }

    fn range(&self) -> Value {
        let position = |position: text::Position| json!({"line": position.line, "character": position.character});
        json!({"start": position(self.place.range.start), "end": position(self.place.range.end)})
    }

    fn about_symbol(&self) -> Vec<Action> {
        let (snapshot, path) = (&self.located.snapshot, self.located.path.as_str());
        let offset = self.span.start as usize;
        let mut actions = Vec::new();
        let meant = assist::symbol_at(snapshot, path, offset);
        if let Some(symbol) = &meant {
            let explain = self.action(format!("Explain {}", quoted(symbol)), kind::EXPLAIN, command::EXPLAIN, self.at());
            actions.push(Action { is_by_model: self.needs(Tier::Mini).is_none(), ..explain });
        }
        if let Some(symbol) = EditRequest::symbol(snapshot, path, offset) {
            actions.extend(self.edits_of(&symbol));
        }
        if let Some(symbol) = &meant {
            let name = self.edit(format!("Suggest a better name for {}", quoted(symbol)), kind::NAME, command::NAME);
            actions.push(name);
            let title = format!("Refresh the summary of {}", quoted(symbol));
            let summary = self.action(title, kind::SUMMARISE, command::SUMMARISE, self.at());
            actions.push(Action { disabled: self.needs(Tier::Nano), ..summary });
            let plan = self.action("Refactor across files…".to_owned(), kind::PLAN, command::REFACTOR, self.at());
            actions.push(Action { disabled: self.needs(Tier::Flagship).or_else(|| self.no_edit.clone()), ..plan });
        }
        actions
    }

    fn edits_of(&self, symbol: &SymbolRef) -> Vec<Action> {
        let snapshot = &self.located.snapshot;
        let mut actions = Vec::new();
        if EditRequest::can_document(snapshot, symbol) {
            let again = if symbol.get().doc.is_empty() { "" } else { " anew" };
            actions.push(self.edit(format!("Document {}{again}", quoted(symbol)), kind::DOCUMENT, command::DOCUMENT));
        }
        if EditRequest::is_function(symbol) {
            actions.push(self.edit(format!("Simplify {}", quoted(symbol)), kind::SIMPLIFY, command::SIMPLIFY));
            if !symbol.is_test() {
                let test = self.edit(format!("Generate a test for {}", quoted(symbol)), kind::TEST, command::TEST);
                let no_place = match EditRequest::test_file(snapshot, symbol) {
                    None => Some(format!("Where tests live is not known for {}", symbol.record.language.name())),
                    Some((path, true)) if !self.can_create() => Some(format!("Your editor cannot create {path}")),
                    Some(_) => None,
                };
                actions.push(Action { disabled: test.disabled.clone().or(no_place), ..test });
            }
        }
        actions
    }

    fn can_create(&self) -> bool {
        let profile = self.session.profile();
        profile.document_changes && profile.create_files
    }

    /// `// tierline: rename a to b` on the line of the cursor.
    fn instruction(&self) -> Option<Action> {
        let (text, lines) = self.located.snapshot.text_with_lines(&self.located.path)?;
        let line = self.place.range.start.line;
        let found = in_comment(lines.line_span(&text, line as usize).of(&text))?;
        let is_exact = Instruction::parse(found).is_exact();
        let is_for_many = || {
            let start = lines.line_span(&text, line as usize).start as usize;
            let reach = refactor::reach_by_index(&self.located.snapshot, &self.located.path, start, found);
            reach == Some(Reach::Several)
        };
        let disabled = match is_exact {
            true => self.needs_apply(),
            false if is_for_many() => {
                let flagship = self.needs(Tier::Flagship).map(|reason| format!("This reaches over several files. {reason}"));
                flagship.or_else(|| self.no_edit.clone())
            }
            false => self.no_edit.clone(),
        };
        let argument = json!({"v": 1, "instruction": found, "uri": self.place.uri, "comment": {"line": line}});
        let action = self.action(format!("Carry out: {}", short(found)), kind::INSTRUCTION, command::INSTRUCT, argument);
        Some(Action { is_by_model: !is_exact, disabled, ..action })
    }

    /// The question that a comment is taken for.
    fn look_up(&self) -> Option<Action> {
        let document = self.located.snapshot.document(&self.located.path)?;
        let text = &document.document.text;
        // In front of a comment, on its line, is at it.
        let rest = text.get(self.span.start as usize..)?;
        let offset = text.len() - rest.trim_start_matches([' ', '\t']).len();
        let said = document.parsed()?.tree.comment_at(text, offset)?;
        let question = said.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let question: String = question.chars().take(LONGEST_QUESTION).collect();
        if question.split(' ').filter(|word| word.contains(char::is_alphabetic)).count() < 2 {
            return None;
        }
        let argument = json!({"v": 1, "question": question, "show": true});
        let action = self.action(format!("Look up “{}”", short(&question)), kind::LOOKUP, command::LOOKUP, argument);
        Some(Action { is_by_model: self.needs(Tier::Nano).is_none(), ..action })
    }

    fn selection(&self) -> Option<Action> {
        let (text, _) = self.located.snapshot.text_with_lines(&self.located.path)?;
        if self.span.of(&text).trim().is_empty() {
            return None;
        }
        let argument = json!({"v": 1, "uri": self.place.uri, "range": self.range()});
        let action = self.action("Rewrite selection…".to_owned(), kind::SELECTION, command::REWRITE, argument);
        Some(Action { disabled: self.no_edit.clone(), ..action })
    }

    fn fixes(&self) -> Vec<Action> {
        let here = self.place.diagnostics.iter().filter(|diagnostic| touches(diagnostic.range, self.place.range));
        let fix = |diagnostic: &proto::Diagnostic| {
            let said = message(diagnostic);
            let argument = json!({"v": 1, "uri": self.place.uri, "range": diagnostic.range, "message": said});
            let action = self.action(format!("Fix “{}”", short(&said)), kind::FIX, command::FIX, argument);
            Action { disabled: self.no_edit.clone(), diagnostic: Some(diagnostic.clone()), ..action }
        };
        here.filter(|diagnostic| !message(diagnostic).trim().is_empty()).take(MOST_FIXES).map(fix).collect()
    }

    fn egress(&self) -> Option<Action> {
        self.located.snapshot.gateway()?;
        self.located.snapshot.index().file(&self.located.path)?;
        let action = self.action("Show what would be sent".to_owned(), kind::EGRESS, command::EGRESS, self.at());
        Some(Action { is_by_model: false, ..action })
    }

    /// For editors that show a plan and do not ask us what can be done in it.
    fn waiting_plan(&self) -> Vec<Action> {
        let Some(path) = plans::waiting(self.session, &self.located.snapshot) else { return Vec::new() };
        let (Some(plan), Some(uri)) = (plans::opened(self.session, &path), to_proto::uri(&path)) else { return Vec::new() };
        let Ok(document) = PlanDocument::parse(&plan.text) else { return Vec::new() };
        let name = short(&document.instruction);
        let action = |title: String, verb: &str| {
            let argument = json!({"v": 1, "uri": uri, "do": verb});
            Action { is_by_model: verb == "apply", ..self.action(title, kind::WAITING_PLAN, command::PLAN, argument) }
        };
        let fault = document.resolve(&self.located.snapshot).err().and_then(|faults| faults.first().map(ToString::to_string));
        let apply = action(format!("Apply the plan “{name}”"), "apply");
        let open = action(format!("Open the plan “{name}”"), "open");
        vec![Action { disabled: fault.or_else(|| self.needs_apply()), ..apply }, open]
    }

    fn undo(&self) -> Option<Action> {
        let entry = self.session.journal(&self.located.snapshot).last().ok()??;
        let files = assist::plural(entry.file_count(), "file", "files");
        let title = format!("Undo “{}” ({files})", short(&entry.instruction));
        let action = self.action(title, kind::UNDO, command::UNDO, json!({"v": 1, "uri": self.place.uri}));
        Some(Action { is_by_model: false, ..action })
    }

    /// In a configuration file of a workspace that asks for what needs trust.
    fn trust(&self) -> Option<Action> {
        let root = self.located.snapshot.root();
        let path = root.join(&self.located.path);
        if path != workspace_file(root) && path != local_file(root) {
            return None;
        }
        let waits = matches!(self.session.configured(root).trust, Trust::Untrusted | Trust::Changed);
        let argument = json!({"v": 1, "uri": self.place.uri});
        let action = self.action("Trust this workspace…".to_owned(), kind::TRUST, command::TRUST, argument);
        waits.then_some(Action { is_by_model: false, ..action })
    }
}

/// Whether two ranges share a position; an empty one counts as the cursor in it.
fn touches(a: proto::Range, b: text::PositionRange) -> bool {
    let b = crate::to_proto::range(b);
    let key = |position: proto::Position| (position.line, position.character);
    key(a.start) <= key(b.end) && key(b.start) <= key(a.end)
}

/// What a diagnostic says, whichever form it has.
fn message(diagnostic: &proto::Diagnostic) -> String {
    let value = serde_json::to_value(&diagnostic.message).unwrap_or_default();
    value.as_str().or_else(|| value["value"].as_str()).unwrap_or_default().to_owned()
}

fn quoted(symbol: &SymbolRef) -> String {
    format!("`{}`", short(&symbol.get().name))
}

/// One line, cut where it is long.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}
