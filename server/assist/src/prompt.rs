//! Prompts: files, rendered by one function.

/// A prompt file: a first line `version: N`, the fixed instructions, a line `===`, and the template of the variable part with
/// `{{name}}` where a value goes. The fixed part comes first so that providers can cache it.
#[derive(Clone, Copy, Debug)]
pub struct Prompt {
    source: &'static str,
}

impl Prompt {
    /// The prompt in `source`, which is the text of a prompt file.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source }
    }

    /// The version, which is part of every cache key; 0 where the file does not begin with one.
    #[must_use]
    pub fn version(self) -> u32 {
        let first = self.source.lines().next().unwrap_or_default();
        first.strip_prefix("version:").and_then(|number| number.trim().parse().ok()).unwrap_or(0)
    }

    /// The fixed instructions.
    #[must_use]
    pub fn instructions(self) -> String {
        self.parts().0.trim().to_owned()
    }

    /// The variable part with each `{{name}}` replaced by its value. Values are never searched for names themselves.
    #[must_use]
    pub fn render(self, values: &[(&str, &str)]) -> String {
        let mut rest = self.parts().1.trim();
        let mut rendered = String::new();
        while let Some((before, after)) = rest.split_once("{{") {
            rendered.push_str(before);
            let Some((name, behind)) = after.split_once("}}") else {
                debug_assert!(false, "a prompt file leaves a brace open");
                rest = after;
                break;
            };
            let value = values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
            debug_assert!(value.is_some(), "the prompt asks for {name}");
            rendered.push_str(value.unwrap_or_default());
            rest = behind;
        }
        rendered.push_str(rest);
        rendered
    }

    fn parts(self) -> (&'static str, &'static str) {
        let body = self.source.split_once('\n').map_or("", |(_, body)| body);
        body.split_once("\n===\n").unwrap_or((body, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::Prompt;

    #[test]
    fn values_are_put_in_and_not_read_again() {
        let prompt = Prompt::new("version: 3\nBe brief.\n===\nName: {{name}}, code: {{code}}.");
        assert_eq!(prompt.version(), 3);
        assert_eq!(prompt.instructions(), "Be brief.");
        assert_eq!(prompt.render(&[("name", "{{code}}"), ("code", "x")]), "Name: {{code}}, code: x.");
    }
}
