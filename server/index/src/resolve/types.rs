//! What type an expression has, as far as the text of the workspace tells it: what a name was declared as or begins as, what a
//! member of that was declared as, what a call of it returns.
//!
//! Expressions are those that `syntax` lists (`server/syntax/src/values.rs`). Nothing is inferred that is not written: a function
//! whose return type is not declared returns something unknown.

mod built_in;
mod members;
mod named;
mod parts;
mod written;

pub(crate) use members::is_set;

use std::rc::Rc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::Language;

use crate::Index;
use crate::base::{FileId, Place};

/// So deep expressions lead to others, and members to others.
const DEPTH: u32 = 14;
/// So many expressions are looked at for one question.
const FUEL: u32 = 1_000;
/// So many things one expression may be.
const MOST: usize = 64;

/// What an expression may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// The definition itself.
    Defined(Place, Arguments),
    /// An instance of what is defined there.
    Of(Place, Arguments),
    /// A value of a written type.
    Written(Written),
    /// A module: its files.
    Module(Rc<[FileId]>),
    /// Something from outside of the workspace.
    Foreign,
}

/// A type, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    text: SmolStr,
    site: Site,
    /// What the type parameters stand for.
    arguments: Arguments,
}

/// What type parameters stand for, where that is known.
type Arguments = Option<Rc<Vec<(SmolStr, Written)>>>;

/// Where something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Site {
    pub(super) file: FileId,
    /// In bytes.
    pub(super) at: u32,
    /// The symbol around it.
    pub(super) enclosing: Option<u32>,
}

/// Whether what values are is read of a language.
pub(crate) fn are_told(language: Language) -> bool {
    matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx | Language::Python)
}

type Key = (SmolStr, FileId, Option<u32>, u32);

/// Answers, one after another, what expressions are.
pub(super) struct Types<'a> {
    index: &'a Index,
    known: FxHashMap<Key, Rc<[Value]>>,
    depth: u32,
    /// How many members are looked for, each on the way to the one before.
    members: u32,
    /// The types whose members of a name are being looked for.
    looking: Vec<(Place, SmolStr)>,
    fuel: u32,
}

impl<'a> Types<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self { index, known: FxHashMap::default(), depth: 0, members: 0, looking: Vec::new(), fuel: FUEL }
    }

    /// What an expression may be; empty where that is not known.
    pub(super) fn of(&mut self, expression: &str, site: Site) -> Rc<[Value]> {
        self.begin();
        if self.depth > DEPTH || self.fuel == 0 {
            return Rc::default();
        }
        let file = self.index.record(site.file).file();
        let first = first_name(expression);
        let binding = file.local_value(first, site.at).map_or(u32::MAX, |(start, _)| start);
        let key = (expression.into(), site.file, site.enclosing, binding);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        self.fuel -= 1;
        self.depth += 1;
        let mut values = self.evaluate(expression, site);
        self.depth -= 1;
        values.truncate(MOST);
        let values: Rc<[Value]> = values.into();
        if self.fuel > 0 {
            self.known.insert(key, Rc::clone(&values));
        }
        values
    }

    /// Where this is a question of its own, all fuel is there again.
    fn begin(&mut self) {
        if self.depth == 0 && self.members == 0 {
            self.fuel = FUEL;
        }
    }

    fn evaluate(&mut self, expression: &str, site: Site) -> Vec<Value> {
        let (mut values, mut rest) = if expression.starts_with('<') {
            let Some(end) = written::end_of_bracket(expression) else { return Vec::new() };
            let text = expression[1..end - 1].into();
            (vec![Value::Written(Written { text, site, arguments: None })], &expression[end..])
        } else if let Some(class) = expression.strip_prefix("new ") {
            let end = class.find('(').unwrap_or(class.len());
            let classes = self.of(&class[..end], site);
            match class[end..].strip_prefix("()") {
                Some(rest) => (self.each(&classes, Self::instance), rest),
                None => (classes.to_vec(), &class[end..]),
            }
        } else {
            let first = first_name(expression);
            (self.of_name(first, site), &expression[first.len()..])
        };
        // What a method is called on, for those that return it.
        let mut owner: Vec<Value> = Vec::new();
        // The type arguments of the call that follows.
        let mut given: Vec<Written> = Vec::new();
        while let Some(step) = rest.chars().next() {
            if values.is_empty() {
                return values;
            }
            rest = &rest[step.len_utf8()..];
            match step {
                '.' => {
                    let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
                    let name = &rest[..end];
                    rest = &rest[end..];
                    if name.is_empty() {
                        continue;
                    }
                    let members = self.each(&values, |types, value| types.member(value, name));
                    if (members.is_empty() || members == [Value::Foreign])
                        && let Some((found, steps)) = self.of_built_in(&values, name, rest)
                    {
                        values = found;
                        rest = &rest[steps..];
                        continue;
                    }
                    owner = std::mem::replace(&mut values, members);
                }
                '<' => {
                    let text = &expression[expression.len() - rest.len() - 1..];
                    let end = written::end_of_bracket(text).unwrap_or(text.len());
                    let arguments = written::split(text.get(1..end - 1).unwrap_or_default(), &[',']);
                    given = arguments.into_iter().map(|text| Written { text: text.into(), site, arguments: None }).collect();
                    rest = &text[end..];
                }
                '(' => {
                    values = values.into_iter().map(|value| self.applied_to(value, &given)).collect();
                    given.clear();
                    if let Some(after) = rest.strip_prefix(')') {
                        rest = after;
                        let owners = std::mem::take(&mut owner);
                        values = self.each(&values, |types, value| types.called(value, &owners));
                    } else {
                        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
                        let place = rest[..end].parse().unwrap_or(usize::MAX);
                        rest = &rest[end..];
                        values = self.each(&values, |types, value| types.parameter(value, place));
                    }
                }
                '[' => {
                    rest = rest.strip_prefix(']').unwrap_or(rest);
                    values = self.each(&values, Self::element);
                }
                '{' => {
                    let Some((told, after)) = rest.split_once('}') else { return Vec::new() };
                    let Some((member, word)) = told.split_once(':') else { return Vec::new() };
                    rest = after;
                    values = self.parts_with(&values, member, word);
                }
                '@' => values = self.each(&values, Self::entered),
                '?' | '!' => {}
                _ => return Vec::new(),
            }
        }
        values
    }

    /// What each of some values leads to, without repetitions.
    fn each(&mut self, values: &[Value], mut step: impl FnMut(&mut Self, &Value) -> Vec<Value>) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for value in values.iter().take(MOST) {
            for value in step(self, value) {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
        }
        all
    }
}

/// The name that an expression begins with.
fn first_name(expression: &str) -> &str {
    let expression = expression.strip_prefix("new ").unwrap_or(expression);
    &expression[..expression.find(|character| !is_word(character)).unwrap_or(expression.len())]
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '#')
}
