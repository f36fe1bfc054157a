//! The shape of the meta-model's own file; only what a check needs.

use serde::Deserialize;
use serde_json::Value;

/// The file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Model {
    pub(super) requests: Vec<Request>,
    pub(super) notifications: Vec<Notification>,
    pub(super) structures: Vec<Structure>,
    pub(super) enumerations: Vec<Enumeration>,
    pub(super) type_aliases: Vec<Alias>,
}

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Direction {
    /// Only clients.
    ClientToServer,
    /// Only servers.
    ServerToClient,
    /// Both.
    Both,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) message_direction: Direction,
    pub(super) params: Option<Type>,
    pub(super) result: Type,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    pub(super) method: String,
    pub(super) message_direction: Direction,
    pub(super) params: Option<Type>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Structure {
    pub(super) name: String,
    pub(super) properties: Vec<Property>,
    #[serde(default)]
    pub(super) extends: Vec<Type>,
    #[serde(default)]
    pub(super) mixins: Vec<Type>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Enumeration {
    pub(super) name: String,
    pub(super) r#type: Type,
    pub(super) values: Vec<EnumerationValue>,
    #[serde(default, rename = "supportsCustomValues")]
    pub(super) supports_custom_values: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct EnumerationValue {
    pub(super) value: Value,
}

#[derive(Deserialize)]
pub(super) struct Alias {
    pub(super) name: String,
    pub(super) r#type: Type,
}

/// A property of a structure or of a literal.
#[derive(Debug, Deserialize)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) r#type: Type,
    #[serde(default)]
    pub(super) optional: bool,
}

/// The properties of a literal type.
#[derive(Debug, Deserialize)]
pub(super) struct Literal {
    pub(super) properties: Vec<Property>,
}

/// A type, as the meta-model writes it.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum Type {
    /// `string`, `integer` and the like.
    Base {
        /// Which one.
        name: String,
    },
    /// A structure, an enumeration or an alias.
    Reference {
        /// Its name.
        name: String,
    },
    /// Many of one type.
    Array {
        /// The type.
        element: Box<Type>,
    },
    /// An object with free keys.
    Map {
        /// What its keys are.
        key: Box<Type>,
        /// What its values are.
        value: Box<Type>,
    },
    /// All of them at once.
    And {
        /// They.
        items: Vec<Type>,
    },
    /// One of them.
    Or {
        /// They.
        items: Vec<Type>,
    },
    /// An array of fixed length.
    Tuple {
        /// The type of each place.
        items: Vec<Type>,
    },
    /// A structure without a name.
    Literal {
        /// Its properties.
        value: Literal,
    },
    /// Exactly one string.
    StringLiteral {
        /// The string.
        value: String,
    },
}
