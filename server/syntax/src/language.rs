//! The languages that are known, and how a file tells which it is written in.

/// A language that can be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is a language's own name")]
pub enum Language {
    C,
    Cpp,
    Go,
    Java,
    JavaScript,
    Python,
    Rust,
    Tsx,
    TypeScript,
}

impl Language {
    /// Every language, in the order of the variants: `language as usize` is its place.
    pub const ALL: &'static [Self] =
        &[Self::C, Self::Cpp, Self::Go, Self::Java, Self::JavaScript, Self::Python, Self::Rust, Self::Tsx, Self::TypeScript];

    /// Its name in files and settings: `rust`, `cpp`, `tsx`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Cpp => "cpp",
            Self::Go => "go",
            Self::Java => "java",
            Self::JavaScript => "javascript",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Tsx => "tsx",
            Self::TypeScript => "typescript",
        }
    }

    /// The language with this [`name`](Self::name), or with the identifier that an editor gives it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().copied().find(|language| language.name() == name);
        known.or(match name {
            "c++" => Some(Self::Cpp),
            "javascriptreact" | "jsx" => Some(Self::JavaScript),
            "typescriptreact" => Some(Self::Tsx),
            _ => None,
        })
    }

    /// The language of a file, by its extension, else its name, else the `#!` of its first line. `.h` is taken for C; a caller
    /// that sees C++ beside it knows better.
    #[must_use]
    pub fn detect(path: &str, first_line: &str) -> Option<Self> {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let known = match file.rsplit_once('.') {
            Some((_, extension)) => Self::from_extension(extension),
            None => None,
        };
        known.or_else(|| Self::from_file_name(file)).or_else(|| Self::from_shebang(first_line))
    }

    fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "c" | "h" => Self::C,
            "cc" | "cpp" | "cxx" | "c++" | "C" | "H" | "hh" | "hpp" | "hxx" | "h++" | "ipp" | "inl" | "tpp" | "cppm" | "ixx" => {
                Self::Cpp
            }
            "go" => Self::Go,
            "java" => Self::Java,
            "js" | "mjs" | "cjs" | "jsx" => Self::JavaScript,
            "py" | "pyi" | "pyw" => Self::Python,
            "rs" => Self::Rust,
            "tsx" => Self::Tsx,
            "ts" | "mts" | "cts" => Self::TypeScript,
            _ => return None,
        })
    }

    fn from_file_name(file: &str) -> Option<Self> {
        match file {
            "SConstruct" | "SConscript" | "wscript" => Some(Self::Python),
            "Jakefile" => Some(Self::JavaScript),
            _ => None,
        }
    }

    fn from_shebang(first_line: &str) -> Option<Self> {
        let command = first_line.strip_prefix("#!")?;
        let word = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let program = word.into_iter().find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
        match program.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.') {
            "python" | "pypy" => Some(Self::Python),
            "node" | "nodejs" => Some(Self::JavaScript),
            "deno" | "bun" | "ts-node" | "tsx" => Some(Self::TypeScript),
            "rust-script" => Some(Self::Rust),
            _ => None,
        }
    }

    /// What begins a comment that ends with its line.
    #[must_use]
    pub fn line_comment(self) -> &'static str {
        if self == Self::Python { "#" } else { "//" }
    }

    /// What a Markdown code fence calls it.
    #[must_use]
    pub fn fence(self) -> &'static str {
        self.name()
    }
}
