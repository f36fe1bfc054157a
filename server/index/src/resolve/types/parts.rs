//! Unions whose parts are told apart by what one of their members is: `{ kind: "leaf" } | { kind: "node" }`.

use super::{Types, Value, written};

impl Types<'_> {
    /// Those parts of what values are whose member is declared as a word; all where none says so.
    pub(super) fn parts_with(&mut self, values: &[Value], member: &str, word: &str) -> Vec<Value> {
        let held = self.each(values, Self::value_of);
        let parts = self.each(&held, |types, value| match value {
            Value::Written(written) => types.types_of(written, 0),
            other => vec![other.clone()],
        });
        let said: Vec<Option<bool>> = parts.iter().map(|part| self.says(part, member, word)).collect();
        let sure = said.contains(&Some(true));
        let keeps = |said: Option<bool>| if sure { said == Some(true) } else { said != Some(false) };
        let kept: Vec<Value> = parts.iter().zip(&said).filter(|(_, said)| keeps(**said)).map(|(part, _)| part.clone()).collect();
        if kept.is_empty() { parts } else { kept }
    }

    /// Whether a member of a type is declared as a word and nothing else; `None` where the declaration does not tell.
    fn says(&mut self, part: &Value, member: &str, word: &str) -> Option<bool> {
        let members = self.member(part, member);
        let [Value::Defined(place, _)] = members[..] else { return None };
        let symbol = self.symbol(place);
        let declared = symbol.signature.split_once(symbol.name.as_str())?.1;
        let declared = declared.trim_start_matches('?').trim_start().strip_prefix(':')?;
        let mut is_literal = true;
        for one in written::split(declared, &['|']) {
            let quoted = one.trim_matches(['"', '\'']);
            let named = one.strip_prefix("typeof ").unwrap_or(one);
            if quoted == word || named == word {
                return Some(true);
            }
            is_literal &= quoted.len() < one.len() || named.contains('.');
        }
        is_literal.then_some(false)
    }
}
