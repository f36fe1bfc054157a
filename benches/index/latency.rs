//! How long single answers take once the index is there: hover facts, a search, a keystroke. Each is the processor time of the thread
//! that answers, so that what else the machine does counts for nothing.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use assist::{Host, Hover, HoverOptions, Settings, Snapshot, Target};
use index::Index;
use serde_json::{Value, json};
use syntax::{Language, Limits, parse_only};
use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

use crate::run;

/// Everything that a hover can show without a model.
const STANDALONE: HoverOptions<'_> = HoverOptions { standalone: true, summary: None, kept: false, refused: None, address: None };

/// How many samples are taken of each.
const SAMPLES: usize = 1_000;

/// The median and the 99th percentile of each, in ms.
pub(crate) fn measure(folder: &Path, threads: usize) -> Value {
    let (index, _) = run::build(folder, threads);
    let mut random = fastrand::Rng::with_seed(1);
    let search = samples(&index, &mut random, |index, name| {
        let cut = name.floor_char_boundary((name.len() / 2).max(3).min(name.len()));
        index.search(&name[..cut], 128).len()
    });
    let rank = samples(&index, &mut random, |index, name| index.rank(&format!("where is {name} used"), 20).len());
    drop(index);
    let host = Host::new(folder, Settings::default(), None);
    host.index_folder(&|_| {}, &AtomicBool::new(false));
    host.snapshot().index().link();
    let hover = hovers(&host, &mut random);
    let keystroke = keystrokes(&host);
    json!({"search": search, "rank": rank, "hover": hover, "keystroke": keystroke})
}

/// Hovers in an opened file while another thread makes the index: the time that each takes by the clock on the wall, because whoever
/// waits for the indexer waits.
pub(crate) fn during(folder: &Path, threads: usize) -> Value {
    let settings = Settings { index_threads: threads, ..Settings::default() };
    let host = Host::new(folder, settings, None);
    let body: String =
        (0..200).map(|n| format!("/// Adds {n}.\npub fn add_{n}(value: u32) -> u32 {{\n    value + helper({n})\n}}\n")).collect();
    let places: Vec<usize> = body.match_indices("add_").map(|(place, _)| place).collect();
    host.open("typed.rs", body, 1);
    let is_done = AtomicBool::new(false);
    let took = std::thread::scope(|scope| {
        scope.spawn(|| {
            host.index_folder(&|_| {}, &AtomicBool::new(false));
            host.settle();
            is_done.store(true, Ordering::Relaxed);
        });
        let mut took = Vec::new();
        while !is_done.load(Ordering::Relaxed) {
            let begin = Instant::now();
            let snapshot = host.snapshot();
            std::hint::black_box(hover(&snapshot, "typed.rs", places[took.len() % places.len()]));
            took.push(begin.elapsed());
            std::thread::sleep(Duration::from_millis(5));
        }
        took
    });
    let (count, most) = (took.len(), took.iter().max().map(Duration::as_secs_f64));
    let mut figures = percentiles(took);
    (figures["hovers"], figures["most_ms"]) = (json!(count), json!(most.map(|most| most * 1e3)));
    figures
}

fn samples(index: &Index, random: &mut fastrand::Rng, ask: impl Fn(&Index, &str) -> usize) -> Value {
    let files: Vec<_> = index.files().filter(|record| !record.file().symbols.is_empty()).cloned().collect();
    if files.is_empty() {
        return Value::Null;
    }
    let mut took = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let symbols = &files[random.usize(..files.len())].file().symbols;
        let name = symbols[random.usize(..symbols.len())].name.clone();
        let begin = clock();
        std::hint::black_box(ask(index, &name));
        took.push(clock().saturating_sub(begin));
    }
    percentiles(took)
}

/// Hovers on uses of names all over the workspace.
fn hovers(host: &Host, random: &mut fastrand::Rng) -> Value {
    let snapshot = host.snapshot();
    let files: Vec<_> = snapshot.index().files().filter(|record| record.file().reference_count() > 0).cloned().collect();
    if files.is_empty() {
        return Value::Null;
    }
    let mut took = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let record = &files[random.usize(..files.len())];
        let place = random.usize(..record.file().reference_count());
        let Some(reference) = record.file().references().nth(place) else { continue };
        let begin = clock();
        std::hint::black_box(hover(&snapshot, &record.path, reference.span.start as usize));
        took.push(clock().saturating_sub(begin));
    }
    percentiles(took)
}

fn hover(snapshot: &Snapshot, path: &str, offset: usize) -> Option<Hover> {
    let target = Target::at(snapshot, path, offset)?;
    Some(assist::hover(snapshot, path, &target, STANDALONE))
}

/// Letters typed in the middle of a file of 10,000 lines, each until the index knows the file as it is then; and the bound of that, in
/// turn with it: the same texts parsed from the tree of the one before, and nothing else.
fn keystrokes(host: &Host) -> Value {
    let body: String = (0..2_000)
        .map(|n| {
            format!("/// Adds {n}.\npub fn add_{n}(value: u32) -> u32 {{\n    let sum = value + helper({n});\n    sum\n}}\n")
        })
        .collect();
    let limits = Limits::default();
    let mut document = Document::new(body.as_str(), 1);
    let mut tree = parse_only(Language::Rust, &body, None, &limits).ok();
    host.open("typed.rs", body, 1);
    std::hint::black_box(host.snapshot().index().counts());
    let (mut took, mut parsing) = (Vec::with_capacity(SAMPLES), Vec::with_capacity(SAMPLES));
    for version in 0..i32::try_from(SAMPLES).unwrap_or(i32::MAX) {
        let at = Position { line: 5_003, character: 7 };
        let change = [ContentChange { range: Some(PositionRange { start: at, end: at }), text: "m".to_owned() }];
        let begin = clock();
        host.change("typed.rs", &change, PositionEncoding::Utf8, version + 2);
        let snapshot = host.snapshot();
        std::hint::black_box(snapshot.index().file("typed.rs").map(|record| record.file().symbols.len()));
        took.push(clock().saturating_sub(begin));

        let (next, applied) = document.apply(&change, PositionEncoding::Utf8, version + 2);
        document = next;
        let begin = clock();
        if let Some(tree) = &mut tree {
            applied.iter().for_each(|change| tree.edit(change));
        }
        tree = parse_only(Language::Rust, &document.text, tree.as_ref(), &limits).ok();
        parsing.push(clock().saturating_sub(begin));
    }
    let mut figures = percentiles(took);
    figures["parsing"] = percentiles(parsing);
    figures
}

/// The processor time of this thread so far.
fn clock() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn percentiles(mut took: Vec<Duration>) -> Value {
    took.sort_unstable();
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).map(|took| took.as_secs_f64() * 1e3);
    json!({"p50_ms": at(0.5), "p99_ms": at(0.99)})
}
