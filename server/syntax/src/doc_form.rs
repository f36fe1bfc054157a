//! How each language writes documentation: the form in which a text of plain prose becomes a doc comment or a docstring.

use crate::Language;

/// The form of a language's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocForm {
    /// Comments that end with their line, in front of the definition.
    Lines {
        /// What the first line begins with.
        first: &'static str,
        /// What the others begin with.
        rest: &'static str,
    },
    /// One comment in front of the definition.
    Block {
        /// What begins it.
        open: &'static str,
        /// What each line in it begins with.
        line: &'static str,
        /// What ends it.
        close: &'static str,
    },
    /// A string that begins the body of the definition.
    Docstring,
    /// A string in front of the definition, behind these words.
    StringBefore(&'static str),
}

impl Language {
    /// How documentation is written in it.
    #[must_use]
    pub fn doc_form(self) -> DocForm {
        let lines = |mark: &'static str| DocForm::Lines { first: mark, rest: mark };
        match self {
            Self::Rust | Self::Swift | Self::Dart | Self::Zig | Self::CSharp => lines("///"),
            Self::Go => lines("//"),
            Self::Ruby | Self::Bash => lines("#"),
            Self::Lua => lines("---"),
            Self::R => lines("#'"),
            Self::Haskell => DocForm::Lines { first: "-- |", rest: "--" },
            Self::OCaml | Self::OCamlInterface => DocForm::Block { open: "(**", line: "   ", close: "*)" },
            Self::Python => DocForm::Docstring,
            Self::Julia => DocForm::StringBefore(""),
            Self::Elixir => DocForm::StringBefore("@doc "),
            Self::C
            | Self::Cpp
            | Self::Java
            | Self::JavaScript
            | Self::Kotlin
            | Self::Php
            | Self::Scala
            | Self::Tsx
            | Self::TypeScript => DocForm::Block { open: "/**", line: " * ", close: " */" },
        }
    }

    /// Documentation of this text, each line indented by `indent` and ended by `line_end`. What would end it early is taken apart.
    #[must_use]
    pub fn write_doc(self, prose: &str, indent: &str, line_end: &str) -> String {
        let prose = prose.trim();
        let lines: Vec<String> = match self.doc_form() {
            DocForm::Lines { first, rest } => {
                let mut lines: Vec<String> =
                    prose.lines().enumerate().map(|(at, line)| spaced(if at == 0 { first } else { rest }, line)).collect();
                if self == Self::CSharp {
                    lines = lines.iter().map(|line| line.replace('&', "&amp;").replace('<', "&lt;")).collect();
                    lines.insert(0, "/// <summary>".to_owned());
                    lines.push("/// </summary>".to_owned());
                }
                lines
            }
            DocForm::Block { open, line, close } => block(&prose.replace(close.trim(), "* "), open, line, close),
            DocForm::Docstring => docstring(&prose.replace('\\', "\\\\").replace("\"\"\"", "'''")),
            DocForm::StringBefore(words) => {
                let escaped = prose.replace('\\', "\\\\").replace("\"\"\"", "'''").replace('#', "\\#").replace('$', "\\$");
                // Only Elixir fills `#{…}` in, only Julia `$`.
                let escaped = if words.is_empty() { escaped.replace("\\#", "#") } else { escaped.replace("\\$", "$") };
                let body = escaped.lines().map(str::to_owned);
                std::iter::once(format!("{words}\"\"\"")).chain(body).chain(["\"\"\"".to_owned()]).collect()
            }
        };
        let whole = |line: &String| if line.is_empty() { line_end.to_owned() } else { format!("{indent}{line}{line_end}") };
        lines.iter().map(|line| line.trim_end().to_owned()).map(|line| whole(&line)).collect()
    }
}

fn block(prose: &str, open: &str, line: &str, close: &str) -> Vec<String> {
    match prose.lines().collect::<Vec<_>>().as_slice() {
        [one] => vec![format!("{open} {} {}", one.trim(), close.trim())],
        several if open == "(**" => {
            let mut lines: Vec<String> = several.iter().map(|text| spaced(line, text)).collect();
            lines[0] = spaced(open, several[0]);
            let last = lines.len() - 1;
            lines[last] = spaced(&lines[last], close);
            lines
        }
        several => {
            let inner = several.iter().map(|text| format!("{line}{text}"));
            std::iter::once(open.to_owned()).chain(inner).chain([close.to_owned()]).collect()
        }
    }
}

fn docstring(prose: &str) -> Vec<String> {
    // A quote next to the closing ones would be read as one of them.
    let guard = if prose.ends_with('"') { " " } else { "" };
    let mut lines: Vec<String> = prose.lines().map(str::to_owned).collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("\"\"\"{first}");
    }
    match lines.as_mut_slice() {
        [one] => one.push_str(&format!("{guard}\"\"\"")),
        _ => lines.push("\"\"\"".to_owned()),
    }
    lines
}

fn spaced(mark: &str, line: &str) -> String {
    if line.is_empty() || mark.ends_with(' ') { format!("{mark}{line}") } else { format!("{mark} {line}") }
}

#[cfg(test)]
mod tests {
    use crate::Language;

    #[test]
    fn prose_is_written_in_the_form_of_the_language() {
        let cases = [
            (Language::Rust, "  /// One.\n  ///\n  /// Two.\n"),
            (Language::Python, "  \"\"\"One.\n\n  Two.\n  \"\"\"\n"),
            (Language::Java, "  /**\n   * One.\n   *\n   * Two.\n   */\n"),
            (Language::Haskell, "  -- | One.\n  --\n  -- Two.\n"),
            (Language::OCaml, "  (** One.\n\n     Two. *)\n"),
            (Language::Elixir, "  @doc \"\"\"\n  One.\n\n  Two.\n  \"\"\"\n"),
            (Language::CSharp, "  /// <summary>\n  /// One.\n  ///\n  /// Two.\n  /// </summary>\n"),
        ];
        for (language, expected) in cases {
            assert_eq!(language.write_doc("One.\n\nTwo.", "  ", "\n"), expected, "{}", language.name());
        }
        assert_eq!(Language::Go.write_doc("One.", "", "\r\n"), "// One.\r\n");
    }

    #[test]
    fn prose_cannot_end_its_comment() {
        assert_eq!(Language::Java.write_doc("a */ evil();", "", "\n"), "/** a *  evil(); */\n");
        assert_eq!(Language::Python.write_doc("a \"\"\" evil() \\", "", "\n"), "\"\"\"a ''' evil() \\\\\"\"\"\n");
        assert_eq!(Language::Python.write_doc("says \"x\"", "", "\n"), "\"\"\"says \"x\" \"\"\"\n");
        assert_eq!(Language::Elixir.write_doc("#{evil}", "", "\n"), "@doc \"\"\"\n\\#{evil}\n\"\"\"\n");
    }
}
