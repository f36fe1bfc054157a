//! Identifiers as the bare text shows them, without a tree.

use text::Span;

use crate::Language;

impl Language {
    /// Whether `name` could be the name of something new: spelt as an identifier and no keyword.
    #[must_use]
    pub fn is_identifier(self, name: &str) -> bool {
        let bare = match self {
            Self::Rust => name.strip_prefix("r#").unwrap_or(name),
            Self::JavaScript | Self::TypeScript | Self::Tsx => name.strip_prefix('#').unwrap_or(name),
            _ => name,
        };
        let mut characters = bare.chars();
        let starts = characters.next().is_some_and(|first| self.is_word(first) && !first.is_numeric());
        let raw = self == Self::Rust && bare.len() < name.len() && !matches!(bare, "self" | "Self" | "super" | "crate" | "_");
        starts && characters.all(|character| self.is_word(character)) && (raw || !self.is_keyword(bare)) && bare != "_"
    }

    /// Whether a character can stand inside an identifier.
    fn is_word(self, character: char) -> bool {
        let dollar = matches!(self, Self::JavaScript | Self::TypeScript | Self::Tsx | Self::Java | Self::C | Self::Cpp);
        character == '_' || character.is_alphanumeric() || (dollar && character == '$')
    }

    /// Whether the language keeps a word for itself.
    pub(crate) fn is_keyword(self, word: &str) -> bool {
        let lists: &[&str] = match self {
            Self::C => &[C],
            Self::Cpp => &[C, CPP],
            Self::Go => &[GO],
            Self::Java => &[JAVA],
            Self::JavaScript => &[JAVASCRIPT],
            Self::TypeScript | Self::Tsx => &[JAVASCRIPT],
            Self::Python => &[PYTHON],
            Self::Rust => &[RUST],
        };
        lists.iter().any(|list| list.split_ascii_whitespace().any(|keyword| keyword == word))
    }
}

/// The identifier that touches the byte at `offset` (a cursor just behind it counts), where there is one.
#[must_use]
pub fn identifier_at(language: Language, text: &str, offset: usize) -> Option<Span> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let before = text[..offset].char_indices().rev().take_while(|(_, character)| language.is_word(*character)).last();
    let after = text[offset..].char_indices().find(|(_, character)| !language.is_word(*character));
    let mut start = before.map_or(offset, |(start, _)| start);
    let end = after.map_or(text.len(), |(length, _)| offset + length);
    if text[..start].ends_with("r#") && language == Language::Rust {
        start -= 2;
    }
    let span = Span::new(start, end);
    language.is_identifier(span.of(text)).then_some(span)
}

const C: &str = "auto break case char const continue default do double else enum extern float for goto if inline int long register \
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof _Atomic \
    _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local";
const CPP: &str = "alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class compl concept consteval \
    constexpr constinit const_cast co_await co_return co_yield decltype delete dynamic_cast explicit export false friend mutable \
    namespace new noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast requires static_assert \
    static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq";
const GO: &str = "break case chan const continue default defer else fallthrough for func go goto if import interface map package \
    range return select struct switch type var";
const JAVA: &str = "abstract assert boolean break byte case catch char class const continue default do double else enum extends \
    final finally float for goto if implements import instanceof int interface long native new package private protected public \
    return short static strictfp super switch synchronized this throw throws transient try void volatile while true false null";
const JAVASCRIPT: &str = "await break case catch class const continue debugger default delete do else enum export extends false \
    finally for function if implements import in instanceof interface let new null package private protected public return static \
    super switch this throw true try typeof var void while with yield";
const PYTHON: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield";
const RUST: &str = "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move \
    mut pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final gen macro \
    override priv try typeof unsized virtual yield";
