//! The kinds of nodes by which values are read, and their fields, as the numbers that a grammar has for them.

use std::num::NonZeroU16;

use crate::{query::Rules, tape::FIELDS};

/// Declares the kinds of nodes, each with the names that the grammars have for it.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $($name:literal)|+,)*) => {
        /// What a node is to whoever reads values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            /// Nothing that is read.
            Other,
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            fn named(name: &str) -> Self {
                match name {
                    $($($name)|+ => Self::$kind,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

kinds! {
    Identifier = "identifier",
    /// Another name that stands for itself.
    Word = "this" | "super" | "type_identifier",
    Member = "member_expression",
    Attribute = "attribute",
    Call = "call_expression" | "call",
    New = "new_expression",
    SubscriptExpression = "subscript_expression",
    Subscript = "subscript",
    As = "as_expression" | "satisfies_expression",
    TypeAssertion = "type_assertion",
    Parenthesized = "parenthesized_expression",
    AwaitExpression = "await_expression",
    /// Of the value of what stands in it.
    Inner = "await" | "non_null_expression",
    AssignmentExpression = "assignment_expression" | "augmented_assignment_expression",
    Assignment = "assignment",
    Ternary = "ternary_expression",
    Binary = "binary_expression",
    BooleanOperator = "boolean_operator",
    Conditional = "conditional_expression",
    NamedExpression = "named_expression",
    Pair = "pair",
    Object = "object",
    Spread = "spread_element",
    Array = "array",
    Arguments = "arguments",
    TypeArguments = "type_arguments",
    TypeAnnotation = "type_annotation" | "type",
    String = "string",
    Declarator = "variable_declarator",
    Field = "public_field_definition",
    OtherField = "field_definition" | "property_signature",
    /// Of TypeScript.
    Parameter = "required_parameter" | "optional_parameter",
    /// Of Python, with a type.
    TypedParameter = "typed_parameter" | "typed_default_parameter",
    DefaultParameter = "default_parameter",
    Parameters = "formal_parameters",
    Return = "return_statement",
    Arrow = "arrow_function",
    Function = "function_expression"
        | "function_declaration"
        | "generator_function"
        | "generator_function_declaration",
    Method = "method_definition",
    CallSignature = "call_signature" | "construct_signature",
    ObjectPattern = "object_pattern",
    ShorthandPattern = "shorthand_property_identifier_pattern",
    ObjectAssignment = "object_assignment_pattern",
    PairPattern = "pair_pattern",
    ArrayPattern = "array_pattern",
    AssignmentPattern = "assignment_pattern",
    /// Takes apart what is not told apart here.
    Sequence = "rest_pattern"
        | "tuple_pattern"
        | "list_pattern"
        | "pattern_list"
        | "list_splat_pattern"
        | "dictionary_splat_pattern",
    For = "for_in_statement" | "for_statement" | "for_in_clause",
    AsTarget = "as_pattern_target",
    AsPattern = "as_pattern",
    Except = "except_clause",
    Block = "statement_block" | "block",
    If = "if_statement" | "elif_clause",
    Switch = "switch_statement",
    SwitchBody = "switch_body",
    SwitchCase = "switch_case",
}

impl Kind {
    /// Whether a field tells its children apart. To ask for one costs time, and what is only a list has most of the children.
    fn has_fields(self) -> bool {
        !matches!(
            self,
            Self::Other
                | Self::Identifier
                | Self::Word
                | Self::Arguments
                | Self::TypeArguments
                | Self::Array
                | Self::ArrayPattern
                | Self::Block
                | Self::Object
                | Self::ObjectPattern
                | Self::Parameters
                | Self::Sequence
                | Self::String
                | Self::SwitchBody
        )
    }
}

/// A field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Arguments,
    Attribute,
    Body,
    Condition,
    Consequence,
    Constructor,
    Function,
    Index,
    Key,
    Left,
    Object,
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
    "condition",
    "consequence",
    "constructor",
    "function",
    "index",
    "key",
    "left",
    "object",
    "property",
    "return_type",
    "right",
    "subscript",
    "type",
    "type_arguments",
    "value",
];

/// What one grammar calls the kinds and the fields.
pub(crate) struct Vocabulary {
    /// By the numbers of the kinds of nodes.
    kinds: Box<[Kind]>,
    fields: [Option<NonZeroU16>; NAMES.len()],
}

impl Vocabulary {
    /// The vocabulary of a grammar; `rules` are told to ask for the fields of what it knows.
    pub(crate) fn of(grammar: &tree_sitter::Language, rules: &mut Rules) -> Self {
        let numbers = 0..u16::try_from(grammar.node_kind_count()).unwrap_or(u16::MAX);
        let kind = |number: u16| {
            let name = grammar.node_kind_for_id(number).filter(|_| grammar.node_kind_is_named(number));
            name.map_or(Kind::Other, Kind::named)
        };
        let kinds: Box<[Kind]> = numbers.map(kind).collect();
        rules.ask((0..).zip(&kinds).filter(|(_, kind)| kind.has_fields()).map(|(number, _)| number), FIELDS);
        Self { kinds, fields: NAMES.map(|name| grammar.field_id_for_name(name)) }
    }

    pub(super) fn kind(&self, number: u16) -> Kind {
        self.kinds.get(usize::from(number)).copied().unwrap_or(Kind::Other)
    }

    /// The number of a field; `None` where the grammar has none of that name.
    pub(super) fn field(&self, field: Field) -> Option<NonZeroU16> {
        self.fields[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, NAMES};

    #[test]
    fn names_stand_in_the_order_of_the_fields() {
        assert_eq!(NAMES[Field::Arguments as usize], "arguments");
        assert_eq!(NAMES[Field::Property as usize], "property");
        assert_eq!(NAMES[Field::TypeArguments as usize], "type_arguments");
        assert_eq!(NAMES.len(), Field::Value as usize + 1);
        assert!(NAMES.is_sorted());
    }
}
