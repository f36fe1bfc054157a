/// A character as its number, the way JSON escapes it: `\u001b`, and two numbers of UTF-16 for what needs two (RFC 8259 §7).
#[must_use]
pub fn escaped(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_character_is_one_number_or_two() {
        assert_eq!(escaped('\u{1b}'), "\\u001b");
        assert_eq!(escaped('\u{e0041}'), "\\udb40\\udc41");
    }
}
