//! Money in integers. A price is micro-dollars for a million tokens, so that tokens times price is exact in pico-dollars.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

/// An amount of money in pico-dollars: a millionth of a micro-dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cost(u128);

impl Cost {
    /// Nothing.
    pub const ZERO: Cost = Cost(0);
    const PICO_PER_MICRO: u128 = 1_000_000;

    /// An amount from pico-dollars.
    pub fn from_pico_usd(pico: u128) -> Self {
        Cost(pico)
    }

    /// An amount from micro-dollars.
    pub fn from_micro_usd(micro: u64) -> Self {
        Cost(u128::from(micro) * Self::PICO_PER_MICRO)
    }

    /// The exact amount in pico-dollars.
    pub fn pico_usd(self) -> u128 {
        self.0
    }

    /// The amount in micro-dollars, rounded up.
    pub fn micro_usd(self) -> u64 {
        u64::try_from(self.0.div_ceil(Self::PICO_PER_MICRO)).unwrap_or(u64::MAX)
    }

    /// The amount in dollars, for JSON output only; nothing is computed from it.
    pub fn usd(self) -> f64 {
        self.micro_usd() as f64 / 1e6
    }

    /// The difference, or zero when the other is larger.
    pub fn saturating_sub(self, other: Cost) -> Cost {
        Cost(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Cost {
    /// Dollars, rounded up: two digits from a dollar on, four below, six below a hundredth of a cent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micro = u128::from(self.micro_usd());
        let (unit, digits) = match micro {
            0 => return f.write_str("$0"),
            1..=99 => (1, 6),
            100..=999_999 => (100, 4),
            _ => (10_000, 2),
        };
        let rounded = micro.div_ceil(unit);
        let scale = 1_000_000 / unit;
        write!(f, "${}.{:0digits$}", rounded / scale, rounded % scale)
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        *self = *self + other;
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::ZERO, Add::add)
    }
}

/// What a reply used, as the server reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, the cached ones included.
    pub input: u64,
    /// Tokens of the prompt that the server had cached.
    pub cached: u64,
    /// Tokens of the prompt that the server wrote into its cache.
    #[serde(default)]
    pub cache_write: u64,
    /// Tokens of the reply, reasoning included.
    pub output: u64,
    /// Tokens of reasoning within `output`.
    #[serde(default)]
    pub reasoning: u64,
    /// The server reported nothing: these are our own upper bounds.
    #[serde(default)]
    pub estimated: bool,
}

impl Usage {
    /// Holds the parts within their wholes, whatever a server claims.
    pub(crate) fn bounded(mut self) -> Self {
        self.cached = self.cached.min(self.input);
        self.cache_write = self.cache_write.min(self.input - self.cached);
        self.reasoning = self.reasoning.min(self.output);
        self
    }
}

/// What a model costs, in micro-dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    /// A million prompt tokens.
    pub input: u64,
    /// A million prompt tokens that the server had cached.
    pub cached: u64,
    /// A million prompt tokens written into the server's cache.
    pub cache_write: u64,
    /// A million reply tokens.
    pub output: u64,
    /// Other prices for long prompts.
    pub long_prompt: Option<LongPrompt>,
}

/// The prices of a request whose prompt is longer than a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongPrompt {
    /// These prices hold when the prompt has more tokens than this.
    pub above_tokens: u64,
    /// A million prompt tokens.
    pub input: u64,
    /// A million cached prompt tokens.
    pub cached: u64,
    /// A million prompt tokens written into the server's cache.
    pub cache_write: u64,
    /// A million reply tokens.
    pub output: u64,
}

impl Prices {
    /// The prices of a server that costs nothing.
    pub const FREE: Prices = Prices { input: 0, cached: 0, cache_write: 0, output: 0, long_prompt: None };

    /// Whether every price is zero.
    pub fn is_free(&self) -> bool {
        *self == Prices::FREE
    }

    /// What a usage costs, exactly.
    pub fn cost(&self, usage: &Usage) -> Cost {
        let usage = usage.bounded();
        let (input, cached, cache_write, output) = match self.long_prompt {
            Some(long) if usage.input > long.above_tokens => (long.input, long.cached, long.cache_write, long.output),
            _ => (self.input, self.cached, self.cache_write, self.output),
        };
        let plain = usage.input - usage.cached - usage.cache_write;
        let times = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        Cost(
            times(plain, input)
                + times(usage.cached, cached)
                + times(usage.cache_write, cache_write)
                + times(usage.output, output),
        )
    }

    /// What a usage costs at most, whatever part of its prompt the server finds in its cache or writes into it.
    pub fn worst(&self, bound: &Usage) -> Cost {
        let whole = Usage { cached: 0, cache_write: 0, ..*bound };
        self.cost(&whole).max(self.cost(&Usage { cache_write: whole.input, ..whole }))
    }

    /// What a usage costs on the service tier that the server says it used: flex is half price, priority is double.
    pub fn cost_on(&self, usage: &Usage, service_tier: Option<&str>) -> Cost {
        let Cost(plain) = self.cost(usage);
        match service_tier {
            Some("flex") => Cost(plain.div_ceil(2)),
            Some("priority" | "fast") => Cost(plain * 2),
            _ => Cost(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NANO: Prices = Prices { input: 200_000, cached: 20_000, cache_write: 200_000, output: 1_250_000, long_prompt: None };
    const MINI: Prices = Prices { input: 750_000, cached: 75_000, cache_write: 750_000, output: 4_500_000, long_prompt: None };
    const FLAGSHIP: Prices = Prices {
        input: 2_500_000,
        cached: 250_000,
        cache_write: 2_500_000,
        output: 15_000_000,
        long_prompt: Some(LongPrompt {
            above_tokens: 272_000,
            input: 5_000_000,
            cached: 500_000,
            cache_write: 5_000_000,
            output: 22_500_000,
        }),
    };

    fn used(input: u64, cached: u64, output: u64) -> Usage {
        Usage { input, cached, output, ..Usage::default() }
    }

    #[test]
    fn a_warm_hover_costs_a_quarter_of_a_thousandth_dollar() {
        let usage = used(2_100, 1_500, 80);
        assert_eq!(NANO.cost(&usage).pico_usd(), 250_000_000);
        assert_eq!(FLAGSHIP.cost(&usage).micro_usd(), 3_075);
    }

    #[test]
    fn a_cold_hover_costs_twice_that() {
        let usage = used(2_100, 0, 80);
        assert_eq!(NANO.cost(&usage).micro_usd(), 520);
        assert_eq!(FLAGSHIP.cost(&usage).micro_usd(), 6_450);
    }

    #[test]
    fn a_delegated_refactor_of_eight_files_costs_three_tenths_of_one_flagship_call() {
        for (thinking, delegated, alone) in [(0, 90_300, 300_000), (4_000, 150_300, 360_000), (8_000, 210_300, 420_000)] {
            let planner = FLAGSHIP.cost(&used(6_000, 0, 1_500 + thinking));
            let steps: Cost = (0..8).map(|_| MINI.cost(&used(2_500, 1_000, 1_200))).sum();
            assert_eq!((planner + steps).micro_usd(), delegated);
            assert_eq!(FLAGSHIP.cost(&used(48_000, 0, 12_000 + thinking)).micro_usd(), alone);
        }
    }

    #[test]
    fn a_prompt_over_the_mark_is_priced_by_the_long_row() {
        assert_eq!(FLAGSHIP.cost(&used(272_000, 0, 0)).micro_usd(), 680_000);
        assert_eq!(FLAGSHIP.cost(&used(272_001, 0, 0)).pico_usd(), 272_001 * 5_000_000);
    }

    #[test]
    fn a_server_that_claims_more_cached_than_sent_is_not_believed() {
        assert_eq!(NANO.cost(&used(10, 1_000, 0)).pico_usd(), 10 * 20_000);
    }

    #[test]
    fn the_worst_case_holds_where_writing_into_the_servers_cache_costs_more() {
        let prices = Prices { cache_write: 250_000, ..NANO };
        let written = Usage { cache_write: 900, ..used(1_000, 0, 10) };
        assert_eq!(prices.worst(&used(1_000, 0, 10)).pico_usd(), 1_000 * 250_000 + 10 * 1_250_000);
        assert!(prices.worst(&written) >= prices.cost(&written));
        assert_eq!(NANO.worst(&written), NANO.cost(&used(1_000, 0, 10)));
    }

    #[test]
    fn flex_is_half_and_priority_double() {
        let usage = used(1_000, 0, 0);
        let on = |tier| NANO.cost_on(&usage, tier).micro_usd();
        assert_eq!((on(Some("flex")), on(Some("default")), on(None), on(Some("priority"))), (100, 200, 200, 400));
    }

    #[test]
    fn amounts_are_shown_rounded_up() {
        let shown = |micro| Cost::from_micro_usd(micro).to_string();
        assert_eq!(Cost::ZERO.to_string(), "$0");
        assert_eq!(Cost::from_pico_usd(1).to_string(), "$0.000001");
        assert_eq!((shown(85), shown(250), shown(251)), ("$0.000085".into(), "$0.0003".into(), "$0.0003".into()));
        assert_eq!((shown(300_000), shown(999_999), shown(1_234_567)), ("$0.3000".into(), "$1.0000".into(), "$1.24".into()));
    }
}
