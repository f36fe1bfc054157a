//! How long a question takes without a model on a workspace of 500,000 symbols, by the clock on the wall.
//!
//! `cargo bench --bench lookup -- [FOLDER]` asks a folder of yours; without one a workspace is made up: functions whose names and
//! documentation are drawn from a few thousand words, some far more often than others, as in real code.

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

/// How many words there are: those of the list, which are the most common, and what is put together from two of them.
const VOCABULARY: usize = 5_000;
/// Zipf's law as Mandelbrot corrected it: the word of rank `k` is drawn in proportion to `1 / (k + SHIFT)`. So the most common one stands
/// in every twelfth symbol.
const SHIFT: f64 = 30.0;

/// Draws words.
struct Writer {
    words: Vec<String>,
    /// For each word the sum of the shares of those before it and its own.
    sums: Vec<f64>,
    random: fastrand::Rng,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let list: Vec<&str> = WORDS.split_whitespace().collect();
        let joined = |number: usize| format!("{}{}", list[number % list.len()], list[number / list.len() * 7 % list.len()]);
        let words = list.iter().map(|word| (*word).to_owned()).chain((list.len()..VOCABULARY).map(joined)).collect();
        let shares = (0..VOCABULARY).map(|rank| 1.0 / (rank as f64 + SHIFT));
        let sums = shares.scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        });
        Self { words, sums: sums.collect(), random: fastrand::Rng::with_seed(seed) }
    }

    fn word(&mut self) -> String {
        let drawn = self.random.f64() * self.sums.last().copied().unwrap_or_default();
        let at = self.sums.partition_point(|sum| *sum < drawn).min(VOCABULARY - 1);
        self.words[at].clone()
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
