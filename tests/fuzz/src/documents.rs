//! A plan as a document, which its user edits as text.

use refactor::PlanDocument;

use crate::{input, plan, workspace};

/// A document. Whatever it says:
/// - each fault names a line of it;
/// - what is read is the same once it was written and read again;
/// - what the ticked steps come to is faults with a place, or a plan that may be carried out.
pub fn documents(bytes: &[u8]) {
    let markdown = input::text(bytes);
    let last = markdown.lines().count().saturating_sub(1);
    let document = match PlanDocument::parse(&markdown) {
        Ok(document) => document,
        Err(faults) => {
            assert!(!faults.is_empty() && faults.iter().all(|fault| fault.line <= last), "{faults:?}");
            return;
        }
    };
    assert!(document.steps.iter().all(|step| step.line <= last), "{document:?}");
    let written = document.to_markdown();
    let _ = document.total();
    document.steps.iter().for_each(|step| drop(document.needed_by(&step.id)));
    let snapshot = workspace::snapshot();
    match document.resolve(snapshot) {
        Ok(resolved) => {
            plan::is_sound(snapshot, &resolved, &document.instruction);
            let mut again = PlanDocument::parse(&written).unwrap_or_else(|faults| panic!("{faults:?}\n{written}"));
            assert_eq!(again.to_markdown(), written);
            again.steps.iter_mut().zip(&document.steps).for_each(|(again, step)| again.line = step.line);
            assert_eq!(again, document, "{written}");
        }
        Err(faults) => assert!(!faults.is_empty() && faults.iter().all(|fault| fault.line <= last), "{faults:?}"),
    }
}
