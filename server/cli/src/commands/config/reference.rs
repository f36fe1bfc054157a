//! The page of documentation, from the table of keys.

use assist::{KEYS, Key, Kind, Reach};

const INTRO: &str = include_str!("intro.md");

/// The page, as Markdown.
pub(super) fn page() -> String {
    let mut page = INTRO.to_owned();
    let mut section = None;
    for key in KEYS {
        let of = key.name.rsplit_once('.').map_or("", |(section, _)| section);
        if section != Some(of) {
            let head = if of.is_empty() { "At the top".to_owned() } else { format!("`[{of}]`") };
            page.push_str(&format!("### {head}\n\n| key | value | default | who may set it besides you |\n|---|---|---|---|\n"));
            section = Some(of);
        }
        page.push_str(&row(key));
        let is_last = KEYS
            .iter()
            .skip_while(|other| other.name != key.name)
            .nth(1)
            .is_none_or(|next| next.name.rsplit_once('.').map_or("", |(section, _)| section) != of);
        if is_last {
            page.push('\n');
        }
    }
    format!("{}\n", page.trim_end())
}

fn row(key: &Key) -> String {
    let name = key.name.rsplit('.').next().unwrap_or(key.name);
    let values = match key.kind {
        Kind::OneOf(texts) => {
            texts.iter().map(|(text, meaning)| format!("`\"{text}\"`: {meaning}")).collect::<Vec<_>>().join("<br>")
        }
        kind => kind.to_string(),
    };
    let default = if key.default.is_empty() { "none".to_owned() } else { format!("`{}`", key.default) };
    format!("| `{name}`<br>{} | {values} | {default} | {} |\n", key.doc, reach_in_a_word(key.reach))
}

fn reach_in_a_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Anyone => "everybody",
        Reach::Lower => "everybody, to less; a trusted workspace",
        Reach::Editor => "the editor; a trusted workspace",
        Reach::Trusted => "a trusted workspace",
        Reach::User => "nobody",
    }
}

/// Who may set a key, as a sentence.
pub(super) fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::Anyone => "A workspace may set it.",
        Reach::Lower => "A workspace may lower it; one that you trust may raise it.",
        Reach::Editor | Reach::Trusted => "A workspace may set it only where you trust it.",
        Reach::User => "A workspace may not set it.",
    }
}
