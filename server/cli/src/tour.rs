//! `tierline tour`: starts the real server as a child, opens a repository as an editor would, and shows what one would show. It
//! changes nothing: where the server sends an edit, the tour shows its diff and declines it.

mod scene;

use std::path::Path;
use std::time::{Duration, Instant};

use assist::plural;
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{self, bold, dim};
use crate::workspace::root;
use scene::Scene;

pub(crate) fn run(options: &Options, output: &Output, path: Option<&Path>, question: Option<&str>) -> Result<(), Failure> {
    // A folder that is named is toured as it is named, not the repository around it.
    let options = match path {
        Some(path) => Options { root: Some(path.to_owned()), ..options.clone() },
        None => options.clone(),
    };
    let root = root(&options, None)?;
    let started = Instant::now();
    output.line(&format!("{} {}", bold("Tierline"), dim(&format!("opens {}", root.display()))));
    let mut scene = Scene::open(&root, &options)?;
    let counts = scene.wait_until_indexed()?;
    output.line(&dim(&format!(
        "{}, {}, {} indexed; ready {} ms after the start",
        plural(counts.files, "file", "files"),
        plural(counts.symbols, "symbol", "symbols"),
        plural(counts.references, "reference", "references"),
        started.elapsed().as_millis()
    )));
    let candidates = scene.prominent_symbols()?;
    let Some(first) = candidates.first().cloned() else {
        return Err(Failure::new("nothing_to_show", format!("{} holds no file in a language that is known", root.display())));
    };
    let hero = scene.most_used(&candidates)?.unwrap_or(first);

    let hover = scene.hover(&hero)?;
    heading(output, 1, "Hover", &format!("on {} in {}:{}", hero.name, hero.file, hero.line + 1), hover.took);
    output.line(&indented(&terminal::markdown(&hover.value)));
    let summary = if scene.has_tier("nano") { Some(scene.summarised_hover(&hero)?) } else { None };
    if let Some(summary) = &summary {
        heading(output, 1, "Hover again", "a nano model has been asked in the meantime", summary.took);
        output.line(&indented(&terminal::markdown(&summary.value)));
    }

    let actions = scene.actions(&hero)?;
    heading(
        output,
        2,
        "Code actions",
        &format!("on {}; an automatic request got {}", hero.name, actions.automatic),
        actions.took,
    );
    for action in &actions.titles {
        output.line(&format!("  • {action}"));
    }

    let question = question.map_or_else(|| scene.question(&candidates, &hero), str::to_owned);
    let answer = scene.look_up(&question)?;
    heading(output, 3, "Look-up", &format!("“{question}”"), answer.took);
    for hit in answer.value.pointer("/hits").and_then(Value::as_array).into_iter().flatten().take(5) {
        output.line(&format!("  {}", hit_line(&root, hit)));
    }
    output.line(&format!("  {}", dim(&bill(&answer.value))));

    let rename = scene.rename(&candidates)?;
    match &rename {
        Some(rename) => {
            heading(output, 4, "Refactor", &format!("“{}”, verified and not applied", rename.instruction), rename.took);
            output.line(&indented(&terminal::diff(&shortened(&rename.diff))));
            output.line(&format!(
                "  {}",
                dim(&format!("{}, checked before you see it · index · $0", plural(rename.files, "file", "files")))
            ));
        }
        None => output.line("No symbol of this repository can be renamed across files with certainty."),
    }
    let cost = scene.close()?;
    output.line("");
    output.line(&format!(
        "{} {}",
        bold("Done."),
        dim(&format!("{} ms in all, {cost}; nothing was changed", started.elapsed().as_millis()))
    ));
    output.json(&json!({
        "root": root,
        "files": counts.files,
        "symbols": counts.symbols,
        "references": counts.references,
        "hover": {"symbol": hero.name, "markdown": hover.value, "summary_markdown": summary.map(|summary| summary.value)},
        "actions": actions.titles,
        "automatic_actions": actions.automatic,
        "lookup": {"question": question, "answer": answer.value},
        "rename": rename.map(|rename| json!({"instruction": rename.instruction, "files": rename.files, "diff": rename.diff})),
    }));
    Ok(())
}

fn heading(output: &Output, number: u32, what: &str, about: &str, took: Duration) {
    output.line("");
    let took = format!("{:.1} ms", took.as_secs_f64() * 1_000.0);
    output.line(&format!("{} {} {}", bold(&format!("{number}. {what}")), assist::markdown::plain(about), dim(&took)));
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// The first lines of a long diff.
fn shortened(diff: &str) -> String {
    const SHOWN: usize = 60;
    let lines: Vec<&str> = diff.lines().collect();
    if lines.len() <= SHOWN {
        return diff.to_owned();
    }
    format!("{}\n… {} more lines", lines[..SHOWN].join("\n"), lines.len() - SHOWN)
}

fn hit_line(root: &Path, hit: &Value) -> String {
    let text = |pointer: &str| assist::markdown::plain(hit.pointer(pointer).and_then(Value::as_str).unwrap_or_default());
    let container = text("/container");
    let name = if container.is_empty() { text("/name") } else { format!("{container}::{}", text("/name")) };
    let uri = hit.pointer("/location/uri").and_then(Value::as_str).unwrap_or_default();
    let file = stop_file(root, uri).unwrap_or_default();
    let line = hit.pointer("/location/range/start/line").and_then(Value::as_u64).unwrap_or_default();
    format!("{}  {file}:{}  {}", bold(&name), line + 1, dim(&text("/why")))
}

fn bill(answer: &Value) -> String {
    let tier = answer.get("tier").and_then(Value::as_str).unwrap_or_default();
    let micro = answer.get("cost_micro_usd").and_then(Value::as_u64).unwrap_or_default();
    format!("{tier} · {}", models::Cost::from_micro_usd(micro))
}

/// The path of a file URI relative to the root.
fn stop_file(root: &Path, uri: &str) -> Option<String> {
    let path = url::Url::parse(uri).ok()?.to_file_path().ok()?;
    Some(path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/"))
}
