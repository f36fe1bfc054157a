//! The built-in kinds of model server. They are data in `providers.toml`; a kind that is not there is a plain chat server.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{KeyHeader, TokenLimitField};
use crate::{Rung, Wire};

const TEXT: &str = include_str!("../../providers.toml");

/// How one kind of server is spoken to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Dialect {
    pub(crate) base_url: Option<String>,
    pub(crate) wire: Option<Wire>,
    pub(crate) key_env: Option<String>,
    pub(crate) key_header: KeyHeader,
    pub(crate) token_limit_field: TokenLimitField,
    pub(crate) openai_fields: bool,
    pub(crate) first_rung: Rung,
    pub(crate) free: bool,
    pub(crate) priced: bool,
    pub(crate) discovered: bool,
    pub(crate) headers: BTreeMap<String, String>,
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
            discovered: false,
            headers: BTreeMap::new(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Dialects {
    providers: BTreeMap<String, Dialect>,
}

/// The built-in dialects by the name of their provider. A table that cannot be read is empty; a test reads it.
pub(crate) fn built_in() -> BTreeMap<String, Dialect> {
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
            assert!(!(dialect.free || dialect.discovered) || address.starts_with("http://127.0.0.1:"), "{name}");
        }
    }
}
