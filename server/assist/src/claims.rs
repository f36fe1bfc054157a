//! What prose of a model says of who calls whom, held against the texts of both. Only what is certainly untrue is found: a caller whose
//! text does not have the name of the symbol that it is said to call.

use index::SymbolRef;
use text::whole_words;

use crate::Snapshot;
use crate::markdown::{is_code, name_in};

/// How the two stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// The symbol that the prose is about uses the other.
    Uses,
    /// The other uses it.
    UsedBy,
}

/// Words that begin a claim.
const CLAIMS: [(&[&str], Relation); 8] = [
    (&["called", "by"], Relation::UsedBy),
    (&["used", "by"], Relation::UsedBy),
    (&["invoked", "by"], Relation::UsedBy),
    (&["tested", "by"], Relation::UsedBy),
    (&["calls"], Relation::Uses),
    (&["calling"], Relation::Uses),
    (&["invokes"], Relation::Uses),
    (&["delegates", "to"], Relation::Uses),
];

/// Words that may stand between the names of one claim.
const BETWEEN: [&str; 9] = ["and", "or", "the", "both", "function", "functions", "method", "methods", "a"];

/// The first untrue claim in prose on a symbol, as a sentence; `None` where every claim may be true.
pub(crate) fn untrue(snapshot: &Snapshot, symbol: &SymbolRef, said: &str) -> Option<String> {
    let own = snapshot.text(symbol.path())?;
    let own = symbol.get().full_span.of(&own);
    let names = |text: &str, word: &str| whole_words(text, word, "").next().is_some();
    claims(said).into_iter().find_map(|(relation, name)| {
        let last = name.rsplit([':', '.']).next().unwrap_or(name);
        match relation {
            Relation::Uses if names(own, last) => None,
            Relation::Uses => Some(format!("it says that it calls {name}, which its text does not name")),
            Relation::UsedBy => {
                let users = snapshot.index().named(last);
                let names_it = |user: &SymbolRef| {
                    let text = snapshot.text(user.path()).unwrap_or_default();
                    names(user.get().full_span.of(&text), &symbol.get().name)
                };
                // What the index does not know as a definition, a module or a file, cannot be told.
                let is_untrue = !users.is_empty() && !users.iter().any(names_it);
                is_untrue.then(|| format!("it says that {name} calls it, whose text does not name it"))
            }
        }
    })
}

/// Each name that the prose says something of.
fn claims(said: &str) -> Vec<(Relation, &str)> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let begins = |verb: &[&str]| verb.iter().zip(&words[at..]).filter(|(verb, word)| word.eq_ignore_ascii_case(verb)).count();
        let Some((verb, relation)) = CLAIMS.iter().find(|(verb, _)| begins(verb) == verb.len()) else { continue };
        for word in &words[at + verb.len()..] {
            let bare = word.trim_matches(|character: char| !character.is_alphanumeric() && character != '_' && character != '`');
            if let Some((_, name, _)) = name_in(word) {
                found.push((*relation, name));
            } else if !BETWEEN.iter().any(|between| bare.eq_ignore_ascii_case(between)) || is_code(bare) {
                break;
            }
            if word.ends_with(['.', ';', ':', ')']) {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicBool;

    use super::{Relation, claims, untrue};
    use crate::{Host, Settings};

    #[test]
    fn claims_are_the_names_behind_a_verb() {
        let said = "Called by `sell` and the give_back function, it calls `Store::open()`, `take`. Used by many. Calls it a day, read_all.";
        let (used_by, uses) = (Relation::UsedBy, Relation::Uses);
        assert_eq!(claims(said), [(used_by, "sell"), (used_by, "give_back"), (uses, "Store::open"), (uses, "take")]);
    }

    #[test]
    fn what_texts_do_not_bear_out_is_untrue() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("shop.rs"),
            "fn sell() { take(1); }\nfn take(n: u32) { println!(\"{n}\"); }\nfn takeaway() {}\nfn rest() { takeaway(); }\n",
        )
        .unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.index_folder(&|_| {}, &AtomicBool::new(false));
        let snapshot = host.snapshot();
        let take = snapshot.index().named("take").remove(0);
        let is_untrue = |said: &str| untrue(&snapshot, &take, said).is_some();
        assert!(!is_untrue("Prints what is taken; called by `sell`, calls `println`."));
        assert!(is_untrue("Called by `sell` and `rest`."));
        assert!(is_untrue("It calls `sell`."));
        assert!(!is_untrue("Called by `shop`, which is no definition."));
    }
}
