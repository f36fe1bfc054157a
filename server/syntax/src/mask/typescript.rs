//! What TypeScript's grammar cannot read: the variance of a type parameter, `interface Box<out T>`; a type with the module that it comes
//! from, `import("./box").Box`; an escaped character in the type of a template; `export type *` and `abstract override`; and a call signature
//! with type parameters that only the end of a line parts from what stands before it. In front of the signature it sees a semicolon, in
//! the place of the others blanks.

use text::Span;

use super::{
    Form, Mask,
    tokens::{Looks, comment_start, is_word, word_at, word_before},
};

/// So many lines and comments are looked at backwards for what stands before a signature.
const MAX_LINES: usize = 1_000;

/// Words that go on in the next line.
const UNFINISHED: &[&[u8]] =
    &[b"abstract", b"asserts", b"extends", b"infer", b"is", b"keyof", b"new", b"readonly", b"typeof", b"unique"];

/// What is to be masked, in order.
pub(crate) fn find(text: &str) -> Vec<Mask> {
    let bytes = text.as_bytes();
    let source = Source { bytes, looks: Looks::at(bytes) };
    let mut masks = Vec::new();
    for open in memchr::memchr_iter(b'<', bytes) {
        if let Some(blank) = source.blank_before_signature(open) {
            masks.push(Mask { span: Span::new(blank, blank + 1), form: Form::Separator });
        }
        if is_declared(bytes, open) {
            source.mask_variances(open, &mut masks);
        }
    }
    for start in memchr::memmem::find_iter(bytes, b"import(") {
        if let Some(end) = source.module_end(start) {
            masks.push(Mask { span: Span::new(start, end), form: Form::Hidden });
        }
    }
    for (before, word, behind) in [("export ", "type", Some(b'*')), ("abstract ", "override", None)] {
        let words = [before, word].concat();
        for at in memchr::memmem::find_iter(bytes, &words) {
            let (start, end) = (at + before.len(), at + words.len());
            if behind.is_none_or(|behind| bytes.get(source.next(end)) == Some(&behind)) {
                masks.push(Mask { span: Span::new(start, end), form: Form::Hidden });
            }
        }
    }
    let mut unescaped = 0;
    for escape in memchr::memchr_iter(b'\\', bytes) {
        if escape >= unescaped {
            unescaped = escape + 2;
            // A string, a regular expression and a comment are the same to the index without it.
            if matches!(bytes.get(escape + 1), Some(b'`' | b'$')) {
                masks.push(Mask { span: Span::new(escape, escape + 2), form: Form::Hidden });
            }
        }
    }
    masks.sort_by_key(|mask| mask.span);
    masks
}

/// Whether the type parameters at `open` are those of an interface, a type or a class.
fn is_declared(bytes: &[u8], open: usize) -> bool {
    let name = bytes[..open].trim_ascii_end();
    let word = word_before(name, name.len());
    let head = name[..name.len() - word.len()].trim_ascii_end();
    !word.is_empty() && matches!(word_before(head, head.len()), b"interface" | b"type" | b"class")
}

struct Source<'t> {
    bytes: &'t [u8],
    looks: Looks,
}

impl Source<'_> {
    /// Where the type begins whose module is named at `start`; `None` where `import("./box")` is a promise.
    fn module_end(&self, start: usize) -> Option<usize> {
        let open = start + b"import".len();
        let name = self.next(open + 1);
        let quote = *self.bytes.get(name).filter(|byte| matches!(byte, b'"' | b'\''))?;
        let close = self.next(self.quoted(name, quote)?);
        let dot = self.next(close + 1);
        let word = word_at(self.bytes, dot + 1);
        let alone = start == 0 || !(is_word(self.bytes[start - 1]) || self.bytes[start - 1] == b'.');
        let is_type = self.bytes.get(close) == Some(&b')') && self.bytes.get(dot) == Some(&b'.') && !word.is_empty();
        (alone && is_type && !matches!(word, b"then" | b"catch" | b"finally")).then_some(dot + 1)
    }

    /// Masks each `in` and `out` in front of a type parameter of the list at `open`.
    fn mask_variances(&self, open: usize, masks: &mut Vec<Mask>) {
        let Some(end) = self.closed(open) else { return };
        let mut at = open;
        while at < end {
            at = self.next(at + 1);
            loop {
                let word = word_at(self.bytes, at);
                let behind = self.next(at + word.len());
                let following = word_at(self.bytes, behind);
                // A parameter may be called `in`, or `out`.
                if !matches!(word, b"in" | b"out" | b"const") || following.is_empty() || following == b"extends" {
                    break;
                }
                if word != b"const" {
                    masks.push(Mask { span: Span::new(at, at + word.len()), form: Form::Hidden });
                }
                at = behind;
            }
            while at < end && self.bytes[at] != b',' {
                at = self.past(at).unwrap_or(end);
            }
        }
    }

    /// The blank that can become a semicolon, where a call signature with the type parameters at `open` begins a line behind a type.
    fn blank_before_signature(&self, open: usize) -> Option<usize> {
        let blank = open.checked_sub(1).filter(|&at| matches!(self.bytes[at], b' ' | b'\t'))?;
        let line = self.bytes[..blank].iter().rposition(|byte| !matches!(byte, b' ' | b'\t'))?;
        (self.bytes[line] == b'\n' && self.is_signature(open) && self.ends_type(line)).then_some(blank)
    }

    /// Whether `<A>(a: A): B` stands at `open`, and no function that is called or defined.
    fn is_signature(&self, open: usize) -> bool {
        let parameters = self.closed(open).map(|end| self.next(end)).filter(|&at| self.bytes.get(at) == Some(&b'('));
        let behind = parameters.and_then(|open| self.closed(open)).map(|end| self.next(end));
        behind.is_some_and(|at| self.bytes.get(at) == Some(&b':'))
    }

    /// Whether the token before `at` ends a type: a name alone may be that of a method, whose parameters stand in the next line.
    fn ends_type(&self, at: usize) -> bool {
        let Some(end) = self.before(at) else { return false };
        let word = word_before(self.bytes, end);
        if word.is_empty() {
            return match self.bytes[..end] {
                [.., before, b'>'] => before != b'=',
                [.., last] => matches!(last, b')' | b']' | b'}' | b'\'' | b'"' | b'`'),
                [] => false,
            };
        }
        let Some(earlier) = self.before(end - word.len()).filter(|_| !UNFINISHED.contains(&word)) else { return false };
        match self.bytes[..earlier] {
            [.., b'=', b'>'] | [.., b':' | b'|' | b'&' | b'.'] => true,
            _ => UNFINISHED.contains(&word_before(self.bytes, earlier)),
        }
    }

    /// One past what closes the bracket at `open`, whichever it is; `None` where that is too far away.
    fn closed(&self, open: usize) -> Option<usize> {
        let end = self.bytes.len().min(open + self.looks.reach());
        let mut depth = 0_usize;
        let mut at = open;
        while at < end {
            match self.bytes[at] {
                b'<' | b'(' | b'[' | b'{' => depth += 1,
                b'>' if self.bytes[at - 1] == b'=' => {}
                b'>' | b')' | b']' | b'}' => depth -= 1,
                quote @ (b'"' | b'\'' | b'`') => at = self.quoted(at, quote)? - 1,
                b'/' if matches!(self.bytes.get(at + 1), Some(b'/' | b'*')) => at = self.next(at) - 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        self.looks.took(at - open);
        (at > open && depth == 0).then_some(at)
    }

    /// One past the token, comment or pair of brackets at `at`.
    fn past(&self, at: usize) -> Option<usize> {
        match self.bytes[at] {
            b'<' | b'(' | b'[' | b'{' => self.closed(at),
            quote @ (b'"' | b'\'' | b'`') => self.quoted(at, quote),
            b'/' => Some(self.next(at).max(at + 1)),
            _ => Some(at + 1),
        }
    }

    /// One past the quote that ends the literal at `at`.
    fn quoted(&self, at: usize, quote: u8) -> Option<usize> {
        let mut end = at + 1;
        while end < at + self.looks.reach() {
            match *self.bytes.get(end)? {
                b'\\' => end += 1,
                b'\n' if quote != b'`' => break,
                byte if byte == quote => {
                    self.looks.took(end - at);
                    return Some(end + 1);
                }
                _ => {}
            }
            end += 1;
        }
        self.looks.took(end - at);
        None
    }

    /// Where the token at or behind `at` begins: white space and comments are passed. The end of the text where that is too far away.
    fn next(&self, at: usize) -> usize {
        let ahead = self.bytes.get(at..self.bytes.len().min(at + self.looks.reach())).unwrap_or_default();
        let mut passed = 0;
        let token = loop {
            let rest = &ahead[passed..];
            let length = match rest {
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest),
                [b'/', b'*', inner @ ..] => memchr::memmem::find(inner, b"*/").map(|end| end + 4),
                [byte, ..] if byte.is_ascii_whitespace() => Some(1),
                [_, ..] => break Some(at + passed),
                [] => None,
            };
            match length {
                Some(length) => passed += length,
                None => break None,
            }
        };
        self.looks.took(if token.is_some() { passed } else { ahead.len() });
        token.unwrap_or(self.bytes.len())
    }

    /// Where the token before `at` ends: white space and comments are passed. `None` where there is none, or too far away.
    fn before(&self, mut at: usize) -> Option<usize> {
        for _ in 0..MAX_LINES {
            let behind = at.saturating_sub(self.looks.reach());
            let code = self.bytes[..at].trim_ascii_end();
            if let Some(comment) = code.strip_suffix(b"*/") {
                let start = comment.get(behind..).and_then(|comment| memchr::memmem::rfind(comment, b"/*"));
                self.looks.took(start.map_or(at - behind, |start| at - behind - start));
                at = behind + start?;
                continue;
            }
            let line = behind + memchr::memrchr(b'\n', code.get(behind..)?).map_or(0, |newline| newline + 1);
            let end = line + comment_start(&code[line..]);
            self.looks.took(at - line);
            if end == code.len() {
                return (end > 0).then_some(end);
            }
            at = end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the grammar is shown: each mask as `;` or `~`.
    fn masked(text: &str) -> String {
        let mut seen = text.as_bytes().to_vec();
        for mask in find(text) {
            let shown = if mask.form == Form::Separator { b';' } else { b'~' };
            seen[mask.span.start as usize..mask.span.end as usize].fill(shown);
        }
        String::from_utf8(seen).unwrap()
    }

    #[test]
    fn the_variance_of_a_type_parameter_is_masked() {
        for (text, expected) in [
            ("interface A<out T, in U = Map<in, out>> {}", "interface A<~~~ T, ~~ U = Map<in, out>> {}"),
            (
                "type B<in out T extends (a: 1, out: 2) => { in: 3 }, out U> = 1",
                "type B<~~ ~~~ T extends (a: 1, out: 2) => { in: 3 }, ~~~ U> = 1",
            ),
            (
                "class C <\n  // out of\n  const out A,\n  /* , out */ in B = \"<,out T\",\n> {}",
                "class C <\n  // out of\n  const ~~~ A,\n  /* , out */ ~~ B = \"<,out T\",\n> {}",
            ),
        ] {
            assert_eq!(masked(text), expected);
        }
        for text in [
            "type A<out, U> = 1",
            "type A<out extends T> = 1",
            "f<out T>()",
            "if (a<in B) {}",
            "interface A<out T",
            "class <out T> {}",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn words_that_it_does_not_know_together_are_masked() {
        assert_eq!(masked("export type * from 'a'\nexport type A = 1"), "export ~~~~ * from 'a'\nexport type A = 1");
        assert_eq!(masked("abstract override readonly a: A"), "abstract ~~~~~~~~ readonly a: A");
    }

    #[test]
    fn an_escape_in_a_template_is_masked() {
        assert_eq!(masked(r"type A = `a \`b\` \${c} \\` | `\\\`\n`"), r"type A = `a ~~b~~ ~~{c} \\` | `\\~~\n`");
    }

    #[test]
    fn the_module_of_a_type_is_masked() {
        for (text, expected) in [
            ("let a: import(\"./b\").C<import('d').E.F>", "let a: ~~~~~~~~~~~~~~C<~~~~~~~~~~~~E.F>"),
            ("typeof import(\n  \"b\"\n).c", "typeof ~~~~~~~~~~~~~~~~c"),
        ] {
            assert_eq!(masked(text), expected);
        }
        for text in [
            "import(\"b\").then(c)",
            "await import(\"b\")",
            "import(b).c",
            "import(\"b\" + c).d",
            "reimport(\"b\").c",
            "a.import(\"b\").c",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_signature_behind_a_type_is_parted_from_it() {
        for (text, expected) in [
            ("{\n  (a: A): B\n  <C>(c: C): D\n}", "{\n  (a: A): B\n ;<C>(c: C): D\n}"),
            (
                "{\n\t<A>(f: (a: A) => B<A>): C<A>\n\t/** Or so: <B>(b) */\n\t// and\n\t<\n\t  B,\n\t>(b: \")\"): D\n}",
                "{\n\t<A>(f: (a: A) => B<A>): C<A>\n\t/** Or so: <B>(b) */\n\t// and\n;<\n\t  B,\n\t>(b: \")\"): D\n}",
            ),
            ("  (a): (b: B) => c.D\n  <E>(e): F", "  (a): (b: B) => c.D\n ;<E>(e): F"),
            ("  (a): a is keyof\n    B\n  <E>(e): F", "  (a): a is keyof\n    B\n ;<E>(e): F"),
        ] {
            assert_eq!(masked(text), expected);
        }
        for text in [
            "f(a,\n  <A>(a: A): B => b)",
            "const f =\n  <A>(a: A): B => b",
            "(a) =>\n  <A>(a: A): B => b",
            "  open\n  <A>(a: A): B",
            "  (a): B;\n  <A>(a: A): B",
            "  (a): new\n  <A>(a: A): B",
            "  (a): B\n  <A>(a)",
            "  (a): B\n<A>(a): C",
            "  <A>(a): C",
            "a: b\n  < c",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
