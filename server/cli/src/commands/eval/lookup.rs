//! `tierline eval lookup`: questions made of doc comments, whose functions are to be found without them.
//!
//! The question is the first sentence of a function's documentation. Before anything is asked the documentation is taken out of the
//! index: of every symbol, or with `--keep-others` of those that are asked for. What answers is a list of functions and methods.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use index::{Index, Ingredients, SymbolRef};
use serde_json::json;
use syntax::SymbolKind;

use crate::commands::eval::bm25::Bm25;
use crate::failure::Failure;
use crate::output::Output;

/// How many answers are looked through.
const DEPTH: usize = 10;
/// How many answers are asked for, of which only functions count.
const ASKED: usize = 120;
/// The words of a question, at least and at most.
const WORDS: std::ops::RangeInclusive<usize> = 5..=40;
/// The bytes of a function's text that the plain ranking reads.
const CODE_BYTES: usize = 20_000;

/// The ways that are measured; the last is what answers.
const WAYS: [(&str, Ingredients); 5] = [
    ("words (BM25F, stems, importance)", Ingredients { words: 1.0, meaning: 0.0, prior: true }),
    ("meaning alone", Ingredients { words: 0.0, meaning: 1.0, prior: false }),
    ("meaning, with importance", Ingredients { words: 0.0, meaning: 1.0, prior: true }),
    ("words and meaning, without importance for meaning", Ingredients { words: 1.0, meaning: 1.0, prior: false }),
    ("words and meaning: what answers", Ingredients { words: 1.0, meaning: 1.0, prior: true }),
];

/// A question and the function that it was taken from.
struct Pair {
    question: String,
    path: Arc<str>,
    symbol: u32,
}

/// How many answers came before the right one, question by question, for each way.
type Places = Vec<Vec<Option<usize>>>;

pub(crate) fn run(output: &Output, folders: &[PathBuf], per_folder: usize, keep_others: bool) -> Result<(), Failure> {
    let mut places: Places = vec![Vec::new(); WAYS.len() + 1];
    let mut micros = Vec::new();
    for folder in folders {
        let folder = folder.canonicalize()?;
        let found = of_folder(&folder, per_folder, keep_others, &mut micros);
        output.remark(&format!("{}: {} questions", folder.display(), found[0].len()));
        places.iter_mut().zip(found).for_each(|(all, more)| all.extend(more));
    }
    let n_questions = places[0].len();
    if n_questions == 0 {
        return Err(Failure::new("nothing_found", "no function there has documentation that makes a question"));
    }
    micros.sort_unstable();
    let names = std::iter::once("BM25 over name, documentation and code").chain(WAYS.iter().map(|(name, _)| *name));
    output.line(&format!("{n_questions} questions\n\n| | recall@1 | @5 | @10 |\n|---|---|---|---|"));
    let mut rows = Vec::new();
    for (name, places) in names.zip(&places) {
        let at =
            |n: usize| places.iter().filter(|place| place.is_some_and(|place| place < n)).count() as f64 / n_questions as f64;
        output.line(&format!("| {name} | {:.3} | {:.3} | {:.3} |", at(1), at(5), at(DEPTH)));
        rows.push(json!({"way": name, "recall_at_1": at(1), "recall_at_5": at(5), "recall_at_10": at(DEPTH)}));
    }
    let at = |share: usize| micros[(micros.len() * share / 100).min(micros.len() - 1)];
    output.line(&format!("\nAn answer took {} µs at the median, {} µs at the 99th percentile", at(50), at(99)));
    output.json(&json!({"questions": n_questions, "ways": rows, "median_us": at(50), "p99_us": at(99)}));
    Ok(())
}

/// What came of the questions of one folder.
fn of_folder(folder: &Path, per_folder: usize, keep_others: bool, micros: &mut Vec<u128>) -> Places {
    let (index, _) = Index::build(folder, &index::Options::default(), &|_| {}, &AtomicBool::new(false));
    let pairs = pairs(&index, per_folder);
    let index = without_docs(index, &pairs, keep_others);
    let functions: Vec<SymbolRef> = functions(&index);
    let numbers: HashMap<(Arc<str>, u32), usize> =
        functions.iter().enumerate().map(|(number, symbol)| ((Arc::clone(&symbol.record.path), symbol.symbol), number)).collect();
    let bm25 = Bm25::new(texts(folder, &functions).into_iter());
    let mut places: Places = vec![Vec::new(); WAYS.len() + 1];
    for pair in &pairs {
        let wanted = numbers.get(&(Arc::clone(&pair.path), pair.symbol)).copied();
        places[0].push(wanted.and_then(|wanted| bm25.place(&pair.question, wanted)));
        for ((_, ingredients), places) in WAYS.iter().zip(&mut places[1..]) {
            let begin = Instant::now();
            let found = index.rank_with(&pair.question, ASKED, *ingredients);
            if *ingredients == Ingredients::default() {
                micros.push(begin.elapsed().as_micros());
            }
            let mut answers = found.iter().map(|ranked| &ranked.symbol).filter(|symbol| is_function(symbol.get().kind));
            places.push(answers.position(|symbol| symbol.path() == &*pair.path && symbol.symbol == pair.symbol));
        }
    }
    places
}

fn is_function(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor)
}

fn functions(index: &Index) -> Vec<SymbolRef> {
    let mut records: Vec<_> = index.files().collect();
    records.sort_by(|a, b| a.path.cmp(&b.path));
    let of = |record| (0_u32..).map_while(move |number| SymbolRef::new(record, number));
    records.into_iter().flat_map(of).filter(|symbol| is_function(symbol.get().kind)).collect()
}

/// Questions that only one function answers, in an order that is mixed but always the same.
fn pairs(index: &Index, limit: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for symbol in functions(index).into_iter().filter(|symbol| !symbol.is_test()) {
        let question = question(&symbol.get().doc);
        if WORDS.contains(&question.split_whitespace().count()) && !question.to_lowercase().contains("deprecated") {
            pairs.push(Pair { question, path: Arc::clone(&symbol.record.path), symbol: symbol.symbol });
        }
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    pairs.iter().for_each(|pair| *seen.entry(&pair.question).or_default() += 1);
    let again: HashSet<String> = seen.into_iter().filter(|(_, n)| *n > 1).map(|(question, _)| question.to_owned()).collect();
    pairs.retain(|pair| !again.contains(&pair.question));
    pairs.sort_by_cached_key(|pair| (mixed(&pair.question), pair.question.clone()));
    pairs.truncate(limit);
    pairs
}

/// FNV-1a, so that the same questions are taken on every machine.
fn mixed(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The first sentence of a documentation, without its markup.
fn question(doc: &str) -> String {
    let paragraph = doc.trim().split("\n\n").next().unwrap_or_default();
    let words = paragraph.split_whitespace().take_while(|word| !word.starts_with('@') && !word.starts_with(':'));
    let mut sentence = String::new();
    for word in words {
        sentence.push_str(word);
        if word.ends_with(['.', '!', '?']) && sentence.len() > 15 {
            break;
        }
        sentence.push(' ');
    }
    sentence.retain(|character| !matches!(character, '`' | '*' | '{' | '}' | '[' | ']' | '<' | '>'));
    sentence.trim().to_owned()
}

fn without_docs(index: Index, pairs: &[Pair], keep_others: bool) -> Index {
    let asked: HashSet<(&str, u32)> = pairs.iter().map(|pair| (&*pair.path, pair.symbol)).collect();
    let mut next = index.clone();
    for record in index.files() {
        let mut file = (**record.file()).clone();
        for (number, symbol) in (0_u32..).zip(&mut file.symbols) {
            if !keep_others || asked.contains(&(&*record.path, number)) {
                symbol.doc = "".into();
            }
        }
        // With the text that it had already nothing of the file would be taken over.
        let text = std::fs::read_to_string(index.absolute(&record.path)).unwrap_or_default() + "\n";
        next = next.with_text(&record.path, &text, file);
    }
    next.fold()
}

/// Name, documentation and code of each function. What documents a function inside of it, as in Python, is taken out with the rest.
fn texts(folder: &Path, functions: &[SymbolRef]) -> Vec<String> {
    let mut read: (Arc<str>, String) = ("".into(), String::new());
    let text = |symbol: &SymbolRef| {
        if read.0 != symbol.record.path {
            let text = std::fs::read_to_string(folder.join(symbol.path())).unwrap_or_default();
            read = (Arc::clone(&symbol.record.path), text);
        }
        let code = symbol.get().span.of(&read.1);
        let code = without_docstring(&code[..code.floor_char_boundary(CODE_BYTES)]);
        format!("{} {} {code}", symbol.get().name, symbol.get().doc)
    };
    functions.iter().map(text).collect()
}

fn without_docstring(code: &str) -> String {
    for quotes in ["\"\"\"", "'''"] {
        if let Some((head, rest)) = code.split_once(quotes)
            && head.trim_end().trim_end_matches(['r', 'R']).trim_end().ends_with(':')
            && let Some((_, body)) = rest.split_once(quotes)
        {
            return format!("{head}{body}");
        }
    }
    code.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{AtomicBool, Index, functions, pairs, without_docs};

    #[test]
    fn no_question_finds_the_documentation_that_it_was_made_of() {
        let folder = std::env::temp_dir().join(format!("tierline-eval-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text =
            "/// Counts the birds on the roof.\npub fn tally() {}\n/// Opens every window of the house.\npub fn air() {}\n";
        std::fs::write(folder.join("a.rs"), text).unwrap();
        let (index, _) = Index::build(&folder, &index::Options::default(), &|_| {}, &AtomicBool::new(false));
        let pairs = pairs(&index, 10);
        assert_eq!(pairs.len(), 2);
        let bare = without_docs(index, &pairs, false);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(functions(&bare).iter().all(|symbol| symbol.get().doc.is_empty()));
        assert!(bare.rank("counts the birds on the roof", 5).iter().all(|ranked| !ranked.why.contains("doc")));
    }
}
