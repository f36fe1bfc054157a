//! The capture vocabulary: what each `@name` in a `tags.scm` means to the walk.

use crate::{ReferenceKind, SymbolKind};

/// What one capture says of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// The whole of a definition.
    Definition(SymbolKind),
    /// The whole of something that uses a name.
    Reference(Use),
    /// The name of the definition or the use.
    Name,
    /// The name stands in the middle of this, as C declares it.
    Declarator,
    /// The name of what the definition belongs to, where it is not written around it.
    Container,
    /// What lies in this node belongs to the `@container`.
    ContainerScope,
    /// Where the head of the definition ends, if not at its field `body`.
    Body,
    /// A string that documents the `@documented` node.
    Doc,
    Documented,
    /// It documents the definition behind it.
    DocNext,
    /// Names bound in this node end with it.
    Scope,
    /// Type parameters bound in this node end with it; it is no function.
    TypeScope,
    /// The plain names in this node are bound by it.
    Pattern,
    /// The names of the match are bound from the end of this node on.
    After,
    /// This name is bound.
    LocalDefinition,
    /// Inside a pattern: names here are used, not bound.
    LocalUse,
    /// This name means the module's, not the function's.
    Global,
    /// Belongs to the definition that it holds: `export`, a decorated definition, a template.
    Wrapper,
    /// An attribute, decorator or annotation: not part of a signature.
    Attribute,
    /// A name that means no symbol: a label, a lifetime.
    Ignore,
    Import,
    ImportFrom,
    /// Where all items of an import statement come from.
    ImportSource,
    /// One name in a list of them.
    ImportItem,
    ImportName,
    ImportAlias,
    Unknown,
}

/// How a use is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Use {
    pub(crate) kind: ReferenceKind,
    pub(crate) form: Form,
}

/// What can be meant by a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// Whatever is in scope.
    Plain,
    /// Only a field or method.
    Field,
    /// A field and a variable at once.
    Shorthand,
    /// A macro or attribute, which no local variable hides.
    Macro,
}

/// The captures and settings of one compiled query, by number.
pub(crate) struct Captures {
    by_index: Box<[Capture]>,
    import_names: Box<[Option<Box<str>>]>,
    settings: Box<[Settings]>,
}

/// What a pattern sets with `#set!`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `(#set! local)`: inside a function it binds a local name and defines nothing.
    pub(crate) local: bool,
    /// `(#set! once)`: a second definition of the same path is a use of the first.
    pub(crate) once: bool,
    /// `(#set! head "name")`: the signature ends with the name.
    pub(crate) head_is_name: bool,
    /// `(#set! outer)`: it belongs to the class around it, not to the function.
    pub(crate) outer: bool,
    /// `(#set! flat)`: what stands in it does not belong to it.
    pub(crate) flat: bool,
    /// `(#set! clause)`: a further clause of the same path belongs to the first.
    pub(crate) clause: bool,
    /// `(#set! root)`: its container is written in full.
    pub(crate) root: bool,
}

impl Captures {
    /// The captures with these names, and what each pattern sets.
    pub(crate) fn new<'s>(names: &[String], settings: impl Iterator<Item = &'s [(String, Option<String>)]>) -> Self {
        let by_index = names.iter().map(|name| Capture::named(name)).collect();
        let mut by_pattern = Vec::new();
        let mut import_names = Vec::new();
        for pairs in settings {
            let mut settings = Settings::default();
            let mut import_name = None;
            for (key, value) in pairs {
                match key.as_str() {
                    "local" => settings.local = true,
                    "once" => settings.once = true,
                    "head" => settings.head_is_name = true,
                    "outer" => settings.outer = true,
                    "flat" => settings.flat = true,
                    "clause" => settings.clause = true,
                    "root" => settings.root = true,
                    "name" if import_name.is_none() => import_name = value.as_deref().map(Box::from),
                    _ => {}
                }
            }
            by_pattern.push(settings);
            import_names.push(import_name);
        }
        Self { by_index, settings: by_pattern.into(), import_names: import_names.into() }
    }

    pub(crate) fn get(&self, index: u16) -> Capture {
        self.by_index.get(usize::from(index)).copied().unwrap_or(Capture::Unknown)
    }

    /// `(#set! name "*")`: the name that a pattern imports where the text does not write one.
    pub(crate) fn import_name(&self, pattern: usize) -> Option<&str> {
        self.import_names.get(pattern)?.as_deref()
    }

    /// Whether a definition may have clauses all over the file.
    pub(crate) fn has_clauses(&self) -> bool {
        self.settings.iter().any(|settings| settings.clause)
    }

    pub(crate) fn settings(&self, pattern: usize) -> Settings {
        self.settings.get(pattern).copied().unwrap_or_default()
    }
}

impl Capture {
    fn named(name: &str) -> Self {
        if let Some(kind) = name.strip_prefix("definition.") {
            return definition(kind).map_or(Self::Unknown, Self::Definition);
        }
        if let Some(kind) = name.strip_prefix("reference.") {
            return Self::Reference(reference(kind));
        }
        match name {
            "name" => Self::Name,
            "declarator" => Self::Declarator,
            "container" => Self::Container,
            "container.scope" => Self::ContainerScope,
            "body" => Self::Body,
            "doc" => Self::Doc,
            "documented" => Self::Documented,
            "doc.next" => Self::DocNext,
            "local.scope" => Self::Scope,
            "local.types" => Self::TypeScope,
            "local.pattern" => Self::Pattern,
            "local.after" => Self::After,
            "local.definition" => Self::LocalDefinition,
            "local.use" => Self::LocalUse,
            "local.global" => Self::Global,
            "wrapper" => Self::Wrapper,
            "attribute" => Self::Attribute,
            "ignore" => Self::Ignore,
            "import" => Self::Import,
            "import.from" => Self::ImportFrom,
            "import.source" => Self::ImportSource,
            "import.item" => Self::ImportItem,
            "import.name" => Self::ImportName,
            "import.alias" => Self::ImportAlias,
            _ => Self::Unknown,
        }
    }
}

fn definition(kind: &str) -> Option<SymbolKind> {
    Some(match kind {
        "module" => SymbolKind::Module,
        "namespace" => SymbolKind::Namespace,
        "package" => SymbolKind::Package,
        "class" => SymbolKind::Class,
        "method" => SymbolKind::Method,
        "property" => SymbolKind::Property,
        "field" => SymbolKind::Field,
        "constructor" => SymbolKind::Constructor,
        "enum" => SymbolKind::Enum,
        "interface" => SymbolKind::Interface,
        "function" => SymbolKind::Function,
        "variable" => SymbolKind::Variable,
        "constant" => SymbolKind::Constant,
        "enum_member" => SymbolKind::EnumMember,
        "struct" => SymbolKind::Struct,
        "macro" => SymbolKind::Macro,
        "type" => SymbolKind::TypeAlias,
        _ => return None,
    })
}

fn reference(kind: &str) -> Use {
    let (kind, form) = match kind {
        "call" => (ReferenceKind::Call, Form::Plain),
        "macro" => (ReferenceKind::Call, Form::Macro),
        "type" | "class" => (ReferenceKind::Type, Form::Plain),
        "import" => (ReferenceKind::Import, Form::Plain),
        "implementation" => (ReferenceKind::Implementation, Form::Plain),
        "field" => (ReferenceKind::Other, Form::Field),
        "shorthand" => (ReferenceKind::Other, Form::Shorthand),
        "global" => (ReferenceKind::Other, Form::Macro),
        _ => (ReferenceKind::Other, Form::Plain),
    };
    Use { kind, form }
}
