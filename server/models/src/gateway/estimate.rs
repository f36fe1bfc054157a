//! What a job may cost at worst, said before anything is sent.

use super::{Gateway, looked_through};
use crate::abilities::Abilities;
use crate::wire::{Request, adapter};
use crate::{Cost, Job, ModelError, Usage, tokens};

/// The most that one request of a job can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Tokens of the prompt.
    pub input_tokens: u64,
    /// Tokens of the reply.
    pub output_tokens: u64,
    /// What they cost; `None` where the model's price is not known, so that it is not asked.
    pub cost: Option<Cost>,
}

impl Gateway {
    /// The most that one request of a job can use: what would be reserved for it. Sends nothing.
    ///
    /// # Errors
    /// Fails where the job could not be asked at all.
    pub fn estimate(&self, job: &Job) -> Result<Estimate, ModelError> {
        let Some(profile) = self.inner.configuration.tiers.get(&job.tier) else {
            return Err(ModelError::NotConfigured { tier: job.tier, reason: self.unavailable(job.tier).map(str::to_owned) });
        };
        let ready = looked_through(job, profile)?;
        let max_output_tokens = job.max_output_tokens.min(profile.max_output_tokens).max(1);
        let request = Request {
            profile,
            instructions: &ready.instructions,
            input: &ready.input,
            schema: &job.schema,
            max_output_tokens,
            abilities: Abilities::all(profile.endpoint.first_rung),
            cache_key: "",
        };
        let input = tokens::upper_bound(&adapter(profile.endpoint.wire).body(&request).to_string());
        let usage = Usage { input, output: u64::from(max_output_tokens), estimated: true, ..Usage::default() };
        let cost = profile.prices.map(|prices| prices.worst(&usage));
        Ok(Estimate { input_tokens: usage.input, output_tokens: usage.output, cost })
    }
}
