//! The conditions of a pattern on the text of what it captures.

use std::sync::OnceLock;

use regex::Regex;
use text::Span;

use super::matcher::Captured;
use crate::tape::Tape;

/// One condition: `(#eq? @name "self")`.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) capture: u16,
    test: Test,
    /// What the answer must be.
    positive: bool,
    /// Whether one of several captured nodes is enough.
    any: bool,
}

#[derive(Debug)]
enum Test {
    Text(String),
    Capture(u16),
    OneOf(Vec<String>),
    Pattern(String, OnceLock<Option<Regex>>),
    FollowedBy(Vec<String>),
}

/// What stands in a predicate after its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    Capture(u16),
    Text(String),
}

impl Predicate {
    /// The condition that a predicate is; `None` for one that states none.
    pub(crate) fn new(name: &str, arguments: &[Argument]) -> Option<Self> {
        let (any, name) = name.strip_prefix("any-").filter(|rest| *rest != "of?").map_or((false, name), |rest| (true, rest));
        let (positive, name) = name.strip_prefix("not-").map_or((true, name), |rest| (false, rest));
        let (Argument::Capture(capture), rest) = arguments.split_first()? else { return None };
        let texts = || {
            let text = |argument: &Argument| match argument {
                Argument::Text(text) => Some(text.clone()),
                Argument::Capture(_) => None,
            };
            rest.iter().filter_map(text).collect::<Vec<_>>()
        };
        let test = match (name, rest.first()?) {
            ("eq?", Argument::Text(text)) => Test::Text(text.clone()),
            ("eq?", Argument::Capture(other)) => Test::Capture(*other),
            ("match?", Argument::Text(pattern)) => Test::Pattern(pattern.clone(), OnceLock::new()),
            ("any-of?", _) => Test::OneOf(texts()),
            ("followed-by?", _) => Test::FollowedBy(texts()),
            _ => return None,
        };
        Some(Self { capture: *capture, test, positive, any })
    }

    /// The captures that it speaks of.
    pub(crate) fn captures(&self) -> impl Iterator<Item = u16> {
        let other = if let Test::Capture(other) = self.test { Some(other) } else { None };
        std::iter::once(self.capture).chain(other)
    }

    /// Whether it holds for what was captured; of what was not captured it says nothing.
    pub(crate) fn holds(&self, captured: &Captured, tape: &Tape<'_>, text: &str) -> bool {
        let mut spans = captured.iter().filter(|(capture, _)| *capture == self.capture).map(|(_, at)| tape.span(*at)).peekable();
        if spans.peek().is_none() {
            return true;
        }
        let mut right = |span: Span| self.test.holds(span, captured, tape, text) == self.positive;
        if self.any { spans.any(&mut right) } else { spans.all(&mut right) }
    }
}

impl Test {
    fn holds(&self, span: Span, captured: &Captured, tape: &Tape<'_>, text: &str) -> bool {
        let own = span.of(text);
        match self {
            Self::Text(wanted) => own == wanted,
            Self::Capture(other) => {
                captured.iter().filter(|(capture, _)| capture == other).all(|(_, other)| tape.span(*other).of(text) == own)
            }
            Self::OneOf(wanted) => wanted.iter().any(|wanted| own == wanted),
            Self::Pattern(pattern, regex) => {
                regex.get_or_init(|| Regex::new(pattern).ok()).as_ref().is_some_and(|regex| regex.is_match(own))
            }
            Self::FollowedBy(wanted) => {
                let rest = text.get(span.end as usize..).unwrap_or_default();
                wanted.iter().any(|wanted| begins(rest, wanted))
            }
        }
    }
}

/// Whether a text begins with another, the white space in it left out.
fn begins(text: &str, wanted: &str) -> bool {
    let mut bytes = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    wanted.bytes().all(|wanted| bytes.next() == Some(wanted))
}
