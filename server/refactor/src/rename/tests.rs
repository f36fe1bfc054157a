//! Renames where the language's own server can be asked: its answer is taken where it holds, and the index does it where not.

use std::sync::Mutex;

use assist::{Host, Settings};
use futures::FutureExt;
use text::{EditSet, LineIndex, Position, PositionEncoding, Span};
use tokio_util::sync::CancellationToken;

use crate::{Answer, Answered, Outcome, Peer, PeerEdit, PeerError, PeerPlace, RefactorError, Run, refactor};

const STORE: &str =
    "class Store:\n    def restock(self, n):\n        return n\n\n\ndef fill(store: Store):\n    return store.restock(3)\n";
/// What is passed here says nothing of what it is, and two classes have the method: the index leaves the use alone.
const LATE: &str = "# Grüße 🦀
def late(thing): return '🦀', thing.restock(4)


class Shelf:
    def restock(self, n):
        return -n
";
const FILES: [(&str, &str); 2] = [("late.py", LATE), ("store.py", STORE)];
const ORDER: &str = "rename Store::restock to refill";

type Scripted<T> = Result<Option<Answered<T>>, PeerError>;

/// A server that answers as it is told.
struct Script {
    rename: Scripted<PeerEdit>,
    references: Scripted<PeerPlace>,
    asked: Mutex<Vec<(String, Position)>>,
    /// Called off while it is asked, after which it never answers.
    calls_off: Option<CancellationToken>,
}

impl Script {
    fn renaming(rename: Scripted<PeerEdit>) -> Self {
        Self { rename, references: Ok(None), asked: Mutex::default(), calls_off: None }
    }

    fn answer<'a, T: Clone + Send + 'a>(&self, path: &str, at: Position, answer: &Scripted<T>) -> Answer<'a, T> {
        self.asked.lock().unwrap().push((path.to_owned(), at));
        match &self.calls_off {
            Some(cancel) => {
                cancel.cancel();
                futures::future::pending().boxed()
            }
            None => futures::future::ready(answer.clone()).boxed(),
        }
    }
}

impl Peer for Script {
    fn encoding(&self) -> PositionEncoding {
        PositionEncoding::Utf16
    }

    fn rename<'a>(&'a self, path: &'a str, at: Position, _: &'a str) -> Answer<'a, PeerEdit> {
        self.answer(path, at, &self.rename)
    }

    fn references<'a>(&'a self, path: &'a str, at: Position) -> Answer<'a, PeerPlace> {
        self.answer(path, at, &self.references)
    }
}

/// The `number`th place of a text in a file that is open in its first version.
fn place(path: &str, found: &str, number: usize) -> PeerPlace {
    let text = FILES.iter().find(|(name, _)| *name == path).unwrap().1;
    let at = text.match_indices(found).nth(number).unwrap().0;
    let range = LineIndex::new(text).position_range(text, Span::new(at, at + found.len()), PositionEncoding::Utf16);
    PeerPlace { path: path.to_owned(), version: Some(1), range }
}

fn edit(place: PeerPlace, new_text: &str) -> PeerEdit {
    PeerEdit { place, new_text: new_text.to_owned() }
}

/// All edits of the right answer.
fn right() -> Vec<PeerEdit> {
    let places = [place("store.py", "restock", 0), place("store.py", "restock", 1), place("late.py", "restock", 0)];
    places.into_iter().map(|place| edit(place, "refill")).collect()
}

fn answered<T>(items: Vec<T>) -> Scripted<T> {
    Ok(Some(Answered { server: "pyright".to_owned(), items }))
}

/// Carries the order out, in a workspace in which `initial` is part of the change.
fn carried_out(peer: &dyn Peer, cancel: &CancellationToken, initial: EditSet) -> Result<Outcome, RefactorError> {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    host.rely_on_what_is_open();
    FILES.iter().for_each(|(path, text)| host.open(path, *text, 1));
    let snapshot = host.snapshot();
    let run = Run { snapshot: &snapshot, initial, check: None, peer: Some(peer), progress: &|_, _| {}, cancel };
    let mut refactor = Box::pin(refactor(&run, ORDER));
    refactor.as_mut().now_or_never().or_else(|| refactor.as_mut().now_or_never()).unwrap()
}

fn outcome(peer: &Script) -> Outcome {
    carried_out(peer, &CancellationToken::new(), EditSet::default()).unwrap()
}

/// The files afterwards.
fn texts(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.changes.files().iter().map(|change| (change.path.as_str(), change.after.as_deref().unwrap())).collect()
}

#[test]
fn its_answer_is_taken_and_the_receipt_says_so() {
    let script = Script::renaming(answered(right()));
    let outcome = outcome(&script);
    let (late, store) = (LATE.replacen("restock", "refill", 1), STORE.replace("restock", "refill"));
    assert_eq!(texts(&outcome), [("late.py", late.as_str()), ("store.py", store.as_str())]);
    assert!(outcome.left.is_empty());
    assert_eq!(*script.asked.lock().unwrap(), [("store.py".to_owned(), Position { line: 1, character: 8 })]);
    let line = outcome.receipt.lines.last().unwrap();
    assert_eq!((line.by.as_deref(), line.refused.len()), (Some("pyright"), 0));
    assert_eq!(outcome.receipt.to_json()["lines"][1]["by"], "pyright");
    let markdown = outcome.receipt.to_markdown(ORDER);
    assert!(markdown.contains("renamed Store::restock to refill by pyright: $0"), "{markdown}");
    assert_eq!(outcome.receipt.in_short(), "pyright · $0");
}

#[test]
fn without_an_answer_the_index_does_it() {
    for answer in [Ok(None), answered(Vec::new())] {
        let outcome = outcome(&Script::renaming(answer));
        assert_eq!(texts(&outcome), [("store.py", STORE.replace("restock", "refill").as_str())]);
        assert_eq!((outcome.left.len(), outcome.receipt.in_short().as_str()), (1, "index · $0"));
        assert_eq!(outcome.receipt.lines.last().unwrap().by, None);
    }
}

/// Expects that an answer is not taken for this reason, and that the index does it.
#[track_caller]
fn is_refused(rename: Scripted<PeerEdit>, reason: &str) {
    let outcome = outcome(&Script::renaming(rename));
    assert_eq!(texts(&outcome), [("store.py", STORE.replace("restock", "refill").as_str())], "{reason}");
    let line = outcome.receipt.lines.last().unwrap();
    assert_eq!(line.by, None, "{reason}");
    assert_eq!(line.refused, [reason]);
    assert!(outcome.receipt.to_markdown(ORDER).contains("an answer was refused: "));
}

#[test]
fn an_odd_answer_is_not_taken() {
    let with = |more: PeerEdit| answered(right().into_iter().chain([more]).collect());
    let elsewhere = |path: &str| edit(PeerPlace { path: path.to_owned(), ..place("store.py", "restock", 0) }, "refill");
    let reason = "it is no file of code that the index knows";
    is_refused(with(elsewhere("other.py")), &format!("pyright would change other.py: {reason}"));
    let reason = "editors, agents or build services take orders from it";
    is_refused(with(elsewhere(".vscode/store.py")), &format!("pyright would change .vscode/store.py: {reason}"));
    is_refused(with(elsewhere("../store.py")), "pyright would change ../store.py: it is not a plain relative path");
    is_refused(with(edit(place("store.py", "store", 0), "refill")), "pyright would change more than the name at store.py:6");
    is_refused(with(edit(place("late.py", "restock(4)", 0), "refill()")), "pyright would change more than the name at late.py:2");
    let restyled: Vec<PeerEdit> = right().into_iter().map(|edit| PeerEdit { new_text: "re_fill".to_owned(), ..edit }).collect();
    is_refused(answered(restyled), "pyright would change more than the name at store.py:2");
    is_refused(answered(right()[..1].to_vec()), "pyright leaves restock at store.py:7, which is certain to be meant");
    is_refused(answered(right()[1..].to_vec()), "pyright leaves restock at store.py:2, which is certain to be meant");
}

#[test]
fn what_is_ignored_stays_as_it_is_and_is_said() {
    let ignored = edit(PeerPlace { path: ".cache/store.py".to_owned(), ..place("store.py", "restock", 0) }, "refill");
    let outcome = outcome(&Script::renaming(answered(right().into_iter().chain([ignored]).collect())));
    assert_eq!(texts(&outcome).len(), 2);
    let line = outcome.receipt.lines.last().unwrap();
    assert_eq!(line.by.as_deref(), Some("pyright"));
    assert_eq!(line.what, "renamed Store::restock to refill by pyright; .cache/store.py is ignored, and stays as it is");
}

#[test]
fn an_answer_for_another_text_is_not_taken() {
    for version in [Some(2), None] {
        let mut edits = right();
        edits[2].place.version = version;
        is_refused(answered(edits), "pyright answered for another version of late.py");
    }
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for_twice() {
    let script = Script::renaming(Err(PeerError::Silent("not in time".to_owned())));
    let outcome = outcome(&script);
    assert_eq!(outcome.receipt.lines.last().unwrap().refused, ["not in time"]);
    assert_eq!(script.asked.lock().unwrap().len(), 1);
}

#[test]
fn it_can_be_called_off_while_the_server_thinks() {
    let cancel = CancellationToken::new();
    let script = Script { calls_off: Some(cancel.clone()), ..Script::renaming(Ok(None)) };
    assert!(matches!(carried_out(&script, &cancel, EditSet::default()), Err(RefactorError::Cancelled)));
}

#[test]
fn parts_of_a_name_and_forms_that_are_written_out_are_renames() {
    use super::by_peer::{is_rename, whole_word};
    let whole = |from: usize, to: usize, new: &str| whole_word("a = total_area", Span::new(from, to), new, "total_area");
    assert_eq!(whole(4, 9, "summed"), (Span::new(4, 14), "summed_area".to_owned()));
    assert_eq!(whole(4, 4, "whole: "), (Span::new(4, 14), "whole: total_area".to_owned()));
    for text in ["new", "new: old", "old: new", "new as old", "old as new", "new=old"] {
        assert!(is_rename(text, "old", "new"), "{text}");
    }
    for text in ["old", "newer", "new()", "new: other", "new; old", ""] {
        assert!(!is_rename(text, "old", "new"), "{text}");
    }
}

#[test]
fn where_the_change_itself_has_moved_the_text_the_answer_is_moved_along() {
    let head = LATE.find("def").unwrap();
    let mut initial = EditSet::default();
    initial.push("late.py", text::Edit::replace(Span::new(0, head), ""));
    initial.push("store.py", text::Edit::insert(0, "# A store.\n"));
    let script = Script::renaming(answered(right()));
    let outcome = carried_out(&script, &CancellationToken::new(), initial).unwrap();
    let (late, store) =
        (LATE[head..].replacen("restock", "refill", 1), format!("# A store.\n{STORE}").replace("restock", "refill"));
    assert_eq!(texts(&outcome), [("late.py", late.as_str()), ("store.py", store.as_str())]);
    assert_eq!(
        *script.asked.lock().unwrap(),
        [("store.py".to_owned(), Position { line: 1, character: 8 })],
        "as the editor has it"
    );
}

#[test]
fn what_the_change_itself_has_written_is_the_indexs() {
    let mut initial = EditSet::default();
    initial.push("store.py", text::Edit::insert(STORE.len(), "\n\ndef again(store: Store):\n    return store.restock(5)\n"));
    let outcome = carried_out(&Script::renaming(answered(right())), &CancellationToken::new(), initial).unwrap();
    assert!(texts(&outcome)[1].1.ends_with("return store.refill(5)\n"));
    assert_eq!(outcome.receipt.lines.last().unwrap().by.as_deref(), Some("pyright"));
}

#[test]
fn its_references_settle_what_the_index_leaves() {
    let places = || right().into_iter().map(|edit| edit.place).collect::<Vec<_>>();
    let script = Script { references: answered(places()), ..Script::renaming(Ok(None)) };
    let settled = outcome(&script);
    assert_eq!(texts(&settled)[0], ("late.py", LATE.replacen("restock", "refill", 1).as_str()));
    assert!(settled.left.is_empty());
    let line = settled.receipt.lines.last().unwrap();
    let what = "renamed Store::restock to refill, with uses of which pyright knows that they mean it";
    assert_eq!((line.by.as_deref(), line.what.as_str()), (None, what));

    let script = Script { references: answered(places()[..2].to_vec()), ..Script::renaming(Ok(None)) };
    assert_eq!(outcome(&script).left.len(), 1, "what it does not name is not certain");

    let script = Script { references: answered(places()[1..].to_vec()), ..Script::renaming(Ok(None)) };
    let refused = outcome(&script);
    assert_eq!(refused.left.len(), 1);
    let reason = "pyright leaves restock at store.py:2, which is certain to be meant";
    assert_eq!(refused.receipt.lines.last().unwrap().refused, [reason]);
}
