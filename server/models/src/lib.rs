//! The gateway to model servers: tiers, providers, money, cache, egress.
