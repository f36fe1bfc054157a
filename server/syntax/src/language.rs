//! What a language is called, and what it is written with.

pub use crate::languages::Language;

impl Language {
    /// Whether the program was built with its grammar. A file in any other language is of no known one.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        self.spec().grammar.load.is_some()
    }

    /// Its name in files and settings: `rust`, `cpp`, `tsx`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// The language with this [`name`](Self::name), or with the identifier that an editor gives it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let known = |of: &&Self| of.is_built_in() && (of.name() == name || of.spec().aliases.contains(&name));
        Self::ALL.iter().find(known).copied()
    }

    /// How its files end, without the dot.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        self.spec().extensions
    }

    /// The crate that its grammar comes from, and the version of it that is built in; empty where that is not known.
    #[must_use]
    pub fn grammar_crate(self) -> (&'static str, &'static str) {
        let name = self.spec().grammar.name;
        let mut all = env!("TIERLINE_GRAMMARS").split(' ').filter_map(|one| one.split_once('@'));
        (name, all.find(|(known, _)| *known == name).map_or("", |(_, version)| version))
    }

    /// The parts of its built-in query, as paths in Tierline's repository.
    pub fn query_files(self) -> impl Iterator<Item = &'static str> {
        self.spec().queries.iter().map(|source| source.path)
    }

    /// Whether several functions of one name differ by their parameters. Only there the arguments of a call are counted.
    #[must_use]
    pub fn has_overloads(self) -> bool {
        self.spec().manners.overloads
    }

    /// What begins a comment that ends with its line.
    #[must_use]
    pub fn line_comment(self) -> &'static str {
        self.spec().comments.line
    }

    /// What a Markdown code fence calls it.
    #[must_use]
    pub fn fence(self) -> &'static str {
        self.spec().fence
    }
}
