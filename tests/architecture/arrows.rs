//! The rules for arrows. Each takes the graph and returns one sentence for each arrow that must not be.

use super::graph::Graph;

/// A rule: what is wrong with this graph.
pub(super) type Rule = fn(&Graph) -> Vec<String>;

/// Every crate, in alphabetical order, with the crates of ours that it may need in order to be built.
pub(super) const ROOMS: [(&str, &[&str]); 12] = [
    ("assist", &["text", "syntax", "index", "models"]),
    ("cli", &["text", "syntax", "index", "models", "assist", "refactor", "lsp"]),
    ("embed", &[]),
    ("fuzz", &["text", "syntax", "index", "models", "assist", "refactor"]),
    ("index", &["text", "syntax", "embed"]),
    ("lsp", &["text", "syntax", "index", "models", "assist", "refactor"]),
    ("models", &[]),
    ("refactor", &["text", "syntax", "index", "models", "assist"]),
    ("syntax", &["text"]),
    ("testkit", &["text", "syntax", "index", "models", "assist", "refactor", "lsp"]),
    ("text", &[]),
    ("tierline", &["cli"]),
];

/// All of them.
pub(super) const RULES: [Rule; 8] = [
    index_and_models_never_meet,
    only_lsp_names_the_protocol,
    only_models_names_http,
    only_syntax_names_grammars,
    the_lower_rooms_have_no_async,
    rooms_know_only_what_lies_under_them,
    the_testkit_is_for_tests,
    the_front_door_opens_one_room,
];

fn index_and_models_never_meet(graph: &Graph) -> Vec<String> {
    [("index", "models"), ("models", "index")]
        .into_iter()
        .filter(|(from, to)| graph.reaches(from, to))
        .map(|(from, to)| {
            format!("`index` and `models` never meet, yet `{from}` reaches `{to}`: let `assist` bring them together")
        })
        .collect()
}

fn only_lsp_names_the_protocol(graph: &Graph) -> Vec<String> {
    only(graph, "lsp", "tower-lsp", |name| name.starts_with("tower-lsp") || name.contains("lsp-types"))
}

fn only_models_names_http(graph: &Graph) -> Vec<String> {
    only(graph, "models", "reqwest", |name| matches!(name, "reqwest" | "hyper" | "hyper-util" | "ureq"))
}

fn only_syntax_names_grammars(graph: &Graph) -> Vec<String> {
    only(graph, "syntax", "tree-sitter", |name| name.starts_with("tree-sitter"))
}

fn the_lower_rooms_have_no_async(graph: &Graph) -> Vec<String> {
    let asynchronous = |name: &str| {
        ["tokio", "futures", "async-", "smol-"].iter().any(|family| name.starts_with(family))
            || matches!(name, "smol" | "pollster")
    };
    ["text", "syntax", "embed", "index"]
        .into_iter()
        .flat_map(|room| graph.named(room).filter(|name| asynchronous(name)).map(move |name| (room, name)))
        .map(|(room, name)| format!("`{room}` has no async, yet it names `{name}`: the caller decides on which thread it runs"))
        .collect()
}

fn rooms_know_only_what_lies_under_them(graph: &Graph) -> Vec<String> {
    let ours = |name: &str| ROOMS.iter().any(|(room, _)| *room == name);
    let forbidden = |room: &'static str, known: &'static [&str]| {
        let arrow = move |name: &&str| ours(name) && *name != "testkit" && !known.contains(name);
        // The tests of the root package walk through the whole house; those of a room stay in it.
        let tested = graph.tested(room).filter(move |_| room != "tierline");
        graph.built(room).chain(tested).filter(arrow).map(move |name| {
            format!(
                "`{room}` may not know `{name}`: it may know {}",
                if known.is_empty() { "none of ours".into() } else { known.join(", ") }
            )
        })
    };
    ROOMS.into_iter().flat_map(|(room, known)| forbidden(room, known)).collect()
}

fn the_testkit_is_for_tests(graph: &Graph) -> Vec<String> {
    graph
        .names()
        .filter(|name| graph.built(name).any(|needed| needed == "testkit"))
        .map(|name| format!("`testkit` is for tests, yet `{name}` needs it to be built: make it a dev-dependency"))
        .collect()
}

fn the_front_door_opens_one_room(graph: &Graph) -> Vec<String> {
    graph
        .built("tierline")
        .filter(|name| *name != "cli")
        .map(|name| format!("the root package depends on `cli` alone, yet it names `{name}`: wire it in `cli`"))
        .collect()
}

/// One sentence for each room but `owner` that names a crate which `belongs` to it.
fn only(graph: &Graph, owner: &str, what: &str, belongs: impl Fn(&str) -> bool) -> Vec<String> {
    graph
        .names()
        .filter(|room| *room != owner)
        .flat_map(|room| graph.named(room).filter(|name| belongs(name)).map(move |name| (room, name)))
        .map(|(room, name)| format!("only `{owner}` may name {what}, yet `{room}` names `{name}`"))
        .collect()
}
