//! A receipt, shown: as Markdown for people, as JSON for programs.

use assist::markdown::{code, prose};
use serde_json::{Value, json};

use super::{Receipt, ReceiptLine};

impl Receipt {
    /// The receipt as JSON: tier, cost in micro-dollars, lines, look-ups, tokens by tier, and the two comparisons.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let line = |line: &ReceiptLine| {
            json!({
                "step": line.step,
                "what": line.what,
                "by": line.by,
                "tier": line.bill.source.as_str(),
                "cost_micro_usd": line.bill.cost.micro_usd(),
                "cached": line.bill.cached,
                "ms": line.ms,
                "refused": line.refused,
            })
        };
        let micro = |cost: models::Cost| cost.micro_usd();
        let account = self.account.as_ref().map(|account| {
            let tiers = account.tiers.iter().map(|used| {
                json!({
                    "tier": used.tier,
                    "requests": used.requests,
                    "input_tokens": used.input,
                    "output_tokens": used.output,
                    "cost_micro_usd": micro(used.cost),
                })
            });
            json!({
                "tiers": tiers.collect::<Vec<_>>(),
                "same_calls_at_flagship_micro_usd": account.same_calls.map(micro),
                "one_flagship_agent": account.one_agent.map(|agent| json!({
                    "input_tokens": agent.input,
                    "output_tokens": agent.output,
                    "cost_micro_usd": agent.cost.map(micro),
                })),
            })
        });
        json!({
            "tier": self.source().as_str(),
            "cost_micro_usd": self.cost().micro_usd(),
            "looked_up": self.looked_up,
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
            "account": account,
        })
    }

    /// The receipt as Markdown. What models and repositories wrote is escaped.
    #[must_use]
    pub fn to_markdown(&self, instruction: &str) -> String {
        let who = self.server().map_or_else(|| self.bill().to_string(), |server| format!("{} · {}", prose(server), self.cost()));
        let mut text = format!("# Receipt\n\n{}\n\n{who}\n\n", prose(instruction));
        for line in &self.lines {
            let (step, what) = (prose(&line.step), prose(&line.what));
            let who = if line.by.is_some() { line.bill.cost.to_string() } else { line.bill.to_string() };
            text.push_str(&format!("- **{step}** {what}: {who}, {} ms\n", line.ms));
            for reason in &line.refused {
                text.push_str(&format!("  - an answer was refused: {}\n", prose(reason)));
            }
        }
        if !self.looked_up.is_empty() {
            let looked_up: Vec<String> = self.looked_up.iter().map(|look_up| code(look_up)).collect();
            text.push_str(&format!("\nThe planner looked up: {}\n", looked_up.join(", ")));
        }
        let Some(account) = &self.account else { return text };
        if !account.tiers.is_empty() {
            text.push_str("\n| tier | requests | tokens in | tokens out | cost |\n|---|---:|---:|---:|---:|\n");
        }
        for used in &account.tiers {
            text.push_str(&format!("| {} | {} | {} | {} | {} |\n", used.tier, used.requests, used.input, used.output, used.cost));
        }
        if let Some(cost) = account.same_calls.filter(|_| !account.tiers.is_empty()) {
            text.push_str(&format!("\nThe same calls at the flagship's prices: {cost}.\n"));
        }
        if let Some(agent) = account.one_agent {
            let cost = agent.cost.map(|cost| format!(", {cost}")).unwrap_or_default();
            let (input, output) = (agent.input, agent.output);
            text.push_str(&format!(
                "One flagship that reads every file of the plan whole: about {input} tokens in and {output} out{cost} (an estimate).\n"
            ));
        }
        text
    }
}
