//! Opening the gateway from the user's own file, and from nowhere else.

use std::sync::Arc;

use models::{Gateway, Keys, Traffic};

use crate::keys::{NoKeys, UserKeys};
use crate::{Places, SettingsProblem};

/// The gateway that the user's file describes; `None` where it names no provider and no tier, so that the index answers alone.
/// What is wrong with the file comes back as problems.
#[must_use]
pub fn open_gateway(places: &Places) -> (Option<Arc<Gateway>>, Vec<SettingsProblem>) {
    open_gateway_over(places, &Traffic::Live)
}

/// The same with its traffic recorded or replayed. A replay needs no key, and a user who configured nothing replays what was
/// recorded with the built-in provider.
#[must_use]
pub fn open_gateway_over(places: &Places, traffic: &Traffic) -> (Option<Arc<Gateway>>, Vec<SettingsProblem>) {
    let file = places.user_file();
    // That the file cannot be read at all is said by `Settings::load`, which reads it too.
    let is_replay = matches!(traffic, Traffic::Replay(_));
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(_) if is_replay => String::new(),
        Err(_) => return (None, Vec::new()),
    };
    if text.parse::<toml::Table>().is_err() {
        return (None, Vec::new());
    }
    let problem = |message: String| (None, vec![SettingsProblem { file: file.clone(), message }]);
    let mut settings: models::Settings = match toml::from_str(&text) {
        Ok(settings) => settings,
        Err(error) => return problem(error.message().to_owned()),
    };
    if settings.provider.is_none() && settings.tiers.is_empty() {
        if is_replay {
            settings.provider = Some("openai".to_owned());
        } else {
            return (None, Vec::new());
        }
    }
    let keys: &dyn Keys = if is_replay { &NoKeys } else { &UserKeys::default() };
    match models::resolve_with(&settings, keys, &places.state, &places.cache) {
        Ok(configuration) => {
            let unavailable = configuration.unavailable.iter().map(|(tier, reason)| format!("tier {tier}: {reason}"));
            let messages = unavailable.chain(configuration.problems.iter().cloned());
            let problems = messages.map(|message| SettingsProblem { file: file.clone(), message }).collect();
            (Some(Arc::new(Gateway::new(configuration.over(traffic.clone())))), problems)
        }
        Err(error) => problem(error.to_string()),
    }
}
