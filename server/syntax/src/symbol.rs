//! What a file defines, uses and imports.

use std::{fmt, ops::Range};

use smol_str::SmolStr;
use text::Span;

use crate::references::References;
use crate::values::Values;

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

/// One use of a name that is not its definition, as [`FileSymbols`] shows it.
#[derive(Clone, Copy)]
pub struct Reference<'file> {
    /// The name as written.
    pub name: &'file str,
    /// How it is used.
    pub kind: ReferenceKind,
    /// The name's bytes.
    pub span: Span,
    /// The innermost symbol it stands in, as a position in [`FileSymbols::symbols`].
    pub enclosing: Option<u32>,
    /// What stands before the name: `Store` in `Store::new`, `self` in `self.open`, `fs` in `fs.read`; empty for a bare name.
    pub qualifier: &'file str,
    /// Whether the name is reached through a value (`a.b`, `a->b`), so that only fields and methods can be meant.
    pub member: bool,
    /// Whether a parameter or local variable of the same name is in scope, so that it cannot be a symbol of the file.
    pub local: bool,
    /// Whether the one name stands for a field and a variable at once (`Foo { bar }`, `{ bar }`): a rename of one of the two
    /// must write both out. [`local`](Self::local) then speaks of the variable; the field is meant in any case.
    pub shorthand: bool,
    /// Whether it names a field without going through a value: `Foo { bar: 1 }`, `foo(bar=1)`, `@Foo(bar = 1)`.
    pub label: bool,
    /// For a call: what stands between its parentheses. `None` where the text next to the name does not tell.
    pub arguments: Option<Arguments>,
    /// Where the lines of the file begin, but for the first.
    pub(crate) lines: &'file [u32],
}

/// What is said of a use besides its name and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) kind: ReferenceKind,
    pub(crate) member: bool,
    pub(crate) local: bool,
    pub(crate) shorthand: bool,
    pub(crate) label: bool,
    pub(crate) arguments: Option<Arguments>,
}

/// What stands between the parentheses of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arguments {
    /// Nothing.
    None,
    /// So many, counted where several functions of one name differ by that; [`Self::MANY`] stands for more as well.
    Counted(u8),
    /// One or more.
    Some,
}

impl Arguments {
    /// More are not told apart.
    pub const MANY: u8 = 5;

    /// So many.
    pub(crate) fn counted(count: usize) -> Self {
        Self::Counted(u8::try_from(count).map_or(Self::MANY, |count| count.min(Self::MANY)))
    }

    /// Whether there are any.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::None
    }
}

impl Reference<'_> {
    /// The zero-based line.
    #[must_use]
    pub fn line(&self) -> u32 {
        narrow(self.lines_before())
    }

    /// The zero-based column in bytes.
    #[must_use]
    pub fn column(&self) -> u32 {
        let line = self.lines_before().checked_sub(1).and_then(|line| self.lines.get(line));
        self.span.start - line.copied().unwrap_or(0)
    }

    fn lines_before(&self) -> usize {
        self.lines.partition_point(|&start| start <= self.span.start)
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kind, span, qualifier, .. } = self;
        write!(formatter, "{kind:?} {qualifier}…{name} {}..{}", span.start, span.end)
    }
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
    /// Imports.
    pub imports: Vec<Import>,
    /// How many ERROR and MISSING nodes the tree holds.
    pub error_count: u32,
    /// Uses.
    pub(crate) references: References,
    /// What the text says of values.
    pub(crate) values: Values,
}

impl FileSymbols {
    /// The uses of names, in source order.
    pub fn references(&self) -> impl ExactSizeIterator<Item = Reference<'_>> + Clone {
        self.references.packed.iter().map(|packed| self.references.view(*packed))
    }

    /// The use at a position in [`references`](Self::references).
    #[must_use]
    pub fn reference(&self, place: u32) -> Option<Reference<'_>> {
        self.references.get(place as usize)
    }

    /// The same, for whoever knows that it is there.
    ///
    /// # Panics
    /// Where it is not.
    #[must_use]
    pub fn reference_at(&self, place: u32) -> Reference<'_> {
        self.references.view(self.references.packed[place as usize])
    }

    /// How many uses there are.
    #[must_use]
    pub fn reference_count(&self) -> usize {
        self.references.packed.len()
    }

    /// The positions of the uses that begin in a span.
    #[must_use]
    pub fn references_in(&self, span: Span) -> Range<u32> {
        let position = |offset: u32| self.references.packed.partition_point(|packed| packed.start < offset);
        narrow(position(span.start))..narrow(position(span.end))
    }

    /// The uses by which the symbol of a number inherits from something or implements it.
    pub fn inherited(&self, symbol: u32) -> impl Iterator<Item = Reference<'_>> {
        let inside = self.symbols.get(symbol as usize).map_or(0..0, |symbol| self.references_in(symbol.span));
        let inside = &self.references.packed[inside.start as usize..inside.end as usize];
        let own = inside.iter().filter(move |packed| packed.is_inherited() && packed.enclosing == symbol);
        own.map(|packed| self.references.view(*packed))
    }

    /// The zero-based line and column of a span that lies in one line of ASCII, where a column is the same in every encoding. `None`
    /// for others: who wants to know their columns must look at the text.
    #[must_use]
    pub fn plain_place(&self, span: Span) -> Option<(u32, u32)> {
        let References { lines, wide, .. } = &self.references;
        let line = lines.partition_point(|&start| start <= span.start);
        let ends_here = lines.get(line).is_none_or(|&next| span.end < next);
        let start = line.checked_sub(1).map_or(0, |before| lines[before]);
        let line = narrow(line);
        (ends_here && wide.binary_search(&line).is_err()).then(|| (line, span.start - start))
    }

    /// Every distinct name that is used or qualifies a use, by its number in this file; number 0 is empty.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.references.name_count()).map(|number| self.references.name(narrow(number)))
    }

    /// The uses that are not of local variables alone, each with the number in [`names`](Self::names) of its name.
    pub fn named_uses(&self) -> impl Iterator<Item = (u32, u32)> + Clone {
        self.references.named_uses()
    }

    /// What a use is reached through, as an expression: what stands before it, where that is a plain path; else what the tree says,
    /// which for a field of an object is what the object is wanted as. Expressions are explained in `values.rs`.
    #[must_use]
    pub fn receiver<'file>(&'file self, reference: &Reference<'file>) -> Option<&'file str> {
        if reference.qualifier.is_empty() { self.values.receiver(reference.span.start) } else { Some(reference.qualifier) }
    }

    /// From which byte on a local name that is in scope at a byte holds, and the expression that it is bound to, where the text tells it.
    #[must_use]
    pub fn local_value(&self, name: &str, at: u32) -> Option<(u32, Option<&str>)> {
        let binding = self.values.binding(name, at)?;
        Some((binding.start, (binding.value != 0).then(|| self.values.text(binding.value))))
    }

    /// What a call is given, argument by argument, each as an expression that is empty where the text does not tell it. `None` where
    /// nothing is told of any.
    #[must_use]
    pub fn given<'file>(&'file self, call: &Reference<'_>) -> Option<impl Iterator<Item = &'file str> + Clone> {
        self.values.receiver(call.span.end).map(|given| given.split('|'))
    }

    /// The expression that a variable, constant or field is declared as or begins as.
    #[must_use]
    pub fn value_of(&self, symbol: &Symbol) -> Option<&str> {
        self.values.of_symbol(symbol.name_span.start)
    }

    /// The type of a function that a type can be called as, where it says one.
    #[must_use]
    pub fn calls_of(&self, symbol: u32) -> Option<&str> {
        let span = self.symbols.get(symbol as usize)?.span;
        let text = self.values.call_in(span.start, span.end)?;
        text.strip_prefix('<')?.strip_suffix('>')
    }

    /// What a use is reached through, and from where on the name holds that this begins with, if it is a local one: uses of a
    /// name for which both agree, in one symbol, mean the same.
    #[must_use]
    pub fn reached<'file>(&'file self, reference: &Reference<'file>) -> (&'file str, u32) {
        let Some(receiver) = self.receiver(reference).filter(|_| !self.values.ends.is_empty()) else { return ("", 0) };
        let path = receiver.strip_prefix("new ").unwrap_or(receiver);
        let end =
            path.find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$'))).unwrap_or(path.len());
        (receiver, self.values.binding(&path[..end], reference.span.start).map_or(0, |binding| binding.start))
    }

    /// A plain use of a name that stands nowhere, as if it stood at a byte in the symbol at a position: to ask what a name in a type
    /// or an expression means there.
    #[must_use]
    pub fn as_if<'file>(&'file self, name: &'file str, kind: ReferenceKind, at: u32, enclosing: Option<u32>) -> Reference<'file> {
        Reference {
            name,
            kind,
            span: Span { start: at, end: at },
            enclosing,
            qualifier: "",
            member: false,
            local: false,
            shorthand: false,
            label: false,
            arguments: None,
            lines: &self.references.lines,
        }
    }

    /// The bytes that it takes in memory, without the allocator's own.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let of_symbol = |symbol: &Symbol| {
            let long = |name: &SmolStr| if name.is_heap_allocated() { name.len() } else { 0 };
            long(&symbol.name) + long(&symbol.container) + symbol.signature.len() + symbol.doc.len()
        };
        self.references.heap_bytes()
            + self.values.heap_bytes()
            + self.symbols.capacity() * size_of::<Symbol>()
            + self.symbols.iter().map(of_symbol).sum::<usize>()
            + self.imports.capacity() * size_of::<Import>()
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
