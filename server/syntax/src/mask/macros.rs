//! Which words are taken for macros that the grammar must not see: those in capitals, by what stands before and behind them.

use text::Span;

use super::{
    Form, Mask, STAND_IN,
    tokens::{Tokens, is_word, word_at, word_before},
};

/// More macros in a row are left alone.
const MAX_ROW: usize = 8;

/// Words that begin what a macro can stand before, and after which blanks do as well as `inline`.
const HEADS: &[&[u8]] = &[
    b"class",
    b"struct",
    b"union",
    b"enum",
    b"namespace",
    b"template",
    b"using",
    b"typedef",
    b"extern",
    b"friend",
    b"static_assert",
    b"concept",
];
/// Words that only a declaration begins with.
const SPECIFIERS: &[&[u8]] = &[
    b"auto",
    b"bool",
    b"char",
    b"consteval",
    b"constexpr",
    b"constinit",
    b"decltype",
    b"double",
    b"explicit",
    b"float",
    b"inline",
    b"int",
    b"long",
    b"mutable",
    b"operator",
    b"short",
    b"signed",
    b"static",
    b"thread_local",
    b"typename",
    b"unsigned",
    b"virtual",
    b"void",
    b"volatile",
];
/// Words that begin no declaration.
const STATEMENTS: &[&[u8]] = &[
    b"break",
    b"case",
    b"catch",
    b"co_await",
    b"co_return",
    b"co_yield",
    b"continue",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"for",
    b"goto",
    b"if",
    b"new",
    b"return",
    b"sizeof",
    b"switch",
    b"throw",
    b"try",
    b"while",
    b"and",
    b"or",
    b"not",
];
const SECTIONS: &[&[u8]] = &[b"public", b"private", b"protected", b"signals", b"slots"];

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A declaration may begin here.
    Start {
        /// A statement, declaration or block ends.
        ended: bool,
        /// A constructor cannot follow.
        named: bool,
    },
    /// `class`, `struct` or `union`.
    Class,
    /// The head of a function, behind its parameters.
    Head,
    /// What a declaration names.
    Name,
}

/// A macro where it stands.
struct Macro {
    end: usize,
    /// Without arguments.
    bare: bool,
    /// Where the token behind it begins.
    next: usize,
}

/// The macros to be masked in C, in order.
pub(crate) fn in_c(text: &str) -> Vec<Mask> {
    find(text.as_bytes(), false)
}

/// The macros to be masked in C++, in order.
pub(crate) fn in_cpp(text: &str) -> Vec<Mask> {
    find(text.as_bytes(), true)
}

fn find(bytes: &[u8], cpp: bool) -> Vec<Mask> {
    let scan = Scan { bytes, tokens: Tokens::of(bytes), cpp };
    let mut masks = Vec::new();
    let mut reached = 0;
    let mut last: Option<(usize, Before)> = None;
    for at in memchr::memchr2_iter(b'_', b'I', bytes) {
        // Most names are in small letters.
        if at < reached || at == 0 || !matches!(bytes[at - 1], b'A'..=b'Z' | b'0'..=b'9') {
            continue;
        }
        let Some((start, end)) = capitals(bytes, at) else { continue };
        if scan.tokens.in_directive(start) {
            reached = scan.tokens.directive_end(end);
            continue;
        }
        reached = end;
        let Some(around) = scan.before(start, last) else { continue };
        let Some(found) = scan.macro_at(end) else { continue };
        let section = scan.section(around, &found);
        let form = section.map(|_| Form::Blank).or_else(|| scan.form(around, &found, start, 0));
        let Some(form) = form else { continue };
        let end = section.unwrap_or(found.end);
        masks.push(Mask { span: Span::new(start, end), form });
        reached = end;
        last = Some((end, around));
    }
    if cpp {
        let count = masks.len();
        masks.extend(scan.exported_classes());
        if masks.len() > count {
            masks.sort_by_key(|mask| mask.span);
        }
    }
    masks
}

/// Where the word begins and ends that holds a byte, if it is spelt as a macro: `FOO_BAR`, `FOOAPI`.
fn capitals(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let capital = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let start = bytes[..at].iter().rposition(|byte| !capital(byte)).map_or(0, |before| before + 1);
    let end = bytes[at..].iter().position(|byte| !capital(byte)).map_or(bytes.len(), |length| at + length);
    let word = bytes.get(start..end)?;
    let alone = !bytes.get(end).is_some_and(|&byte| is_word(byte)) && (start == 0 || !is_word(bytes[start - 1]));
    let spelt =
        word.first().is_some_and(u8::is_ascii_uppercase) && (word.contains(&b'_') || (word.len() >= 6 && word.ends_with(b"API")));
    (alone && spelt).then_some((start, end))
}

struct Scan<'t> {
    bytes: &'t [u8],
    tokens: Tokens<'t>,
    cpp: bool,
}

impl Scan<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// What stands before the word at `start`, where a macro may follow it.
    fn before(&self, start: usize, last: Option<(usize, Before)>) -> Option<Before> {
        let line = self.bytes[..start].iter().rfind(|byte| !matches!(byte, b' ' | b'\t'));
        let known = |byte: &u8| is_word(*byte) || matches!(byte, b';' | b'{' | b'}' | b':' | b'>' | b')' | b']' | b'/' | b'\n');
        if !line.is_none_or(known) {
            return None;
        }
        let end = self.tokens.before(start)?;
        if let Some((_, around)) = last.filter(|(masked, _)| *masked == end) {
            return Some(around);
        }
        let byte = end.checked_sub(1).map_or(b';', |last| self.byte(last));
        let second = end.checked_sub(2).map_or(0, |last| self.byte(last));
        match byte {
            b';' | b'}' => Some(Before::Start { ended: true, named: false }),
            b'{' => Some(Before::Start { ended: false, named: false }),
            b':' if second != b':' => Some(Before::Start { ended: false, named: false }),
            b'>' if self.cpp && second != b'-' => Some(Before::Start { ended: false, named: false }),
            b')' => self.is_head(end).then_some(Before::Head),
            b']' => Some(Before::Name),
            byte if is_word(byte) => self.behind_word(word_before(self.bytes, end), end),
            _ => None,
        }
    }

    fn behind_word(&self, word: &[u8], end: usize) -> Option<Before> {
        let earlier = self.tokens.before(end - word.len())?;
        let byte = earlier.checked_sub(1).map_or(b';', |last| self.byte(last));
        match word {
            b"class" | b"struct" | b"union" => Some(Before::Class),
            b"inline" | b"explicit" | b"constexpr" | b"virtual" => Some(Before::Start { ended: false, named: false }),
            b"static" | b"extern" | b"friend" => Some(Before::Start { ended: false, named: true }),
            b"noexcept" | b"override" | b"final" => Some(Before::Head),
            b"const" => (byte == b')' && self.is_head(earlier)).then_some(Before::Head),
            _ if !(word[0].is_ascii_lowercase() || word[0] == b'_') || is_any(word) => None,
            _ => {
                let type_before = word_before(self.bytes, earlier);
                let named = !type_before.is_empty() && !type_before[0].is_ascii_digit();
                let types = SPECIFIERS.contains(&type_before) && type_before != b"static" && type_before != b"inline";
                let declared = if named { types || !is_any(type_before) } else { matches!(byte, b'>' | b'*' | b'&') };
                declared.then_some(Before::Name)
            }
        }
    }

    /// Whether the parenthesis before `end` closes the parameters of a function.
    fn is_head(&self, end: usize) -> bool {
        let Some(name) = self.tokens.opened(end).and_then(|open| self.tokens.before(open)) else { return false };
        let word = word_before(self.bytes, name);
        if !word.is_empty() {
            return !word[0].is_ascii_digit() && (!is_any(word) || matches!(word, b"decltype" | b"throw"));
        }
        let line = &self.bytes[name.saturating_sub(16)..name];
        matches!(self.byte(name.saturating_sub(1)), b')' | b']' | b'>') || memchr::memmem::find(line, b"operator").is_some()
    }

    /// The macro whose name ends at `end`.
    fn macro_at(&self, end: usize) -> Option<Macro> {
        let behind = self.tokens.next(end);
        if self.byte(behind) != b'(' {
            return Some(Macro { end, bare: true, next: behind });
        }
        let end = self.tokens.closed(behind)?;
        Some(Macro { end, bare: false, next: self.tokens.next(end) })
    }

    /// Where a macro ends that stands for `private:`.
    fn section(&self, around: Before, found: &Macro) -> Option<usize> {
        let starts = matches!(around, Before::Start { named: false, .. });
        let colon = self.byte(found.next) == b':' && self.byte(found.next + 1) != b':';
        (self.cpp && starts && found.bare && colon).then_some(found.next + 1)
    }

    /// Macros without a `_`, between `class` and its name: `class LOCKABLE Mutex {`.
    fn exported_classes(&self) -> impl Iterator<Item = Mask> {
        memchr::memmem::find_iter(self.bytes, b"class ").filter_map(|at| {
            let start = self.tokens.next(at + b"class ".len());
            let word = word_at(self.bytes, start);
            let spelt = word.len() > 2 && word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            let alone = at == 0 || !is_word(self.bytes[at - 1]);
            let end = start + word.len();
            let masked = spelt && alone && capitals(self.bytes, start).is_none() && self.begins_class(self.tokens.next(end));
            masked.then(|| Mask { span: Span::new(start, end), form: Form::Blank })
        })
    }

    /// How a macro is to be seen; `None` where it is left alone.
    fn form(&self, around: Before, found: &Macro, start: usize, row: usize) -> Option<Form> {
        let behind = word_at(self.bytes, found.next);
        let hidden = match around {
            Before::Class => return self.begins_class(found.next).then_some(Form::Blank),
            Before::Head => self.ends_head(found.next, behind),
            Before::Name => !found.bare && (self.byte(found.next) == b';' || self.assigns(found.next)),
            Before::Start { ended, named } => {
                if self.in_row(around, found, behind, row) == Some(Form::Blank) {
                    return Some(Form::Blank);
                }
                if let Some(form) = self.declares(found, behind, named) {
                    let room = self.bytes.get(start..start + STAND_IN.len()).is_some_and(|name| !name.contains(&b'\n'));
                    let room = room && found.end - start >= STAND_IN.len();
                    return Some(if room { form } else { Form::Blank });
                }
                ended && (found.next == self.bytes.len() || self.byte(found.next) == b'}')
            }
        };
        if hidden {
            return Some(Form::Blank);
        }
        self.in_row(around, found, behind, row).map(|_| Form::Blank)
    }

    /// How the macro right behind one is to be seen, if it is one: what is masked is not there for the one before it.
    fn in_row(&self, around: Before, found: &Macro, behind: &[u8], row: usize) -> Option<Form> {
        let other = !behind.is_empty() && capitals(self.bytes, found.next + behind.len() - 1).is_some();
        if row >= MAX_ROW || !other {
            return None;
        }
        let following = self.macro_at(found.next + behind.len())?;
        self.form(around, &following, found.next, row + 1)
    }

    /// How a macro is to be seen in front of a declaration.
    fn declares(&self, found: &Macro, word: &[u8], named: bool) -> Option<Form> {
        if word.is_empty() {
            let attribute = self.bytes.get(found.next..found.next + 2) == Some(b"[[");
            return (self.cpp && (self.byte(found.next) == b'~' || attribute)).then_some(Form::StandIn);
        }
        let then = self.tokens.next(found.next + word.len());
        let follows = !word_at(self.bytes, then).is_empty();
        if STATEMENTS.contains(&word) {
            return None;
        }
        if SECTIONS.contains(&word) {
            return (self.byte(then) == b':' || follows).then_some(Form::Blank);
        }
        if HEADS.contains(&word) {
            return Some(Form::Blank);
        }
        if SPECIFIERS.contains(&word) {
            return Some(Form::StandIn);
        }
        if word == b"const" {
            // `FOO const x = 1;` has a type in capitals, `FOO const char *x;` a macro.
            let third = self.tokens.next(then + word_at(self.bytes, then).len());
            let typed = !word_at(self.bytes, third).is_empty() || matches!(self.byte(third), b'*' | b'&' | b'<' | b':');
            return (follows && typed).then_some(Form::StandIn);
        }
        let typed = match self.byte(then) {
            b'*' | b'&' | b'<' => true,
            b':' => self.byte(then + 1) == b':',
            // `FOO size_t (*call)(int x);`
            b'(' if self.byte(self.tokens.next(then + 1)) == b'*' => true,
            b'(' if found.bare => self.cpp && !named,
            b'(' => self.cpp && !named && self.begins_constructor(then),
            _ => follows,
        };
        typed.then_some(Form::StandIn)
    }

    /// Whether a class is defined whose name begins at `at`.
    fn begins_class(&self, at: usize) -> bool {
        let mut at = at;
        loop {
            let word = word_at(self.bytes, at);
            if word.is_empty() || word == b"final" {
                return false;
            }
            let behind = self.tokens.next(at + word.len());
            match self.byte(behind) {
                b':' if self.byte(behind + 1) == b':' => at = self.tokens.next(behind + 2),
                b'{' | b':' | b'<' => return true,
                _ => return word_at(self.bytes, behind) == b"final",
            }
        }
    }

    /// Whether what stands behind the parameters at `open` only follows those of a constructor that is defined here.
    fn begins_constructor(&self, open: usize) -> bool {
        let Some(end) = self.tokens.closed(open) else { return false };
        let behind = self.tokens.next(end);
        match self.byte(behind) {
            b'{' => true,
            b':' => self.byte(behind + 1) != b':',
            _ => word_at(self.bytes, behind) == b"noexcept",
        }
    }

    fn assigns(&self, at: usize) -> bool {
        self.byte(at) == b'=' && self.byte(at + 1) != b'='
    }

    /// Whether what stands at `at` follows the head of a function.
    fn ends_head(&self, at: usize, word: &[u8]) -> bool {
        match self.byte(at) {
            b'{' | b';' => true,
            b'=' => self.assigns(at),
            b':' => self.cpp && self.byte(at + 1) != b':',
            b'-' => self.byte(at + 1) == b'>',
            _ => matches!(word, b"const" | b"noexcept" | b"override" | b"final"),
        }
    }
}

/// Whether a word is one of the language's own.
fn is_any(word: &[u8]) -> bool {
    [HEADS, SPECIFIERS, STATEMENTS, SECTIONS].iter().any(|list| list.contains(&word))
        || matches!(word, b"const" | b"register" | b"restrict" | b"requires" | b"noexcept" | b"override" | b"final" | b"define")
}
