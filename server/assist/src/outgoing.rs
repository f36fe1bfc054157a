//! What would be sent, shown before it is: the texts of jobs as they would leave, secrets taken out.

use models::{Job, egress};

use crate::{Snapshot, markdown, summary, verdict};

/// A document, as Markdown that is safe to render, on what would leave of a file: to which servers, and each job's texts to the letter.
/// Sends nothing.
#[must_use]
pub fn outgoing(snapshot: &Snapshot, path: &str, jobs: &[(String, Job)]) -> String {
    let mut sections = vec![format!("# What would be sent of {}", markdown::code(path))];
    let tiers: Vec<String> = snapshot
        .gateway()
        .into_iter()
        .flat_map(|gateway| gateway.tiers().into_iter().filter_map(|tier| Some((tier, gateway.describe(tier)?))))
        .map(|(tier, info)| format!("- {tier}: {} at {}", markdown::code(&info.model), markdown::code(&info.host)))
        .collect();
    if tiers.is_empty() {
        sections.push("No model is configured: nothing is ever sent.".to_owned());
    } else {
        sections.push(tiers.join("\n"));
    }
    if let Err(denied) = verdict(snapshot, path) {
        sections.push(format!("Nothing of it leaves: {}", markdown::prose(&denied.to_string())));
        return sections.join("\n\n") + "\n";
    }
    if jobs.is_empty() {
        sections.push("No definition stands at the cursor; open the menu on one to see what would be sent for it.".to_owned());
    }
    for (title, job) in jobs {
        let texts: Vec<&str> =
            std::iter::once(job.instructions.as_str()).chain(job.input.iter().map(|part| part.as_text())).collect();
        let (texts, findings) = egress::redact_all(&texts);
        sections.push(format!("## {} ({})", markdown::prose(title), job.tier));
        if !findings.is_empty() {
            let lines: Vec<String> = findings
                .iter()
                .map(|found| format!("- {} for {}", markdown::code(&found.placeholder), markdown::code(&found.rule)))
                .collect();
            sections.push(format!("Taken out:\n\n{}", lines.join("\n")));
        }
        sections.extend(texts.iter().map(|text| markdown::block("", text)));
    }
    sections.join("\n\n") + "\n"
}

/// The job that would ask for the summary of a symbol. Sends nothing.
#[must_use]
pub fn summary_job(snapshot: &Snapshot, symbol: &index::SymbolRef) -> Job {
    summary::job(snapshot, symbol).0
}
