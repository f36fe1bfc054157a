//! Looking for secrets in texts that leave together, and taking them out.

use std::borrow::Cow;

use super::rules::RULES;

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
    let texts: Vec<Cow<'_, str>> = texts.iter().map(|text| visible(text)).collect();
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
    let mut secrets: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    let mut out: Vec<String> = Vec::with_capacity(texts.len());
    for (part, text) in texts.iter().enumerate() {
        let (from, to) = (bases[part], bases[part] + text.len());
        let mut clean = String::with_capacity(text.len());
        let mut end = from;
        for span in spans.iter().filter(|span| span.start < to && span.end > from) {
            let secret = &joined[span.start..span.end];
            let number = secrets.iter().position(|known| *known == secret).unwrap_or_else(|| {
                secrets.push(secret);
                secrets.len() - 1
            });
            let placeholder = format!("«redacted:{}»", number + 1);
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
    (out, findings)
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

/// The text without control characters, bidirectional controls, zero-width characters and the invisible tag block.
fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |character: char| {
        matches!(character,
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
    };
    if text.contains(hidden) {
        Cow::Owned(text.chars().filter(|character| !hidden(*character)).collect())
    } else {
        Cow::Borrowed(text)
    }
}
