//! Where a key comes from. It never stands in a file: a variable of the environment or the keychain of the system holds it, or a
//! program prints it.

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

    /// What the keychain of the system holds under a name, or why it gives nothing.
    ///
    /// # Errors
    /// Fails with a sentence that holds nothing of what is kept.
    fn kept(&self, name: &str) -> Result<String, String>;
}

/// Where the settings say that a key is. A program goes before the keychain, and that before a variable.
enum Place<'settings> {
    Printed(&'settings [String]),
    Kept(&'settings str),
    Variable(&'settings str),
}

impl<'settings> Place<'settings> {
    fn of(
        command: Option<&'settings Vec<String>>,
        keychain: Option<&'settings String>,
        variable: Option<&'settings String>,
    ) -> Option<Self> {
        let printed = command.map(|command| Place::Printed(command));
        printed.or(keychain.map(|name| Place::Kept(name))).or(variable.map(|name| Place::Variable(name)))
    }
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

    fn kept(&self, _: &str) -> Result<String, String> {
        Err("no keychain is asked here".to_owned())
    }
}

/// The key of a tier, or the reason why there is none though one is needed.
pub(super) fn key(own: &TierSettings, provider: &ProviderSettings, url: &Url, keys: &dyn Keys) -> Result<Option<Secret>, String> {
    // A key belongs to its address: a tier that goes elsewhere does not inherit it.
    let moved = own.base_url.is_some() && own.base_url != provider.base_url;
    let provider = Some(provider).filter(|_| !moved);
    let own = Place::of(own.key_command.as_ref(), own.key_keychain.as_ref(), own.key_env.as_ref());
    let inherited =
        provider.and_then(|table| Place::of(table.key_command.as_ref(), table.key_keychain.as_ref(), table.key_env.as_ref()));
    let host = url.host_str().unwrap_or("the server");
    let Some(place) = own.or(inherited) else {
        let openai = matches!(url.host(), Some(Host::Domain("api.openai.com")));
        return if openai { Err("no key: write key_env = \"OPENAI_API_KEY\"".into()) } else { Ok(None) };
    };
    let (found, missing) = match place {
        Place::Printed(command) => {
            let missing = format!("key_command prints no key of {host}");
            (keys.printed(command).map_err(|reason| format!("{missing}: {reason}"))?, missing)
        }
        Place::Kept(name) => {
            let missing = format!("the keychain holds no key of {host} under `{name}`");
            (keys.kept(name).map_err(|reason| format!("{missing}: {reason}"))?, missing)
        }
        Place::Variable(name) => {
            let missing = format!("the environment variable {name} is not set: set it to the key of {host}");
            (keys.variable(name).unwrap_or_default(), missing)
        }
    };
    let key = Secret::new(found);
    if key.is_empty() { Err(missing) } else { Ok(Some(key)) }
}
