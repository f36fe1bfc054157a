//! What a key of the configuration is. There is one table of them ([`super::KEYS`]); reading, checking, the JSON schema, the page of
//! documentation and the files that are written for a user all come from it.

use models::{Dollars, Tier};
use toml::Value;

use super::Settings;

/// A key, or all keys of one form: `tiers.<tier>.model`.
#[derive(Debug)]
pub struct Key {
    /// The key, its sections before it. `<tier>` stands for the name of a tier, `<name>` for any name.
    pub name: &'static str,
    /// What it may be set to.
    pub kind: Kind,
    /// What counts where nobody says anything, as TOML; empty where that is nothing at all.
    pub default: &'static str,
    /// What it means, in sentences.
    pub doc: &'static str,
    /// Who may set it.
    pub reach: Reach,
    /// How it becomes a setting; `None` where it is for the gateway.
    pub(super) set: Option<fn(&mut Settings, &Value)>,
}

/// What a key may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number between two, both included.
    Whole {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// A text.
    Text,
    /// A program and its arguments, as a list of texts.
    Command,
    /// One of these texts, the quietest first, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// An amount in dollars, with at most six decimals.
    Dollars,
}

/// Who may set a key besides the user's own file and what the editor says when it starts the server, which may set every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody.
    Anyone,
    /// Everybody, to less than the user does; to more only the workspace that the user trusts.
    Lower,
    /// The editor at any time, and the workspace that the user trusts.
    Editor,
    /// The workspace that the user trusts.
    Trusted,
    /// Nobody else.
    User,
}

/// How a path of keys relates to a key of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Leaf,
    Section,
    No,
}

impl Key {
    /// The parts of its name.
    pub fn segments(&self) -> impl Iterator<Item = &'static str> {
        self.name.split('.')
    }

    pub(super) fn matches(&self, path: &[String]) -> Match {
        let mut segments = self.segments();
        for part in path {
            if !segments.next().is_some_and(|segment| fits(segment, part)) {
                return Match::No;
            }
        }
        if segments.next().is_none() { Match::Leaf } else { Match::Section }
    }
}

/// Whether a part of a path may stand where the table has this segment.
fn fits(segment: &str, part: &str) -> bool {
    match segment {
        "<name>" => true,
        "<tier>" => Tier::ALL.iter().any(|tier| tier.as_str() == part),
        _ => segment == part,
    }
}

impl Kind {
    /// Whether this is a value of the kind.
    ///
    /// # Errors
    /// Fails with what it should be, to stand after the key: `is a whole number from 0 to 500, not "x"`.
    pub(super) fn check(self, value: &Value) -> Result<(), String> {
        let is_fine = match self {
            Self::Flag => value.is_bool(),
            Self::Whole { least, most } => whole(value).is_some_and(|number| (least..=most).contains(&number)),
            Self::Text => value.is_str(),
            Self::Command => {
                let words = value.as_array();
                words.is_some_and(|words| words.iter().all(Value::is_str) && words.first().is_some_and(|word| !blank(word)))
            }
            Self::OneOf(texts) => texts.iter().any(|(text, _)| value.as_str() == Some(text)),
            Self::Dollars => dollars(value).is_some(),
        };
        if is_fine { Ok(()) } else { Err(format!("is {self}, not {}", brief(value))) }
    }

    /// Whether `value` asks for no more than `base`, which is what the user says; a base of `None` is no bound at all.
    pub(super) fn is_within(self, value: &Value, base: Option<&Value>) -> bool {
        let Some(base) = base else { return true };
        match self {
            Self::Whole { .. } => whole(value) <= whole(base),
            Self::Dollars => dollars(value) <= dollars(base),
            Self::OneOf(texts) => {
                let place = |value: &Value| texts.iter().position(|(text, _)| value.as_str() == Some(text));
                place(value) <= place(base)
            }
            Self::Flag => value.as_bool() <= base.as_bool(),
            Self::Text | Self::Command => value == base,
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => formatter.write_str("true or false"),
            Self::Whole { least: 0, most: u64::MAX } => formatter.write_str("a whole number"),
            Self::Whole { least, most } if *most >= u64::from(u32::MAX) => write!(formatter, "a whole number from {least} on"),
            Self::Whole { least, most } => write!(formatter, "a whole number from {least} to {most}"),
            Self::Text => formatter.write_str("a text"),
            Self::Command => formatter.write_str("a list of a program and its arguments, like [\"program\", \"argument\"]"),
            Self::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|(text, _)| format!("\"{text}\"")).collect();
                write!(formatter, "one of {}", texts.join(", "))
            }
            Self::Dollars => formatter.write_str("an amount in dollars, like 0.25"),
        }
    }
}

pub(super) fn whole(value: &Value) -> Option<u64> {
    value.as_integer().and_then(|number| u64::try_from(number).ok())
}

fn dollars(value: &Value) -> Option<Dollars> {
    value.clone().try_into().ok()
}

fn blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}

/// A value as it may stand in a message: a file of a repository must not fill the screen.
fn brief(value: &Value) -> String {
    match value {
        Value::Table(_) => "a section".to_owned(),
        Value::Array(_) => "this list".to_owned(),
        other => {
            let text = other.to_string();
            if text.chars().count() <= 40 { text } else { format!("{}…", text.chars().take(40).collect::<String>()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(toml: &str) -> Value {
        toml::from_str::<toml::Table>(&format!("v = {toml}")).unwrap().remove("v").unwrap()
    }

    #[test]
    fn values_are_of_their_kind_or_it_is_said_what_they_should_be() {
        const POLICY: Kind = Kind::OneOf(&[("off", ""), ("auto", "")]);
        for (kind, fine, wrong, said) in [
            (Kind::Flag, "true", "1", "is true or false, not 1"),
            (Kind::Whole { least: 0, most: 500 }, "500", "501", "is a whole number from 0 to 500, not 501"),
            (Kind::Whole { least: 0, most: u64::MAX }, "7", "-7", "is a whole number, not -7"),
            (Kind::Text, "'a'", "[]", "is a text, not this list"),
            (Kind::Command, "['make', '']", "'make'", "like [\"program\", \"argument\"], not \"make\""),
            (Kind::Command, "['make']", "[]", "not this list"),
            (POLICY, "'off'", "'on'", "is one of \"off\", \"auto\", not \"on\""),
            (Kind::Dollars, "0.25", "-1", "is an amount in dollars, like 0.25, not -1"),
        ] {
            assert_eq!(kind.check(&value(fine)), Ok(()), "{fine}");
            let message = kind.check(&value(wrong)).unwrap_err();
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn less_and_more_are_told_apart() {
        const POLICY: Kind = Kind::OneOf(&[("off", ""), ("auto", "")]);
        for (kind, less, more) in [
            (Kind::Dollars, "0.1", "\"0.2\""),
            (Kind::Dollars, "1", "1.000001"),
            (Kind::Whole { least: 0, most: 9 }, "1", "2"),
            (POLICY, "'off'", "'auto'"),
            (Kind::Flag, "false", "true"),
        ] {
            assert!(kind.is_within(&value(less), Some(&value(more))), "{less} {more}");
            assert!(!kind.is_within(&value(more), Some(&value(less))), "{more} {less}");
        }
        assert!(Kind::Dollars.is_within(&value("9"), None));
    }
}
