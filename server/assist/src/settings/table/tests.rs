//! The table agrees with what reads it: nothing is listed that nobody reads, and nothing is read that is not listed.

use std::collections::BTreeSet;

use models::{AskPolicy, Caps, Tier, Wire};
use serde::de::{Error, Visitor};

use super::*;
use crate::settings::configured::default;
use crate::settings::key::Match;

/// A deserializer that only notes which fields or variants a type has.
struct Names<'a>(&'a mut Vec<&'static str>);

impl<'de> serde::Deserializer<'de> for Names<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("neither a struct nor an enum"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(fields);
        Err(Error::custom("noted"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(variants);
        Err(Error::custom("noted"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

fn names<'de, T: serde::Deserialize<'de>>() -> BTreeSet<&'static str> {
    let mut names = Vec::new();
    assert!(T::deserialize(Names(&mut names)).is_err());
    names.into_iter().collect()
}

/// What the table has directly below a section.
fn below(section: &str) -> BTreeSet<&'static str> {
    let rests = KEYS.iter().filter_map(|key| match section {
        "" => Some(key.name),
        _ => key.name.strip_prefix(section)?.strip_prefix('.'),
    });
    rests.filter_map(|rest| rest.split('.').next()).collect()
}

#[test]
fn the_gateway_reads_what_is_listed_and_nothing_else() {
    let own: BTreeSet<&str> = KEYS.iter().filter(|key| key.set.is_some()).filter_map(|key| key.segments().next()).collect();
    let of_models: BTreeSet<&str> = below("").difference(&own).copied().collect();
    assert_eq!(of_models, names::<models::Settings>());
    assert_eq!(below("providers.<name>"), names::<models::ProviderSettings>());
    assert_eq!(below("tiers.<tier>"), names::<models::TierSettings>());
    assert_eq!(below("tiers.<tier>.price"), names::<models::PriceSettings>());
    assert_eq!(below("tiers.<tier>.price.long_prompt"), names::<models::LongPromptSettings>());
    assert_eq!(below("caps"), names::<models::CapSettings>());
    assert_eq!(below("egress"), names::<models::EgressSettings>());
    assert_eq!(below("team_cache"), names::<models::TeamCacheSettings>());
}

#[test]
fn texts_to_choose_from_are_those_that_are_read() {
    let listed = |name: &str| -> BTreeSet<&str> {
        let key = KEYS.iter().find(|key| key.name == name).unwrap();
        let Kind::OneOf(texts) = key.kind else { panic!("{name} has nothing to choose from") };
        texts.iter().map(|(text, _)| *text).collect()
    };
    assert_eq!(listed("tiers.<tier>.wire"), names::<Wire>());
    assert_eq!(listed("egress.ask"), names::<AskPolicy>());
    assert_eq!(listed("tiers.<tier>.token_limit_field"), names::<models::TokenLimitField>());
    assert_eq!(listed("hover.summary"), names::<SummaryPolicy>());
}

#[test]
fn what_counts_where_nobody_says_anything_is_what_is_listed() {
    let mut settings = Settings::default();
    for key in KEYS {
        let Some(value) = default(key) else { continue };
        assert_eq!(key.kind.check(&value), Ok(()), "{}", key.name);
        if let Some(set) = key.set {
            set(&mut settings, &value);
        }
    }
    assert_eq!(settings, Settings::default());
    let caps = Caps::default();
    let dollars = |name: &str| {
        let key = KEYS.iter().find(|key| key.name == name).unwrap();
        key.default.parse::<models::Dollars>().unwrap().cost()
    };
    assert_eq!((dollars("caps.per_action"), dollars("caps.per_day")), (caps.per_action, caps.per_day));
}

#[test]
fn each_key_is_listed_once_and_documented_and_sets_something() {
    let mut seen = BTreeSet::new();
    for key in KEYS {
        assert!(seen.insert(key.name), "{} is listed twice", key.name);
        assert!(key.doc.ends_with('.') && key.doc.len() > 20, "{}", key.name);
        let Some(set) = key.set else { continue };
        // A value that is not the default changes the settings.
        let other = match key.kind {
            Kind::Flag => Value::Boolean(key.default == "false"),
            Kind::Whole { least, .. } => Value::Integer(i64::try_from(least).unwrap() + 7),
            Kind::OneOf(texts) => Value::String(texts[0].0.to_owned()),
            Kind::Command => Value::Array(vec![Value::String("true".to_owned())]),
            Kind::Text | Kind::Dollars => panic!("{} has no example", key.name),
        };
        let mut settings = Settings::default();
        set(&mut settings, &other);
        assert_ne!(settings, Settings::default(), "{}", key.name);
    }
}

#[test]
fn tiers_are_called_what_the_gateway_calls_them() {
    for tier in Tier::ALL {
        assert!(KEYS.iter().any(|key| key.matches(&["tiers".to_owned(), tier.as_str().to_owned()]) == Match::Section));
    }
    assert!(KEYS.iter().all(|key| key.matches(&["tiers".to_owned(), "pico".to_owned()]) == Match::No));
}
