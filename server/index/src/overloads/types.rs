//! Types as they are written, and how well a value of one goes where another is wanted: by the rules of Java, which are those of C#
//! as far as they are looked at (Java Language Specification, chapters 5.1–5.3 and 15.12.2).

use smol_str::SmolStr;

use crate::imports::last;

/// A type without its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    /// Its last name; `null` and `->` for what nothing and a function are.
    pub(super) name: SmolStr,
    /// How many dimensions it has as an array.
    pub(super) dimensions: u32,
}

/// What a plain value becomes where more is wanted, from the narrowest.
const WIDENING: &[&str] = &["byte", "short", "int", "long", "float", "double"];
/// The classes of the plain types.
const BOXES: &[(&str, &str)] = &[
    ("byte", "Byte"),
    ("short", "Short"),
    ("int", "Integer"),
    ("long", "Long"),
    ("float", "Float"),
    ("double", "Double"),
    ("char", "Character"),
    ("boolean", "Boolean"),
];
/// What every array and every class of the language's own is, too.
const OPEN: &[&str] = &["Object", "Serializable", "Cloneable", "Comparable", "Constable", "object", "dynamic"];

/// What it costs that a class is another one's, as far as is known.
const MAYBE: u32 = 5;
/// What it costs that anything is taken.
const ANYTHING: u32 = 6;
/// What it costs to make an object of a plain value, or the other way round.
const BOXING: u32 = 10;

impl Type {
    /// The type that a text writes, without annotations and modifiers; `None` where it is none.
    pub(super) fn written(text: &str) -> Option<Self> {
        let (mut name, mut dimensions, mut depth) = (String::new(), 0, 0_u32);
        let mut is_apart = false;
        for character in text.trim().chars() {
            match character {
                '<' => depth += 1,
                '>' => depth = depth.checked_sub(1)?,
                _ if depth > 0 => {}
                '[' => dimensions += 1,
                ']' | '?' => {}
                _ if character.is_whitespace() => is_apart = true,
                // Of modifiers and annotations in front of it nothing is left.
                _ => {
                    if std::mem::take(&mut is_apart) {
                        name.clear();
                    }
                    name.push(character);
                }
            }
        }
        let repeats = name.ends_with("...");
        let name = last(name.trim_end_matches('.'));
        let is_name = name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '$'));
        let plain = match name {
            "bool" => "boolean",
            "string" => "String",
            name => name,
        };
        (is_name && !name.is_empty()).then(|| Self { name: plain.into(), dimensions: dimensions + u32::from(repeats) })
    }

    pub(super) fn named(name: &str) -> Self {
        Self { name: name.into(), dimensions: 0 }
    }

    /// An element of an array of it.
    pub(super) fn element(&self) -> Option<Self> {
        Some(Self { name: self.name.clone(), dimensions: self.dimensions.checked_sub(1)? })
    }

    fn rank(&self) -> Option<usize> {
        WIDENING.iter().position(|plain| self.name == *plain)
    }

    fn is_plain(&self) -> bool {
        self.dimensions == 0 && self.is_of_plain()
    }

    fn is_of_plain(&self) -> bool {
        self.rank().is_some() || matches!(self.name.as_str(), "char" | "boolean")
    }

    /// Whether it stands for any class: a type parameter, by how those are called.
    pub(super) fn is_parameter(&self) -> bool {
        let mut letters = self.name.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|letter| letter.is_ascii_digit())
    }

    /// What it costs to give a value of it where another type is wanted; 0 where they are the same, `None` where it cannot be.
    /// `inherits` says in how many steps a class has another above it.
    pub(super) fn cost(&self, wanted: &Self, inherits: impl Fn(&str, &str) -> Option<u32>) -> Option<u32> {
        if self == wanted {
            return Some(0);
        }
        match self.name.as_str() {
            "null" => {
                return (!wanted.is_plain()).then_some(u32::from(wanted.dimensions == 0 && OPEN.contains(&wanted.name.as_str())));
            }
            "->" => return (wanted.dimensions == 0 && !wanted.is_of_plain() && wanted.name != "String").then_some(0),
            _ => {}
        }
        if wanted.is_parameter() || OPEN.contains(&wanted.name.as_str()) {
            let kept = self.dimensions.checked_sub(wanted.dimensions)?;
            let is_plain = kept == 0 && self.is_of_plain();
            return match (is_plain, wanted.dimensions) {
                (true, 0) => Some(BOXING + 1),
                (true, _) => None,
                (false, _) => Some(ANYTHING + u32::from(wanted.name == "Object")),
            };
        }
        if self.dimensions != wanted.dimensions {
            return None;
        }
        match (self.is_of_plain(), wanted.is_of_plain()) {
            (true, true) if self.dimensions == 0 => self.widened(wanted),
            (true, false) if self.dimensions == 0 => self.boxed(wanted),
            (false, true) if self.dimensions == 0 => self.unboxed(wanted),
            (false, false) => self.class_cost(wanted, inherits),
            _ => None,
        }
    }

    fn widened(&self, wanted: &Self) -> Option<u32> {
        let to = wanted.rank()?;
        // A character is as wide as a short number, and fits the next.
        let from = if self.name == "char" { 1 } else { self.rank()? };
        u32::try_from(to.checked_sub(from)?).ok().filter(|steps| *steps > 0)
    }

    fn boxed(&self, wanted: &Self) -> Option<u32> {
        let class = BOXES.iter().find(|(plain, _)| self.name == *plain)?.1;
        if wanted.name == class {
            return Some(BOXING);
        }
        (wanted.name == "Number" && self.rank().is_some()).then_some(BOXING + 1)
    }

    fn unboxed(&self, wanted: &Self) -> Option<u32> {
        let plain = BOXES.iter().find(|(_, class)| self.name == *class)?.0;
        let plain = Self::named(plain);
        if plain == *wanted { Some(BOXING) } else { plain.widened(wanted).map(|steps| BOXING + steps) }
    }

    fn class_cost(&self, wanted: &Self, inherits: impl Fn(&str, &str) -> Option<u32>) -> Option<u32> {
        if self.name == "String" {
            return (wanted.name == "CharSequence").then_some(1);
        }
        if BOXES.iter().any(|(_, class)| self.name == *class) {
            return (wanted.name == "Number").then_some(1);
        }
        // Nothing inherits from these.
        if wanted.name == "String" || BOXES.iter().any(|(_, class)| wanted.name == *class) {
            return None;
        }
        Some(inherits(&self.name, &wanted.name).map_or(MAYBE, |steps| steps.min(MAYBE)))
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    fn cost(given: &str, wanted: &str) -> Option<u32> {
        let inherits = |class: &str, above: &str| (class == "Shop" && above == "Store").then_some(1);
        Type::written(given)?.cost(&Type::written(wanted)?, inherits)
    }

    #[test]
    fn types_are_read_without_what_does_not_matter() {
        let of = |text: &str| Type::written(text).map(|written| (written.name.to_string(), written.dimensions));
        assert_eq!(of("final java.util.Map.Entry<K, V[]>[]"), Some(("Entry".into(), 1)));
        assert_eq!(of("@Nullable String..."), Some(("String".into(), 1)));
        assert_eq!(of("int?"), Some(("int".into(), 0)));
        assert_eq!(of("(a, b)"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn what_is_nearer_costs_less() {
        for rising in [
            ["int", "int", "long", "double"],
            ["int", "long", "Integer", "Object"],
            ["char", "char", "int", "Object"],
            ["String", "String", "CharSequence", "Object"],
            ["Shop", "Shop", "Store", "Other"],
            ["Integer", "Integer", "Number", "int"],
            ["int[]", "int[]", "T", "Object"],
        ] {
            let costs: Option<Vec<u32>> = rising[1..].iter().map(|wanted| cost(rising[0], wanted)).collect();
            assert!(costs.as_ref().is_some_and(|costs| costs.is_sorted_by(|a, b| a < b)), "{rising:?}: {costs:?}");
        }
    }

    #[test]
    fn some_things_go_nowhere() {
        for (given, wanted) in [
            ("int[]", "long[]"),
            ("int[]", "Object[]"),
            ("int[]", "T[]"),
            ("int", "byte"),
            ("boolean", "int"),
            ("byte", "char"),
            ("String", "char"),
            ("String", "Store"),
            ("Store", "String"),
            ("Store", "Store[]"),
            ("Store[]", "Store"),
            ("Store", "int"),
            ("int", "Long"),
        ] {
            assert_eq!(cost(given, wanted), None, "{given} for {wanted}");
        }
        assert_eq!(Type::named("null").cost(&Type::named("int"), |_, _| None), None);
        assert_eq!(cost("String[]", "Object[]"), Some(7));
        assert_eq!(cost("int[][]", "T[]"), Some(6));
    }
}
