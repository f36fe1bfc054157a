//! Hover: what the index knows of the symbol under the cursor, and the summary where one is known.

use index::{SymbolRef, Usage};
use syntax::{Certainty, SymbolKind};

use crate::documentation::documentation;
use crate::facts::Facts;
use crate::wording::{ago, plural};
use crate::{Bill, Snapshot, Summary, Target, markdown, summary};

/// How many names a list in a hover shows before it says how many more there are.
const LISTED_NAMES: usize = 4;

/// What a hover shows besides what the index knows of the symbol.
#[derive(Clone, Copy, Default)]
pub struct HoverOptions<'a> {
    /// Signature and documentation too: where the language's own server shows them they would stand there twice.
    pub standalone: bool,
    /// The summary.
    pub summary: Option<&'a Summary>,
    /// Where there is no other, the summary that is kept, if one is.
    pub kept: bool,
    /// Why there is none, where models were asked in vain.
    pub refused: Option<Refused>,
    /// The address of a symbol's place, for the names in the summary to lead to.
    pub address: Option<&'a Address<'a>>,
}

/// Says where a symbol can be opened; `None` where it has no address.
pub type Address<'a> = dyn Fn(&SymbolRef) -> Option<String> + 'a;

/// Models were asked for a summary, and no answer stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The highest tier that was asked, and what all of them cost.
    pub bill: Bill,
    /// Whether it was for this hover, and not for an earlier one.
    pub is_now: bool,
}

/// What to show at a place in a file.
#[derive(Clone, Debug)]
pub struct Hover {
    /// The text, as Markdown that is safe to render.
    pub markdown: String,
    /// Who answered, and for how much.
    pub bill: Bill,
    /// Whether it says all that there is to say: `false` while the uses are not counted yet.
    pub is_complete: bool,
    /// Whether a summary is part of it.
    pub has_summary: bool,
}

/// What to show of a target in a file. Asks no model.
#[must_use]
pub fn hover(snapshot: &Snapshot, path: &str, target: &Target, options: HoverOptions<'_>) -> Hover {
    let symbol = &target.symbol;
    let facts = Facts::at_once(snapshot, symbol);
    let mut paragraphs = Vec::new();
    if options.standalone {
        paragraphs.push(signature(symbol));
        if !symbol.get().doc.is_empty() {
            paragraphs.push(documentation(&symbol.get().doc, symbol.record.language.fence()));
        }
    }
    paragraphs.push(head(target, path));
    paragraphs.extend(role(&facts));
    let mut bill = Bill::index();
    let mut written = String::new();
    let wants_kept = options.kept && options.summary.is_none();
    let kept = if wants_kept { facts.whole(snapshot).and_then(|facts| summary::known(snapshot, &facts)) } else { None };
    let summary = options.summary.or(kept.as_ref());
    if let Some(summary) = summary {
        let address = |name: &str| options.address?(&named(snapshot, &facts, name)?);
        paragraphs.push(markdown::linked_prose(&summary.text, address));
        bill = bill.and(summary.bill);
        written = summary.age.filter(|_| summary.bill.cached).map(|age| format!(", written {}", ago(age))).unwrap_or_default();
    } else if let Some(Refused { bill: spent, is_now }) = options.refused {
        let asked = format!("{} was asked, {} spent in all", spent.source.as_str(), spent.cost);
        paragraphs.push(format!("Summary not available: no model's answer passed its check ({asked})"));
        bill = if is_now { spent } else { bill };
    }
    paragraphs.push(format!("*{bill}{written}*"));
    Hover { markdown: paragraphs.join("\n\n"), bill, is_complete: facts.usage.is_some(), has_summary: summary.is_some() }
}

/// The one symbol that a name in a summary can mean: among those that the model was shown, else in the whole workspace. The symbol that
/// the summary is about leads nowhere.
fn named(snapshot: &Snapshot, facts: &Facts, name: &str) -> Option<SymbolRef> {
    let path = name.replace('.', "::");
    let last = path.rsplit("::").next()?;
    let is_meant = |symbol: &SymbolRef| {
        let whole = symbol.symbol_path();
        symbol.get().name == last && whole.strip_suffix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
    };
    if is_meant(&facts.symbol) {
        return None;
    }
    let usage = facts.usage.iter().flat_map(|usage| usage.users.iter().chain(&usage.tests));
    let shown = only(facts.callees.iter().chain(usage).filter(|symbol| is_meant(symbol)).cloned());
    shown.or_else(|| only(snapshot.index().named(last).into_iter().filter(is_meant)))
}

/// The symbol that all of these are.
fn only(mut symbols: impl Iterator<Item = SymbolRef>) -> Option<SymbolRef> {
    let first = symbols.next()?;
    symbols.all(|other| other == first).then_some(first)
}

fn signature(symbol: &SymbolRef) -> String {
    markdown::block(symbol.record.language.fence(), &symbol.get().signature)
}

fn head(target: &Target, path: &str) -> String {
    let Target { symbol, certainty, n_candidates, .. } = target;
    let kind = symbol.get().kind.as_str().replace('_', " ");
    let name = markdown::code(&symbol.symbol_path());
    let place = if symbol.path() == path {
        format!("line {}", symbol.get().line + 1)
    } else {
        markdown::code(&format!("{}:{}", symbol.path(), symbol.get().line + 1))
    };
    match certainty {
        Certainty::SameName if *n_candidates > 1 => {
            format!("Perhaps {name}, {kind}, {place} (one of {n_candidates} of that name)")
        }
        Certainty::SameName => format!("Probably {name}, {kind}, {place}"),
        Certainty::Imported | Certainty::Exact => format!("{name}, {kind}, {place}"),
    }
}

/// Who uses it, what tests it, what it calls: one line each, in that order, where there is something to say.
pub(crate) fn role(facts: &Facts) -> Vec<String> {
    let mut lines = facts.usage.as_ref().map_or_else(|| vec!["Its uses are not counted yet".to_owned()], uses);
    if !facts.callees.is_empty() && !matches!(facts.symbol.get().kind, SymbolKind::Module | SymbolKind::Namespace) {
        lines.push(format!("Calls {}", names(&facts.callees, facts.callees.len())));
    }
    lines
}

fn uses(usage: &Usage) -> Vec<String> {
    let mut lines = Vec::new();
    if usage.certain == 0 && usage.by_name == 0 {
        lines.push("No use of it is known in this workspace".to_owned());
    } else if usage.certain > 0 {
        let verb = if usage.calls == usage.certain { "Called" } else { "Used" };
        let users = if usage.users.is_empty() { String::new() } else { format!(": {}", names(&usage.users, usage.user_count)) };
        lines.push(format!(
            "{verb} {} in {}{users}",
            plural(usage.certain, "time", "times"),
            plural(usage.files, "file", "files")
        ));
    }
    if usage.by_name > 0 {
        let uses = plural(usage.by_name, "use shares", "uses share");
        lines.push(format!("{uses} only the name, and may mean something else"));
    }
    if !usage.tests.is_empty() {
        lines.push(format!("Tested by {}", names(&usage.tests, usage.test_count)));
    }
    lines
}

/// The first of some symbols, and how many more there are of `count`.
fn names(symbols: &[SymbolRef], count: usize) -> String {
    let mut listed: Vec<String> = symbols.iter().take(LISTED_NAMES).map(|symbol| markdown::code(&symbol.symbol_path())).collect();
    if count > LISTED_NAMES {
        listed.push(format!("{} more", count - LISTED_NAMES));
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::{HoverOptions, hover};
    use crate::{Host, Settings, Target};

    #[test]
    fn nothing_is_said_of_uses_before_the_folder_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let shop = "pub fn sell() {}\npub fn close() {}\n";
        std::fs::write(folder.path().join("shop.rs"), shop).unwrap();
        std::fs::write(folder.path().join("till.rs"), "use crate::shop::sell;\npub fn ring() {\n    sell();\n}\n").unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.open("shop.rs", shop, 1);
        let say = |name: &str| {
            let snapshot = host.snapshot();
            let target = Target::at(&snapshot, "shop.rs", shop.find(name).unwrap()).unwrap();
            hover(&snapshot, "shop.rs", &target, HoverOptions::default())
        };
        for name in ["sell", "close"] {
            let early = say(name);
            assert!(early.markdown.contains("not counted yet") && !early.is_complete, "{}", early.markdown);
            assert!(!early.markdown.contains("No use"), "{}", early.markdown);
        }
        // What is called off leaves it as it was.
        host.index_folder(&|_| {}, &AtomicBool::new(true));
        assert!(!say("close").is_complete);
        host.index_folder(&|_| {}, &AtomicBool::new(false));
        assert!(say("sell").markdown.contains("1 file") && say("sell").is_complete, "{}", say("sell").markdown);
        assert!(say("close").markdown.contains("No use of it is known"), "{}", say("close").markdown);
    }
}
