//! What names mean in expressions and in types.

use std::rc::Rc;

use smol_str::SmolStr;
use syntax::{Certainty, Language, ReferenceKind, SymbolKind};

use super::{Arguments, Site, Types, Value, Written, written};
use crate::base::{FileId, Place};
use crate::imports::{last, target};
use crate::resolve::{Resolver, is_type};

/// So deep types lead to others.
const NESTED: u32 = 20;

impl Types<'_> {
    /// What a name that stands alone may be.
    pub(super) fn of_name(&mut self, name: &str, site: Site) -> Vec<Value> {
        let language = self.index.record(site.file).language;
        match (language, name) {
            (_, "") => return Vec::new(),
            (Language::Python, "self" | "cls") | (_, "this") if language == Language::Python || name == "this" => {
                return self.class_around(site).map(|class| Value::Of(class, None)).into_iter().collect();
            }
            (_, "super") => {
                let class = self.class_around(site);
                return class.map_or_else(Vec::new, |class| self.supers(class, None));
            }
            _ => {}
        }
        let record = std::sync::Arc::clone(self.index.record(site.file));
        if let Some((start, value)) = record.file().local_value(name, site.at) {
            let before = Site { at: start.saturating_sub(1), ..site };
            return value.map_or_else(Vec::new, |value| self.of(value, before).to_vec());
        }
        let places = self.meant(name, ReferenceKind::Other, site);
        if !places.is_empty() {
            return places.into_iter().map(|place| Value::Defined(place, None)).collect();
        }
        self.imported_module(site.file, name).into_iter().collect()
    }

    /// The definitions that a name surely means.
    fn meant(&mut self, name: &str, kind: ReferenceKind, site: Site) -> Vec<Place> {
        if self.fuel == 0 {
            return Vec::new();
        }
        self.fuel -= 1;
        let record = std::sync::Arc::clone(self.index.record(site.file));
        let reference = record.file().as_if(name, kind, site.at, site.enclosing);
        let name = self.index.meant(site.file, &reference);
        let found = Resolver::new(self.index, &name).resolve(site.file, &reference);
        found.into_iter().filter(|(_, certainty)| *certainty > Certainty::SameName).map(|(place, _)| place).collect()
    }

    /// The module that a file imports under a name, or that something foreign is imported under it.
    fn imported_module(&self, file: FileId, name: &str) -> Option<Value> {
        let leads = self.index.leads(file);
        let record = self.index.record(file);
        let mut foreign = false;
        for (import, lead) in record.file().imports.iter().zip(&*leads).filter(|(import, _)| import.alias == name) {
            if !lead.module.is_empty() {
                return Some(Value::Module(lead.module.iter().copied().collect()));
            }
            if let Some(module) = self.handed_on(&lead.from, target(import), 0) {
                return Some(module);
            }
            foreign |= lead.foreign && lead.from.is_empty();
        }
        foreign.then_some(Value::Foreign)
    }

    /// The module that some files export under a name.
    pub(super) fn handed_on(&self, files: &[FileId], name: &str, depth: u32) -> Option<Value> {
        for &file in files.iter().take(8) {
            let leads = self.index.leads(file);
            let record = self.index.record(file);
            for (import, lead) in record.file().imports.iter().zip(&*leads) {
                if import.alias == name && !lead.module.is_empty() {
                    return Some(Value::Module(lead.module.iter().copied().collect()));
                }
                let passes = import.alias == name || (import.name == "*" && matches!(import.alias.as_str(), "" | "*"));
                if passes && depth < 4 && !lead.from.is_empty() && lead.from[..] != *files {
                    let inner = if import.name == "*" { name } else { target(import) };
                    if let Some(found) = self.handed_on(&lead.from, inner, depth + 1) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// The class that a place stands in.
    fn class_around(&self, site: Site) -> Option<Place> {
        let symbols = &self.index.record(site.file).file().symbols;
        let mut next = site.enclosing;
        while let Some(place) = next {
            let symbol = symbols.get(place as usize)?;
            if matches!(symbol.kind, SymbolKind::Class | SymbolKind::Interface | SymbolKind::Enum | SymbolKind::Struct) {
                return Some((site.file, place));
            }
            // What is hung on a class from outside: `Foo.prototype.bar = function () {}`.
            if symbol.parent.is_none() && symbol.kind == SymbolKind::Method {
                let class = last(&symbol.container);
                let found = symbols.iter().position(|other| other.name == class && other.container.is_empty());
                return found.map(|found| (site.file, crate::base::narrow(found)));
            }
            next = symbol.parent;
        }
        None
    }

    /// What a class inherits from or implements.
    pub(super) fn supers(&mut self, (file, symbol): Place, arguments: Arguments) -> Vec<Value> {
        let record = std::sync::Arc::clone(self.index.record(file));
        let Some(class) = record.file().symbols.get(symbol as usize) else { return Vec::new() };
        // Where types are written with arguments, they are written in the head.
        if self.index.record(file).language != Language::Python && class.signature.contains('<') {
            let site = Site { file, at: class.name_span.end, enclosing: Some(symbol) };
            let written = |text: &str| Written { text: text.into(), site, arguments: arguments.clone() };
            let types: Vec<Written> = written::inherited(&class.signature).into_iter().map(written).collect();
            let found = types.iter().flat_map(|written| self.types_of(written, 0));
            return found.filter(|value| !matches!(value, Value::Of(place, _) if *place == (file, symbol))).collect();
        }
        let mut supers = Vec::new();
        let mut inherited = record.file().inherited(symbol);
        while let Some(reference) = inherited.next().filter(|_| self.fuel > 0) {
            self.fuel -= 1;
            let places: Vec<Place> = if reference.qualifier.is_empty() {
                let name = self.index.meant(file, &reference);
                let found = Resolver::new(self.index, &name).resolve(file, &reference);
                found.into_iter().filter(|found| found.1 > Certainty::SameName).map(|found| found.0).collect()
            } else {
                let site = Site { file, at: class.span.start, enclosing: class.parent };
                let path = format!("{}.{}", reference.qualifier, reference.name);
                let found = self.of(&path, site);
                found.iter().filter_map(|value| if let Value::Defined(place, _) = value { Some(*place) } else { None }).collect()
            };
            let types = places.into_iter().filter(|&place| place != (file, symbol) && self.is_a_type(place));
            supers.extend(types.map(|place| Value::Of(place, None)));
        }
        supers
    }

    fn is_a_type(&self, (file, symbol): Place) -> bool {
        is_type(self.index.record(file).file().symbols[symbol as usize].kind)
    }

    /// What a written type may be: definitions as [`Value::Of`], what is left as it is written, such as an object or a function.
    pub(super) fn types_of(&mut self, written: &Written, depth: u32) -> Vec<Value> {
        if depth > NESTED || self.fuel == 0 {
            return Vec::new();
        }
        self.fuel -= 1;
        let text = written::bare(&written.text);
        let again = |text: &str| Written { text: text.into(), ..written.clone() };
        let parts = written::split(text, &['|', '&']);
        if written::find(text, "=>").is_none() && parts.len() > 1 {
            return self.each_type(parts.into_iter().map(again), depth);
        }
        if written::function(text).is_some() || text.starts_with('{') {
            return match text.split_once(" in keyof ") {
                // An object made of another one's members.
                Some((_, mapped)) if text.starts_with('{') => {
                    self.types_of(&again(mapped.split([']', ' ']).next().unwrap_or_default()), depth + 1)
                }
                _ => vec![Value::Written(again(text))],
            };
        }
        if let Some(condition) = written::find(text, " ? ").filter(|_| text.contains(" extends ")) {
            let branches = &text[condition + 3..];
            let branches = match written::find(branches, " : ") {
                Some(end) => vec![&branches[..end], &branches[end + 3..]],
                None => vec![branches],
            };
            return self.each_type(branches.into_iter().map(again), depth);
        }
        if let Some(inner) = text.strip_prefix("typeof ") {
            return self.of(inner, written.site).iter().flat_map(|value| self.value_of(value)).collect();
        }
        if text.ends_with("[]") || text.starts_with('[') {
            return vec![Value::Written(again(text))];
        }
        if let Some((outer, key)) = text.strip_suffix(']').and_then(|head| head.rsplit_once('['))
            && key.starts_with(['"', '\''])
            && self.index.record(written.site.file).language != Language::Python
        {
            let outer = Value::Written(again(outer));
            let members = self.member(&outer, key.trim_matches(['"', '\'']));
            let held = self.each(&members, Self::value_of);
            return self.each(&held, |this, held| match held {
                Value::Written(inner) => this.types_of(inner, depth + 1),
                other => vec![other.clone()],
            });
        }
        let (name, arguments) = written::applied(text);
        let short = last(name);
        if written::is_transparent(short) {
            return self.each_type(arguments.into_iter().take(1).map(again), depth);
        }
        if short == "Union" {
            return self.each_type(arguments.into_iter().map(again), depth);
        }
        if short == "Coroutine" {
            return self.each_type(arguments.into_iter().skip(2).map(again), depth);
        }
        if written::element(short).is_some() {
            return vec![Value::Written(again(text))];
        }
        if text.is_empty() || written::is_nothing(text) {
            return Vec::new();
        }
        if written::is_built_in(name) {
            return vec![Value::Foreign];
        }
        self.applied_type(written, name, &arguments, depth)
    }

    /// The types that parts of a type may be: nothing foreign unless all parts are known.
    fn each_type(&mut self, parts: impl Iterator<Item = Written>, depth: u32) -> Vec<Value> {
        let (mut types, mut unknown) = (Vec::new(), false);
        for part in parts.filter(|part| !written::is_nothing(&part.text)) {
            let found = self.types_of(&part, depth + 1);
            unknown |= found.is_empty();
            types.extend(found);
        }
        if unknown {
            types.retain(|value| *value != Value::Foreign);
        }
        types
    }

    /// What a type's name with its arguments may be.
    fn applied_type(&mut self, written: &Written, name: &str, arguments: &[&str], depth: u32) -> Vec<Value> {
        let again = |text: &str| Written { text: text.into(), ..written.clone() };
        let given = written.arguments.as_ref().and_then(|given| given.iter().find(|(parameter, _)| parameter == name));
        if let Some((_, meant)) = given {
            let meant = meant.clone();
            return self.types_of(&meant, depth + 1);
        }
        if let Some(bound) = self.bound_of(name, written.site) {
            return bound.map_or_else(Vec::new, |bound| self.types_of(&again(&bound), depth + 1));
        }
        if matches!(name, "this" | "Self") {
            return self.class_around(written.site).map(|class| Value::Of(class, None)).into_iter().collect();
        }
        let places: Vec<Place> = match name.rsplit_once('.') {
            None => self.meant(name, ReferenceKind::Type, written.site),
            Some((path, short)) => {
                let outer = self.of(path, written.site);
                let found = self.each(&outer, |types, value| types.member(value, short));
                found
                    .into_iter()
                    .filter_map(|value| if let Value::Defined(place, _) = value { Some(place) } else { None })
                    .collect()
            }
        };
        let places: Vec<Place> = places.into_iter().filter(|&place| self.is_a_type(place)).collect();
        if places.is_empty() {
            let first = name.split('.').next().unwrap_or(name);
            let foreign = matches!(self.imported_module(written.site.file, first), Some(Value::Foreign));
            return if foreign { vec![Value::Foreign] } else { Vec::new() };
        }
        let mut types = Vec::new();
        for place in places {
            types.push(Value::Of(place, self.stand_for(place, written, arguments)));
            if let Some(body) = self.body_of_alias(place, (written, arguments)) {
                types.extend(self.types_of(&body, depth + 1));
            }
        }
        types
    }

    /// What a type parameter around a place is by default or must extend; the outer `None` where the name is no type parameter.
    fn bound_of(&self, name: &str, site: Site) -> Option<Option<String>> {
        let symbols = &self.index.record(site.file).file().symbols;
        let mut next = site.enclosing;
        while let Some(symbol) = next.and_then(|place| symbols.get(place as usize)) {
            let parameters = written::type_parameters(&symbol.signature, &symbol.name);
            if let Some(found) = parameters.into_iter().find(|parameter| parameter.name == name) {
                return Some(found.default.or(found.extends).map(str::to_owned));
            }
            next = symbol.parent;
        }
        None
    }

    /// What an alias stands for.
    fn body_of_alias(&self, (file, symbol): Place, used: (&Written, &[&str])) -> Option<Written> {
        let alias = self.symbol((file, symbol));
        if alias.kind != SymbolKind::TypeAlias {
            return None;
        }
        let long = self.index.record(file).file().value_of(alias);
        let long = long.and_then(|body| body.strip_prefix('<')?.strip_suffix('>'));
        let text = match long {
            Some(text) => text,
            None => &alias.signature[written::find(&alias.signature, "= ")? + 2..],
        };
        let site = Site { file, at: alias.name_span.end, enclosing: Some(symbol) };
        let arguments = self.stand_for((file, symbol), used.0, used.1);
        Some(Written { text: text.trim_end_matches(';').into(), site, arguments })
    }

    /// What the type parameters of a definition stand for where it is used with arguments.
    fn stand_for(&self, place: Place, used: &Written, arguments: &[&str]) -> Arguments {
        let given: Vec<Written> = arguments.iter().map(|text| Written { text: (*text).into(), ..used.clone() }).collect();
        if given.is_empty() { None } else { self.parameters_as(place, &given) }
    }

    /// What the type parameters of a definition stand for; those that nothing is given for are what they are by default.
    fn parameters_as(&self, place: Place, given: &[Written]) -> Arguments {
        let symbol = self.symbol(place);
        let site = Site { file: place.0, at: symbol.name_span.end, enclosing: Some(place.1) };
        let mut known: Vec<(SmolStr, Written)> = Vec::new();
        for (at, parameter) in written::type_parameters(&symbol.signature, &symbol.name).into_iter().enumerate() {
            let meant = given.get(at).cloned().unwrap_or_else(|| {
                let text = parameter.default.unwrap_or_default().into();
                Written { text, site, arguments: Some(Rc::new(known.clone())) }
            });
            known.push((parameter.name.into(), meant));
        }
        (!known.is_empty()).then(|| Rc::new(known))
    }

    /// A function or class with type arguments, or with what nobody says of them left open.
    pub(super) fn applied_to(&self, value: Value, given: &[Written]) -> Value {
        match value {
            Value::Defined(place, None) => {
                use SymbolKind::{Class, Function, Method};
                let generic = matches!(self.symbol(place).kind, Function | Method | Class);
                Value::Defined(place, if generic { self.parameters_as(place, given) } else { None })
            }
            other => other,
        }
    }
}
