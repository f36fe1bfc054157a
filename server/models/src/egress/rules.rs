//! The secret formats: data, read when the first text is looked through, each format compiled when its keyword is first met.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::bytes::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

const GITLEAKS: &str = include_str!("../../secrets/gitleaks.toml");
const OWN: &str = include_str!("../../secrets/tierline.toml");

/// How most rules of gitleaks begin: the name before the keyword. It is matched by hand, so that the search can begin at the
/// keyword, which is many times quicker.
const NAME_BEFORE: &str = r"[\w.-]{0,50}?";
const LONGEST_NAME_BEFORE: usize = 50;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    allowlist: Allow,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
struct RuleText {
    id: String,
    regex: Option<String>,
    #[serde(default)]
    entropy: f64,
    #[serde(default, rename = "secretGroup")]
    group: usize,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    allowlists: Vec<Allow>,
}

#[derive(Deserialize, Default)]
struct Allow {
    #[serde(default, rename = "regexTarget")]
    target: String,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(skip)]
    compiled: OnceLock<(Vec<Regex>, Option<AhoCorasick>)>,
}

/// One format.
pub(super) struct Rule {
    pub(super) id: String,
    pattern: String,
    names_before: bool,
    compiled: OnceLock<Option<Regex>>,
    entropy: f64,
    group: usize,
    allowed: Vec<Allow>,
    is_own: bool,
}

/// All formats, and the automaton that says which of them a text may hold.
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    everywhere: Allow,
    keywords: Option<AhoCorasick>,
    /// For each keyword the rules that it belongs to.
    owners: Vec<Vec<usize>>,
}

/// The built-in formats.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::read(OWN, GITLEAKS));

impl Rules {
    fn read(own: &str, others: &str) -> Self {
        let mut everywhere = Allow::default();
        let mut rules = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut owners: Vec<Vec<usize>> = Vec::new();
        for (text, is_own) in [(own, true), (others, false)] {
            // The files are built in, and a test reads them.
            let Ok(file) = toml::from_str::<File>(text) else { continue };
            everywhere = file.allowlist;
            for rule in file.rules {
                let Some(pattern) = rule.regex else { continue };
                for word in rule.keywords {
                    let at = words.iter().position(|known| *known == word).unwrap_or_else(|| {
                        words.push(word);
                        owners.push(Vec::new());
                        words.len() - 1
                    });
                    owners[at].push(rules.len());
                }
                let (names_before, pattern) = match pattern.split_once(NAME_BEFORE) {
                    Some(("(?i)", rest)) => (true, format!("(?i){rest}")),
                    _ => (false, pattern),
                };
                rules.push(Rule {
                    id: rule.id,
                    pattern: in_rust(&pattern),
                    names_before,
                    compiled: OnceLock::new(),
                    entropy: rule.entropy,
                    group: rule.group,
                    allowed: rule.allowlists,
                    is_own,
                });
            }
        }
        let keywords = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&words).ok();
        Rules { rules, everywhere, keywords, owners }
    }

    /// The rules whose keyword stands in a text, by number.
    pub(super) fn met(&self, text: &str) -> Vec<bool> {
        // Without the automaton every rule is tried: unknown means that it may be there.
        let Some(keywords) = &self.keywords else { return vec![true; self.rules.len()] };
        let mut met = vec![false; self.rules.len()];
        for found in keywords.find_overlapping_iter(text) {
            for rule in &self.owners[found.pattern().as_usize()] {
                met[*rule] = true;
            }
        }
        met
    }

    /// Whether a match of a rule is no secret after all.
    pub(super) fn is_allowed(&self, rule: &Rule, text: &[u8], span: (usize, usize), secret: &[u8]) -> bool {
        if entropy(secret) <= rule.entropy && rule.entropy > 0.0 {
            return true;
        }
        if rule.is_own {
            return rule.entropy > 0.0 && !looks_random(secret);
        }
        let mut start = span.0;
        while rule.names_before && start > 0 && span.0 - start < LONGEST_NAME_BEFORE && is_name(text[start - 1]) {
            start -= 1;
        }
        let whole = &text[start..span.1];
        let from = text[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let to = text[span.1..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| span.1 + at);
        let line = &text[from..to];
        std::iter::once(&self.everywhere).chain(&rule.allowed).any(|allow| allow.fits(secret, whole, line))
    }
}

impl Rule {
    /// The compiled format; `None` where it cannot be compiled, which a test rules out.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.pattern)).as_ref()
    }

    /// Where in the text the secret itself stands.
    pub(super) fn secret(&self, captures: &Captures<'_>) -> Option<(usize, usize)> {
        let filled = |group: usize| captures.get(group).filter(|found| !found.is_empty());
        let found = match self.group {
            0 => (1..captures.len()).find_map(filled).or_else(|| filled(0)),
            group => filled(group),
        };
        found.map(|found| (found.start(), found.end()))
    }
}

impl Allow {
    fn fits(&self, secret: &[u8], whole: &[u8], line: &[u8]) -> bool {
        // An exception that also asks for a path cannot be granted: where the text stands is not known here.
        if self.condition == "AND" {
            return false;
        }
        let (regexes, stopwords) = self.compiled.get_or_init(|| {
            let regexes = self.regexes.iter().filter_map(|pattern| compile(&in_rust(pattern))).collect();
            let words = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&self.stopwords);
            (regexes, words.ok().filter(|_| !self.stopwords.is_empty()))
        });
        let target = match self.target.as_str() {
            "match" => whole,
            "line" => line,
            _ => secret,
        };
        regexes.iter().any(|regex| regex.is_match(target)) || stopwords.as_ref().is_some_and(|words| words.is_match(secret))
    }
}

/// Bytes rather than characters, as in Go, where `\w` and `\b` are ASCII.
fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).size_limit(64 << 20).build().ok()
}

/// A pattern of Go's in Rust's syntax: Go takes a brace that begins no repetition as itself, and knows no nested classes.
fn in_rust(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(character) = rest.chars().next() {
        let mut taken = character.len_utf8();
        match character {
            '\\' => {
                taken += rest[1..].chars().next().map_or(0, char::len_utf8);
                if matches!(&rest[..taken], r"\x" | r"\p" | r"\P") && rest[taken..].starts_with('{') {
                    taken += rest[taken..].find('}').map_or(0, |end| end + 1);
                }
            }
            '[' if in_class && !rest.starts_with("[:") => out.push('\\'),
            '[' if in_class => taken = rest.find(":]").map_or(taken, |end| end + 2),
            '[' => {
                in_class = true;
                // A bracket that comes first in a class is itself.
                taken += rest[1..].len() - rest[1..].trim_start_matches('^').len();
                if rest[taken..].starts_with(']') {
                    out.push_str(&rest[..taken]);
                    out.push('\\');
                    rest = &rest[taken..];
                    taken = 1;
                }
            }
            ']' => in_class = false,
            '{' if !in_class && !is_repetition(rest) => out.push('\\'),
            '}' if !in_class && !closes_repetition(&out) => out.push('\\'),
            '&' | '~' if in_class => out.push('\\'),
            _ => {}
        }
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

fn is_repetition(rest: &str) -> bool {
    let inside = rest[1..].split('}').next().unwrap_or_default();
    rest.contains('}')
        && inside.starts_with(|character: char| character.is_ascii_digit())
        && inside.chars().all(|character| character.is_ascii_digit() || character == ',')
}

fn closes_repetition(out: &str) -> bool {
    out.rfind('{').is_some_and(|at| !out[..at].ends_with('\\') && out[at + 1..].chars().all(|c| c.is_ascii_digit() || c == ','))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

/// Shannon's entropy in bits for a byte.
fn entropy(secret: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    secret.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let total = secret.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}

/// What nobody would write by hand: both cases and digits, mixed rather than in words or in order.
fn looks_random(secret: &[u8]) -> bool {
    let changes = secret.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    let in_order = secret.windows(2).filter(|pair| pair[1] == pair[0].wrapping_add(1)).count();
    let has = |wanted: u8| secret.iter().any(|byte| class(*byte) == wanted);
    has(0) && has(1) && has(2) && changes * 3 >= secret.len() && in_order * 4 < secret.len()
}

fn class(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_and_every_exception_compiles() {
        let broken: Vec<&str> = RULES.rules.iter().filter(|rule| rule.regex().is_none()).map(|rule| rule.id.as_str()).collect();
        assert_eq!(broken, Vec::<&str>::new());
        assert!(RULES.rules.iter().filter(|rule| !rule.is_own).count() > 200);
        let allowed = RULES.rules.iter().flat_map(|rule| &rule.allowed).chain([&RULES.everywhere]);
        for pattern in allowed.flat_map(|allow| &allow.regexes) {
            assert!(compile(&in_rust(pattern)).is_some(), "{pattern}");
        }
    }

    #[test]
    fn patterns_of_go_are_spelled_for_rust() {
        for (go, rust) in [
            (r"^\${(?:a)}$", r"^\$\{(?:a)\}$"),
            (r"a{2,}b{3}", r"a{2,}b{3}"),
            (r"[^]]+[[]", r"[^\]]+[\[]"),
            (r"[[:alnum:]]{14}\x60", r"[[:alnum:]]{14}\x60"),
        ] {
            assert_eq!(in_rust(go), rust);
        }
    }

    #[test]
    fn entropy_is_shannons() {
        assert_eq!((entropy(b"aaaa"), entropy(b"abcd")), (0.0, 2.0));
    }
}
