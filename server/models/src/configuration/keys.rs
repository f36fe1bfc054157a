//! Where a key comes from. It never stands in a file: a variable of the environment holds it, or a program prints it.

use url::{Host, Url};

use super::settings::{ProviderSettings, TierSettings};
use crate::Secret;

/// How keys are looked up; the caller brings it.
pub trait Keys {
    /// The value of an environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// What a program prints, or why it printed nothing.
    ///
    /// # Errors
    /// Fails with a sentence that holds nothing of what was printed.
    fn printed(&self, command: &[String]) -> Result<String, String>;
}

/// Keys from the environment only.
pub(super) struct Variables<'env>(pub(super) &'env dyn Fn(&str) -> Option<String>);

impl Keys for Variables<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    fn printed(&self, _: &[String]) -> Result<String, String> {
        Err("no program is started here".to_owned())
    }
}

/// The key of a tier, or the reason why there is none though one is needed.
pub(super) fn key(own: &TierSettings, provider: &ProviderSettings, url: &Url, keys: &dyn Keys) -> Result<Option<Secret>, String> {
    // A key belongs to its address: a tier that goes elsewhere does not inherit it.
    let moved = own.base_url.is_some() && own.base_url != provider.base_url;
    let provider = Some(provider).filter(|_| !moved);
    let (command, variable) = match (&own.key_command, &own.key_env) {
        (None, None) => {
            (provider.and_then(|table| table.key_command.as_ref()), provider.and_then(|table| table.key_env.as_ref()))
        }
        own => (own.0.as_ref(), own.1.as_ref()),
    };
    let host = url.host_str().unwrap_or("the server");
    let found = match (command, variable) {
        (Some(command), _) => keys.printed(command).map_err(|reason| format!("key_command prints no key of {host}: {reason}"))?,
        (None, Some(name)) => keys.variable(name).unwrap_or_default(),
        (None, None) => {
            let openai = matches!(url.host(), Some(Host::Domain("api.openai.com")));
            return if openai { Err("no key: write key_env = \"OPENAI_API_KEY\"".into()) } else { Ok(None) };
        }
    };
    match (Secret::new(found), variable) {
        (key, _) if !key.is_empty() => Ok(Some(key)),
        (_, Some(name)) if command.is_none() => {
            Err(format!("the environment variable {name} is not set: set it to the key of {host}"))
        }
        _ => Err(format!("key_command prints no key of {host}")),
    }
}
