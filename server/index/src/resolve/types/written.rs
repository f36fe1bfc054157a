//! Types as they are written: TypeScript's and Python's, cut into their parts.

/// A type without what does not matter around it: parentheses, quotes, words in front.
pub(super) fn bare(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let before = text;
        text = text.trim_matches(['"', '\'']).trim();
        for word in ["readonly ", "asserts ", "infer ", "unique ", "abstract ", "|", "&"] {
            text = text.strip_prefix(word).unwrap_or(text).trim_start();
        }
        if text.starts_with('(') && end_of_bracket(text) == Some(text.len()) {
            text = &text[1..text.len() - 1];
        }
        if text == before {
            return text;
        }
    }
}

/// Where the bracket closes that a text begins with, as the offset behind it.
pub(super) fn end_of_bracket(text: &str) -> Option<usize> {
    let (mut depth, mut before) = (0_u32, ' ');
    for (offset, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '=' || before == '-' => {}
            ')' | ']' | '}' | '>' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(offset + 1);
                }
            }
            _ => {}
        }
        before = character;
    }
    None
}

/// The parts of a text between separators that stand in no bracket.
pub(super) fn split<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let (mut parts, mut start, mut depth, mut before) = (Vec::new(), 0, 0_u32, ' ');
    for (offset, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '=' || before == '-' => {}
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 && separators.contains(&character) => {
                parts.push(text[start..offset].trim());
                start = offset + character.len_utf8();
            }
            _ => {}
        }
        before = character;
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Where a word or mark stands in a text outside of all brackets.
pub(super) fn find(text: &str, wanted: &str) -> Option<usize> {
    let (mut depth, mut before) = (0_u32, ' ');
    for (offset, character) in text.char_indices() {
        if depth == 0 && text[offset..].starts_with(wanted) {
            return Some(offset);
        }
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '=' || before == '-' => {}
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = character;
    }
    None
}

/// A name with its arguments: `Map<K, V>`, `dict[str, int]`.
pub(super) fn applied(text: &str) -> (&str, Vec<&str>) {
    let end = text.find(['<', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let arguments = match end_of_bracket(rest) {
        Some(close) if close > 2 => split(&rest[1..close - 1], &[',']),
        _ => Vec::new(),
    };
    (name.trim(), arguments)
}

/// The parameters and what comes back, of a type of functions or the head of one.
pub(super) struct Function<'t> {
    pub(super) parameters: Vec<&'t str>,
    pub(super) returned: Option<&'t str>,
}

/// Reads `(a: A, b?: B) => C`, or what follows the name in the head of a function: `<T>(a: A): C`, `(self, a: A) -> C`.
pub(super) fn function(text: &str) -> Option<Function<'_>> {
    let mut text = text.trim_start();
    for word in ["new ", "async "] {
        text = text.strip_prefix(word).unwrap_or(text).trim_start();
    }
    if text.starts_with('<') {
        text = text[end_of_bracket(text)?..].trim_start();
    }
    if !text.starts_with('(') {
        return None;
    }
    let close = end_of_bracket(text)?;
    let parameters = split(&text[1..close - 1], &[',']);
    let rest = text[close..].trim_start();
    let returned = rest.strip_prefix("=>").or_else(|| rest.strip_prefix("->")).or_else(|| rest.strip_prefix(':'));
    let returned = returned.map(|returned| returned.trim().trim_end_matches(['{', ':', ';']));
    let returned = returned.map(|returned| returned.strip_suffix("=>").unwrap_or(returned).trim());
    Some(Function { parameters, returned: returned.filter(|returned| !returned.is_empty()) })
}

/// A type of functions, or of an object that says first how it is called or made.
pub(super) fn callable(text: &str) -> Option<Function<'_>> {
    let text = bare(text);
    function(text.strip_prefix('{').map_or(text, |inside| inside.trim_end_matches('}').trim()))
}

/// What the head of a class or interface inherits from or implements.
pub(super) fn inherited(signature: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = signature.trim_end_matches('{');
    while let Some((at, word)) = ["extends ", "implements "].iter().filter_map(|word| Some((find(rest, word)?, word))).min() {
        rest = &rest[at + word.len()..];
        let end = find(rest, "implements ").unwrap_or(rest.len());
        found.extend(split(&rest[..end], &[',']));
    }
    found
}

/// Whether a type has no members that anybody asks for, and may stand beside those that have.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(text, "null" | "undefined" | "None" | "never" | "void" | "any" | "unknown" | "t.Any" | "Any" | "{}")
}

/// The function that a signature with a name declares.
pub(super) fn declared<'t>(signature: &'t str, name: &str) -> Option<Function<'t>> {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '#');
    let mut names = signature.match_indices(name);
    let at = names.find(|&(at, _)| !signature[..at].ends_with(is_word) && !signature[at + name.len()..].starts_with(is_word))?;
    let rest = signature[at.0 + name.len()..].trim_start().trim_start_matches(['?', '!']);
    function(rest.trim_start_matches('=').trim_start())
}

/// The type of one parameter, and whether it takes all that follow.
pub(super) fn parameter(text: &str) -> Option<(&str, bool)> {
    let rest = text.starts_with("...") || text.starts_with('*');
    let (_, written) = text.split_at(find(text, ":")?);
    let written = &written[1..];
    let end = find(written, " = ").unwrap_or(written.len());
    Some((written[..end].trim(), rest))
}

/// A type parameter.
pub(super) struct Parameter<'t> {
    pub(super) name: &'t str,
    pub(super) extends: Option<&'t str>,
    pub(super) default: Option<&'t str>,
}

/// The type parameters of a signature behind the name.
pub(super) fn type_parameters<'t>(signature: &'t str, name: &str) -> Vec<Parameter<'t>> {
    let Some(at) = signature.find(&format!("{name}<")) else { return Vec::new() };
    let rest = &signature[at + name.len()..];
    let Some(close) = end_of_bracket(rest) else { return Vec::new() };
    let one = |text: &'t str| {
        let text = text.trim_start_matches("const ").trim_start_matches("in ").trim_start_matches("out ");
        let end = text.find([' ', '=', ':']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let default = find(rest, "= ").map(|at| rest[at + 2..].trim());
        let default = default.filter(|default| !is_nothing(default));
        let extends = rest.trim_start().strip_prefix("extends ");
        let extends = extends.map(|bound| find(bound, " = ").map_or(bound, |end| &bound[..end]));
        Parameter { name, extends, default }
    };
    split(&rest[1..close - 1], &[',']).into_iter().map(one).collect()
}

/// Whether a value of the type behaves like one of its first argument.
pub(super) fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "Promise"
            | "PromiseLike"
            | "Awaited"
            | "Partial"
            | "Readonly"
            | "Required"
            | "NonNullable"
            | "Omit"
            | "Pick"
            | "DeepPartial"
            | "Optional"
            | "Annotated"
            | "ClassVar"
            | "Final"
            | "Type"
            | "type"
            | "Awaitable"
            | "NotRequired"
            | "Exclude"
            | "Extract"
    )
}

/// Which argument of the type its elements are.
pub(super) fn element(name: &str) -> Option<usize> {
    Some(match name {
        "Array"
        | "ReadonlyArray"
        | "Set"
        | "ReadonlySet"
        | "Iterable"
        | "Iterator"
        | "IterableIterator"
        | "AsyncIterable"
        | "AsyncIterator"
        | "Generator"
        | "AsyncGenerator"
        | "list"
        | "List"
        | "Sequence"
        | "set"
        | "frozenset"
        | "FrozenSet"
        | "tuple"
        | "Tuple"
        | "Collection"
        | "deque"
        | "Deque"
        | "MutableSequence"
        | "AbstractSet"
        | "ContextManager"
        | "AbstractContextManager" => 0,
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "defaultdict" | "DefaultDict" | "OrderedDict" | "Record" | "Map" => 1,
        _ => return None,
    })
}

/// Whether a name is one of the language's own types.
pub(super) fn is_built_in(name: &str) -> bool {
    let first = name.chars().next().unwrap_or(' ');
    first.is_ascii_digit()
        || matches!(first, '`' | '"' | '\'' | '-')
        || matches!(
            name,
            "string"
                | "number"
                | "boolean"
                | "bigint"
                | "symbol"
                | "null"
                | "undefined"
                | "void"
                | "never"
                | "true"
                | "false"
                | "str"
                | "int"
                | "float"
                | "bool"
                | "bytes"
                | "None"
                | "Date"
                | "RegExp"
                | "Function"
                | "Uint8Array"
                | "Headers"
                | "URL"
        )
}
