//! How long a question takes without a model on a workspace of 500,000 symbols, by the clock on the wall.
//!
//! `cargo bench --bench lookup -- [FOLDER]` asks a folder of yours; without one a workspace is made up: functions whose names and
//! documentation are drawn from a few hundred words, some of them a hundred times as often as others, as in real code.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use index::{Index, Options};

const FILES: usize = 12_500;
const FUNCTIONS: usize = 40;
const QUESTIONS: usize = 1_000;
/// How many symbols an answer has: what a model chooses from.
const ANSWERS: usize = 20;

const WORDS: &str = "\
    open close read write parse render send receive accept reject retry cancel load store fetch delete insert update merge split join copy \
    move sort filter group count sum measure check verify sign hash encode decode compress expand lock unlock wait wake spawn stop start \
    pause resume schedule queue stack tree graph node edge path file folder buffer cache page block line token word text string number date \
    time zone clock user account session key secret certificate server client request response header body cookie socket port address host \
    route handler middleware error warning message log trace metric event listener signal channel stream source sink pipe frame packet \
    table row column index cursor query plan transaction commit rollback snapshot journal backup archive version branch tag revision diff \
    patch conflict owner group member role policy rule limit quota budget price cost invoice payment order item product catalog price stock \
    cart checkout shipment delivery customer address email phone profile picture image video audio codec sample rate volume filter effect \
    color font glyph layout margin border shadow window panel button menu dialog form field label value option default setting config \
    environment variable argument flag command process thread task worker pool job batch chunk shard replica leader follower election vote \
    term heartbeat timeout deadline interval backoff jitter counter gauge histogram bucket percentile median mean variance matrix vector \
    tensor layer weight gradient loss optimizer epoch dataset label feature model score rank match pattern regex grammar lexer syntax \
    symbol scope type kind trait interface class object method function closure macro module package crate import export link linker";

/// Draws words, the first of the list far more often than the last.
struct Writer {
    words: Vec<&'static str>,
    random: fastrand::Rng,
}

impl Writer {
    fn new(seed: u64) -> Self {
        Self { words: WORDS.split_whitespace().collect(), random: fastrand::Rng::with_seed(seed) }
    }

    fn word(&mut self) -> &'static str {
        let share = self.random.f64();
        let at = (share * share * share * self.words.len() as f64) as usize;
        // Which word is how common has nothing to do with where it stands in the list.
        self.words[(at * 31 + 7) % self.words.len()]
    }

    fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

fn write(root: &Path) -> io::Result<()> {
    let mut writer = Writer::new(1);
    for file in 0..FILES {
        let folder = root.join(format!("src/{}/{}", writer.word(), file / 100));
        fs::create_dir_all(&folder)?;
        let mut text = String::new();
        for function in 0..FUNCTIONS {
            let [verb, noun, other] = [writer.word(), writer.word(), writer.word()];
            let doc = writer.sentence(9);
            let called = writer.word();
            let _ = write!(
                text,
                "/// {doc}.\npub fn {verb}_{noun}_{file}_{function}({other}: u32) -> u32 {{\n    {called}_of({other})\n}}\n\n"
            );
        }
        fs::write(folder.join(format!("file_{file}.rs")), text)?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let made = tempfile::TempDir::new()?;
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder: PathBuf = match named {
        Some(folder) => folder.into(),
        None => {
            write(made.path())?;
            made.path().to_owned()
        }
    };
    let begun = Instant::now();
    let (index, _) = Index::build(&folder, &Options::default(), &|_| {}, &AtomicBool::new(false));
    index.link();
    let ready = begun.elapsed();
    let mut writer = Writer::new(2);
    let mut took: Vec<Duration> = (0..QUESTIONS)
        .map(|number| {
            let question = format!("where is the {} of a {}?", writer.sentence(1 + number % 4), writer.word());
            let begin = Instant::now();
            std::hint::black_box(index.rank(&question, ANSWERS));
            begin.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() as f64 * share) as usize).min(took.len() - 1)].as_secs_f64() * 1e3;
    writeln!(
        io::stdout(),
        "{} symbols, ready after {:.1} s; an answer took {:.1} ms at the median, {:.1} ms at the 99th percentile, {:.1} ms at most",
        index.counts().symbols,
        ready.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0)
    )
}
