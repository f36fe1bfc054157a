//! The built-in kinds of model server. They are data in `providers.toml`; a kind that is not there is a plain chat server.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{KeyHeader, TokenLimitField};
use crate::{Rung, Wire};

const TEXT: &str = include_str!("../../providers.toml");

/// How one kind of server is spoken to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Dialect {
    pub(super) base_url: Option<String>,
    pub(super) wire: Option<Wire>,
    pub(super) key_env: Option<String>,
    pub(super) key_header: KeyHeader,
    pub(super) token_limit_field: TokenLimitField,
    pub(super) openai_fields: bool,
    pub(super) first_rung: Rung,
    pub(super) free: bool,
    pub(super) priced: bool,
    pub(super) headers: BTreeMap<String, String>,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            base_url: None,
            wire: None,
            key_env: None,
            key_header: KeyHeader::Bearer,
            token_limit_field: TokenLimitField::MaxTokens,
            openai_fields: false,
            first_rung: Rung::Schema,
            free: false,
            priced: false,
            headers: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Dialects {
    providers: BTreeMap<String, Dialect>,
}

/// The built-in dialects by the name of their provider. A table that cannot be read is empty; a test reads it.
pub(super) fn built_in() -> BTreeMap<String, Dialect> {
    toml::from_str::<Dialects>(TEXT).unwrap_or_default().providers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_sends_no_key_in_the_clear() {
        let table: Dialects = toml::from_str(TEXT).unwrap();
        let names: Vec<_> = table.providers.keys().map(String::as_str).collect();
        let expected =
            ["anthropic", "azure", "litellm", "llama_cpp", "lm_studio", "local", "ollama", "openai", "openrouter", "vllm"];
        assert_eq!(names, expected);
        for (name, dialect) in table.providers {
            let address = dialect.base_url.unwrap_or_default();
            assert!(dialect.key_env.is_none() || !address.starts_with("http:"), "{name}");
            assert!(!dialect.free || address.starts_with("http://127.0.0.1:"), "{name}");
        }
    }
}
