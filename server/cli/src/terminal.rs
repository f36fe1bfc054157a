//! Our own Markdown and diffs on a terminal.

use anstyle::{AnsiColor, Style};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// Bold.
pub(crate) fn bold(text: &str) -> String {
    format!("{BOLD}{text}{BOLD:#}")
}

/// Dimmed.
pub(crate) fn dim(text: &str) -> String {
    format!("{DIM}{text}{DIM:#}")
}

/// Markdown as [`assist::markdown`] makes it, with its escapes resolved and its code coloured.
pub(crate) fn markdown(markdown: &str) -> String {
    let mut lines = Vec::new();
    let mut in_block = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            lines.push(format!("  {CODE}{line}{CODE:#}"));
        } else if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")) {
            lines.push(bold(&inline(heading)));
        } else if let Some(quiet) = line.strip_prefix('*').and_then(|line| line.strip_suffix('*')) {
            lines.push(dim(&inline(quiet)));
        } else {
            lines.push(inline(line));
        }
    }
    lines.join("\n")
}

fn inline(line: &str) -> String {
    assist::markdown::unmarked_line(line, |begins| if begins { format!("{CODE}") } else { format!("{CODE:#}") })
}

/// A unified diff with its lines coloured, and what a terminal would take as an order taken out.
pub(crate) fn diff(diff: &str) -> String {
    let lines: Vec<String> = diff
        .lines()
        .map(|line| {
            let text: String = assist::markdown::visible(line).collect();
            match line.as_bytes().first() {
                Some(b'+') => format!("{ADDED}{text}{ADDED:#}"),
                Some(b'-') => format!("{REMOVED}{text}{REMOVED:#}"),
                Some(b'@') => dim(&text),
                _ => text,
            }
        })
        .collect();
    lines.join("\n")
}
