//! What a file defines, uses and imports.

use smol_str::SmolStr;
use text::Span;

/// What a symbol is: the names of LSP's `SymbolKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the protocol's own names")]
pub enum SymbolKind {
    Module,
    Namespace,
    Package,
    Class,
    Method,
    Property,
    Field,
    Constructor,
    Enum,
    Interface,
    Function,
    Variable,
    Constant,
    EnumMember,
    Struct,
    TypeParameter,
    /// A macro: LSP has no kind of its own for it, so clients are told `Function`.
    Macro,
    /// A type alias: LSP has no kind of its own for it, so clients are told `Class`.
    TypeAlias,
}

impl SymbolKind {
    /// LSP's name for it in lower snake case; what LSP has no name for gets its nearest: a macro is a `function`, a type alias
    /// a `class`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Namespace => "namespace",
            Self::Package => "package",
            Self::Class | Self::TypeAlias => "class",
            Self::Method => "method",
            Self::Property => "property",
            Self::Field => "field",
            Self::Constructor => "constructor",
            Self::Enum => "enum",
            Self::Interface => "interface",
            Self::Function | Self::Macro => "function",
            Self::Variable => "variable",
            Self::Constant => "constant",
            Self::EnumMember => "enum_member",
            Self::Struct => "struct",
            Self::TypeParameter => "type_parameter",
        }
    }

    /// Whether members stand in it: a class, struct, interface, enum, module or namespace.
    #[must_use]
    pub fn has_members(self) -> bool {
        matches!(self, Self::Module | Self::Namespace | Self::Package | Self::Class | Self::Enum | Self::Interface | Self::Struct)
    }
}

/// Who may use a symbol, where the language says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everyone.
    Public,
    /// Its own module, class or file.
    Private,
    /// The language does not say, or says something between the two.
    #[default]
    Unstated,
}

/// One definition in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name as written.
    pub name: SmolStr,
    /// What it is.
    pub kind: SymbolKind,
    /// The names of what it stands in, outermost first, with `::` between them (`Server::Connection`); empty at top level.
    pub container: SmolStr,
    /// The position in [`FileSymbols::symbols`] of the symbol it stands in.
    pub parent: Option<u32>,
    /// The whole definition, without doc comments and attributes in front of it.
    pub span: Span,
    /// The whole definition with the doc comments, attributes and decorators in front of it: what an edit replaces.
    pub full_span: Span,
    /// The name.
    pub name_span: Span,
    /// The zero-based line of the name.
    pub line: u32,
    /// The zero-based column of the name, in bytes.
    pub column: u32,
    /// The zero-based last line of the definition.
    pub end_line: u32,
    /// The head of the definition on one line, white space folded, without body and attributes.
    pub signature: Box<str>,
    /// The text of its doc comment, markers stripped; empty where there is none.
    pub doc: Box<str>,
    /// A hash of the definition's tokens, so that white space and comments do not change it.
    pub body_hash: u64,
    /// Who may use it.
    pub visibility: Visibility,
}

impl Symbol {
    /// The container and the name: `Server::Connection::read`.
    #[must_use]
    pub fn path(&self) -> String {
        if self.container.is_empty() { self.name.to_string() } else { format!("{}::{}", self.container, self.name) }
    }
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// It is called (or a macro is invoked).
    Call,
    /// It stands where a type stands.
    Type,
    /// It is imported or re-exported.
    Import,
    /// It is inherited, implemented or extended.
    Implementation,
    /// It is read, written or named in another way.
    Other,
}

/// One use of a name that is not its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name as written.
    pub name: SmolStr,
    /// How it is used.
    pub kind: ReferenceKind,
    /// The name's bytes.
    pub span: Span,
    /// The zero-based line.
    pub line: u32,
    /// The zero-based column in bytes.
    pub column: u32,
    /// The innermost symbol it stands in, as a position in [`FileSymbols::symbols`].
    pub enclosing: Option<u32>,
    /// What stands before the name: `Store` in `Store::new`, `self` in `self.open`, `fs` in `fs.read`; empty for a bare name.
    pub qualifier: SmolStr,
    /// Whether the name is reached through a value (`a.b`, `a->b`), so that only fields and methods can be meant.
    pub member: bool,
    /// Whether a parameter or local variable of the same name is in scope, so that it cannot be a symbol of the file.
    pub local: bool,
    /// Whether the one name stands for a field and a variable at once (`Foo { bar }`, `{ bar }`): a rename of one of the two
    /// must write both out. [`local`](Self::local) then speaks of the variable; the field is meant in any case.
    pub shorthand: bool,
    /// Whether it names a field without going through a value: `Foo { bar: 1 }`, `foo(bar=1)`, `@Foo(bar = 1)`.
    pub label: bool,
    /// For a call: whether anything stands between its parentheses. `None` where the text next to the name does not tell.
    pub arguments: Option<bool>,
}

/// One name that a file brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Where it comes from, as written: `crate::store`, `./store`, `os.path`, `"fmt"` without its quotes.
    pub from: SmolStr,
    /// The name there; `*` for everything; empty for the module itself.
    pub name: SmolStr,
    /// The name here.
    pub alias: SmolStr,
    /// The whole import statement.
    pub span: Span,
}

/// Everything that one parse of one file yields, in source order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSymbols {
    /// Definitions.
    pub symbols: Vec<Symbol>,
    /// Uses.
    pub references: Vec<Reference>,
    /// Imports.
    pub imports: Vec<Import>,
    /// How many ERROR and MISSING nodes the tree holds.
    pub error_count: u32,
}

/// How sure it is that a reference means a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Only the name is the same.
    SameName,
    /// An import leads there.
    Imported,
    /// Scope or container leave no other.
    Exact,
}

impl Certainty {
    /// `exact`, `imported` or `same-name`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameName => "same-name",
            Self::Imported => "imported",
            Self::Exact => "exact",
        }
    }
}
