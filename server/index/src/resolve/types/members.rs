//! What values lead to: their members, what calls of them return, their elements.

use rustc_hash::FxHashSet;
use syntax::{Symbol, SymbolKind};

use super::{Arguments, Site, Types, Value, Written, written};
use crate::base::Place;
use crate::imports::last;

/// How many steps of inheritance are followed.
const LAYERS: usize = 8;

impl Types<'_> {
    /// The members of that name that a value may have.
    pub(in crate::resolve) fn member(&mut self, value: &Value, name: &str) -> Vec<Value> {
        self.begin();
        if self.members > super::DEPTH || self.fuel == 0 {
            return Vec::new();
        }
        self.fuel -= 1;
        self.members += 1;
        let found = self.member_of(value, name);
        self.members -= 1;
        found
    }

    fn member_of(&mut self, value: &Value, name: &str) -> Vec<Value> {
        match value {
            Value::Foreign => vec![Value::Foreign],
            Value::Module(files) => {
                let places = self.index.exported(files.iter().copied(), "", name);
                if places.is_empty() {
                    return self.handed_on(files, name, 0).into_iter().collect();
                }
                places.into_iter().map(|place| Value::Defined(place, None)).collect()
            }
            Value::Of(place, arguments) => self.members_of(*place, arguments, name),
            Value::Defined(place, arguments) => {
                let own = self.members_of(*place, arguments, name);
                if !own.is_empty() || self.symbol(*place).kind.has_members() {
                    return own;
                }
                let held = self.value_of(value);
                self.each(&held, |this, held| if held == value { Vec::new() } else { this.member(held, name) })
            }
            Value::Written(written) => {
                let types = self.types_of(written, 0);
                self.each(&types, |this, value| match value {
                    Value::Written(literal) => this.member_of_literal(literal, name),
                    Value::Foreign => vec![Value::Foreign],
                    other => this.member(other, name),
                })
            }
        }
    }

    /// The members of a type, else of what it inherits from, step by step. What it inherits from may be written as one of its own members, as
    /// in `interface A<T> extends A.Part<T>`; that is not looked for there once more.
    fn members_of(&mut self, place: Place, arguments: &Arguments, name: &str) -> Vec<Value> {
        if self.looking.iter().any(|(looked_in, looked_for)| *looked_in == place && looked_for == name) {
            return Vec::new();
        }
        self.looking.push((place, name.into()));
        let found = self.members_by_layer(place, arguments, name);
        self.looking.pop();
        found
    }

    fn members_by_layer(&mut self, place: Place, arguments: &Arguments, name: &str) -> Vec<Value> {
        let mut seen = FxHashSet::default();
        let mut layer = vec![Value::Of(place, arguments.clone())];
        let mut assigned = Vec::new();
        for _ in 0..LAYERS {
            let (mut declared, mut set, mut next) = (Vec::new(), Vec::new(), Vec::new());
            for value in layer {
                match value {
                    Value::Of(place, arguments) if seen.insert(place) => {
                        for member in self.own_members(place, name) {
                            // What a method of Python sets may be declared further up.
                            let list = if is_set(self.symbol(member)) { &mut set } else { &mut declared };
                            list.push(Value::Defined(member, arguments.clone()));
                        }
                        next.push((place, arguments));
                    }
                    Value::Written(literal) => declared.extend(self.member_of_literal(&literal, name)),
                    _ => {}
                }
            }
            if !declared.is_empty() {
                return declared;
            }
            if assigned.is_empty() {
                assigned = set;
            }
            layer = next.into_iter().flat_map(|(place, arguments)| self.supers(place, arguments)).collect();
            if layer.is_empty() || self.fuel == 0 {
                break;
            }
        }
        assigned
    }

    fn own_members(&self, (file, class): Place, name: &str) -> Vec<Place> {
        let symbols = &self.index.record(file).file().symbols;
        let Some(owner) = symbols.get(class as usize) else { return Vec::new() };
        let named = self.index.definitions(name).into_iter().filter(|place| place.0 == file);
        let is_own = |place: &Place| {
            let symbol = &symbols[place.1 as usize];
            symbol.parent == Some(class)
                || (symbol.parent.is_none() && !owner.name.is_empty() && symbol.container == owner.path().as_str())
        };
        named.filter(is_own).collect()
    }

    /// The members of an object that is written out as a type, listed as those of the symbol around it.
    fn member_of_literal(&mut self, literal: &Written, name: &str) -> Vec<Value> {
        if !literal.text.starts_with('{') {
            return Vec::new();
        }
        let file = literal.site.file;
        let mut around = literal.site.enclosing;
        let listed = loop {
            let Some(symbol) = around else { break Vec::new() };
            let found = self.own_members((file, symbol), name);
            if !found.is_empty() {
                break found;
            }
            around = self.symbol((file, symbol)).parent;
        };
        listed.into_iter().map(|place| Value::Defined(place, literal.arguments.clone())).collect()
    }

    /// What a variable or field holds; other values are what they are.
    pub(super) fn value_of(&mut self, value: &Value) -> Vec<Value> {
        let Value::Defined(place, arguments) = value else { return vec![value.clone()] };
        let place = *place;
        let record = std::sync::Arc::clone(self.index.record(place.0));
        let Some(symbol) = record.file().symbols.get(place.1 as usize) else { return Vec::new() };
        match symbol.kind {
            SymbolKind::EnumMember => symbol.parent.map(|parent| Value::Of((place.0, parent), None)).into_iter().collect(),
            SymbolKind::Variable | SymbolKind::Constant | SymbolKind::Field | SymbolKind::Property => {
                let Some(expression) = record.file().value_of(symbol) else {
                    return self.returned(place, arguments).into_iter().collect();
                };
                let site = Site { file: place.0, at: symbol.name_span.start.saturating_sub(1), enclosing: Some(place.1) };
                let found = self.of(expression, site);
                self.each(&found, |this, found| match found {
                    Value::Written(written) if written.arguments.is_none() => {
                        vec![Value::Written(Written { arguments: arguments.clone(), ..written.clone() })]
                    }
                    same if same == value => Vec::new(),
                    other => this.value_of_once(other),
                })
            }
            _ => vec![value.clone()],
        }
    }

    /// As [`Types::value_of`], as far as it is not too deep.
    fn value_of_once(&mut self, value: &Value) -> Vec<Value> {
        if self.depth > super::DEPTH {
            return Vec::new();
        }
        self.depth += 1;
        let found = self.value_of(value);
        self.depth -= 1;
        found
    }

    /// An instance of what a value is the class of.
    pub(super) fn instance(&mut self, value: &Value) -> Vec<Value> {
        match value {
            Value::Defined(place, arguments) => {
                let kind = self.symbol(*place).kind;
                if kind.has_members() || kind == SymbolKind::Function {
                    return vec![Value::Of(*place, arguments.clone())];
                }
                let held = self.value_of(value);
                self.each(&held, |this, held| if held == value { Vec::new() } else { this.instance(held) })
            }
            Value::Of(..) | Value::Foreign => vec![value.clone()],
            Value::Written(_) => self.called(value, &[]),
            Value::Module(_) => Vec::new(),
        }
    }

    /// What a call returns; `owner` is what a method is called on.
    pub(super) fn called(&mut self, value: &Value, owner: &[Value]) -> Vec<Value> {
        match value {
            Value::Foreign => vec![Value::Foreign],
            Value::Module(_) => Vec::new(),
            Value::Of(place, arguments) => {
                self.signatures_in(*place, arguments).into_iter().filter_map(|written| returned_by(&written)).collect()
            }
            Value::Written(written) => {
                let types = self.types_of(written, 0);
                self.each(&types, |this, value| match value {
                    Value::Written(function) => returned_by(function).into_iter().collect(),
                    Value::Of(..) | Value::Foreign => this.called(value, &[]),
                    _ => Vec::new(),
                })
            }
            Value::Defined(place, arguments) => match self.symbol(*place).kind {
                SymbolKind::Function | SymbolKind::Method => match self.returned(*place, arguments) {
                    Some(Value::Written(written))
                        if matches!(written::bare(&written.text), "this" | "Self" | "te.Self" | "t.Self") =>
                    {
                        owner.to_vec()
                    }
                    found => found.into_iter().collect(),
                },
                kind if kind.has_members() => vec![Value::Of(*place, arguments.clone())],
                _ => {
                    let held = self.value_of(value);
                    self.each(&held, |this, held| if held == value { Vec::new() } else { this.called(held, owner) })
                }
            },
        }
    }

    /// The type that the head of a function says it returns.
    fn returned(&self, place: Place, arguments: &Arguments) -> Option<Value> {
        let symbol = self.symbol(place);
        let text = written::declared(&symbol.signature, &symbol.name)?.returned?;
        Some(Value::Written(Written { text: text.into(), site: self.inside(place), arguments: arguments.clone() }))
    }

    /// The types of functions that an interface can be called as.
    fn signatures_in(&self, (file, symbol): Place, arguments: &Arguments) -> Vec<Written> {
        let found = self.index.record(file).file().calls_of(symbol);
        found
            .map(|text| Written { text: text.into(), site: self.inside((file, symbol)), arguments: arguments.clone() })
            .into_iter()
            .collect()
    }

    /// The type of a parameter.
    pub(super) fn parameter(&mut self, value: &Value, place: usize) -> Vec<Value> {
        match value {
            Value::Foreign | Value::Module(_) => Vec::new(),
            Value::Of(class, arguments) => {
                let signatures = self.signatures_in(*class, arguments);
                signatures.iter().filter_map(|written| parameter_of(written, place)).collect()
            }
            Value::Written(written) => {
                let types = self.types_of(written, 0);
                self.each(&types, |this, value| match value {
                    Value::Written(function) => parameter_of(function, place).into_iter().collect(),
                    Value::Of(..) => this.parameter(value, place),
                    _ => Vec::new(),
                })
            }
            Value::Defined(at, arguments) => match self.symbol(*at).kind {
                SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor => {
                    let symbol = self.symbol(*at);
                    let Some(function) = written::declared(&symbol.signature, &symbol.name) else { return Vec::new() };
                    let found = taken(&function.parameters, place).map(|text| text.to_owned());
                    let written =
                        found.map(|text| Written { text: text.into(), site: self.inside(*at), arguments: arguments.clone() });
                    written.map(Value::Written).into_iter().collect()
                }
                kind if kind.has_members() => {
                    let constructors = self.members_of(*at, arguments, "constructor");
                    self.each(&constructors, |this, constructor| this.parameter(constructor, place))
                }
                _ => {
                    let held = self.value_of(value);
                    self.each(&held, |this, held| if held == value { Vec::new() } else { this.parameter(held, place) })
                }
            },
        }
    }

    /// What a list holds, or a map under its keys.
    pub(super) fn element(&mut self, value: &Value) -> Vec<Value> {
        let held = self.value_of(value);
        let mut found = Vec::new();
        for value in held {
            let Value::Written(written) = value else { continue };
            for value in self.types_of(&written, 0) {
                let Value::Written(list) = value else { continue };
                found.extend(element_of(&list));
            }
        }
        found
    }

    /// What a `with` binds.
    pub(super) fn entered(&mut self, value: &Value) -> Vec<Value> {
        let element = self.element(value);
        if !element.is_empty() {
            return element;
        }
        let enters = self.member(value, "__enter__");
        let owner = std::slice::from_ref(value);
        let entered = self.each(&enters, |this, enter| this.called(enter, owner));
        if entered.is_empty() { vec![value.clone()] } else { entered }
    }

    pub(super) fn symbol(&self, (file, symbol): Place) -> &Symbol {
        &self.index.record(file).file().symbols[symbol as usize]
    }

    fn inside(&self, place: Place) -> Site {
        Site { file: place.0, at: self.symbol(place).name_span.end, enclosing: Some(place.1) }
    }
}

/// Whether a field is only set in a method of Python, not declared in its class.
pub(crate) fn is_set(symbol: &Symbol) -> bool {
    symbol.kind == SymbolKind::Field
        && symbol.signature.starts_with("self.")
        && !symbol.signature.contains(&*format!("{}:", symbol.name))
}

fn returned_by(written: &Written) -> Option<Value> {
    let text = written::callable(&written.text)?.returned?;
    Some(Value::Written(Written { text: text.into(), ..written.clone() }))
}

fn parameter_of(written: &Written, place: usize) -> Option<Value> {
    let function = written::callable(&written.text)?;
    let text = taken(&function.parameters, place)?;
    Some(Value::Written(Written { text: text.into(), ..written.clone() }))
}

/// The type of the parameter at a place among these.
fn taken<'t>(parameters: &[&'t str], place: usize) -> Option<&'t str> {
    let own = parameters.iter().filter(|parameter| !parameter.starts_with("this:"));
    let (last, parameter) = own.enumerate().take(place.saturating_add(1)).last()?;
    let (text, rest) = written::parameter(parameter)?;
    match (rest, last == place) {
        (true, _) => Some(text.strip_suffix("[]").unwrap_or(text)),
        (false, true) => Some(text),
        (false, false) => None,
    }
}

fn element_of(list: &Written) -> Option<Value> {
    let text = written::bare(&list.text);
    let element = if let Some(element) = text.strip_suffix("[]") {
        element
    } else {
        let (name, arguments) = written::applied(text);
        *arguments.get(written::element(last(name))?)?
    };
    Some(Value::Written(Written { text: element.into(), ..list.clone() }))
}
