//! What a server accepts. Not every server takes every field; one that refuses a field is asked without it, and that is remembered.

use serde::{Deserialize, Serialize};

/// How the shape of the answer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// A strict JSON schema, which the server enforces.
    Schema,
    /// Any JSON object (at Anthropic: the input of a tool), with the schema in the prompt.
    Object,
    /// Text, with the schema in the prompt.
    Text,
}

impl Rung {
    pub(crate) fn next(self) -> Option<Rung> {
        match self {
            Rung::Schema => Some(Rung::Object),
            Rung::Object => Some(Rung::Text),
            Rung::Text => None,
        }
    }
}

/// A field that a server may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    /// What asks for the shape of the answer.
    Shape,
    /// The reasoning effort.
    Effort,
    /// `stream`: the reply then comes in one piece.
    Stream,
    /// `stream_options`: the usage in a stream.
    StreamUsage,
    /// The name of the token limit on the chat wire: the other one is used.
    TokenLimit,
    /// OpenAI's own fields: `store`, `verbosity`, `prompt_cache_key`.
    Extras,
    /// `service_tier`: the project's own one is used then, which may cost more.
    ServiceTier,
}

/// What a server accepts, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Abilities {
    pub(crate) rung: Rung,
    pub(crate) effort: bool,
    pub(crate) stream: bool,
    pub(crate) stream_usage: bool,
    pub(crate) other_token_limit: bool,
    pub(crate) extras: bool,
    /// What an earlier version learned says nothing of it.
    #[serde(default = "yes")]
    pub(crate) service_tier: bool,
}

fn yes() -> bool {
    true
}

impl Abilities {
    /// Everything, with the shape asked for in the way that the server's kind is known to keep to.
    pub(crate) fn all(rung: Rung) -> Self {
        Abilities {
            rung,
            effort: true,
            stream: true,
            stream_usage: true,
            other_token_limit: false,
            extras: true,
            service_tier: true,
        }
    }

    /// The same without a field; nothing when the field was not sent, so that its refusal cannot be the reason.
    pub(crate) fn without(self, field: Field) -> Option<Self> {
        let less = match field {
            Field::Shape => Abilities { rung: self.rung.next()?, ..self },
            Field::Effort => Abilities { effort: false, ..self },
            Field::Stream => Abilities { stream: false, ..self },
            Field::StreamUsage => Abilities { stream_usage: false, ..self },
            Field::TokenLimit => Abilities { other_token_limit: true, ..self },
            Field::Extras => Abilities { extras: false, ..self },
            Field::ServiceTier => Abilities { service_tier: false, ..self },
        };
        (less != self).then_some(less)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_given_up_once_and_the_shape_in_two_steps() {
        let mut abilities = Abilities::all(Rung::Schema);
        let fields = [
            Field::Shape,
            Field::Shape,
            Field::Effort,
            Field::Stream,
            Field::StreamUsage,
            Field::TokenLimit,
            Field::Extras,
            Field::ServiceTier,
        ];
        for field in fields {
            abilities = abilities.without(field).unwrap();
        }
        assert_eq!(abilities.rung, Rung::Text);
        assert!(fields.into_iter().all(|field| abilities.without(field).is_none()));
    }
}
