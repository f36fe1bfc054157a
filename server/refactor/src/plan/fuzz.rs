//! A planner's answer without a planner.

use assist::Snapshot;
use serde_json::Value;

use super::Plan;
use super::outline::Outline;
use super::read::{Planned, read};

/// A planner that was shown a workspace.
#[derive(Debug)]
pub struct Planner {
    snapshot: Snapshot,
    outline: Outline,
}

impl Planner {
    /// One that is asked for something.
    #[must_use]
    pub fn asked(snapshot: Snapshot, request: &str) -> Self {
        let (outline, _) = Outline::for_request(&snapshot, request);
        Self { snapshot, outline }
    }

    /// Reads its answer to a request that was made of what the user `said`: a plan, or `None` for look-ups, which are answered.
    ///
    /// # Errors
    /// Says all that is wrong with it.
    pub fn read(&self, answer: &Value, said: &str) -> Result<Option<Plan>, String> {
        match read(&self.snapshot, &self.outline, answer, said, true)? {
            Planned::Plan(plan) => Ok(Some(plan)),
            Planned::LookUps(look_ups) => {
                let (mut outline, _) = Outline::for_request(&self.snapshot, said);
                look_ups.iter().for_each(|look_up| drop(look_up.answer(&self.snapshot, &mut outline)));
                Ok(None)
            }
        }
    }
}
