//! What the arguments of a call are, as far as the index knows.

use syntax::{Arguments, FileSymbols, Reference, Symbol, SymbolKind};

use super::types::Type;
use crate::Index;
use crate::base::{FileId, Place};
use crate::family::family;
use crate::imports::last;

/// Methods of the language's own library that give the same whatever they are called on.
const RESULTS: &[(&str, &str)] = &[
    ("charAt", "char"),
    ("compareTo", "int"),
    ("currentTimeMillis", "long"),
    ("doubleValue", "double"),
    ("equals", "boolean"),
    ("getBytes", "byte[]"),
    ("getClass", "Class"),
    ("hashCode", "int"),
    ("indexOf", "int"),
    ("intValue", "int"),
    ("isEmpty", "boolean"),
    ("length", "int"),
    ("longValue", "long"),
    ("nanoTime", "long"),
    ("ordinal", "int"),
    ("size", "int"),
    ("substring", "String"),
    ("toCharArray", "char[]"),
    ("toString", "String"),
];

/// How far inheritance is followed.
const STEPS: u32 = 4;

/// The arguments of a call.
pub(crate) struct Given<'a> {
    index: &'a Index,
    /// The family of the language that it is written in.
    of: u8,
    pub(super) count: usize,
    /// What each of them is, where that is known; empty where nothing is known of any.
    pub(super) types: Vec<Option<Type>>,
}

impl<'a> Given<'a> {
    /// What a use in a file is given; `None` where it is no call, its arguments were not counted, or functions of the language do not
    /// differ by them.
    pub(crate) fn to(index: &'a Index, file: FileId, reference: &Reference<'_>) -> Option<Self> {
        let record = index.record(file);
        let count = match reference.arguments? {
            _ if !record.language.has_overloads() => return None,
            Arguments::None => 0,
            Arguments::Counted(count) => usize::from(count),
            Arguments::Some => return None,
        };
        let site = Site { index, of: family(record.language), symbols: record.file(), reference };
        let types: Vec<Option<Type>> = match record.file().given(reference) {
            Some(given) => given.map(|expression| site.type_of(expression)).collect(),
            None => Vec::new(),
        };
        // More were not counted, but are told.
        let count = if types.is_empty() { count } else { types.len() };
        Some(Self { index, of: site.of, count, types })
    }

    /// In how many steps a class has another above it; `None` where it has not, as far as the workspace says.
    pub(super) fn inherits(&self, class: &str, above: &str) -> Option<u32> {
        let mut layer = vec![class.into()];
        for step in 1..=STEPS {
            layer = layer.iter().flat_map(|name: &smol_str::SmolStr| self.index.supertypes(name, self.of)).collect();
            if layer.is_empty() {
                return None;
            }
            if layer.iter().any(|name| name == above) {
                return Some(step);
            }
        }
        None
    }
}

/// Where a call stands.
struct Site<'a, 'r> {
    index: &'a Index,
    of: u8,
    symbols: &'a FileSymbols,
    reference: &'r Reference<'r>,
}

impl<'a> Site<'a, '_> {
    /// What an expression is, in the form that `syntax` gives it.
    fn type_of(&self, expression: &str) -> Option<Type> {
        if expression == "<->" {
            return Some(Type::named("->"));
        }
        if let Some(written) = expression.strip_prefix('<') {
            return Type::written(written.strip_suffix('>')?);
        }
        if let Some(path) = expression.strip_suffix("()") {
            return self.result(path);
        }
        if let Some(path) = expression.strip_suffix("[]") {
            return self.value(path)?.element();
        }
        self.value(expression)
    }

    /// What the value is that a path leads to.
    fn value(&self, path: &str) -> Option<Type> {
        match path.rsplit_once('.') {
            None if path == "this" => self.own_class(),
            None => self.variable(path),
            Some(("this", field)) => self.own_field(field),
            Some((before, field)) => {
                let class = match self.value(before) {
                    Some(value) if value.dimensions > 0 => return (field == "length").then(|| Type::named("int")),
                    Some(value) => value.name,
                    None => last(before).into(),
                };
                let is_field = |symbol: &Symbol| is_value(symbol.kind) && last(&symbol.container) == class;
                self.agreed(field, is_field, Self::declared)
            }
        }
    }

    /// A local variable, a parameter of the functions around the call, or a field of the own class.
    fn variable(&self, name: &str) -> Option<Type> {
        if let Some((_, value)) = self.symbols.local_value(name, self.reference.span.start) {
            let written = value?.strip_prefix('<')?.strip_suffix('>')?;
            return Type::written(written);
        }
        let mut next = self.reference.enclosing;
        while let Some(symbol) = next.and_then(|place| self.symbols.symbols.get(place as usize)) {
            let parameters = super::parameters(&symbol.signature, &symbol.name).unwrap_or_default();
            if let Some(written) = parameters.into_iter().find_map(|parameter| type_before(parameter, name)) {
                return Type::written(written);
            }
            next = symbol.parent;
        }
        self.own_field(name)
    }

    fn own_field(&self, name: &str) -> Option<Type> {
        let around = self.around()?;
        let is_own = |symbol: &&Symbol| {
            let rest = around.strip_prefix(symbol.container.as_str());
            symbol.name == name && is_value(symbol.kind) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        Self::declared(self.symbols.symbols.iter().filter(is_own).max_by_key(|symbol| symbol.container.len())?)
    }

    /// The path of what the call stands in.
    fn around(&self) -> Option<String> {
        self.symbols.symbols.get(self.reference.enclosing? as usize).map(Symbol::path)
    }

    /// The name of the class that the call stands in.
    fn own_class(&self) -> Option<Type> {
        let enclosing = |place: u32| self.symbols.symbols.get(place as usize);
        let mut around = std::iter::successors(enclosing(self.reference.enclosing?), |symbol| symbol.parent.and_then(enclosing));
        around.find(|symbol| crate::resolve::is_type(symbol.kind)).map(|class| Type::named(&class.name))
    }

    /// What a call of what a path leads to gives back.
    fn result(&self, path: &str) -> Option<Type> {
        let (before, name) = path.rsplit_once('.').unwrap_or(("", path));
        let class = match before {
            "" | "this" => None,
            _ => Some(self.value(before).map_or_else(|| last(before).into(), |value| value.name)),
        };
        let around = self.around();
        let is_called = |symbol: &Symbol| {
            symbol.kind == SymbolKind::Method
                && match &class {
                    Some(class) => last(&symbol.container) == *class,
                    None => around.as_ref().is_some_and(|around| around.starts_with(symbol.container.as_str())),
                }
        };
        let own = self.agreed(name, is_called, |symbol| Type::written(type_before(head(&symbol.signature), &symbol.name)?));
        if own.is_some() || self.index.definitions(name).into_iter().any(|place| is_called(self.symbol(place))) {
            return own;
        }
        RESULTS.iter().find(|(method, _)| *method == name).and_then(|(_, written)| Type::written(written))
    }

    /// What all definitions of a name agree on that are asked for; `None` where one does not say it.
    fn agreed(&self, name: &str, is_asked: impl Fn(&Symbol) -> bool, read: impl Fn(&Symbol) -> Option<Type>) -> Option<Type> {
        let places = self.index.definitions(name).into_iter();
        let places = places.filter(|&(file, _)| family(self.index.record(file).language) == self.of);
        let mut asked = places.map(|place| self.symbol(place)).filter(|symbol| is_asked(symbol)).map(read);
        let first = asked.next()??;
        (!first.is_parameter() && asked.all(|other| other.as_ref() == Some(&first))).then_some(first)
    }

    fn symbol(&self, (file, symbol): Place) -> &'a Symbol {
        &self.index.record(file).file().symbols[symbol as usize]
    }

    /// The type that a variable is declared with.
    fn declared(symbol: &Symbol) -> Option<Type> {
        Type::written(type_before(&symbol.signature, &symbol.name)?)
    }
}

fn is_value(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Field | SymbolKind::Property | SymbolKind::Constant | SymbolKind::Variable)
}

/// What stands in front of the parameters.
fn head(signature: &str) -> &str {
    signature.split('(').next().unwrap_or(signature)
}

/// What stands in front of a name that a declaration declares; `None` where it declares another.
fn type_before<'s>(declaration: &'s str, name: &str) -> Option<&'s str> {
    let declared = declaration.split(" = ").next().unwrap_or(declaration).trim_end_matches(';').trim_end();
    let before = declared.strip_suffix(name)?;
    before.ends_with([' ', ']', '>']).then_some(before)
}
