//! What a use can mean by the way it is written: a call, a read, the label of a value. It knows kinds and signatures, no places.

use syntax::{Language, Reference, ReferenceKind, Symbol, SymbolKind};

/// How a name is used, as far as that rules definitions out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Access {
    /// Behind a `.` or `->`, or as a label.
    pub(super) member: bool,
    /// As a label: `Foo { bar: 1 }`, `foo(bar=1)`.
    pub(super) label: bool,
    pub(super) call: bool,
    of_type: bool,
    /// In an import, an `extends`, or for a field and a variable at once: anything may be meant.
    open: bool,
    /// Whether the call has arguments, where that is known.
    pub(super) arguments: Option<bool>,
}

impl Access {
    pub(super) fn new(reference: &Reference<'_>) -> Self {
        let label = reference.label || (reference.shorthand && !reference.qualifier.is_empty());
        Self {
            member: reference.member || label,
            label,
            call: reference.kind == ReferenceKind::Call,
            of_type: reference.kind == ReferenceKind::Type,
            open: matches!(reference.kind, ReferenceKind::Import | ReferenceKind::Implementation),
            arguments: reference.arguments.map(syntax::Arguments::any),
        }
    }

    /// Whether the language lets this use mean that definition. `by_name` says that a field is called like a method: a component of
    /// a record of Java.
    pub(super) fn allows(self, language: Language, symbol: &Symbol, takes_self: bool, by_name: bool) -> bool {
        use SymbolKind::{
            Constant, Constructor, Enum, EnumMember, Field, Function, Interface, Macro, Method, Module, Property, TypeAlias,
            Variable,
        };
        let kind = symbol.kind;
        match language {
            _ if self.open => true,
            Language::Rust if self.member => match kind {
                Method => self.call && takes_self,
                Field => !self.call,
                TypeAlias => self.label,
                _ => false,
            },
            Language::Rust if self.call => !matches!(kind, Field | Module | Enum | Interface),
            Language::Rust if self.of_type => !matches!(kind, Function | Method | Field | Macro),
            Language::Java if self.label => kind == Method,
            Language::Java if self.call => by_name || !matches!(kind, Field | Constant | EnumMember | Property | Variable),
            Language::Java => !matches!(kind, Method | Constructor),
            Language::C | Language::Cpp if self.member => matches!(kind, Field | Method | Property | Variable | Constant),
            Language::Go if self.label => kind == Field,
            Language::Go if self.member => !matches!(kind, EnumMember | TypeAlias),
            _ => true,
        }
    }

    /// Whether the arguments of a call do not speak against a definition.
    pub(super) fn fits(self, language: Language, symbol: &Symbol) -> bool {
        let (Some(given), SymbolKind::Method) = (self.arguments, symbol.kind) else { return true };
        let Some(parameters) = parameters(&symbol.signature, &symbol.name) else { return true };
        let mut parts = parameters.split(',').map(str::trim).filter(|part| !part.is_empty()).peekable();
        let takes_all = parameters.contains("...");
        match language {
            Language::Rust => {
                parts.next_if(|part| is_self(part));
                given == parts.peek().is_some()
            }
            Language::Java | Language::Go => takes_all || given == parts.peek().is_some(),
            Language::Cpp => !given || takes_all || parts.peek().is_some_and(|part| *part != "void"),
            Language::Python => {
                parts.next_if(|part| matches!(part.split(':').next(), Some("self" | "cls")));
                !given || parts.peek().is_some()
            }
            _ => true,
        }
    }
}

/// Whether that kind of use means this rather than what else has the name in its scope: an interface of TypeScript where a type stands, the
/// namespace or the constant of its name elsewhere; a structure of C, and not the function.
pub(crate) fn suits(language: Language, used: ReferenceKind, defined: SymbolKind) -> bool {
    use SymbolKind::{Class, Enum, Interface, Struct, TypeAlias, TypeParameter};
    let is_typescript = matches!(language, Language::TypeScript | Language::Tsx);
    if !is_typescript && !matches!(language, Language::C | Language::Haskell) {
        return true;
    }
    match used {
        ReferenceKind::Type | ReferenceKind::Implementation => {
            matches!(defined, Class | Enum | Interface | Struct | TypeAlias | TypeParameter)
        }
        // Classes and enums of TypeScript are values too.
        ReferenceKind::Call | ReferenceKind::Other => match defined {
            Interface | TypeAlias | TypeParameter => false,
            Class | Enum | Struct => is_typescript,
            _ => true,
        },
        ReferenceKind::Import => true,
    }
}

/// Whether a function of Rust is called on a value: its first parameter is `self`.
pub(super) fn takes_self(symbol: &Symbol) -> bool {
    let parameters = parameters(&symbol.signature, &symbol.name).unwrap_or_default();
    is_self(parameters.split(',').next().unwrap_or_default())
}

fn is_self(parameter: &str) -> bool {
    let before_type = parameter.split(':').next().unwrap_or_default();
    let last = before_type.split(['&', ' ']).rfind(|word| !word.is_empty());
    last == Some("self")
}

/// What stands between the parentheses behind the name, as far as the next parenthesis that closes.
fn parameters<'s>(signature: &'s str, name: &str) -> Option<&'s str> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let (start, _) = signature.match_indices(name).find(|&(start, _)| {
        let rest = &signature[start + name.len()..];
        !signature[..start].ends_with(is_word) && rest.trim_start().starts_with(['(', '<', '['])
    })?;
    let (mut depth, mut before) = (0_u32, ' ');
    let rest = &signature[start + name.len()..];
    for (offset, character) in rest.char_indices() {
        match character {
            '<' | '[' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            ']' => depth = depth.saturating_sub(1),
            '(' if depth == 0 => {
                let inside = &rest[offset + 1..];
                return Some(inside.split(')').next().unwrap_or(inside));
            }
            _ => {}
        }
        before = character;
    }
    None
}
