use proptest::prelude::*;
use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

use crate::{FileSymbols, Language, Limits, Tree, deadline::Deadline, grammar::Grammar, parse, walk};

/// How many splices in a row made the list of a text after letters were typed at these places.
fn splices(language: Language, text: &str, typed: &[(u32, u32, &str)]) -> u32 {
    splices_within(&Limits::default(), language, text, typed)
}

fn splices_within(limits: &Limits, language: Language, text: &str, typed: &[(u32, u32, &str)]) -> u32 {
    let mut document = Document::new(text, 0);
    let mut tree = parse(language, text, None, limits).unwrap().tree;
    for &(line, character, new) in typed {
        let at = Position { line, character };
        let change = ContentChange { range: Some(PositionRange { start: at, end: at }), text: new.to_owned() };
        let (next, applied) = document.apply(&[change], PositionEncoding::Utf8, 0);
        applied.iter().for_each(|change| tree.edit(change));
        tree = parse(language, &next.text, Some(&tree), limits).unwrap().tree;
        document = next;
    }
    tree.listed.map_or(0, |listed| listed.splices)
}

#[test]
fn what_is_typed_in_a_function_is_listed_alone_and_what_is_typed_elsewhere_is_not() {
    let rust = "fn one() {\n    let a = 1;\n}\n\nstruct S;\n\nimpl S {\n    fn two(&self) {}\n}\n";
    assert_eq!(splices(Language::Rust, rust, &[(1, 9, "b"), (7, 19, " one(); ")]), 2);
    assert_eq!(splices(Language::Rust, rust, &[(1, 9, "b"), (4, 8, "T")]), 0, "a type may mean something to all");
    assert_eq!(splices(Language::Rust, rust, &[(0, 5, "x")]), 0, "so may a name");
    assert_eq!(splices(Language::Rust, rust, &[(1, 9, "{")]), 0, "a broken text is listed as a whole");
    let python = "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return self.f()\n";
    assert_eq!(splices(Language::Python, python, &[(2, 15, "2")]), 1);
    assert_eq!(splices(Language::Python, python, &[(2, 8, "self.x = 1\n        ")]), 0, "an attribute belongs to the class");
}

#[test]
fn what_is_typed_in_a_method_that_makes_fields_is_listed_alone_where_they_are_the_same() {
    for (language, text) in MAKERS {
        let line = |of: &str| u32::try_from(text.lines().position(|line| line.trim().starts_with(of)).expect(of)).unwrap();
        let (first, again) = match language {
            Language::Python => ("self.y = f(x)", "return g"),
            Language::Ruby => ("@y ||= f(x)", "@z = g"),
            _ => ("this.y = f(x)", "this.z = g"),
        };
        let splices = |of: &str, new: &str| {
            splices(language, text, &[(line(of), text.lines().nth(line(of) as usize).unwrap().len() as u32 - 2, new)])
        };
        assert_eq!(splices(first, "y"), 1, "{language:?}: the fields of the class are made where they were");
        assert_eq!(splices(again, "y"), 1, "{language:?}: what is made again is no other field");
    }
    let (language, python) = MAKERS[0];
    assert_eq!(splices(language, python, &[(4, 13, "w")]), 0, "another field");
    assert_eq!(splices(language, python, &[(4, 8, "self.w = 1; ")]), 0, "a field that was made further down");
}

/// What a walk over the whole of a tree lists.
fn walked(tree: &Tree, text: &str) -> FileSymbols {
    let grammar = Grammar::of(tree.language).expect("every grammar is built in");
    let source = walk::Source { text, masks: tree.masks.as_slice() };
    let deadline = Deadline::after(60_000);
    walk::walk(tree.language, grammar, &tree.inner, source, Limits::default().max_depth, deadline).expect("in time")
}

/// Texts that are broken from their beginning or their end, each of three functions and a comment.
const BROKEN: [(Language, &str); 4] = [
    (
        Language::C,
        "int one(int a) {\n    return two(a);\n}\n\n/* Twice. */\nstatic int two(int a) { return 2 * a; }\n\n#if X\nint three(int b {\n#else\n\
         int three(int b) {\n#endif\n    /* of both */\n    return one(b);\n}\n\n/* Last. */\nint four(void) {\n    return three(1);\n}\n",
    ),
    (
        Language::TypeScript,
        "export interface In<in out A> extends {\n  a: A;\n}\n\n/** One. */\nexport function one(a: number): number {\n  return two(a);\n}\n\n\
         class Two {\n  /** Gets. */\n  get(): number { return one(1); }\n  set(a: number) { this.a = a; }\n}\n\nconst x = <const;\n",
    ),
    (
        Language::Rust,
        "use a::b;\n\n/// One.\nfn one() -> u32 {\n    b(1)\n}\n\nimpl S {\n    /// Two.\n    fn two(&self) { self.three(); }\n\n    fn three(&self {\n        one();\n    }\n}\n\n\
         fn four() { let = ; }\n",
    ),
    (
        Language::Python,
        "import a\n\ndef one(x):\n    # adds\n    return a.b(x) +\n\nclass Two:\n    \"\"\"A class.\"\"\"\n    def get(self):\n        return one(self)\n\n    def set(self, x):\n        \
         self.x = x\n\ndef three(:\n    pass\n",
    ),
];

/// Classes whose methods make their fields, some of them again.
const MAKERS: [(Language, &str); 3] = [
    (
        Language::Python,
        "class Two:\n    z = 0\n\n    def __init__(self, x):\n        self.x = x\n        self.y = f(x)\n\n    def set(self, x):\n        self.x = x\n        \
         self.z = x\n        return g(self.y)\n\n    def y(self):\n        self.w = 1\n\ndef three():\n    pass\n",
    ),
    (
        Language::Ruby,
        "class Two\n  def initialize(x)\n    @x = x\n    @y ||= f(x)\n  end\n\n  def set(x)\n    @x = x\n    @z = g(@y)\n    $w = 1\n  end\n\n  def get\n    \
         $w = 2\n    @z = 3\n  end\nend\n",
    ),
    (
        Language::JavaScript,
        "class Two {\n  z = 0;\n  constructor(x) {\n    this.x = x;\n    this.y = f(x);\n  }\n\n  set(x) {\n    this.x = x;\n    this.z = g(this.y);\n  }\n}\n\n\
         function Old() {\n  this.a = 1;\n}\nOld.prototype.b = function() {\n  this.a = 2;\n};\n",
    ),
];

/// Types into a text twice over, so that something stands behind whatever is changed.
fn is_listed_as_a_whole_walk_would(language: Language, text: &str, typed: &[(u32, u32, String)]) {
    let mut document = Document::new(text.repeat(2), 0);
    let limits = Limits { max_anew_bytes: 0, ..Limits::default() };
    let mut tree = parse(language, &document.text, None, &limits).unwrap().tree;
    for (line, character, new) in typed {
        let at = Position { line: *line, character: *character };
        let change = ContentChange { range: Some(PositionRange { start: at, end: at }), text: new.clone() };
        let (next, applied) = document.apply(&[change], PositionEncoding::Utf8, 0);
        applied.iter().for_each(|change| tree.edit(change));
        let again = parse(language, &next.text, Some(&tree), &limits).unwrap();
        let whole = walked(&again.tree, &next.text);
        assert_eq!(again.file.symbols, whole.symbols, "{}", next.text);
        assert!(*again.file == whole, "{:?}\n{whole:?}\n{}", again.file, next.text);
        (document, tree) = (next, again.tree);
    }
}

#[test]
fn what_is_typed_in_a_comment_behind_a_broken_decorator_documents_nothing() {
    let typed = [(4, 3, "self.w = 1\n"), (2, 1, "@w = 1\n"), (5, 4, "a")];
    let (language, text) = BROKEN[1];
    is_listed_as_a_whole_walk_would(language, text, &typed.map(|(line, character, new)| (line, character, new.to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_typed_is_listed_as_a_whole_walk_would(
        number in 0..BROKEN.len() + MAKERS.len(),
        typed in prop::collection::vec((0_u32..40, 0_u32..40, "[a-z]{1,3}|[ (){};,:*/\n]{1,2}|é|(self\\.|this\\.|@|\\$)[w-z] = 1\n"), 1..8),
    ) {
        let (language, text) = *BROKEN.iter().chain(&MAKERS).nth(number).expect("one of them");
        is_listed_as_a_whole_walk_would(language, text, &typed);
    }
}

#[test]
fn what_is_typed_in_a_whole_function_of_a_broken_text_is_listed_alone() {
    let rust = "fn one() {\n    let a = 1;\n}\n\n/// Two.\nfn two() {}\n\nfn three( {}\n";
    let limits = Limits { max_anew_bytes: 0, ..Limits::default() };
    assert_eq!(splices_within(&limits, Language::Rust, rust, &[(1, 9, "b"), (4, 7, "s"), (1, 9, "c")]), 3);
}
