//! Source texts: samples of every language, cut along their own definitions and put together anew, with what parsers like least.

use std::path::PathBuf;

use fastrand::Rng;
use syntax::{Language, Limits};

/// A sample of a language with the places in it that mean something.
pub(crate) struct Sample {
    pub(crate) extension: String,
    pub(crate) text: String,
    /// Where definitions stand, whole.
    pieces: Vec<(usize, usize)>,
}

/// What breaks a text at any place.
const SPLINTERS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "/*",
    "*/",
    "//",
    "#",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{feff}",
    "𝒳",
    "é",
    "\u{301}",
    "\u{202e}",
    "\u{2028}",
    "👩‍👩‍👧",
    ";",
    "=",
    "=>",
    "::",
    ".",
    "..",
    ",",
    "@",
    "$",
    "%",
    "if",
    "class A",
    "fn f(",
    "def f(",
    "end",
    "0x",
    "// tierline: do it\n",
    "?",
    "!",
    "&&",
    "|",
    "~",
    "^",
    "_",
    "import ",
    "use a::{",
    "template<",
    "#define X(",
    "<<EOF\n",
    "r#\"",
    "${",
    "1e999",
];

/// The samples of every language that is built in.
pub(crate) fn samples() -> Vec<Sample> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/queries"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let sample = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).ok()?;
        let extension = path.extension()?.to_str()?.to_owned();
        let language = Language::detect(&path.to_string_lossy(), &text)?;
        let parse = syntax::parse(language, &text, None, &Limits::default()).ok()?;
        let pieces =
            parse.file.symbols.iter().map(|symbol| (symbol.full_span.start as usize, symbol.full_span.end as usize)).collect();
        Some(Sample { extension, text, pieces })
    };
    let samples: Vec<Sample> = files.into_iter().filter_map(sample).collect();
    assert!(samples.len() >= 20, "{}", samples.len());
    samples
}

/// A text made of a sample.
pub(crate) fn mutated(rng: &mut Rng, sample: &Sample) -> String {
    let mut text = sample.text.clone();
    let n_cuts = rng.usize(0..4);
    for _ in 0..n_cuts {
        let Some(&(start, end)) = rng.choice(&sample.pieces) else { break };
        let piece = sample.text[start..end].to_owned();
        match rng.u8(0..4) {
            // Twice, deep inside another one, or gone.
            0 => text.insert_str(boundary(&text, start.min(text.len())), &piece),
            1 => {
                let at = any_boundary(rng, &text);
                text.insert_str(at, &piece);
            }
            2 => text = text.replacen(&piece, "", 1),
            _ => text = text.replacen(&piece, &piece.repeat(rng.usize(2..20)), 1),
        }
    }
    for _ in 0..rng.usize(0..6) {
        let at = any_boundary(rng, &text);
        text.insert_str(at, splinter(rng));
    }
    match rng.u8(0..24) {
        0 => {
            let deep = rng.usize(100..4_000);
            let at = any_boundary(rng, &text);
            text.insert_str(at, &format!("{}{}", "(".repeat(deep), ")".repeat(rng.usize(0..=deep))));
        }
        1 => text = text.replace('\n', "\r\n"),
        2 => text = text.replace('\n', "\r"),
        3 => text.truncate(any_boundary(rng, &text)),
        4 => text = "{[(".repeat(rng.usize(1..2_000)),
        5 => text.clear(),
        6 => text.push_str(&"x".repeat(rng.usize(1..20_000))),
        _ => {}
    }
    text
}

/// Something that breaks a text.
pub(crate) fn splinter(rng: &mut Rng) -> &'static str {
    SPLINTERS[rng.usize(..SPLINTERS.len())]
}

/// Any place between two characters.
pub(crate) fn any_boundary(rng: &mut Rng, text: &str) -> usize {
    boundary(text, rng.usize(..=text.len()))
}

fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
