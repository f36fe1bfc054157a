//! Amounts in dollars as people write them, read exactly: `0.075` is 75,000 micro-dollars and nothing else.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Cost;

/// An amount in dollars with at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars {
    micro: u64,
}

impl Dollars {
    /// The amount in micro-dollars.
    pub fn micro_usd(self) -> u64 {
        self.micro
    }

    /// The amount as money.
    pub fn cost(self) -> Cost {
        Cost::from_micro_usd(self.micro)
    }
}

impl FromStr for Dollars {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no amount in dollars: write digits, and at most six after the point, like 0.075");
        let digits = text.trim().trim_start_matches('$');
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) || (part.is_empty() && digits.contains('.')) {
            return Err(wrong());
        }
        let part = part.trim_end_matches('0');
        if part.len() > 6 {
            return Err(wrong());
        }
        let whole: u64 = whole.parse().map_err(|_| wrong())?;
        let part: u64 = format!("{part:0<6}").parse().map_err(|_| wrong())?;
        let micro = whole.checked_mul(1_000_000).and_then(|micro| micro.checked_add(part)).ok_or_else(wrong)?;
        Ok(Dollars { micro })
    }
}

impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.micro / 1_000_000, self.micro % 1_000_000)
    }
}

impl Serialize for Dollars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Amount)
    }
}

struct Amount;

impl Visitor<'_> for Amount {
    type Value = Dollars;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount in dollars, like 0.075 or \"0.075\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Dollars, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Dollars, E> {
        self.visit_str(&whole.to_string())
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Dollars, E> {
        self.visit_str(&whole.to_string())
    }

    /// The shortest decimal that names the float is the decimal that was written.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Dollars, E> {
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, micro) in
            [("0.2", 200_000), ("0.075", 75_000), ("15", 15_000_000), ("$1.250000000", 1_250_000), ("0.000001", 1)]
        {
            assert_eq!(text.parse::<Dollars>().map(Dollars::micro_usd), Ok(micro), "{text}");
        }
        for text in ["", ".", "1.", "-1", "1e3", "0.0000001", "abc", "NaN", "99999999999999999999"] {
            assert!(text.parse::<Dollars>().is_err(), "{text}");
        }
    }

    #[test]
    fn toml_numbers_and_strings_mean_the_same() {
        #[derive(Deserialize)]
        struct Row {
            a: Dollars,
            b: Dollars,
            c: Dollars,
        }
        let row: Row = toml::from_str("a = 0.075\nb = \"0.075\"\nc = 2").unwrap();
        assert_eq!((row.a.micro_usd(), row.b.micro_usd(), row.c.micro_usd()), (75_000, 75_000, 2_000_000));
    }
}
