//! Trees under edits.

use syntax::{Language, Limits, Tree, parse};
use text::{Document, PositionEncoding};

use crate::{input, sound};

/// No text of a fuzzer takes that long: what is skipped would be left unseen.
const LIMITS: Limits =
    Limits { max_bytes: 1 << 20, max_line_bytes: 10_000, parse_ms: 30_000, max_depth: 5_000, max_anew_bytes: usize::MAX };

/// The same for texts that are taken for longer than those which are parsed anew where they are broken.
const OF_LONG: Limits = Limits { max_anew_bytes: 0, ..LIMITS };

/// From this pace on texts are taken for long ones.
const LONG: u8 = 0x80;

/// A letter for the language, one that says how many changes come before each parse, a text, and changes of it. Whatever they
/// are:
/// - the tree that is parsed from the one before, and what is listed of it, are those of a fresh parse; of a long text what is listed is
///   what a walk over the whole tree would list;
/// - what is listed lies in the text.
pub fn trees(bytes: &[u8]) {
    let (letter, rest) = input::first(bytes);
    let (pace, rest) = input::first(rest);
    let language = input::language(letter);
    let limits = if pace < LONG { &LIMITS } else { &OF_LONG };
    let mut parts = input::parts(rest);
    let mut document = Document::new(input::text(parts.next().unwrap_or_default()).into_owned(), 0);
    let Some(mut tree) = fresh(language, &document.text) else { return };
    let changes: Vec<_> = parts.map(input::change).collect();
    for together in changes.chunks(1 + usize::from(pace % 4)) {
        let (next, applied) = document.apply(together, PositionEncoding::Utf16, 0);
        applied.iter().for_each(|change| tree.edit(change));
        let Ok(again) = parse(language, &next.text, Some(&tree), limits) else { return };
        if pace >= LONG {
            let whole = syntax::fuzz::walked(&again.tree, &next.text, limits).expect("what is parsed is walked");
            assert!(*again.file == whole, "{language:?}: {:#?}\n{whole:#?}\nof {:?}", again.file, next.text);
            sound::list(&again.file, &next.text);
            (document, tree) = (next, again.tree);
            continue;
        }
        let afresh = parse(language, &next.text, None, &LIMITS).expect("what is parsed once is parsed twice");
        let (of_old, of_none) = (syntax::fuzz::nodes(&again.tree), syntax::fuzz::nodes(&afresh.tree));
        if let Some((old, new)) = of_old.iter().zip(&of_none).find(|(old, new)| old != new) {
            panic!(
                "{language:?}: an old tree gives {old:?}, no tree {new:?}, of {:?} after {together:?} of {:?}",
                next.text, document.text
            );
        }
        assert_eq!(of_old.len(), of_none.len(), "{language:?}: of {:?} after {together:?} of {:?}", next.text, document.text);
        assert!(again.file == afresh.file, "{language:?}: {:#?}\n{:#?}", again.file, afresh.file);
        sound::list(&again.file, &next.text);
        (document, tree) = (next, again.tree);
    }
}

fn fresh(language: Language, text: &str) -> Option<Tree> {
    let parsed = parse(language, text, None, &LIMITS).ok()?;
    sound::list(&parsed.file, text);
    assert_eq!(parsed.file.error_count as usize, parsed.tree.error_count());
    Some(parsed.tree)
}
