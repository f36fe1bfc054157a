//! Queries as a table: what a `tags.scm` says of a tree, found in the one walk over it.
//!
//! tree-sitter's own query machine follows every pattern over every node, which costs as much as parsing. Here the patterns of a
//! language become one [automaton](automaton) over the kinds and fields from the root to a node; only a pattern that looks at
//! several branches at once is [matched](matcher) on its own, at the node where its branches part. What can be written in
//! neither way is left to tree-sitter.

pub(crate) mod automaton;
pub(crate) mod machine;
pub(crate) mod matcher;
pub(crate) mod predicate;
pub(crate) mod reader;
pub(crate) mod shape;

use rustc_hash::FxHashMap;
use tree_sitter::{Query, QueryError};

use crate::{
    SymbolKind,
    capture::{Capture, Captures},
    marks::Mark,
    tape::{FIELDS, TOKENS, Tape, bit_of},
};
use automaton::Automaton;
use predicate::Predicate;
use reader::Pattern;
use shape::{Shape, What};

/// The compiled query of one language.
pub(crate) struct Rules {
    pub(crate) automaton: Automaton,
    pub(crate) rules: Vec<Rule>,
    pub(crate) captures: Captures,
    /// The conditions of each pattern.
    pub(crate) predicates: Vec<Vec<Predicate>>,
    /// What only tree-sitter can match.
    pub(crate) rest: Option<Rest>,
    /// What is asked of the children of each kind of node, beyond their own kinds.
    wants: Box<[u8]>,
    /// The kinds of symbols of which a second definition is always a use of the first.
    pub(crate) made_once: Vec<SymbolKind>,
}

/// A pattern, or one of its alternatives, from the node on at which it is matched.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Which pattern of the query it is.
    pub(crate) pattern: usize,
    pub(crate) shape: Shape,
    /// What was captured on the way to it, and how many nodes above it.
    pub(crate) above: Vec<(u16, usize)>,
    /// The kinds of its children that must be there, as in [`Tape::kinds_in`](crate::tape::Tape::kinds_in).
    pub(crate) needs: u64,
}

/// The patterns that tree-sitter matches.
pub(crate) struct Rest {
    pub(crate) query: Query,
    /// Our number of each of its patterns.
    pub(crate) patterns: Vec<usize>,
    /// Our number of each of its captures.
    pub(crate) captures: Vec<u16>,
}

impl Rules {
    /// Compiles the source of a query.
    ///
    /// # Errors
    /// Tree-sitter's, where the query is not well formed or does not fit the grammar.
    pub(crate) fn compile(source: &str, language: &tree_sitter::Language) -> Result<Self, QueryError> {
        let Some((mut patterns, names)) = reader::read(source, language) else {
            return Self::all_left(Query::new(language, source)?, language);
        };
        let captures = Captures::new(&names, patterns.iter().map(|pattern| pattern.settings.as_slice()));
        let rest = rest(source, &patterns, &names, language)?;
        let mut rules = Vec::new();
        let mut paths = Vec::new();
        for (number, pattern) in patterns.iter_mut().enumerate() {
            for shape in pattern.shapes.take().into_iter().flatten() {
                let (path, rule) = split(shape, number, pattern, &captures);
                paths.push((path, narrow(rules.len())));
                rules.push(rule);
            }
        }
        let predicates: Vec<Vec<Predicate>> = patterns.into_iter().map(|pattern| pattern.predicates).collect();
        let still = |rule: &Rule| still(rule, &predicates, &captures);
        let automaton = Automaton::new(&paths, &rules, language, &still);
        let wants = wants(&rules, rest.is_some(), language);
        let made_once = made_once(&rules, &captures);
        Ok(Self { automaton, rules, captures, predicates, rest, wants, made_once })
    }

    /// Whether the conditions of a pattern hold for what it captured.
    pub(crate) fn holds(&self, pattern: usize, captured: &matcher::Captured, tape: &Tape<'_>, text: &str) -> bool {
        self.predicates.get(pattern).is_none_or(|all| all.iter().all(|predicate| predicate.holds(captured, tape, text)))
    }

    /// What is asked of the children of a kind of node.
    pub(crate) fn wants(&self, kind: u16) -> u8 {
        self.wants.get(usize::from(kind)).or(self.wants.last()).copied().unwrap_or(0)
    }

    /// Asks for more of the children of some kinds of nodes.
    pub(crate) fn ask(&mut self, kinds: impl Iterator<Item = usize>, wants: u8) {
        for kind in kinds {
            if let Some(place) = self.wants.get_mut(kind) {
                *place |= wants;
            }
        }
    }

    /// A query of which nothing could be read, but by tree-sitter.
    fn all_left(query: Query, language: &tree_sitter::Language) -> Result<Self, QueryError> {
        let names: Vec<String> = query.capture_names().iter().map(|name| (*name).to_owned()).collect();
        let settings: Vec<Vec<(String, Option<String>)>> = (0..query.pattern_count())
            .map(|pattern| {
                let settings = query.property_settings(pattern).iter();
                settings.map(|set| (set.key.to_string(), set.value.as_deref().map(str::to_owned))).collect()
            })
            .collect();
        let captures = Captures::new(&names, settings.iter().map(Vec::as_slice));
        let automaton = Automaton::new(&[], &[], language, &|_| None);
        let patterns = (0..query.pattern_count()).collect();
        let of_query = (0..narrow(names.len())).map(|capture| u16::try_from(capture).unwrap_or(u16::MAX)).collect();
        let predicates = settings.iter().map(|_| Vec::new()).collect();
        let rest = Some(Rest { query, patterns, captures: of_query });
        let wants = wants(&[], true, language);
        Ok(Self { automaton, rules: Vec::new(), captures, predicates, rest, wants, made_once: Vec::new() })
    }
}

/// What the rules ask of the children of each kind of node; last, of those of broken text.
fn wants(rules: &[Rule], all: bool, language: &tree_sitter::Language) -> Box<[u8]> {
    let mut wants = vec![if all { FIELDS | TOKENS } else { 0 }; language.node_kind_count() + 1];
    let mut shapes: Vec<&Shape> = rules.iter().map(|rule| &rule.shape).collect();
    while let Some(shape) = shapes.pop() {
        let fields = !shape.without.is_empty() || shape.children.iter().any(|child| child.field.is_some());
        // A field that must be missing may be a token's.
        let tokens = !shape.without.is_empty() || shape.children.iter().any(|child| child.anonymous);
        let asked = if fields { FIELDS } else { 0 } | if tokens { TOKENS } else { 0 };
        match shape.what {
            What::Kind(kind) if kind != shape::ERROR => {
                if let Some(place) = wants.get_mut(usize::from(kind)) {
                    *place |= asked;
                }
            }
            _ => wants.iter_mut().for_each(|place| *place |= asked),
        }
        shapes.extend(&shape.children);
    }
    wants.into()
}

/// The kinds that are defined by patterns with `(#set! once)` alone.
fn made_once(rules: &[Rule], captures: &Captures) -> Vec<SymbolKind> {
    let mut kinds = FxHashMap::default();
    for rule in rules {
        let once = captures.settings(rule.pattern).once;
        let mut meet = |capture: u16| {
            if let Capture::Definition(kind) = captures.get(capture) {
                *kinds.entry(kind).or_insert(true) &= once;
            }
        };
        rule.above.iter().for_each(|&(capture, _)| meet(capture));
        let mut shapes = vec![&rule.shape];
        while let Some(shape) = shapes.pop() {
            shape.captures.iter().copied().for_each(&mut meet);
            shapes.extend(&shape.children);
        }
    }
    kinds.into_iter().filter_map(|(kind, once)| once.then_some(kind)).collect()
}

/// The patterns that could not be written out, compiled by tree-sitter.
fn rest(
    source: &str,
    patterns: &[Pattern],
    names: &[String],
    language: &tree_sitter::Language,
) -> Result<Option<Rest>, QueryError> {
    let mut text = String::new();
    let mut numbers = Vec::new();
    for (number, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| pattern.shapes.is_none()) {
        text.push_str(source.get(pattern.source.clone()).unwrap_or_default());
        text.push('\n');
        numbers.push(number);
    }
    if numbers.is_empty() {
        return Ok(None);
    }
    let query = Query::new(language, &text)?;
    let number = |name: &&str| names.iter().position(|known| known == name).and_then(|known| u16::try_from(known).ok());
    let captures = query.capture_names().iter().map(|name| number(name).unwrap_or(u16::MAX)).collect();
    Ok(Some(Rest { query, patterns: numbers, captures }))
}

/// Parts a pattern into the path to the first node at which it must be looked at as a whole, and the rest from there on.
fn split(mut shape: Shape, number: usize, pattern: &Pattern, captures: &Captures) -> (Vec<Shape>, Rule) {
    let mut path: Vec<Shape> = Vec::new();
    let needed = |capture: &u16| {
        let asked = pattern.predicates.iter().any(|predicate| predicate.captures().any(|asked| asked == *capture));
        let of_itself =
            !matches!(captures.get(*capture), Capture::Reference(_) | Capture::Documented | Capture::Unknown | Capture::After);
        asked || of_itself
    };
    while let [child] = &shape.children[..]
        && shape.without.is_empty()
        && !child.immediate
        && !child.last
        && !child.anonymous
        && !shape.captures.iter().any(needed)
        && path.len() < automaton::MAX_PATH
    {
        let Some(child) = shape.children.pop() else { break };
        path.push(std::mem::replace(&mut shape, child));
    }
    let length = path.len();
    let above =
        path.iter().enumerate().flat_map(|(depth, node)| node.captures.iter().map(move |&capture| (capture, length - depth)));
    let above = above.collect();
    path.push(Shape { field: shape.field, ..Shape::new(shape.what) });
    let needs = shape.children.iter().fold(0, |needs, child| match child.what {
        What::Kind(kind) => needs | bit_of(kind),
        _ => needs,
    });
    (path, Rule { pattern: number, shape, above, needs })
}

/// What a rule says of its node, where it needs nothing but the path to it for that.
fn still(rule: &Rule, predicates: &[Vec<Predicate>], captures: &Captures) -> Option<automaton::Still> {
    let Rule { pattern, shape, above, .. } = rule;
    if !shape.children.is_empty() || !shape.without.is_empty() || predicates.get(*pattern).is_some_and(|all| !all.is_empty()) {
        return None;
    }
    let mut still = automaton::Still::default();
    let mut usage = None;
    let mut named = false;
    for &capture in &shape.captures {
        match captures.get(capture) {
            Capture::Name => named = true,
            Capture::Reference(of_use) => usage = Some(of_use),
            Capture::Scope => still.flags |= Mark::SCOPE,
            Capture::TypeScope => still.flags |= Mark::SCOPE | Mark::TYPES,
            Capture::Pattern => still.flags |= Mark::PATTERN,
            Capture::LocalDefinition => still.flags |= Mark::BOUND,
            Capture::LocalUse => still.flags |= Mark::USE,
            Capture::Global => still.flags |= Mark::GLOBAL,
            Capture::Wrapper => still.flags |= Mark::WRAPPER,
            Capture::Attribute => still.flags |= Mark::ATTRIBUTE,
            Capture::Ignore => still.flags |= Mark::IGNORE,
            Capture::Doc => still.flags |= Mark::DOC,
            Capture::DocNext => still.flags |= Mark::DOC_NEXT,
            Capture::Import => still.flags |= Mark::IMPORT,
            Capture::Documented | Capture::Unknown => {}
            _ => return None,
        }
    }
    if still.flags & Mark::SCOPE != 0 && still.flags & Mark::BOUND != 0 {
        return None;
    }
    for &(capture, distance) in above {
        match captures.get(capture) {
            Capture::Reference(of_use) => usage = Some(of_use),
            Capture::After => still.after = distance,
            _ => {}
        }
    }
    still.usage = usage.filter(|_| named);
    Some(still)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::{
        FileSymbols, Language,
        deadline::Deadline,
        grammar::Grammar,
        walk::{Source, walk},
    };

    const TEXT: &str = "/// One.\nstruct One;\nfn two(a: One) { a.three(four()); five!(six(7), eight); }\n";

    fn listed(source: &str) -> FileSymbols {
        let language = tree_sitter::Language::new(tree_sitter_rust::LANGUAGE);
        let grammar = Grammar::compile(&language, Language::Rust.spec(), source).expect("the query fits");
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&grammar.language).expect("the grammar fits");
        let tree = parser.parse(TEXT, None).expect("it is parsed");
        walk(Language::Rust, &grammar, &tree, Source { text: TEXT, masks: &[] }, 100, Deadline::after(60_000))
            .expect("it is in time")
    }

    fn names(file: &FileSymbols) -> Vec<String> {
        let symbols = file.symbols.iter().map(|symbol| format!("{} {:?}", symbol.name, symbol.kind));
        let references = file.references().map(|reference| format!("{} {:?}", reference.name, reference.kind));
        symbols.chain(references).collect()
    }

    /// The same in the table, in the matcher and in tree-sitter's machine.
    #[test]
    fn a_pattern_means_the_same_however_it_is_matched() {
        let path = "(struct_item name: (_) @name) @definition.struct (function_item name: (_) @name) @definition.function
            (call_expression function: [(identifier) @name (field_expression field: (_) @name)]) @reference.call";
        let branches = "((source_file [(struct_item name: (_) @name) @definition.struct (_)]))
            (source_file (_) (function_item name: (identifier) @name . parameters: (parameters)) @definition.function)
            (call_expression function: (identifier) @name arguments: (_)) @reference.call
            (call_expression function: (field_expression field: (_) @name) arguments: (arguments (_)? . )) @reference.call";
        let machine = "((line_comment) . (struct_item name: (_) @name) @definition.struct)
            ((struct_item) . (function_item name: (_) @name) @definition.function)
            (call_expression function: (identifier)+ @name . (arguments)) @reference.call
            (call_expression function: (field_expression field: (_) @name)+ . (arguments)) @reference.call";
        let expected = names(&listed(path));
        assert!(expected.contains(&"three Call".to_owned()), "{expected:?}");
        assert_eq!(expected[..2], ["One Struct", "two Function"]);
        assert_eq!(names(&listed(branches)), expected);
        assert_eq!(names(&listed(machine)), expected);
    }

    #[test]
    fn a_predicate_asks_for_text() {
        let found = |predicate: &str| {
            let file = listed(&format!("((token_tree (identifier) @name) @reference.call {predicate})"));
            let calls = file.references().filter(|reference| reference.kind == crate::ReferenceKind::Call);
            calls.map(|reference| reference.name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("(#followed-by? @name \"(\")"), ["six"]);
        assert_eq!(found("(#not-followed-by? @name \"(\")"), ["eight"]);
        assert_eq!(found("(#eq? @name \"eight\")"), ["eight"]);
        assert_eq!(found("(#match? @name \"^s\")"), ["six"]);
        assert_eq!(found("(#any-of? @name \"six\" \"eight\")"), ["six", "eight"]);
        assert_eq!(found("(#unknown? @name)"), ["six", "eight"]);
    }

    #[test]
    fn a_query_that_does_not_fit_is_an_error() {
        let language = tree_sitter::Language::new(tree_sitter_rust::LANGUAGE);
        for source in ["(nothing_like_it) @name", "(function_item", "(function_item nofield: (_))", "(identifier) @name)"] {
            assert!(Grammar::compile(&language, Language::Rust.spec(), source).is_err(), "{source}");
        }
    }
}
