//! A worker's answer.

use std::sync::LazyLock;

use assist::Snapshot;
use index::SymbolRef;
use refactor::fuzz::Worker;
use refactor::{Plan, Step, StepKind};
use text::{apply_edits, line_end, line_start};

use crate::{input, workspace};

struct Given {
    worker: Worker,
    is_whole_file: bool,
}

/// A letter for the step, and an answer as JSON. Whatever it is, it is refused, or it is edits
/// - that fit the file and change it,
/// - that take nothing away but from the lines of what the step names,
/// - that end lines as the file does,
/// - and that the checks of one file pass or refuse.
pub fn answers(bytes: &[u8]) {
    static WORKERS: LazyLock<Vec<Given>> = LazyLock::new(|| workers(workspace::snapshot()));
    let (letter, rest) = input::first(bytes);
    let Ok(answer) = serde_json::from_slice(rest) else { return };
    let Given { worker, is_whole_file } = &WORKERS[usize::from(letter) % WORKERS.len()];
    let before = worker.text();
    let edits = match worker.read(&answer) {
        Ok(edits) => edits,
        Err(reason) => return assert!(!reason.is_empty()),
    };
    let after = apply_edits(before, &edits).expect("what is read was applied once");
    assert_ne!(before, after, "{edits:?}");
    for edit in &edits {
        let may_go = || {
            worker.may_change().any(|span| {
                line_start(before, span.start as usize) <= edit.span.start as usize
                    && edit.span.end as usize <= line_end(before, span.end as usize)
            })
        };
        assert!(edit.span.is_empty() || *is_whole_file || may_go(), "{edit:?} takes away what the step does not name");
        if before.contains("\r\n") {
            assert!(!edit.new_text.replace("\r\n", "").contains('\n'), "{edit:?}");
        }
    }
    if let Err(reason) = worker.check(&edits) {
        assert!(!reason.is_empty());
    }
}

/// A worker for each kind of step, on files of three languages and both kinds of line ends.
fn workers(snapshot: &Snapshot) -> Vec<Given> {
    let named = |name: &str| -> Vec<SymbolRef> { snapshot.index().named(name).into_iter().take(1).collect() };
    let steps = [
        (StepKind::EditSymbol, "src/store.rs", named("fill"), named("unused")),
        (StepKind::ChangeSignature, "shop/tax.py", named("tax"), Vec::new()),
        (StepKind::EditFile, "src/cart.rs", Vec::new(), Vec::new()),
        (StepKind::EditSymbol, "web/till.js", named("ring"), named("till")),
        (StepKind::Insert, "shop/tax.py", named("where"), Vec::new()),
        (StepKind::CreateFile, "src/note.rs", Vec::new(), Vec::new()),
        (StepKind::EditFile, "web/till.js", Vec::new(), Vec::new()),
    ];
    let plan = Plan { summary: "A note for everybody.".to_owned(), ..Plan::default() };
    let given = |(kind, file, symbols, may_delete): (StepKind, &str, Vec<SymbolRef>, Vec<SymbolRef>)| {
        let step = Step {
            id: "e1".to_owned(),
            kind,
            file: file.to_owned(),
            symbols,
            may_delete,
            new_name: String::new(),
            new_path: String::new(),
            goal: "Give it a note.".to_owned(),
            interface: Vec::new(),
            depends_on: Vec::new(),
            is_raised: false,
        };
        let worker = Worker::given(snapshot.clone(), &plan, &step, "give it a note");
        Given { worker, is_whole_file: kind == StepKind::EditFile }
    };
    steps.into_iter().map(given).collect()
}
