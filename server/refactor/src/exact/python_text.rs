//! What can be told of a piece of Python by its text: whether it hangs on its module, and where imports go.

use std::collections::BTreeSet;

use index::FileRecord;
use syntax::SymbolKind;
use text::{Edit, Span};

use super::clause::without;
use super::move_symbol::Move;
use super::names::{head, is_used_outside};
use super::{ExactError, lines, python_module, refuse};

/// What every module knows.
const BUILT_IN: &str = " ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError \
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError \
    DeprecationWarning EOFError Ellipsis EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError \
    FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError \
    IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError \
    NotImplemented NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError \
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError \
    SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError \
    UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter \
    all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod \
    enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance \
    issubclass iter len list locals map max memoryview min next object oct open ord pow print property quit range repr reversed \
    round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __debug__ _ self cls ";

/// Refuses what means something else in another module.
pub(super) fn movable(whole: &Move<'_>, plain_decorators: &[&str]) -> Result<(), ExactError> {
    let (name, from, moved) = (whole.name(), whole.from(), whole.moved_text());
    for word in ["__name__", "__file__", "__package__", "__path__", "__spec__", "globals", "__class__", "global"] {
        if lines::words(&moved, word).next().is_some() {
            return refuse(format!("{name} uses {word}, which hangs on its module"));
        }
    }
    if from.ends_with("__init__.py") || whole.to.ends_with("__init__.py") {
        return refuse("what a package gives out is not told from what it keeps to itself".to_owned());
    }
    if matches!(whole.symbol.get().kind, SymbolKind::Variable | SymbolKind::Constant) && assignments(&whole.text, name) > 1 {
        return refuse(format!("{name} is bound more than once in {from}"));
    }
    let file = whole.record.file();
    for decorator in moved.lines().filter_map(|line| line.strip_prefix('@')) {
        let word =
            decorator.split(|character: char| !(character.is_alphanumeric() || character == '_')).next().unwrap_or_default();
        let is_own = file.symbols.iter().any(|symbol| symbol.name == word && symbol.kind == SymbolKind::Function);
        if !plain_decorators.contains(&word) && !is_own {
            return refuse(format!("@{word} may note where {name} stands"));
        }
    }
    if whole.symbol.get().kind == SymbolKind::Class
        && let Some(line) = whole.text.lines().find(|line| sets_attribute(line))
    {
        return refuse(format!("`{line}` in {from} may change {name} or what it inherits from"));
    }
    let future = |text: &str| future(text).map(str::to_owned);
    if let Some((_, text)) = &whole.target
        && future(text) != future(&whole.text)
    {
        return refuse(format!("{from} and {} import different things from __future__", whole.to));
    }
    let elsewhere =
        |word: &str| lines::words(&whole.text, word).any(|at| !whole.spans.iter().any(|span| span.contains(Span::new(at, at))));
    let has_star = file.imports.iter().any(|import| import.name == "*");
    for free in whole.needs.free.iter().filter(|free| !BUILT_IN.contains(&format!(" {free} "))) {
        if has_star || elsewhere(free) {
            return refuse(format!("nothing says where {free} comes from"));
        }
    }
    if let Some(name) = quoted_type(whole, &moved) {
        return refuse(format!("{name} stands in a quoted type, and nothing says where it comes from"));
    }
    for own in whole.own() {
        let again = assignments(&whole.text, &own.name) > 1;
        let is_value = matches!(own.kind, SymbolKind::Variable | SymbolKind::Constant);
        let is_set = whole.text.lines().any(|line| {
            line.trim_start().strip_prefix("global ").is_some_and(|rest| lines::words(rest, &own.name).next().is_some())
        });
        if is_value && (again || is_set) {
            return refuse(format!(
                "{} is bound more than once in {from}, and an import would see one of the values only",
                own.name
            ));
        }
    }
    in_strings(whole)
}

/// How many lines of a text assign to a name, at whatever depth.
fn assignments(text: &str, name: &str) -> usize {
    let assigns = |line: &str| {
        let Some(rest) = line.trim_start().strip_prefix(name) else { return false };
        let rest = rest.trim_start().trim_start_matches(['+', '-', '*', '/', '|', '&', '^', '%', '@']);
        (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with(':')
    };
    text.lines().filter(|line| assigns(line)).count()
}

/// The first name in a quoted type that the file imports or defines and that the code itself does not name.
fn quoted_type(whole: &Move<'_>, moved: &str) -> Option<String> {
    let file = whole.record.file();
    let needed = |name: &str| {
        whole.needs.imports.iter().any(|&at| head(&file.imports[at].alias) == name)
            || whole.own().any(|own| own.name == name)
            || name == whole.name()
    };
    let bound = |name: &str| {
        file.imports.iter().any(|import| head(&import.alias) == name)
            || file.symbols.iter().any(|symbol| symbol.container.is_empty() && symbol.name == name)
    };
    let opens = [": \"", ": '", "-> \"", "-> '", "[\"", "['", ", \"", ", '"];
    for (at, open) in opens.iter().flat_map(|open| moved.match_indices(open)) {
        let quote = open.chars().next_back()?;
        let inner = moved[at + open.len()..].split([quote, '\n']).next().unwrap_or_default();
        let is_type = inner.chars().all(|letter| letter.is_alphanumeric() || "_.[], |'\"".contains(letter));
        let mut names = inner.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')));
        let missing = names.find(|name| bound(head(name)) && !needed(head(name)));
        if let Some(name) = missing.filter(|_| is_type) {
            return Some(head(name).to_owned());
        }
    }
    None
}

/// Whether a line at the top of a module assigns to an attribute of something.
fn sets_attribute(line: &str) -> bool {
    let target = line.split('=').next().unwrap_or_default();
    let is_path = target
        .trim_end()
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_'));
    line.contains(" = ") && target.contains('.') && is_path
}

/// Refuses where a string seems to name the definition by its module: `patch("package.module.name")`, `__all__`.
fn in_strings(whole: &Move<'_>) -> Result<(), ExactError> {
    let parts = python_module::parts(whole.from());
    let Some(stem) = parts.last() else { return Ok(()) };
    let mut names: BTreeSet<String> = BTreeSet::from([whole.name().to_owned()]);
    names.extend(whole.own().map(|symbol| symbol.name.to_string()));
    let imports = &whole.record.file().imports;
    names.extend(whole.needs.imports.iter().map(|&at| head(&imports[at].alias).to_owned()));
    let dotted: Vec<String> = names.iter().map(|name| format!("{stem}.{name}")).collect();
    if lines::words(&whole.text, "__all__").next().is_some() {
        let quoted = [format!("\"{}\"", whole.name()), format!("'{}'", whole.name())];
        if quoted.iter().any(|quoted| whole.text.contains(quoted.as_str())) {
            return refuse(format!("__all__ of {} lists it", whole.from()));
        }
    }
    for record in whole.index().files().filter(|record| record.language == whole.record.language) {
        let Some(text) = whole.snapshot.text(&record.path) else { continue };
        for dotted in &dotted {
            let in_string = lines::words(&text, dotted).find(|&at| {
                let line = &text[text::line_start(&text, at)..at];
                let behind = &text[at + dotted.len()..];
                line.matches(['"', '\'']).count() % 2 == 1 && (behind.starts_with(['"', '\'']) || behind.starts_with('.'))
            });
            if let Some(at) = in_string {
                return refuse(format!("{}:{} names {dotted} in a string", record.path, lines::line_number(&text, at)));
            }
        }
    }
    Ok(())
}

/// The line that imports from `__future__`.
pub(super) fn future(text: &str) -> Option<&str> {
    text.lines().find(|line| line.starts_with("from __future__ import"))
}

/// Where a new import goes: behind the last one at the head of the file, else below its docstring and comments.
pub(super) fn import_place(record: &FileRecord, text: &str) -> usize {
    let file = record.file();
    let first = file.symbols.iter().map(|symbol| symbol.full_span.start).min().unwrap_or(u32::MAX);
    let at_head = file
        .imports
        .iter()
        .filter(|import| import.span.start < first && text::line_indent(text, import.span.start as usize).is_empty());
    if let Some(end) = at_head.map(|import| import.span.end as usize).max() {
        return text::line_end(text, end);
    }
    if let Some(line) = future(text) {
        let at = text.find(line).unwrap_or(0);
        return text::line_end(text, at);
    }
    let mut at = 0;
    while at < text.len() && (text[at..].starts_with('#') || text[at..text::line_end(text, at)].trim().is_empty()) {
        at = text::line_end(text, at);
    }
    for quote in ["\"\"\"", "'''"] {
        let rest = text[at..].trim_start_matches(['r', 'R']);
        if let Some(inner) = rest.strip_prefix(quote)
            && let Some(end) = inner.find(quote)
        {
            return text::line_end(text, text.len() - inner.len() + end);
        }
    }
    at
}

/// Edits that take imports out of the old file that only the definition used, where nobody else looks for them there.
pub(super) fn unused(whole: &Move<'_>) -> Vec<Edit> {
    let file = whole.record.file();
    if lines::words(&whole.text, "__all__").next().is_some() {
        return Vec::new();
    }
    let stem = python_module::parts(whole.from()).last().copied().unwrap_or_default().to_owned();
    let idle = whole.needs.imports.iter().map(|&at| &file.imports[at]).filter(|import| {
        let name = head(&import.alias);
        let mentions = lines::words(&whole.text, name).filter(|&at| {
            let at = Span::new(at, at);
            !import.span.contains(at) && !whole.spans.iter().any(|span| span.contains(at))
        });
        mentions.count() == 0 && !is_used_outside(&whole.record, name, &whole.spans)
    });
    let wanted_elsewhere = |name: &str| {
        whole.index().files().filter(|record| record.path != whole.record.path).any(|record| {
            record.file().imports.iter().any(|import| import.name == name || import.name == "*")
                && whole.index().imported_files(&record.path).iter().flatten().any(|path| **path == *whole.from())
                || record
                    .file()
                    .references()
                    .any(|reference| reference.name == name && reference.qualifier.rsplit('.').next() == Some(stem.as_str()))
        })
    };
    let idle: Vec<_> = idle
        .filter(|import| text::line_indent(&whole.text, import.span.start as usize).is_empty())
        .filter(|import| !wanted_elsewhere(&import.alias))
        .collect();
    without(&whole.record, &whole.text, &idle, |_| true)
}
