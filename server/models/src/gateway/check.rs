//! Asking servers which models they have, when the user says so and never otherwise: it sends the key, and no text.

use std::collections::BTreeMap;

use super::{Gateway, host};
use crate::catalogue::{self, Listed, ModelCard};
use crate::{ModelError, Tier, Traffic, failure};

impl Gateway {
    /// The model behind a tier, with its prices and where they come from. Sends nothing.
    pub fn card(&self, tier: Tier) -> Option<ModelCard> {
        let profile = self.inner.configuration.tiers.get(&tier)?;
        Some(ModelCard::of(profile, host(&profile.endpoint.base_url)))
    }

    /// Asks the server of each tier which models it has. Costs nothing, and sends nothing but the key.
    pub async fn check_models(&self) -> BTreeMap<Tier, Result<Listed, ModelError>> {
        let mut found = BTreeMap::new();
        for (tier, profile) in &self.inner.configuration.tiers {
            let listed = match self.listing(*tier).await {
                Ok(models) => Ok(Listed::of(*tier, profile, &models)),
                Err(error) => Err(error),
            };
            found.insert(*tier, listed);
        }
        found
    }

    async fn listing(&self, tier: Tier) -> Result<BTreeMap<String, Option<String>>, ModelError> {
        let profile = &self.inner.configuration.tiers[&tier];
        if self.inner.configuration.traffic != Traffic::Live {
            return Err(ModelError::NotRecorded("lists of models are not part of a recording".into()));
        }
        let endpoint = &profile.endpoint;
        let asked = self.inner.transport.get(endpoint, profile.deadlines, "/models", 8 << 20);
        let raw = match tokio::time::timeout(catalogue::PATIENCE, asked).await {
            Ok(raw) => raw.map_err(|broken| ModelError::Transport(failure::shown(&broken.told(), endpoint)))?,
            Err(_) => return Err(ModelError::Timeout(catalogue::PATIENCE)),
        };
        if !(200..300).contains(&raw.status) {
            return Err(failure::classify(raw.status, &raw.headers, &raw.body, endpoint).error);
        }
        catalogue::list(&raw.body)
    }
}
