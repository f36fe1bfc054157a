//! Members by what they are reached through, where the text tells what type that has.

use syntax::{Certainty, Reference};

use super::types::{Site, Value, are_told};
use super::{Found, Keep, Resolver};
use crate::base::{FileId, Place};

impl Resolver<'_> {
    /// A member of the type of what stands before it, or a key of an object that is wanted as that type. `None` where the type is
    /// not known, or does not have the member as far as the workspace says.
    pub(super) fn by_type(&mut self, file: FileId, reference: &Reference<'_>) -> Option<Found> {
        let index = self.index;
        let record = index.record(file);
        // The graph of importance is not worth the time.
        if !are_told(record.language) || matches!(self.keep, Keep::AtMost(_)) {
            return None;
        }
        let receiver = record.file().receiver(reference)?;
        let site = Site { file, at: reference.span.start, enclosing: reference.enclosing };
        let values = self.types.of(receiver, site);
        let (mut places, mut modules, mut foreign) = (Vec::<Place>::new(), false, false);
        for value in values.iter() {
            for member in self.types.member(value, &self.name) {
                match member {
                    Value::Defined(place, _) => places.push(place),
                    Value::Foreign => foreign = true,
                    _ => {}
                }
            }
            modules |= matches!(value, Value::Module(_));
        }
        if places.is_empty() {
            return foreign.then(Vec::new);
        }
        let certainty = if modules { Certainty::Imported } else { Certainty::Exact };
        let group = |place: &Place| self.candidate(*place).map_or(u32::MAX, |candidate| candidate.group);
        // Of a union any may be meant.
        let one = places.windows(2).all(|pair| group(&pair[0]) == group(&pair[1]));
        Some(self.graded(places, record.language, if one { certainty } else { Certainty::SameName }))
    }

    /// Whether the answers for a use are those of a type.
    pub(crate) fn is_told(&mut self, file: FileId, reference: &Reference<'_>) -> bool {
        self.by_type(file, reference).is_some_and(|found| !found.is_empty())
    }
}
