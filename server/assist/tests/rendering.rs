//! Whatever names, comments and models say, an editor's own reader of Markdown finds in it text and code, and no link but ours.

use assist::markdown::{block, code, linked_prose, notice, plain, prose};
use markdown::mdast::Node;
use markdown::{ParseOptions, to_mdast};
use proptest::prelude::*;

/// Pieces of all that Markdown and editors make something of, and characters to put between them.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "![",
        "](",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "&",
        "&lt;",
        "&#91;",
        "`",
        "``",
        "```",
        "~~~",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "|",
        "$",
        "$(",
        "#",
        "# ",
        "- ",
        "+ ",
        "1. ",
        "> ",
        "=",
        "---",
        "\\",
        "\\[",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        " ",
        "  ",
        "http://",
        "HTTPS://",
        "https:/",
        "/",
        "www.",
        "WwW.",
        "evil.example",
        "ftp://a",
        "mailto:",
        "xmpp:",
        "a@b.cd",
        "@",
        ".",
        "-",
        "+",
        "<img src=x>",
        "<!--",
        "-->",
        "<a href=x>",
        "</a>",
        "command:x",
        "[^1]",
        "[^1]: ",
        "[x]: http://e",
        "\u{200b}",
        "\u{2060}",
        "\u{202e}",
        "\u{e0041}",
        "\u{fe0f}",
        "\u{1b}[31m",
        "\u{2028}",
        "\u{85}",
        "\u{a0}",
        "\u{3000}",
        "name",
        "snake_case",
        "camelCase",
        "é",
        "\u{1f680}",
        "::",
        "0",
    ]);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

/// What an editor makes of a document, with bare addresses as links.
fn nodes(document: &str) -> Vec<Node> {
    let mut found = Vec::new();
    let mut left = vec![to_mdast(document, &ParseOptions::gfm()).expect("Markdown is never wrong")];
    while let Some(node) = left.pop() {
        left.extend(node.children().into_iter().flatten().cloned());
        found.push(node);
    }
    found
}

/// The first thing in a document that is neither text nor code nor a link to a file.
fn strange(document: &str) -> Option<Node> {
    nodes(document).into_iter().find(|node| match node {
        Node::Root(_) | Node::Paragraph(_) | Node::Text(_) | Node::InlineCode(_) | Node::Code(_) => false,
        Node::Link(link) => !link.url.starts_with("file:///"),
        _ => true,
    })
}

fn is_all_seen(text: &str) -> bool {
    text.chars().all(|character| matches!(character, '\n' | '\t') || !character.is_control())
        && models::egress::shown(text).count() == text.chars().count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prose_is_text(text in hostile()) {
        let made = prose(&text);
        prop_assert_eq!(strange(&made), None, "{:?}", made);
        prop_assert!(is_all_seen(&made));
        // In the middle of what we say, too.
        let made = format!("says {made}\n\n*index*");
        let links = nodes(&made).into_iter().find(|node| matches!(node, Node::Link(_) | Node::Image(_) | Node::Html(_)));
        prop_assert_eq!(links, None, "{:?}", made);
    }

    #[test]
    fn prose_with_names_leads_to_our_files_only(text in hostile(), address in hostile()) {
        let made = linked_prose(&text, |name| Some(format!("file:///{name}{address}")));
        prop_assert_eq!(strange(&made), None, "{:?}", made);
        let made = linked_prose(&text, |_| Some(address.clone()));
        let links = nodes(&made).into_iter().find(|node| matches!(node, Node::Link(_) | Node::Image(_) | Node::Html(_)));
        prop_assert_eq!(links, None, "{:?}", made);
    }

    #[test]
    fn code_is_code(one in hostile(), two in hostile()) {
        let made = format!("{} and {}", code(&one), code(&two));
        let found: Vec<Node> = nodes(&made).into_iter().filter(|node| !matches!(node, Node::Root(_) | Node::Paragraph(_))).collect();
        let spans = found.iter().filter(|node| matches!(node, Node::InlineCode(_))).count();
        prop_assert_eq!((spans, found.len()), (2, 3), "{:?} {:?}", made, found);
        prop_assert!(is_all_seen(&made));
    }

    #[test]
    fn a_block_is_a_block(text in hostile()) {
        let made = format!("before\n\n{}\n\nbehind", block("rust", &text));
        let found: Vec<Node> = nodes(&made).into_iter().filter(|node| !matches!(node, Node::Root(_) | Node::Paragraph(_))).collect();
        let blocks = found.iter().filter(|node| matches!(node, Node::Code(_))).count();
        prop_assert_eq!((blocks, found.len()), (1, 3), "{:?} {:?}", made, found);
        prop_assert!(is_all_seen(&made));
    }

    #[test]
    fn a_message_is_one_line_without_an_address(text in hostile()) {
        let made = notice(&text);
        prop_assert!(is_all_seen(&made) && !made.contains(['\n', '\t']), "{:?}", made);
        let lower = made.to_lowercase();
        let word = ["](", "://", "<img", "www.", "mailto:", "javascript:", "command:"].into_iter().find(|word| lower.contains(word));
        prop_assert_eq!(word, None, "{:?}", made);
        prop_assert!(is_all_seen(&plain(&text)));
    }
}
