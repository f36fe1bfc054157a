//! Documentation as Markdown that is safe to show. Its code, lists and headings are told line by line and made anew; whatever other markup
//! stands in it is shown as it is written.

use std::borrow::Cow;

use crate::markdown;

/// More blocks than these are left out: a hover is no page.
const MOST_BLOCKS: usize = 16;
/// More lines of one example are left out.
const MOST_LINES: usize = 24;
/// What rustdoc is told of an example in the place of its language.
const ATTRIBUTES: &[&str] =
    &["", "compile_fail", "ignore", "no_run", "should_panic", "edition2015", "edition2018", "edition2021", "edition2024"];

/// `doc`, whose comment markers are gone, in a language with this name for fences: examples are code, of that language where they name
/// none, headings, items of lists and what is said of a parameter stand by themselves, and what stands in backticks is code.
pub(crate) fn documentation(doc: &str, language: &str) -> String {
    let mut page = Page::default();
    let mut lines = doc.lines().peekable();
    while let Some(line) = lines.next() {
        let text = line.trim();
        // Java's way to begin a paragraph.
        let text = text.strip_prefix("<p>").map_or(text, |text| {
            page.end();
            text.trim_start()
        });
        if let Some((fence, info)) = fence_of(text) {
            let name = info.split(|character: char| !is_of_name(character)).next().unwrap_or_default();
            let inside = lines.by_ref().take_while(|line| !closes(line.trim(), fence));
            // rustdoc shows no line that begins so.
            let inside = inside.filter(|line| language != "rust" || line.trim_start().split(' ').next() != Some("#"));
            let inside = inside.collect();
            page.code(if ATTRIBUTES.contains(&name) { language } else { name }, inside);
        } else if text.starts_with(">>> ") && page.is_between() {
            let mut inside = vec![line];
            inside.extend(std::iter::from_fn(|| lines.next_if(|line| !line.trim().is_empty())));
            page.code(language, inside);
        } else if is_indented(line) && page.is_between() && !page.is_in_list {
            let mut inside = vec![line];
            while let Some(next) = lines.next_if(|line| line.trim().is_empty() || is_indented(line)) {
                inside.push(next);
            }
            inside.truncate(inside.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1));
            page.code(language, inside);
        } else if text.is_empty() || (page.is_between() && is_link_target(text)) {
            page.end();
        } else if let Some(name) = text.strip_prefix(".. ").and_then(|text| text.split_once("::")).map(|(name, _)| name) {
            page.directive(name, text);
        } else if let Some(heading) = heading(text) {
            page.heading(heading);
        } else if page.is_between() && lines.next_if(|line| is_underline(line.trim())).is_some() {
            page.heading(text);
        } else if let Some((marker, item)) = item(text) {
            page.item(marker, item);
        } else {
            page.text(text);
        }
    }
    page.end();
    if page.blocks.len() > MOST_BLOCKS {
        page.blocks.truncate(MOST_BLOCKS);
        page.blocks.push("…".to_owned());
    }
    page.blocks.join("\n\n")
}

/// What was read so far.
#[derive(Default)]
struct Page<'t> {
    blocks: Vec<String>,
    /// The paragraph or list that is being read: each item with its marker, which a paragraph lacks.
    open: Vec<(&'t str, String)>,
    /// The last block is a list, of which what is indented may be more.
    is_in_list: bool,
}

impl<'t> Page<'t> {
    fn is_between(&self) -> bool {
        self.open.is_empty()
    }

    fn heading(&mut self, text: &str) {
        self.end();
        self.is_in_list = false;
        self.blocks.push(format!("**{}**", inline(text)));
    }

    /// What reStructuredText says of the indented lines below.
    fn directive(&mut self, name: &str, text: &str) {
        self.end();
        let is_code = matches!(name, "code" | "code-block" | "doctest" | "sourcecode");
        if !is_code {
            self.text(text);
            self.end();
        }
        self.is_in_list = !is_code;
    }

    fn text(&mut self, text: &str) {
        match self.open.last_mut() {
            Some((_, before)) => {
                before.push(' ');
                before.push_str(text);
            }
            None => self.open.push(("", text.to_owned())),
        }
    }

    fn item(&mut self, marker: &'t str, text: &str) {
        if self.open.last().is_some_and(|(marker, _)| marker.is_empty()) {
            self.end();
        }
        self.open.push((marker, text.to_owned()));
    }

    fn code(&mut self, language: &str, mut lines: Vec<&str>) {
        self.end();
        let indent = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min();
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            lines.push("…");
        }
        let lines: Vec<&str> =
            lines.iter().map(|line| line.get(indent.unwrap_or(0)..).unwrap_or_else(|| line.trim_start())).collect();
        self.blocks.push(markdown::block(language, &lines.join("\n")));
    }

    fn end(&mut self) {
        if let Some((marker, _)) = self.open.first() {
            self.is_in_list = !marker.is_empty();
        }
        let lines = self.open.drain(..).map(|(marker, text)| match marker {
            "" => inline(&text),
            marker => format!("{marker} {}", inline(&text)),
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            self.blocks.push(lines.join("\n"));
        }
    }
}

/// The fence that a line opens a block of code with, and what stands behind it.
fn fence_of(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = text.trim_start_matches(mark);
    let fence = &text[..text.len() - info.len()];
    (fence.len() >= 3 && !info.contains('`')).then_some((fence, info.trim()))
}

/// Whether a line is code by its indentation, where it follows an empty one.
fn is_indented(line: &str) -> bool {
    (line.starts_with("    ") || line.starts_with('\t')) && !line.trim().is_empty()
}

/// Whether a line makes the one before it a heading, where this stands alone.
fn is_underline(text: &str) -> bool {
    text.len() >= 3 && ["-", "="].iter().any(|mark| text.trim_start_matches(mark).is_empty())
}

fn closes(text: &str, fence: &str) -> bool {
    text.starts_with(fence) && text.trim_start_matches(&fence[..1]).is_empty()
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '+' | '#')
}

/// What a line says that is a heading: `# Errors`, or `**Errors**`.
fn heading(text: &str) -> Option<&str> {
    let behind = text.trim_start_matches('#');
    if (1..=6).contains(&(text.len() - behind.len())) && behind.starts_with(' ') {
        return Some(behind.trim());
    }
    let bold = text.strip_prefix("**")?.strip_suffix("**")?;
    (!bold.is_empty() && !bold.contains('*')).then_some(bold)
}

/// The marker of an item of a list, and what stands behind it. What a tag such as `@param` or `:returns:` says is an item.
fn item(text: &str) -> Option<(&str, &str)> {
    let tag = text.strip_prefix(['@', ':', '\\']).filter(|tag| tag.starts_with(|first: char| first.is_ascii_lowercase()));
    if tag.is_some_and(|tag| !text.starts_with(':') || tag.contains(": ") || tag.ends_with(':')) {
        return Some(("-", text));
    }
    let (marker, behind) = text.split_once(' ')?;
    let digits = marker.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number || matches!(marker, "-" | "*" | "+")).then_some((marker, behind.trim()))
}

/// Whether a line says where the links of a name lead.
fn is_link_target(text: &str) -> bool {
    let target = text.strip_prefix('[').and_then(|text| text.split_once("]: ")).map(|(_, target)| target.trim());
    target.is_some_and(|target| !target.is_empty() && !target.contains(' '))
}

/// Prose in which references to code, such as Java's `{@code a}` and Rust's [`a`](b::a), stand in backticks alone.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("{@") && !text.contains("[`") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, found) = rest.split_at(at);
        shown.push_str(before);
        match tagged(found).or_else(|| linked(found)) {
            Some((code, behind)) => {
                // What stands right beside other code is one with it.
                if shown.ends_with('`') && !shown.ends_with("``") {
                    shown.pop();
                } else {
                    shown.push('`');
                }
                shown.push_str(code);
                rest = match behind.strip_prefix('`') {
                    Some(more) if !more.starts_with('`') => more,
                    _ => {
                        shown.push('`');
                        behind
                    }
                };
            }
            None => {
                shown.push_str(&found[..1]);
                rest = &found[1..];
            }
        }
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// The code in the tag that a text begins with, and what stands behind it.
fn tagged(text: &str) -> Option<(&str, &str)> {
    let (tag, behind) = text.strip_prefix("{@")?.split_once('}')?;
    let (name, code) = tag.split_once(' ')?;
    let code = code.trim().trim_start_matches('#');
    let is_code = matches!(name, "code" | "link" | "linkplain" | "literal" | "value") && !code.is_empty() && !code.contains('`');
    is_code.then_some((code, behind))
}

/// The code that the link leads from which a text begins with, and what stands behind it. A link to an address is shown as it is written.
fn linked(text: &str) -> Option<(&str, &str)> {
    let (code, behind) = text.strip_prefix("[`")?.split_once("`]")?;
    let behind = match behind.strip_prefix('(').map(|target| target.split_once(')')) {
        Some(Some((target, behind))) if !target.contains("//") => behind,
        Some(_) => return None,
        None => behind,
    };
    (!code.is_empty() && !code.contains('`')).then_some((code, behind))
}

/// Prose in which what stands in backticks is code.
fn inline(text: &str) -> String {
    let text = &*plain(text);
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, code, behind)) = code_in(rest) {
        add(&mut shown, before);
        shown.push_str(&markdown::code(code.trim()));
        rest = behind;
    }
    add(&mut shown, rest);
    shown.truncate(shown.trim_end().len());
    shown
}

fn add(shown: &mut String, prose: &str) {
    if prose.starts_with(char::is_whitespace) && !shown.is_empty() {
        shown.push(' ');
    }
    shown.push_str(&markdown::prose(prose));
    if prose.ends_with(char::is_whitespace) && !shown.ends_with(' ') && !shown.is_empty() {
        shown.push(' ');
    }
}

/// The first code in a text, with what stands before and behind it: what stands between two equal runs of backticks.
fn code_in(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('`')?;
        let behind = text[start..].trim_start_matches('`');
        let ticks = &text[start..text.len() - behind.len()];
        let end = behind.match_indices(ticks).map(|(at, _)| at).find(|&at| {
            let after = &behind[at + ticks.len()..];
            !behind[..at].ends_with('`') && !after.starts_with('`')
        });
        match end {
            Some(end) if !behind[..end].trim().is_empty() => {
                return Some((&text[..start], &behind[..end], &behind[end + ticks.len()..]));
            }
            _ => from = text.len() - behind.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::documentation;

    #[test]
    fn examples_lists_and_headings_stand_by_themselves() {
        let doc = "Opens `a_b` or\n[`C`](d::C), *so*.\n\n# Errors\n- one,\n  and on\n- `two`\n\n1. first\n```no_run\n    # hidden\n    #\n    let x = \"`\";\n\n        y\n```\nbehind\n~~~toml\na = 1\n~~~";
        let expected = "Opens `a_b` or `C`, \\*so\\*.\n\n**Errors**\n\n- one, and on\n- `two`\n\n1. first\n\n```rust\nlet x = \"`\";\n\n    y\n```\n\nbehind\n\n```toml\na = 1\n```";
        assert_eq!(documentation(doc, "rust"), expected);
        assert_eq!(
            documentation("Adds.\n\n>>> add(1)\n2\n\n**Note**\nIt adds.", "python"),
            "Adds.\n\n```python\n>>> add(1)\n2\n```\n\n**Note**\n\nIt adds."
        );
    }

    #[test]
    fn what_is_said_of_parameters_stands_by_itself() {
        for (doc, expected) in [
            ("Adds.\n@param a one\n  of them\n@return both", "Adds.\n\n- @param a one of them\n- @return both"),
            ("Adds.\n\n:param a: one\n:returns: both", "Adds.\n\n- :param a: one\n- :returns: both"),
            ("\\param a one", "- \\\\param a one"),
            ("Parameters\n----------\na : int\n    One.", "**Parameters**\n\na : int One."),
            ("It is\n:class:`A` and", "It is :class:`A` and"),
        ] {
            assert_eq!(documentation(doc, "python"), expected);
        }
    }

    #[test]
    fn what_is_indented_behind_an_empty_line_is_code() {
        for (doc, expected) in [
            ("So:\n\n    a = 1\n\n      b\n\nand on", "So:\n\n```go\na = 1\n\n  b\n```\n\nand on"),
            ("So:\n\n\tf([x](y))", "So:\n\n```go\nf([x](y))\n```"),
            ("So\n    it goes on", "So it goes on"),
            ("- a\n\n    more of it", "- a\n\nmore of it"),
            (".. seealso::\n\n    more of it", ".. seealso::\n\nmore of it"),
            (".. code-block:: go\n\n    a = 1", "```go\na = 1\n```"),
        ] {
            assert_eq!(documentation(doc, "go"), expected);
        }
    }

    #[test]
    fn no_markup_gets_out_of_documentation() {
        for (doc, expected) in [
            ("![a](http://b) <img>", "!\\[a\\](http&#58;//b) &lt;img&gt;"),
            ("- ![a](b)\n- # c\n- - d", "- !\\[a\\](b)\n- \\# c\n- \\- d"),
            ("# [a](b)", "**\\[a\\](b)**"),
            ("```x](y)\n``` z\n[a](b)", "````x\n``` z\n[a](b)\n````"),
            ("````\n```\n[a](b)\n````", "````rust\n```\n[a](b)\n````"),
            ("`a`` [b](c)", "\\`a\\`\\` \\[b\\](c)"),
            ("``a` [b](c)`` d` [e](f)", "``a` [b](c)`` d\\` \\[e\\](f)"),
            ("` ` [a](b)", "\\` \\` \\[a\\](b)"),
            ("[a]: b c\n***\n===\n> c", "\\[a\\]: b c \\*\\*\\* === &gt; c"),
            ("[`a`](http://b) [`c`][d]", "\\[`a`\\](http&#58;//b) `c`\\[d\\]"),
            ("[`A`]`<T, `[`B`](b::B)`>` [`c`]", "`A<T, B>` `c`"),
            ("{@code ![a](b)} {@link #c} {@see d}", "`![a](b)` `c` {@see d}"),
            ("<p>a\n[`b`]: c::b\n\n[`b`]: c::b\n[d]: e", "a `b`: c::b"),
            ("**a*b**", "\\*\\*a\\*b\\*\\*"),
            ("```\n~~~", "```rust\n~~~\n```"),
        ] {
            assert_eq!(documentation(doc, "rust"), expected);
        }
    }

    #[test]
    fn much_is_cut() {
        let many = (0..40).map(|number| format!("paragraph {number}")).collect::<Vec<_>>().join("\n\n");
        assert!(documentation(&many, "go").ends_with("paragraph 15\n\n…"));
        let long = format!("```\n{}```", "x\n".repeat(100));
        assert!(documentation(&long, "go").ends_with("x\n…\n```"));
    }
}
