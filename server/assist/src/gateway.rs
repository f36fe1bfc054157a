//! Opening the gateway from the user's own file, and from nowhere else.

use std::sync::Arc;

use models::Gateway;

use crate::{Places, SettingsProblem};

/// The gateway that the user's file describes; `None` where it names no provider and no tier, so that the index answers alone.
/// What is wrong with the file comes back as problems.
#[must_use]
pub fn open_gateway(places: &Places) -> (Option<Arc<Gateway>>, Vec<SettingsProblem>) {
    let file = places.user_file();
    // That the file cannot be read at all is said by `Settings::load`, which reads it too.
    let Ok(text) = std::fs::read_to_string(&file) else {
        return (None, Vec::new());
    };
    if text.parse::<toml::Table>().is_err() {
        return (None, Vec::new());
    }
    let problem = |message: String| (None, vec![SettingsProblem { file: file.clone(), message }]);
    let settings: models::Settings = match toml::from_str(&text) {
        Ok(settings) => settings,
        Err(error) => return problem(error.message().to_owned()),
    };
    if settings.provider.is_none() && settings.tiers.is_empty() {
        return (None, Vec::new());
    }
    let env = |name: &str| std::env::var(name).ok();
    match models::resolve(&settings, &env, &places.state, &places.cache) {
        Ok(configuration) => {
            let unavailable = configuration.unavailable.iter();
            let problems = unavailable
                .map(|(tier, reason)| SettingsProblem { file: file.clone(), message: format!("tier {tier}: {reason}") })
                .collect();
            (Some(Arc::new(Gateway::new(configuration))), problems)
        }
        Err(error) => problem(error.to_string()),
    }
}
