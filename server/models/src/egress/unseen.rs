//! Characters that nobody sees. They hide text from a reader but not from a model, turn the direction of reading, and make two names look
//! the same.

/// Whether a character has no shape of its own: what Unicode lets a program ignore, what turns the direction of reading, and the
/// separators of lines that few programs know. Control characters are not among them.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The text without those. One sign that says how the symbol before it is drawn stays, because many symbols are written with it; a row of
/// them could carry a message.
pub fn shown(text: &str) -> impl Iterator<Item = char> + '_ {
    told_apart(text).filter_map(|(character, is_shown)| is_shown.then_some(character))
}

/// What [`shown`] leaves out.
pub fn unseen(text: &str) -> impl Iterator<Item = char> + '_ {
    told_apart(text).filter_map(|(character, is_shown)| (!is_shown).then_some(character))
}

fn told_apart(text: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut before = ' ';
    text.chars().map(move |character| {
        let is_drawn = !before.is_ascii() && !before.is_control() && !before.is_whitespace() && !is_invisible(before);
        let draws = is_drawn && matches!(character, '\u{fe0e}' | '\u{fe0f}');
        before = character;
        (character, draws || !is_invisible(character))
    })
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_nobody_sees_goes_and_what_is_drawn_stays() {
        let hidden =
            "\u{ad}\u{34f}\u{61c}\u{3164}\u{200b}\u{200d}\u{2028}\u{202e}\u{2066}\u{fe01}\u{feff}\u{fffb}\u{e0041}\u{e0100}";
        for character in hidden.chars() {
            assert_eq!(shown(&format!("a{character}b")).collect::<String>(), "ab", "{:x}", u32::from(character));
        }
        for text in ["\u{26a0}\u{fe0f} hot", "über 你好\t\n", "e\u{301}"] {
            assert_eq!(shown(text).collect::<String>(), text);
        }
        // A letter with a row of variation selectors behind it carries one byte by each.
        assert_eq!(shown("\u{26a0}\u{fe0f}\u{fe00}\u{fe0e}\u{fe0f}x\u{fe0f}").collect::<String>(), "\u{26a0}\u{fe0f}x");
        assert_eq!(shown("\u{85}\u{fe0f}\u{a0}\u{fe0f}").collect::<String>(), "\u{85}\u{a0}");
    }
}
