use assist::{Host, Settings};

use super::{By, Journal, Recovered};
use crate::{ChangeSet, FileChange, Receipt};

fn push(journal: &Journal, instruction: &str, changes: &ChangeSet) {
    journal.begin(instruction, changes, &Receipt::default(), By::Us).unwrap().applied().unwrap();
}

fn changes(after: &str) -> ChangeSet {
    let mut changes = ChangeSet::default();
    changes.push(FileChange {
        path: "a.rs".into(),
        before: Some("old".into()),
        after: Some(after.into()),
        ..FileChange::default()
    });
    changes
}

#[test]
fn the_newest_entry_comes_back_first() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    assert_eq!(journal.last().unwrap(), None);
    push(&journal, "first", &changes("1"));
    push(&journal, "second", &changes("2"));
    let second = journal.last().unwrap().unwrap();
    assert_eq!(second.instruction, "second");
    journal.forget(&second).unwrap();
    assert_eq!(journal.last().unwrap().unwrap().instruction, "first");
}

#[test]
fn what_was_undone_is_forgotten_and_not_what_came_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    push(&journal, "first", &changes("1"));
    let first = journal.last().unwrap().unwrap();
    push(&journal, "second", &changes("2"));
    journal.forget(&first).unwrap();
    let second = journal.last().unwrap().unwrap();
    assert_eq!(second.instruction, "second");
    journal.forget(&second).unwrap();
    assert_eq!(journal.last().unwrap(), None);
}

#[test]
fn an_undo_leads_back_or_says_what_was_edited() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    push(&journal, "x", &changes("new"));
    let entry = journal.last().unwrap().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    host.open("a.rs", "new", 3);
    let inverse = entry.inverse(&host.snapshot()).unwrap();
    assert_eq!((inverse.files()[0].after.as_deref(), inverse.files()[0].version), (Some("old"), Some(3)));
    host.open("a.rs", "edited", 4);
    assert_eq!(entry.inverse(&host.snapshot()).unwrap_err().0, ["a.rs"]);
}

#[test]
fn an_undo_keeps_the_line_ends_of_the_editor() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    let mut changes = ChangeSet::default();
    let (before, after) = (Some("a\r\nold\r\n".into()), Some("a\r\nnew\r\n".into()));
    changes.push(FileChange { path: "a.rs".into(), before, after, ..FileChange::default() });
    push(&journal, "x", &changes);
    let entry = journal.last().unwrap().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    for (held, undone) in [("a\r\nnew\r\n", "a\r\nold\r\n"), ("a\nnew\n", "a\nold\n")] {
        host.open("a.rs", held, 3);
        assert_eq!(entry.inverse(&host.snapshot()).unwrap().files()[0].after.as_deref(), Some(undone));
    }
}

#[test]
fn only_the_newest_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    for n in 0..25 {
        push(&journal, &n.to_string(), &changes("x"));
    }
    assert_eq!(journal.numbers().unwrap(), (6..=25).collect::<Vec<u64>>());
}

/// A workspace of three files of which so many hold the change, and a journal in which it is under way.
fn cut_off(written: usize, by: By) -> (tempfile::TempDir, Journal, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let mut changes = ChangeSet::default();
    let texts = [("a.rs", Some("a"), Some("A")), ("b.rs", None, Some("B")), ("c.rs", Some("c"), None)];
    for (at, (path, before, after)) in texts.into_iter().enumerate() {
        let change = |text: Option<&str>| text.map(Into::into);
        changes.push(FileChange { path: path.into(), before: change(before), after: change(after), ..FileChange::default() });
        if let Some(text) = if at < written { after } else { before } {
            std::fs::write(root.join(path), text).unwrap();
        }
    }
    let journal = Journal::new(folder.path(), "w");
    // As a process that is killed leaves it: the entry without the lock.
    drop(journal.begin("x", &changes, &Receipt::default(), by).unwrap());
    let names = texts.iter().take(written).map(|(path, _, _)| (*path).to_owned()).collect();
    (folder, journal, names)
}

#[test]
fn a_change_that_was_cut_off_is_taken_back_whole() {
    for written in 0..=3 {
        let (folder, journal, names) = cut_off(written, By::Us);
        let root = folder.path().join("root");
        let expected = if (1..3).contains(&written) { Some(Recovered::TakenBack(names)) } else { None };
        assert_eq!(journal.recover(&root).unwrap(), expected, "{written} written");
        let read = |path: &str| std::fs::read_to_string(root.join(path)).ok();
        let all = [read("a.rs"), read("b.rs"), read("c.rs")];
        let is_whole = all == [Some("A".into()), Some("B".into()), None];
        assert!(is_whole || all == [Some("a".into()), None, Some("c".into())], "{written}: {all:?}");
        assert_eq!(journal.last().unwrap().is_some(), is_whole, "what holds the change can be undone");
        assert_eq!(journal.recover(&root).unwrap(), None);
    }
}

#[test]
fn what_a_kill_left_between_writing_and_renaming_goes() {
    let (folder, journal, _) = cut_off(0, By::Us);
    let root = folder.path().join("root");
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let mine = root.join(".tierline-0123456789abcdef");
    std::fs::write(&mine, "of somebody else").unwrap();
    for (name, text) in [("a.rs", "A"), ("b.rs", "B"), ("c.rs", "c")] {
        std::fs::write(root.join(crate::apply::unrenamed(name, text)), "cut o").unwrap();
    }
    assert_eq!(names().len(), before.len() + 4);
    assert_eq!(journal.recover(&root).unwrap(), None, "nothing was written yet");
    std::fs::remove_file(mine).unwrap();
    assert_eq!(names(), before);
}

#[test]
fn what_was_typed_after_a_cut_is_not_lost() {
    let (folder, journal, _) = cut_off(1, By::Us);
    let root = folder.path().join("root");
    std::fs::write(root.join("c.rs"), "typed").unwrap();
    assert_eq!(journal.recover(&root).unwrap(), Some(Recovered::Edited(vec!["c.rs".into()])));
    assert_eq!(std::fs::read_to_string(root.join("c.rs")).unwrap(), "typed");
    let (folder, journal, _) = cut_off(1, By::Editor);
    assert_eq!(journal.recover(&folder.path().join("root")).unwrap(), None);
    assert_eq!(std::fs::read_to_string(folder.path().join("root/a.rs")).unwrap(), "A", "an editor may still be at it");
}

#[test]
fn one_change_is_applied_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::new(folder.path(), "w");
    let first = journal.begin("x", &changes("1"), &Receipt::default(), By::Us).unwrap();
    let error = journal.begin("y", &changes("2"), &Receipt::default(), By::Us).unwrap_err();
    assert!(error.to_string().contains("another change of this workspace is being applied"), "{error}");
    assert_eq!(journal.recover(folder.path()).unwrap(), None, "it is not cut off");
    first.forget().unwrap();
    assert_eq!(journal.last().unwrap(), None);
}
