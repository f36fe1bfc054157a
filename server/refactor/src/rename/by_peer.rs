//! What the language's own server says of a rename, held against the texts and against what the index knows for certain.
//!
//! That server knows the workspace as the editor has it, without what steps before have written on the overlay: what they wrote is the
//! index's, and the rest of their files is found where it stands now.

use std::collections::{BTreeMap, BTreeSet};

use index::SymbolRef;
use syntax::Certainty;
use text::{Edit, EditSet, LineIndex, Position, Span};

use super::carried_out::what;
use super::written::Written;
use super::{captured, definitions, edit_of, place_of, place_of_hit};
use crate::checks::{self, Allowance};
use crate::exact::Exact;
use crate::overlay::Overlay;
use crate::{Answered, Peer, PeerEdit, PeerError, PeerPlace, protected};

/// The question, what a symbol is to be called, at the place where that server knows the symbol.
pub(super) struct Question<'a> {
    overlay: Overlay,
    symbol: &'a SymbolRef,
    new_name: &'a str,
    peer: &'a dyn Peer,
    at: Position,
}

/// Places that a server named, as they are on the overlay, by file.
pub(super) type Places = BTreeMap<String, Vec<Span>>;

/// Words of the texts that the editor has, with what becomes of each, by file.
type Words<'e> = BTreeMap<&'e str, BTreeMap<Span, String>>;

/// The uses that a server knows.
pub(super) struct Found {
    pub(super) server: String,
    pub(super) places: Places,
}

impl<'a> Question<'a> {
    /// `None` where a step before has written the definition: that server does not know it.
    pub(super) fn new(overlay: &Overlay, symbol: &'a SymbolRef, new_name: &'a str, peer: &'a dyn Peer) -> Option<Self> {
        let overlay = overlay.keeping(std::iter::once(symbol.path())).ok()?;
        let text = overlay.base().text(symbol.path())?;
        let name = written(&overlay, symbol.path()).before(symbol.get().name_span)?;
        let at = LineIndex::new(&text).position(&text, name.start as usize, peer.encoding());
        Some(Self { overlay, symbol, new_name, peer, at })
    }

    /// The rename as that server makes it; `None` where none answers.
    ///
    /// # Errors
    /// Says why its answer is not taken.
    pub(super) async fn rename(&self, allowance: &Allowance) -> Result<Option<(Overlay, Exact)>, PeerError> {
        let answer = self.peer.rename(self.symbol.path(), self.at, self.new_name).await?;
        let Some(answer) = answer.filter(|answer| !answer.items.is_empty()) else { return Ok(None) };
        let held = self.held(&answer, allowance);
        held.map(Some).map_err(|why| PeerError::Odd(format!("{} {why}", answer.server)))
    }

    /// The definitions and uses that a server knows; `None` where none answers.
    ///
    /// # Errors
    /// Says why its answer is not taken.
    pub(super) async fn references(&self) -> Result<Option<Found>, PeerError> {
        let answer = self.peer.references(self.symbol.path(), self.at).await?;
        let Some(Answered { server, items }) = answer.filter(|answer| !answer.items.is_empty()) else { return Ok(None) };
        let odd = |why: String| PeerError::Odd(format!("{server} {why}"));
        let edits = items.into_iter().map(|place| PeerEdit { place, new_text: self.new_name.to_owned() });
        // What is no file of the workspace is of no concern: nothing is changed there.
        let edits: Vec<PeerEdit> = edits.filter(|edit| self.overlay.base().index().file(&edit.place.path).is_some()).collect();
        let (overlay, words) = self.words(edits.iter()).map_err(odd)?;
        let places = words.iter().map(|(path, words)| {
            let written = written(&overlay, path);
            ((*path).to_owned(), words.keys().filter_map(|span| written.now(*span)).collect())
        });
        let places: Places = places.collect();
        self.missing(&overlay, &places).map_err(odd)?;
        Ok(Some(Found { server, places }))
    }

    /// An answer as a change of the overlay, or what is odd about it.
    fn held(&self, answer: &Answered<PeerEdit>, allowance: &Allowance) -> Result<(Overlay, Exact), String> {
        let base = self.overlay.base().index();
        let files: BTreeSet<&str> = answer.items.iter().map(|edit| edit.place.path.as_str()).collect();
        // As for the index, what is ignored is no part of the workspace.
        let (files, ignored): (BTreeSet<&str>, BTreeSet<&str>) = files.into_iter().partition(|path| base.admits(path));
        let refusal = |path: &str| {
            let is_unknown = files.contains(path) && base.file(path).is_none();
            protected::refusal(path).or_else(|| is_unknown.then_some("it is no file of code that the index knows"))
        };
        if let Some((path, reason)) = files.union(&ignored).find_map(|path| Some((path, refusal(path)?))) {
            return Err(format!("would change {path}: {reason}"));
        }
        let ignored: String = ignored.iter().map(|path| format!("; {path} is ignored, and stays as it is")).collect();
        let (overlay, words) = self.words(answer.items.iter().filter(|edit| files.contains(edit.place.path.as_str())))?;
        let (mut edits, mut places) = (EditSet::default(), Places::new());
        for (path, words) in words {
            let written = written(&overlay, path);
            // What a step before took away need not be renamed.
            for (span, new_text) in words.into_iter().filter_map(|(span, new_text)| Some((written.now(span)?, new_text))) {
                edits.push(path, Edit::replace(span, new_text));
                places.entry(path.to_owned()).or_default().push(span);
            }
        }
        for (path, edit) in self.missing(&overlay, &places)? {
            places.entry(path.clone()).or_default().push(edit.span);
            edits.push(path, edit);
        }
        let index = overlay.now().index();
        let mut left = Vec::new();
        for hit in index.references_of(self.symbol) {
            let is_renamed = holds(&places, hit.path(), hit.get().span);
            if is_renamed && captured(&hit, self.new_name) {
                let place = place_of_hit(&hit);
                return Err(format!("would have the use at {place} mean the local {}", self.new_name));
            }
            if !is_renamed && hit.certainty == Certainty::SameName {
                left.push(hit);
            }
        }
        let renamed = places.keys().flat_map(|path| checks::symbols(index, path));
        let renamed = renamed.filter(|symbol| holds(&places, symbol.path(), symbol.get().name_span));
        let gone = renamed.map(|symbol| (symbol.path().to_owned(), symbol.symbol_path())).collect();
        let exact = Exact {
            edits,
            gone,
            left,
            what: format!("{} by {}{ignored}", what(self.symbol, self.new_name), answer.server),
            by: Some(answer.server.clone()),
            ..Exact::default()
        };
        let next = overlay.carried_out(&exact).map_err(|error| format!("answered with edits that do not fit: {error}"))?;
        match new_fault(&overlay, &next, &exact, allowance) {
            Some(fault) => Err(format!("would leave what a check refuses: {fault}")),
            None => Ok((next, exact)),
        }
    }

    /// Each edit as a whole word of the text that the editor has and what becomes of it, by file; and the overlay with those texts kept.
    fn words<'e>(&self, edits: impl Iterator<Item = &'e PeerEdit> + Clone) -> Result<(Overlay, Words<'e>), String> {
        let overlay = self.overlay.keeping(edits.clone().map(|edit| edit.place.path.as_str()));
        let overlay = overlay.map_err(|error| format!("answered for other texts: {error}"))?;
        let old_name = self.symbol.get().name.as_str();
        let mut words = Words::new();
        for PeerEdit { place: PeerPlace { path, version, range }, new_text } in edits {
            let ours = overlay.version(path);
            if ours.is_some() && *version != ours {
                return Err(format!("answered for another version of {path}"));
            }
            let (text, lines) =
                overlay.base().text_with_lines(path).ok_or_else(|| format!("would change {path}, which is gone"))?;
            let span = lines.span(&text, *range, self.peer.encoding());
            let (span, new_text) = whole_word(&text, span, new_text, old_name);
            if span.of(&text) != old_name || !is_rename(&new_text, old_name, self.new_name) {
                let line = range.start.line + 1;
                return Err(format!("would change more than the name at {path}:{line}"));
            }
            let known = words.entry(path).or_default().insert(span, new_text.clone());
            if known.is_some_and(|known| known != new_text) {
                return Err(format!("would change the name at {path}:{} in two ways", range.start.line + 1));
            }
        }
        Ok((overlay, words))
    }

    /// The definitions and certain uses that these places lack, all of which steps before have written, each with the index's edit. Fails
    /// where the server could have known one.
    fn missing(&self, overlay: &Overlay, places: &Places) -> Result<Vec<(String, Edit)>, String> {
        let index = overlay.now().index();
        let defined = definitions(index, self.symbol).into_iter().map(|symbol| {
            let edit = Edit::replace(symbol.get().name_span, self.new_name);
            (symbol.path().to_owned(), symbol.get().name_span, place_of(&symbol), edit)
        });
        let hits = index.references_of(self.symbol).into_iter().filter(|hit| hit.certainty > Certainty::SameName);
        let used = hits.map(|hit| (hit.path().to_owned(), hit.get().span, place_of_hit(&hit), edit_of(&hit, self.new_name)));
        let mut missing = Vec::new();
        let mut written_in: BTreeMap<String, Written> = BTreeMap::new();
        for (path, span, place, edit) in defined.chain(used).filter(|(path, span, ..)| !holds(places, path, *span)) {
            let written = written_in.entry(path.clone()).or_insert_with(|| written(overlay, &path));
            if written.before(span).is_some() {
                return Err(format!("leaves {} at {place}, which is certain to be meant", self.symbol.get().name));
            }
            missing.push((path, edit));
        }
        Ok(missing)
    }
}

/// What steps before have written in a file: all of it where it is new.
fn written(overlay: &Overlay, path: &str) -> Written {
    let text = |snapshot: &assist::Snapshot| snapshot.text(path).unwrap_or_default();
    Written::between(&text(overlay.base()), &text(overlay.now()))
}

/// Whether one of the places is, or holds, a span of a file.
pub(super) fn holds(places: &Places, path: &str, span: Span) -> bool {
    places.get(path).is_some_and(|places| places.iter().any(|place| place.contains(span)))
}

/// An edit as one of the whole word that it changes a part of. Servers may change only what differs, or put `new: ` in front of a name.
pub(super) fn whole_word(text: &str, span: Span, new_text: &str, name: &str) -> (Span, String) {
    if span.of(text) == name {
        return (span, new_text.to_owned());
    }
    let is_part = |character: &char| character.is_alphanumeric() || matches!(character, '_' | '$');
    let (before, behind) = (&text[..span.start as usize], &text[span.end as usize..]);
    let before: usize = before.chars().rev().take_while(is_part).map(char::len_utf8).sum();
    let behind: usize = behind.chars().take_while(is_part).map(char::len_utf8).sum();
    let (start, end) = (span.start as usize, span.end as usize);
    let whole = Span::new(start - before, end + behind);
    (whole, format!("{}{new_text}{}", &text[start - before..start], &text[end..end + behind]))
}

/// Whether a text in place of the old name is the new one, or both where a short form is written out (`new: old`) or an import gives
/// another name (`new as old`).
pub(super) fn is_rename(text: &str, old_name: &str, new_name: &str) -> bool {
    let names =
        |(one, other): (&str, &str)| [(one.trim(), other.trim()), (other.trim(), one.trim())].contains(&(old_name, new_name));
    text == new_name || [":", " as ", "="].iter().any(|mark| text.split_once(mark).is_some_and(names))
}

/// What a check finds wrong with a rename that was not wrong before it.
fn new_fault(before: &Overlay, after: &Overlay, exact: &Exact, allowance: &Allowance) -> Option<String> {
    let mut allowance = allowance.clone();
    allowance.files.extend(exact.files().map(str::to_owned));
    let faults = |overlay: &Overlay, allowance: &Allowance| -> BTreeSet<String> {
        checks::run(overlay, allowance).into_iter().flat_map(|check| check.faults).collect()
    };
    let known = faults(before, &allowance);
    allowance.gone.extend(exact.gone.iter().cloned());
    faults(after, &allowance).into_iter().find(|fault| !known.contains(fault))
}
