//! Opening gateways to the models that are configured: one for all workspaces that are configured alike, kept for as long as they are.

use std::sync::Arc;

use models::{AskUser, Gateway, Keys, Tier, Traffic};
use parking_lot::Mutex;

use crate::keys::{NoKeys, UserKeys};
use crate::settings::{Fault, SettingsProblem};
use crate::{Configured, Places};

/// Where the gateways of a process come from.
pub struct Gateways {
    source: Source,
    ask_user: Mutex<Option<AskUser>>,
    made: Mutex<Vec<Made>>,
}

enum Source {
    /// The same for all, whatever is configured.
    Fixed(Option<Arc<Gateway>>),
    /// As is configured, its traffic going there.
    Configured(Traffic),
}

struct Made {
    settings: models::Settings,
    gateway: Arc<Gateway>,
    /// What of the settings cannot be had, and of which tier it is said.
    faults: Vec<(Option<Tier>, String)>,
}

impl Gateways {
    /// Gateways as they are configured, with their traffic as it is, recorded or replayed. A replay needs no key, and a user who
    /// configured nothing replays what was recorded with the built-in provider.
    #[must_use]
    pub fn configured(traffic: Traffic) -> Self {
        Source::Configured(traffic).into()
    }

    /// Says how the user is asked before the first text of a workspace goes to a server, by every gateway.
    pub fn ask_user_with(&self, ask_user: AskUser) {
        if let Source::Fixed(Some(gateway)) = &self.source {
            gateway.ask_user_with(Arc::clone(&ask_user));
        }
        for made in self.made.lock().iter() {
            made.gateway.ask_user_with(Arc::clone(&ask_user));
        }
        *self.ask_user.lock() = Some(ask_user);
    }

    /// The gateway of what is configured where it is open already; opens none, and starts no program that prints a key.
    #[must_use]
    pub fn ready(&self, configured: &Configured) -> Option<Arc<Gateway>> {
        match &self.source {
            Source::Fixed(gateway) => gateway.clone(),
            Source::Configured(_) => {
                let made = self.made.lock();
                made.iter().find(|made| made.settings == configured.models).map(|made| Arc::clone(&made.gateway))
            }
        }
    }

    /// The gateway of what is configured; `None` where that names no provider and no tier, so that the index answers alone. What of it
    /// cannot be had comes back as problems. Blocks for as long as a program takes to print a key.
    ///
    /// # Errors
    /// Fails where it cannot be meant as it stands.
    pub fn open(
        &self,
        places: &Places,
        configured: &Configured,
    ) -> Result<(Option<Arc<Gateway>>, Vec<SettingsProblem>), SettingsProblem> {
        let traffic = match &self.source {
            Source::Fixed(gateway) => return Ok((gateway.clone(), Vec::new())),
            Source::Configured(traffic) => traffic,
        };
        let problem = |(tier, message): (Option<Tier>, String)| configured.model_problem(places, tier, message);
        if let Some(made) = self.made.lock().iter().find(|made| made.settings == configured.models) {
            return Ok((Some(Arc::clone(&made.gateway)), made.faults.iter().cloned().map(problem).collect()));
        }
        let is_replay = matches!(traffic, Traffic::Replay(_));
        let mut settings = configured.models.clone();
        if settings.provider.is_none() && settings.tiers.is_empty() {
            if !is_replay {
                return Ok((None, Vec::new()));
            }
            settings.provider = Some("openai".to_owned());
        }
        let keys: &dyn Keys = if is_replay { &NoKeys } else { &UserKeys::default() };
        let resolved = models::resolve_with(&settings, keys, &places.state, &places.cache).map_err(|error| {
            let message = error.to_string();
            let of_tier = |tier: &Tier| message.starts_with(&format!("tier {tier}:"));
            problem((Tier::ALL.into_iter().find(of_tier), message.clone()))
        })?;
        let unavailable = resolved.unavailable.iter().map(|(tier, reason)| (Some(*tier), format!("tier {tier}: {reason}")));
        let faults: Vec<_> = unavailable.chain(resolved.problems.iter().map(|reason| (None, reason.clone()))).collect();
        let gateway = Arc::new(Gateway::new(resolved.over(traffic.clone())));
        if let Some(ask_user) = self.ask_user.lock().clone() {
            gateway.ask_user_with(ask_user);
        }
        // Not held while a program prints a key: others ask what is ready meanwhile.
        let mut made = self.made.lock();
        // Whoever still works by one that nobody is configured for any more keeps it for so long.
        made.retain(|made| Arc::strong_count(&made.gateway) > 1);
        made.push(Made { settings: configured.models.clone(), gateway: Arc::clone(&gateway), faults: faults.clone() });
        Ok((Some(gateway), faults.into_iter().map(problem).collect()))
    }
}

impl Configured {
    /// A problem of the gateway's, at the place where the tier it speaks of is configured.
    fn model_problem(&self, places: &Places, tier: Option<Tier>, message: String) -> SettingsProblem {
        let of_tier = |tier: Tier| {
            let section = format!("tiers.{tier}.");
            self.places.iter().find(move |(name, _, _)| name.starts_with(&section))
        };
        let found = tier.and_then(of_tier).or_else(|| self.places.iter().find(|(name, _, _)| name == "provider"));
        let (file, place) = match found {
            Some((_, file, place)) => (file.clone(), Some(*place)),
            None => (places.user_file(), None),
        };
        SettingsProblem { file, place, fault: Fault::Model, message }
    }
}

impl From<Source> for Gateways {
    fn from(source: Source) -> Self {
        Self { source, ask_user: Mutex::default(), made: Mutex::default() }
    }
}

impl From<Option<Arc<Gateway>>> for Gateways {
    /// This one for everybody, or none.
    fn from(gateway: Option<Arc<Gateway>>) -> Self {
        Source::Fixed(gateway).into()
    }
}

impl std::fmt::Debug for Gateways {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Gateways").finish_non_exhaustive()
    }
}
