//! What became of the requests and of the cases, prompt by prompt.

use std::collections::BTreeMap;
use std::fmt::Write;

use models::LedgerEntry;
use serde_json::{Value, json};

/// Why answers were refused, and what the check says then.
const REASONS: [(&str, &[&str]); 4] = [
    ("names", &["names what does not exist", "there is no symbol", "is not among"]),
    ("claims", &["it says that"]),
    ("length", &["too long", "is empty", "there is no operation", "does not know"]),
    ("markup", &["markup or an address"]),
];

/// The scores of one prompt with one model.
#[derive(Clone, Debug, Default)]
struct Score {
    requests: usize,
    /// Replies that had the asked shape.
    shaped: usize,
    passed: usize,
    refused: BTreeMap<&'static str, usize>,
    input: u64,
    output: u64,
    ms: u64,
}

/// The scores of the cases of one prompt.
#[derive(Clone, Copy, Debug, Default)]
struct Cases {
    cases: usize,
    stand: usize,
    right: Option<usize>,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Scores {
    requests: BTreeMap<(String, String), Score>,
    cases: BTreeMap<String, Cases>,
}

impl Scores {
    /// A case has ended.
    pub(super) fn case(&mut self, prompt: &str, stands: bool, is_right: Option<bool>) {
        let of = self.cases.entry(prompt.to_owned()).or_default();
        of.cases += 1;
        of.stand += usize::from(stands);
        if let Some(is_right) = is_right {
            *of.right.get_or_insert(0) += usize::from(is_right);
        }
    }

    /// A request was made for it.
    pub(super) fn request(&mut self, entry: &LedgerEntry) {
        let model = entry.model_requested.clone();
        let of = self.requests.entry((model, entry.kind.clone())).or_default();
        of.requests += 1;
        of.input += entry.usage.input;
        of.output += entry.usage.output;
        of.ms += entry.total_ms.unwrap_or_default();
        match (entry.outcome.as_deref(), entry.resolved) {
            (Some("validation_fail"), _) => {
                of.shaped += 1;
                let said = entry.reason.as_deref().unwrap_or_default();
                let is_one = |(_, words): &&(&str, &[&str])| words.iter().any(|word| said.contains(word));
                let reason = REASONS.iter().find(is_one).map_or("other", |(reason, _)| *reason);
                *of.refused.entry(reason).or_default() += 1;
            }
            (Some("ok"), _) => {
                of.shaped += 1;
                of.passed += 1;
            }
            _ => {}
        }
    }

    /// Two tables in Markdown.
    pub(super) fn table(&self) -> String {
        let mut table = String::from(
            "| Model | Prompt | Requests | Asked shape | Refused: names | claims | length or empty | markup | other | Passed | \
             Tokens in, out | Seconds |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        );
        for ((model, kind), score) in &self.requests {
            let refused = |reason: &str| score.refused.get(reason).copied().unwrap_or(0);
            let mean = |sum: u64| sum / score.requests.max(1) as u64;
            let _ = writeln!(
                table,
                "| {model} | {kind} | {} | {} | {} | {} | {} | {} | {} | {} | {}, {} | {:.1} |",
                score.requests,
                score.shaped,
                refused("names"),
                refused("claims"),
                refused("length"),
                refused("markup"),
                refused("other"),
                score.passed,
                mean(score.input),
                mean(score.output),
                mean(score.ms) as f64 / 1e3,
            );
        }
        table.push_str("\n| Prompt | Cases | An answer stood | It was right |\n|---|---|---|---|\n");
        for (prompt, cases) in &self.cases {
            let right = cases.right.map(|right| right.to_string()).unwrap_or_default();
            let _ = writeln!(table, "| {prompt} | {} | {} | {right} |", cases.cases, cases.stand);
        }
        table
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        let requests = self.requests.iter().map(|((model, kind), score)| {
            json!({
                "model": model, "kind": kind, "requests": score.requests, "shaped": score.shaped, "passed": score.passed,
                "refused": score.refused, "input_tokens": score.input, "output_tokens": score.output, "ms": score.ms,
            })
        });
        let cases = self
            .cases
            .iter()
            .map(|(prompt, cases)| json!({"prompt": prompt, "cases": cases.cases, "stood": cases.stand, "right": cases.right}));
        json!({"requests": requests.collect::<Vec<_>>(), "cases": cases.collect::<Vec<_>>()})
    }
}
