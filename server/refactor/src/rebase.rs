//! A change to files that were typed in meanwhile: it is moved to where its place is now, if nobody touched that place.

use assist::Snapshot;
use syntax::Limits;
use text::{Edit, Span, apply_edits, edits_between, line_end, line_start};

use crate::checks::{self, Allowance};
use crate::overlay::Overlay;
use crate::{ChangeSet, FileChange};

/// The same change to the files as they are now; `None` where a definition that it changes was changed by others too, or where the
/// result would not pass the checks of syntax and content.
#[must_use]
pub fn rebase(changes: &ChangeSet, now: &Snapshot) -> Option<ChangeSet> {
    let mut moved = ChangeSet::default();
    let mut edits = text::EditSet::default();
    for change in changes.files() {
        let text = now.text(&change.path);
        let version = now.version(&change.path);
        if text == change.before {
            moved.push(FileChange { version, ..change.clone() });
        } else {
            // A file that goes, and was edited since, stays.
            change.after.as_ref()?;
            let (before, text) = (change.before.as_deref()?, text?);
            let after = merged(now, change, before, &text)?;
            moved.push(FileChange { before: Some(text), after: Some(after.as_str().into()), version, ..change.clone() });
        }
        let last = moved.files().iter().find(|file| file.path == change.path)?;
        last.edits().into_iter().for_each(|edit| edits.push(change.path.clone(), edit));
    }
    let overlay = Overlay::new(now).edited(&edits).ok()?;
    let checks = checks::run(&overlay, &Allowance::default());
    let matter = |name: &str| matches!(name, "syntax" | "content" | "completeness");
    checks.iter().filter(|check| matter(check.name)).all(|check| check.passed()).then_some(moved)
}

/// Both changes of one text, where they keep apart.
fn merged(now: &Snapshot, change: &FileChange, before: &str, text: &str) -> Option<String> {
    let (ours, theirs) = (change.edits(), edits_between(before, text));
    let language = now.index().language(&change.path, before)?;
    let file = syntax::parse(language, before, None, &Limits::default()).ok()?.file;
    let around = |edit: &Edit| {
        let holding = file.symbols.iter().filter(|symbol| symbol.full_span.contains(edit.span) && !edit.span.is_empty());
        holding.map(|symbol| symbol.full_span).min_by_key(|span| span.len()).unwrap_or_else(|| lines(before, edit.span))
    };
    let taken: Vec<Span> = ours.iter().map(around).collect();
    let is_apart = |their: &Edit| taken.iter().all(|span| their.span.end < span.start || span.end < their.span.start);
    if !theirs.iter().all(is_apart) {
        return None;
    }
    let both: Vec<Edit> = ours.into_iter().chain(theirs).collect();
    apply_edits(before, &both).ok()
}

/// The whole lines of a span.
fn lines(text: &str, span: Span) -> Span {
    let end = line_end(text, span.end as usize);
    let content = text[..end].strip_suffix('\n').map_or(end, str::len).max(span.end as usize);
    Span::new(line_start(text, span.start as usize), content)
}

#[cfg(test)]
mod tests {
    use assist::{Host, Settings};

    use super::rebase;
    use crate::{ChangeSet, FileChange};

    const BEFORE: &str = "fn a() {\n    1;\n}\n\nfn b() {\n    2;\n}\n";

    fn rebased(now: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.open("a.rs", now, 7);
        let mut changes = ChangeSet::default();
        let after = BEFORE.replace("2;", "3;").into();
        changes.push(FileChange {
            path: "a.rs".into(),
            before: Some(BEFORE.into()),
            after: Some(after),
            version: Some(1),
            ..FileChange::default()
        });
        let moved = rebase(&changes, &host.snapshot())?;
        assert_eq!((moved.files()[0].version, moved.files()[0].before.as_deref()), (Some(7), Some(now)));
        moved.files()[0].after.as_deref().map(str::to_owned)
    }

    #[test]
    fn a_change_moves_with_its_definition() {
        let typed = BEFORE.replace("1;", "1;\n    11;");
        assert_eq!(rebased(&typed), Some(typed.replace("2;", "3;")));
        assert_eq!(rebased(BEFORE), Some(BEFORE.replace("2;", "3;")));
    }

    #[test]
    fn a_definition_that_was_typed_in_is_left() {
        assert_eq!(rebased(&BEFORE.replace("2;", "2;\n    22;")), None);
        assert_eq!(rebased(&BEFORE.replace("fn b", "fn c")), None);
        assert_eq!(rebased(""), None);
    }
}
