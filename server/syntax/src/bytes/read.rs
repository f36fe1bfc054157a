//! Reading numbers and texts, of which none need be there.

use super::Unreadable;

/// What has not been read yet.
pub(super) struct Reader<'bytes> {
    numbers: &'bytes [u8],
    texts: &'bytes str,
}

impl<'bytes> Reader<'bytes> {
    pub(super) fn new(body: &'bytes [u8]) -> Result<Self, Unreadable> {
        let mut reader = Self { numbers: body, texts: "" };
        let length = reader.number()? as usize;
        let (texts, numbers) = reader.numbers.split_at_checked(length).ok_or(Unreadable)?;
        Ok(Self { numbers, texts: std::str::from_utf8(texts).map_err(|_| Unreadable)? })
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.numbers.is_empty() && self.texts.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Unreadable> {
        let (&byte, rest) = self.numbers.split_first().ok_or(Unreadable)?;
        self.numbers = rest;
        Ok(byte)
    }

    pub(super) fn number(&mut self) -> Result<u32, Unreadable> {
        let mut number = 0_u32;
        for place in 0..5 {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f).checked_shl(place * 7).ok_or(Unreadable)?;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Unreadable)
    }

    pub(super) fn step(&mut self, from: u32) -> Result<u32, Unreadable> {
        let number = self.number()?;
        Ok(from.wrapping_add((number >> 1) ^ (number & 1).wrapping_neg()))
    }

    pub(super) fn eight(&mut self) -> Result<u64, Unreadable> {
        let (eight, rest) = self.numbers.split_first_chunk().ok_or(Unreadable)?;
        self.numbers = rest;
        Ok(u64::from_le_bytes(*eight))
    }

    /// How many things follow. More than can stand in what is left are too many.
    pub(super) fn count(&mut self, least_bytes: usize) -> Result<usize, Unreadable> {
        let count = self.number()? as usize;
        if count <= self.numbers.len() / least_bytes { Ok(count) } else { Err(Unreadable) }
    }

    pub(super) fn text(&mut self) -> Result<&'bytes str, Unreadable> {
        let length = self.number()? as usize;
        let (text, rest) = self.texts.split_at_checked(length).ok_or(Unreadable)?;
        self.texts = rest;
        Ok(text)
    }

    pub(super) fn column(&mut self) -> Result<Vec<u32>, Unreadable> {
        let count = self.count(1)?;
        let mut numbers = Vec::with_capacity(count);
        let mut before = 0;
        for _ in 0..count {
            before = self.step(before)?;
            numbers.push(before);
        }
        Ok(numbers)
    }
}
