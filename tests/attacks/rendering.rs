//! What an editor renders of a repository that wants it to open, fetch or hide something: names, comments, paths and settings of its
//! choice, in everything that we say.

use lsp::command;
use markdown::mdast::Node;
use markdown::{ParseOptions, to_mdast};
use serde_json::{Value, json};
use testkit::Editor;
use testkit::editor::{Profile, Trigger};

use crate::support::{World, until};

/// A file whose name is an image, a link, an address and more, as far as names may hold it.
const NAME: &str = "src/![x](command:y)<img src=x>www.evil.example `a` $(bell)\u{202e}\u{200b}sk.kt";

/// Names in backticks may be anything in Kotlin.
const SOURCE: &str = "/**
 * ![image](http://evil.example/a.png) <img src=http://evil.example> [ref][r] http:/\u{200b}/evil.example www.evil.example a.@evil.example
 *
 * [r]: http://evil.example
 * ``` \u{202e}hidden\u{e0041}\u{e0042} <!-- -->
 */
fun `![x](http:evil) <img src=x> www.evil.example `() { helper() }

/** Helps. */
fun helper() { `![x](http:evil) <img src=x> www.evil.example `() }

class `[click](command:evil)` {
    fun member(a: Int) { helper() }
}
";

/// The first thing in a document that an editor would open, fetch or take for markup of others.
fn foreign(document: &str) -> Option<String> {
    let mut left = vec![to_mdast(document, &ParseOptions::gfm()).unwrap()];
    while let Some(node) = left.pop() {
        match &node {
            Node::Link(link) if link.url.starts_with("file:///") => {}
            Node::Link(_)
            | Node::Image(_)
            | Node::Html(_)
            | Node::ImageReference(_)
            | Node::LinkReference(_)
            | Node::Definition(_) => {
                return Some(format!("{node:?}"));
            }
            _ => {}
        }
        left.extend(node.children().into_iter().flatten().cloned());
    }
    let unseen = document.chars().find(|character| {
        character.is_control() && !matches!(character, '\n' | '\t') || models::egress::is_invisible(*character)
    });
    unseen.map(|character| format!("U+{:04X}", u32::from(character)))
}

/// Every text of the session that an editor shows: contents of hovers and documents as Markdown, messages, and titles.
fn shown(editor: &Editor) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (mut documents, mut lines, mut titles) = (Vec::new(), Vec::new(), Vec::new());
    for message in editor.recording().messages() {
        let content = message.content;
        let method = content["method"].as_str().unwrap_or_default();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        documents.extend(text(&content["result"]["contents"]["value"]));
        match method {
            "window/showMessage" | "window/showMessageRequest" | "window/logMessage" => {
                lines.extend(text(&content["params"]["message"]))
            }
            "$/progress" => lines.extend(["title", "message"].iter().filter_map(|key| text(&content["params"]["value"][key]))),
            _ => {}
        }
        // Menus show titles as they are: what looks like a link there is none.
        let results = content["result"].as_array().into_iter().flatten();
        titles.extend(results.filter_map(|result| text(&result["title"])));
    }
    for document in editor.shown_documents() {
        let path = url::Url::parse(document["uri"].as_str().unwrap()).unwrap().to_file_path().unwrap();
        documents.push(std::fs::read_to_string(path).unwrap());
    }
    (documents, lines, titles)
}

#[test]
fn nothing_of_a_repository_is_rendered_as_more_than_text() {
    let world = World::new("//- src/plain.kt\nfun plain() { helper() }\n");
    world.fixture.write(NAME, SOURCE);
    let evil = "[Trusted by everybody](http://evil.example) \\u202E";
    world.fixture.write(
        "tierline.toml",
        &format!("[tiers.nano]\nmodel = \"{evil}\"\n\"![x](http://evil.example)\" = 1\n[hover]\nsummary = \"{evil}\"\n"),
    );
    let editor = world.editor(Profile::VsCode);
    editor.open(NAME);
    editor.open("tierline.toml");
    let text = editor.text(NAME);
    let names: Vec<usize> =
        ["![x](http:evil) <img", "helper() { `", "[click]", "member"].iter().map(|name| text.find(name).unwrap()).collect();
    let mut hovered = 0;
    for at in names {
        hovered += usize::from(editor.hover_text(NAME, at + 1).is_some());
        editor.code_actions(NAME, at + 1..at + 1, &[], Trigger::Invoked).unwrap();
        let place = json!({"v": 1, "uri": editor.uri(NAME), "position": editor.position(NAME, at + 1)});
        let before = editor.shown_documents().len();
        editor.execute_command(command::EXPLAIN, vec![place]).unwrap();
        until("the explanation", || (editor.shown_documents().len() > before).then_some(()));
    }
    assert!(hovered >= 3, "{hovered}");
    editor.execute_command(command::LOOKUP, vec![json!({"question": "who helps the evil example?"})]).unwrap();
    editor.execute_command(command::TRUST, vec![json!({"v": 1})]).unwrap();
    until("the question", || {
        let messages = editor.recording().messages();
        messages.iter().any(|message| message.content["method"] == "window/showMessageRequest").then_some(())
    });
    for query in ["helper", "x", "?who helps"] {
        editor.workspace_symbol(query).unwrap();
    }
    let (documents, lines, titles) = shown(&editor);
    assert!(documents.iter().any(|text| text.contains("helper")) && documents.len() > 6, "{documents:#?}");
    for document in &documents {
        assert_eq!(foreign(document), None, "{document}");
    }
    assert!(lines.iter().any(|line| line.contains("Trusted by everybody")), "{lines:#?}");
    for line in &lines {
        let link = ["](", "://", "<img"].into_iter().find(|word| line.contains(word));
        assert_eq!(link, None, "{line}");
    }
    assert!(!titles.is_empty());
    for line in lines.iter().chain(&titles) {
        let unseen = line.chars().find(|character| character.is_control() || models::egress::is_invisible(*character));
        assert_eq!(unseen, None, "{line:?}");
    }
}
