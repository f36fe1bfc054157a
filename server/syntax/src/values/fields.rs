//! The fields of nodes by which values are read, as the numbers that a grammar has for them.

use std::num::NonZeroU16;

/// A field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Arguments,
    Attribute,
    Body,
    Consequence,
    Constructor,
    Function,
    Index,
    Key,
    Left,
    Object,
    Operator,
    Property,
    ReturnType,
    Right,
    Subscript,
    Type,
    TypeArguments,
    Value,
}

/// The names in the order of [`Field`].
const NAMES: [&str; 18] = [
    "arguments",
    "attribute",
    "body",
    "consequence",
    "constructor",
    "function",
    "index",
    "key",
    "left",
    "object",
    "operator",
    "property",
    "return_type",
    "right",
    "subscript",
    "type",
    "type_arguments",
    "value",
];

/// The numbers of the fields in one grammar, looked up once: by name, tree-sitter compares all names for each child asked for.
#[derive(Debug)]
pub(crate) struct Fields([Option<NonZeroU16>; NAMES.len()]);

impl Fields {
    pub(crate) fn of(grammar: &tree_sitter::Language) -> Self {
        Self(NAMES.map(|name| grammar.field_id_for_name(name)))
    }

    /// The number of a field; `None` where the grammar has none of that name.
    pub(super) fn id(&self, field: Field) -> Option<u16> {
        self.0[field as usize].map(NonZeroU16::get)
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, NAMES};

    #[test]
    fn names_stand_in_the_order_of_the_fields() {
        assert_eq!(NAMES[Field::Arguments as usize], "arguments");
        assert_eq!(NAMES[Field::Operator as usize], "operator");
        assert_eq!(NAMES[Field::TypeArguments as usize], "type_arguments");
        assert_eq!(NAMES.len(), Field::Value as usize + 1);
        assert!(NAMES.is_sorted());
    }
}
