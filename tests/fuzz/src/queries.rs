//! Queries that users bring.

use syntax::fuzz::Brought;
use syntax::{Language, Limits, UserQuery};

use crate::{input, sound};

/// A text for each language in which its definitions and uses stand as one would write them.
fn sample(language: Language) -> &'static str {
    match language {
        Language::C => "/* One. */\nstruct one { int a; };\nint two(struct one *x) { return three(x->a); }\n",
        Language::Go => {
            "package p\n\nimport \"os\"\n\n// One.\ntype One struct{ A int }\n\nfunc (o *One) Two() int { return os.Getpid() }\n"
        }
        Language::JavaScript => {
            "import { a } from './a';\n/** One. */\nclass One extends a.B { two(x) { return `${x}` + three(this.c); } }\n"
        }
        Language::Lua => "local a = require('a')\n-- One.\nlocal function one(x) return a.two(x, { y = 1 }) end\n",
        Language::Python => {
            "from a import b\n\nclass One(b.C):\n    \"\"\"One.\"\"\"\n    def two(self, x=1):\n        return three(self.x)\n"
        }
        _ => "use a::b;\n/// One.\nstruct One;\nimpl One { fn two(&self, a: b) -> u32 { a.three(four()); five!(six, 7) } }\n",
    }
}

/// A letter for the language, a query, and a text if not the sample. Whatever they are:
/// - the query does not compile, and the fault has a place in it and a sentence;
/// - or what it lists lies in the text and is the same a second time, or it takes longer than it may. Whether it goes on for ever
///   after that is libFuzzer's to tell.
pub fn queries(bytes: &[u8]) {
    let (letter, rest) = input::first(bytes);
    let language = input::language(letter);
    let mut parts = input::parts(rest);
    let query = input::text(parts.next().unwrap_or_default()).into_owned();
    let text = parts.next().map_or_else(|| sample(language).into(), input::text);
    let brought = UserQuery { language, path: "tags.scm".to_owned(), text: Ok(query.clone()) };
    let brought = match Brought::compile(&brought).expect("the language is built in") {
        Ok(brought) => brought,
        Err(fault) => {
            let line = query.split('\n').nth(fault.line.wrapping_sub(1));
            assert!(line.is_some_and(|line| (1..=line.len() + 1).contains(&fault.column)), "{fault:?}");
            assert!(!fault.message.is_empty() && !fault.message.ends_with('.'), "{fault:?}");
            return;
        }
    };
    let limits = Limits { parse_ms: 1_000, ..Limits::default() };
    if let Ok(file) = brought.list(&text, &limits) {
        sound::list(&file, &text);
        assert!(brought.list(&text, &limits).is_ok_and(|again| again == file), "another list the second time");
    }
}
