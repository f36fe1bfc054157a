//! The cache that a team shares, as a user configures it. A repository cannot.

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::Secret;

/// The table `[team_cache]` of a user's configuration file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TeamCacheSettings {
    /// Where it is: `redis://…`, `rediss://…`, `s3://bucket/folder?region=…&endpoint=…` or `webdav+https://…`.
    pub uri: String,
    /// The environment variable that holds the secret by which the team's entries are signed.
    pub key_env: String,
    /// The user's name at a WebDAV server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The environment variable that holds the password of the Redis or WebDAV server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
}

/// The cache that a team shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamCache {
    /// Where it is.
    pub uri: String,
    /// By what its entries are signed.
    pub key: Secret,
    /// The user's name there.
    pub user: Option<String>,
    /// The password there.
    pub password: Option<Secret>,
}

pub(super) fn team_cache(settings: &TeamCacheSettings, env: &dyn Fn(&str) -> Option<String>) -> Result<TeamCache, ConfigError> {
    let secret = |name: &str| match env(name).map(Secret::new) {
        Some(secret) if !secret.is_empty() => Ok(secret),
        _ => Err(ConfigError(format!("the team's cache is not used: the environment variable {name} is not set"))),
    };
    Ok(TeamCache {
        uri: settings.uri.clone(),
        key: secret(&settings.key_env)?,
        user: settings.user.clone(),
        password: settings.password_env.as_deref().map(secret).transpose()?,
    })
}
