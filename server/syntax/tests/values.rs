//! What is said of values.

use syntax::Language;

use crate::symbols::file;

/// What the name that begins where `^` stands in the needle is reached through, and what a local name holds there.
fn at(language: Language, text: &str, needle: &str, local: &str) -> (Option<String>, Option<String>) {
    let (start, at) = (text.find(&needle.replace('^', "")).expect("in the text"), needle.find('^').expect("in the needle"));
    let offset = start + at;
    let file = file(language, text);
    let reference = file.references().find(|reference| reference.span.start as usize == offset).expect("a use");
    let value = file.local_value(local, reference.span.start).and_then(|(_, value)| value);
    (file.receiver(&reference).map(str::to_owned), value.map(str::to_owned))
}

#[test]
fn typescript_says_what_members_are_reached_through_and_names_are_bound_to() {
    let text = "function f(given: Map<string, Foo>, { a: [b] }: Bar) {
  const made = new deep.Foo(1).bar({ x: 2 })!;
  if (made) { const made = await this.open(); made.inner; }
  made.outer;
  (made as Baz).cast;
  call(1, { key: 2 }, (event) => { event.kind; });
  for (const one of given) { one.item; }
  b.last;
}";
    let says = |needle: &str, local: &str| at(Language::TypeScript, text, needle, local);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(says("made.^inner", "made"), (some("made"), some("this.open()")));
    assert_eq!(says("made.^outer", "made"), (some("made"), some("new deep.Foo().bar()")), "the inner one has ended");
    assert_eq!(says(".^cast", "given"), (some("<Baz>"), some("<Map<string, Foo>>")));
    assert_eq!(says("{ ^key: 2", "f").0, some("call(1"));
    assert_eq!(says("event.^kind", "event"), (some("event"), some("call(2(0")));
    assert_eq!(says("one.^item", "one").1, some("given[]"));
    assert_eq!(says("b.^last", "b").1, some("<Bar>.a[]"));
}

#[test]
fn python_says_what_members_are_reached_through_and_names_are_bound_to() {
    let text = "def f(a: 'Foo', b=Bar()):
    with a.open() as file:
        file.read()
    try:
        b.make(1).go()
    except Broken as error:
        error.why
    super().stop
";
    let says = |needle: &str, local: &str| at(Language::Python, text, needle, local);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(says("file.^read", "file"), (some("file"), some("a.open()@")));
    assert_eq!(says(".^go", "a"), (some("b.make()"), some("<Foo>")));
    assert_eq!(says("error.^why", "error").1, some("<Broken>"));
    assert_eq!(says("super().^stop", "b"), (some("super"), some("Bar()")));
}
