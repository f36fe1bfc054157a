//! Looking for secrets in texts that leave together, and taking them out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::rules::RULES;
use super::unseen::{is_invisible, shown};
use crate::Job;

/// How a placeholder begins and ends; a number stands between.
pub(super) const OPENS: &str = "«redacted:";
pub(super) const CLOSES: char = '»';

/// A secret that was found. It never holds the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which of the texts, zero-based.
    pub part: usize,
    /// The line on which it begins, one-based.
    pub line: usize,
    /// The name of the format.
    pub rule: String,
    /// What is sent in its place.
    pub placeholder: String,
}

/// A stretch of the joined texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: usize,
    end: usize,
    rule: usize,
}

/// Takes the secrets out of texts that leave together. Each becomes `«redacted:n»`, the same secret always the same n. One that
/// is spread over several texts is taken out of each. Characters that are invisible or that turn the direction of reading are
/// taken out too, and are not counted.
pub fn redact_all(texts: &[&str]) -> (Vec<String>, Vec<Finding>) {
    let (texts, findings, _) = take_out(texts, 0);
    (texts, findings)
}

/// The same for the texts of a job, the instructions first. What an answer that is quoted there names by a placeholder keeps its number.
pub(crate) fn redact_job(job: &Job) -> (Vec<String>, Vec<Finding>) {
    let texts = job.texts();
    let (texts, findings, _) = take_out(&texts.iter().map(String::as_str).collect::<Vec<_>>(), job.quoted());
    (texts, findings)
}

/// A secret that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) secret: String,
    /// Whether it stands so in one text, and so can be put back.
    pub(super) is_whole: bool,
}

/// The same, with the secret of each placeholder. So many texts at the end quote answers: the placeholders in them are ours.
pub(super) fn take_out(originals: &[&str], quoted: usize) -> (Vec<String>, Vec<Finding>, BTreeMap<String, Taken>) {
    let texts: Vec<Cow<'_, str>> = originals.iter().map(|text| visible(text)).collect();
    let joined: Cow<'_, str> = match texts.as_slice() {
        [only] => Cow::Borrowed(only.as_ref()),
        many => Cow::Owned(many.concat()),
    };
    let mut spans = find(&joined);
    let mut base = 0;
    let mut bases = Vec::with_capacity(texts.len());
    for text in &texts {
        bases.push(base);
        if texts.len() > 1 {
            // On its own too: what stands at an edge may look different there.
            spans.extend(find(text).into_iter().map(|span| Span { start: span.start + base, end: span.end + base, ..span }));
        }
        base += text.len();
    }
    let spans = merged(spans);
    // A number that a text brings along means something else there.
    let brought = bases.get(texts.len().saturating_sub(quoted)).copied().unwrap_or(joined.len());
    let taken = numbers(&joined[..brought]);
    let mut free = (1..).filter(|number| !taken.contains(number));
    let mut secrets: Vec<(&str, usize)> = Vec::new();
    let mut findings = Vec::new();
    let mut out: Vec<String> = Vec::with_capacity(texts.len());
    for (part, text) in texts.iter().enumerate() {
        let (from, to) = (bases[part], bases[part] + text.len());
        let mut clean = String::with_capacity(text.len());
        let mut end = from;
        for span in spans.iter().filter(|span| span.start < to && span.end > from) {
            let secret = &joined[span.start..span.end];
            let known = secrets.iter().find(|(known, _)| *known == secret).map(|(_, number)| *number);
            let number = known.or_else(|| free.next()).unwrap_or_default();
            if known.is_none() {
                secrets.push((secret, number));
            }
            let placeholder = placeholder(number);
            let (start, stop) = (span.start.max(from), span.end.min(to));
            clean.push_str(&joined[end..start]);
            clean.push_str(&placeholder);
            end = stop;
            let line = 1 + joined[from..start].bytes().filter(|byte| *byte == b'\n').count();
            findings.push(Finding { part, line, rule: RULES.rules[span.rule].id.clone(), placeholder });
        }
        clean.push_str(&joined[end..to]);
        out.push(clean);
    }
    let taken = |secret: &str| Taken { secret: secret.to_owned(), is_whole: originals.iter().any(|text| text.contains(secret)) };
    let secrets = secrets.into_iter().map(|(secret, number)| (placeholder(number), taken(secret))).collect();
    (out, findings, secrets)
}

fn placeholder(number: usize) -> String {
    format!("{OPENS}{number}{CLOSES}")
}

/// The numbers of the placeholders that a text holds already.
fn numbers(text: &str) -> Vec<usize> {
    let number = |at: usize| text[at + OPENS.len()..].split(CLOSES).next()?.parse().ok();
    text.match_indices(OPENS).filter_map(|(at, _)| number(at)).collect()
}

/// Takes the secrets out of one text and says how many different ones there were.
pub fn redact(text: &str) -> (String, usize) {
    let (mut texts, findings) = redact_all(&[text]);
    let mut different: Vec<&str> = findings.iter().map(|finding| finding.placeholder.as_str()).collect();
    different.sort_unstable();
    different.dedup();
    (texts.pop().unwrap_or_default(), different.len())
}

fn find(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    for (number, _) in RULES.met(text).into_iter().enumerate().filter(|(_, met)| *met) {
        let rule = &RULES.rules[number];
        let Some(regex) = rule.regex() else { continue };
        let mut from = 0;
        while let Some(captures) = (from <= bytes.len()).then(|| regex.captures_at(bytes, from)).flatten() {
            let Some((whole, (start, end))) = captures.get(0).zip(rule.secret(&captures)) else { break };
            // Two secrets may share what stands between them.
            from = end.max(whole.start() + 1);
            if !RULES.is_allowed(rule, bytes, (whole.start(), whole.end()), &bytes[start..end]) {
                spans.push(Span { start: text.floor_char_boundary(start), end: text.ceil_char_boundary(end), rule: number });
            }
        }
    }
    spans
}

/// The spans in their order, those that overlap as one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The text without what nobody sees, and without control characters but those that divide lines and columns.
fn visible(text: &str) -> Cow<'_, str> {
    let stays = |character: char| matches!(character, '\t' | '\n' | '\u{c}' | '\r') || !character.is_control();
    if text.chars().all(|character| stays(character) && !is_invisible(character)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(shown(text).filter(|character| stays(*character)).collect())
}
