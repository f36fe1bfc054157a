//! The local names that are in scope at one point of a walk. An approximation: a name counts from where it is bound to the end
//! of the scope it is bound in, whatever the language says of hoisting.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

/// Scopes and what they bind.
#[derive(Default)]
pub(crate) struct Locals<'a> {
    /// How many bindings of a name are in scope.
    counts: HashMap<&'a str, u32, FxBuildHasher>,
    bound: Vec<&'a str>,
    /// How many names were bound when each scope opened.
    scopes: Vec<usize>,
    /// Names that come into scope later: from which byte, in which depth of scopes.
    pending: Vec<(u32, usize, &'a str)>,
    /// Names that were declared to be the module's, and in which depth of scopes.
    globals: Vec<(usize, &'a str)>,
}

impl<'a> Locals<'a> {
    /// Opens a scope at a byte.
    pub(crate) fn open(&mut self, at: u32) {
        self.reach(at);
        self.scopes.push(self.bound.len());
    }

    /// Closes the innermost scope.
    pub(crate) fn close(&mut self) {
        let kept = self.scopes.pop().unwrap_or_default();
        for name in self.bound.drain(kept..) {
            if let Some(count) = self.counts.get_mut(name) {
                *count = count.saturating_sub(1);
            }
        }
        let depth = self.scopes.len();
        self.pending.retain(|(_, scope, _)| *scope <= depth);
        self.globals.retain(|(scope, _)| *scope <= depth);
    }

    /// Binds a name in the innermost scope, from the byte `after` on; outside of all scopes nothing is local.
    pub(crate) fn bind(&mut self, name: &'a str, after: u32) {
        if self.scopes.is_empty() || self.globals.iter().any(|(_, global)| *global == name) {
            return;
        }
        if after == 0 { self.activate(name) } else { self.pending.push((after, self.scopes.len(), name)) }
    }

    /// Declares that a name means the module's in this scope.
    pub(crate) fn declare_global(&mut self, name: &'a str) {
        self.globals.push((self.scopes.len(), name));
    }

    /// Brings into scope what waits for a byte that is reached.
    pub(crate) fn reach(&mut self, at: u32) {
        if self.pending.is_empty() {
            return;
        }
        let mut pending = std::mem::take(&mut self.pending);
        pending.retain(|&(after, _, name)| {
            if after <= at {
                self.activate(name);
            }
            after > at
        });
        self.pending = pending;
    }

    /// Whether a local name of this spelling is in scope.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0) && !self.globals.iter().any(|(_, global)| *global == name)
    }

    fn activate(&mut self, name: &'a str) {
        *self.counts.entry(name).or_default() += 1;
        self.bound.push(name);
    }
}
