//! One configuration file: its text, what it sets and where, and what is wrong with it by itself.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use models::Tier;
use text::Span;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

use super::key::{Key, Match};
use super::{Fault, KEYS, ProblemPlace, SettingsProblem};

/// A larger file is none that a human wrote, and what a repository brings must not fill the memory.
const MOST_BYTES: u64 = 1 << 20;

/// The parts of a key, the sections first.
pub(super) type Names = Vec<String>;

/// What a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
    pub(super) entries: BTreeMap<Names, Entry>,
    pub(super) problems: Vec<SettingsProblem>,
    /// The keys that are set to what they cannot be.
    pub(super) wrong: Vec<Names>,
    /// Whether there is such a file.
    pub(super) is_there: bool,
}

/// A key that a file sets to a value of its kind.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) value: Value,
    pub(super) name: Span,
}

/// The text of a file; `None` where there is no file. Only a regular file of a sensible size is read: a repository may bring anything
/// under any name.
pub(super) fn read(path: &Path) -> io::Result<Option<String>> {
    let bytes = match index::read_regular(path, MOST_BYTES, index::Link::Followed) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::FileTooLarge => return Err(io::Error::other("it is larger than 1 MiB")),
        Err(error) => return Err(error),
    };
    String::from_utf8(bytes).map(Some).map_err(|_| io::Error::other("it is not UTF-8"))
}

impl ConfigFile {
    /// A file that says nothing, because it is not there or cannot be read.
    pub(super) fn silent(path: &Path, problem: Option<io::Error>) -> Self {
        let problem =
            problem.map(|error| SettingsProblem::of_file(path.to_owned(), Fault::Unreadable, format!("cannot be read: {error}")));
        let is_there = problem.is_some();
        Self { path: path.to_owned(), problems: problem.into_iter().collect(), is_there, ..Self::default() }
    }

    /// What a text says. One that is not TOML says nothing; a key that is wrong is a problem, and the others count.
    pub(super) fn parse(path: &Path, text: &str) -> Self {
        let mut file = Self { path: path.to_owned(), text: text.into(), is_there: true, ..Self::default() };
        match DeTable::parse(text) {
            Ok(table) => file.walk(table.get_ref(), &mut Vec::new()),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                let message = error.message().lines().collect::<Vec<_>>().join("; ");
                file.problem(Span::new(span.start, span.end), Fault::Unreadable, format!("is not TOML: {message}"));
            }
        }
        file
    }

    /// Whether it could be read at all.
    pub(super) fn is_readable(&self) -> bool {
        !self.problems.iter().any(|problem| problem.fault == Fault::Unreadable)
    }

    pub(super) fn problem(&mut self, span: Span, fault: Fault, message: String) {
        let place = Some(ProblemPlace::new(&self.text, span));
        self.problems.push(SettingsProblem { file: self.path.clone(), place, fault, message });
    }

    fn walk(&mut self, table: &DeTable<'_>, above: &mut Names) {
        for (name, value) in table {
            above.push(name.get_ref().to_string());
            self.take(above, span(name), value);
            above.pop();
        }
    }

    fn take(&mut self, path: &mut Names, name: Span, value: &Spanned<DeValue<'_>>) {
        let found = KEYS.iter().find(|key| key.matches(path) != Match::No).map(|key| (key, key.matches(path)));
        match (found, value.get_ref()) {
            (Some((key, Match::Leaf)), given) => {
                let given = plain(given);
                match key.kind.check(&given) {
                    Ok(()) => drop(self.entries.insert(path.clone(), Entry { key, value: given, name })),
                    Err(message) => {
                        self.wrong.push(path.clone());
                        self.problem(span(value), Fault::Value, format!("`{}` {message}", shown(path)));
                    }
                }
            }
            (Some(_), DeValue::Table(table)) => {
                self.walk(table, path);
            }
            (Some(_), _) => {
                self.problem(span(value), Fault::Value, format!("`{0}` is a section: write [{0}]", shown(path)));
            }
            (None, _) => {
                let hint = nearest(path).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
                self.problem(name, Fault::Unknown, format!("`{}` is not known{hint}", shown(path)));
            }
        }
    }
}

/// A path as it would be written, names that are no bare keys in quotes.
pub(super) fn shown(path: &[String]) -> String {
    let part = |part: &String| {
        let is_bare = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if is_bare { part.clone() } else { format!("{part:?}") }
    };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

fn span<T>(spanned: &Spanned<T>) -> Span {
    let range = spanned.span();
    Span::new(range.start, range.end)
}

/// A value without its places.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.as_str().into()), Value::Integer),
        DeValue::Float(number) => number.as_str().parse().map_or_else(|_| Value::String(number.as_str().into()), Value::Float),
        DeValue::Boolean(is) => Value::Boolean(*is),
        DeValue::Datetime(time) => Value::Datetime(*time),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => {
            Value::Table(table.iter().map(|(name, value)| (name.get_ref().to_string(), plain(value.get_ref()))).collect())
        }
    }
}

/// The known key or section that looks most like a path, or ends as it does; `None` where none is near.
fn nearest(path: &[String]) -> Option<String> {
    let wanted = shown(path);
    let last = path.last()?;
    let candidates = KEYS.iter().flat_map(|key| {
        // What the table leaves open is filled with what was written, so that `tiers.nano.modle` is near `tiers.nano.model`.
        let names: Vec<&str> = key.segments().collect();
        let filled = |(at, segment): (usize, &&'static str)| match (path.get(at), *segment) {
            (Some(part), "<name>") => part.clone(),
            (Some(part), "<tier>") => nearest_tier(part).to_owned(),
            (_, segment) => segment.to_owned(),
        };
        let segments: Vec<String> = names.iter().enumerate().map(filled).collect();
        (1..=names.len()).map(move |length| (segments[..length].to_vec(), !names[length - 1].starts_with('<')))
    });
    let near = candidates.filter_map(|(candidate, is_named)| {
        let known = shown(&candidate);
        let distance = strsim::osa_distance(&known, &wanted);
        if is_named && candidate.last() == Some(last) && candidate.len() > 1 {
            return Some((distance.min(3), known));
        }
        (distance <= 3 && distance < last.chars().count().max(2)).then_some((distance, known))
    });
    near.min().map(|(_, known)| known).filter(|known| !known.contains('<'))
}

fn nearest_tier(part: &str) -> &'static str {
    let tiers = Tier::ALL.iter().map(|tier| tier.as_str());
    tiers.min_by_key(|tier| strsim::osa_distance(tier, part)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(String, String)> {
        let file = ConfigFile::parse(Path::new("tierline.toml"), text);
        let at = |problem: &SettingsProblem| text[problem.place.unwrap().span.range()].to_owned();
        file.problems.iter().map(|problem| (at(problem), problem.message.clone())).collect()
    }

    #[test]
    fn what_is_wrong_is_said_at_its_exact_place() {
        for (text, at, said) in [
            ("[hover]\npatiense_ms = 1", "patiense_ms", "did you mean `hover.patience_ms`?"),
            ("[hovr]\nsummary = 'off'", "hovr", "did you mean `hover`?"),
            ("hover.patience_ms = 'x'", "'x'", "is a whole number from 0 to 500, not \"x\""),
            ("summary = 'off'", "summary", "did you mean `hover.summary`?"),
            ("[tiers.nano]\nmodle = 'm'", "modle", "did you mean `tiers.nano.model`?"),
            ("[tiers.nono]\nmodel = 'm'", "nono", "`tiers.nono` is not known; did you mean `tiers.nano`?"),
            ("[tiers]\nnano = { modell = 'm' }", "modell", "did you mean `tiers.nano.model`?"),
            ("hover = 1", "1", "`hover` is a section: write [hover]"),
            ("\"größe\" = 1", "\"größe\"", "`\"größe\"` is not known"),
            ("[hover]\nsummary = 'loud'", "'loud'", "is one of \"off\""),
            ("[check]\ncommand = 'make'", "'make'", "a list of a program and its arguments"),
        ] {
            let found = problems(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, at, "{text}");
            assert!(found[0].1.contains(said), "{text}: {}", found[0].1);
        }
    }

    #[test]
    fn what_is_right_beside_what_is_wrong_counts() {
        let file =
            ConfigFile::parse(Path::new("f"), "[hover]\npatience_ms = 20\nnonsense = 1\n[providers.\"a.b\"]\nwire = 'chat'");
        assert_eq!(
            file.entries.keys().map(|path| shown(path)).collect::<Vec<_>>(),
            ["hover.patience_ms", "providers.\"a.b\".wire"]
        );
        assert_eq!(file.problems.len(), 1);
    }

    #[test]
    fn what_is_not_toml_says_nothing() {
        let file = ConfigFile::parse(Path::new("f"), "[hover]\nsummary = 'off'\n[caps");
        assert!(file.entries.is_empty() && !file.is_readable());
        assert_eq!(file.problems[0].place.map(|place| place.line), Some(3), "{:?}", file.problems);
    }

    #[test]
    fn only_a_regular_file_of_a_sensible_size_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(read(&at("absent")).unwrap(), None);
        std::fs::create_dir(at("folder")).unwrap();
        std::fs::write(at("huge"), vec![b'#'; (1 << 20) + 1]).unwrap();
        std::fs::write(at("latin"), b"\xe9").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/dev/zero", at("zero")).unwrap();
        for (name, said) in [
            ("folder", "regular"),
            ("huge", "1 MiB"),
            ("latin", "UTF-8"),
            #[cfg(unix)]
            ("zero", "regular"),
        ] {
            assert!(read(&at(name)).unwrap_err().to_string().contains(said), "{name}");
        }
    }
}
