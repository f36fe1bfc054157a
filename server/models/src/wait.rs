//! How long a server asks to be left alone, in all the ways in which servers say so.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;

/// Numbers from here on are points in time (seconds since 1970), not spans.
const EPOCH_LIKE: f64 = 1e9;

/// The wait that an error reply asks for: `retry-after-ms`, else `retry-after` in seconds or as a date, else the later of the limits
/// that are used up.
pub(crate) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let number = |name: &str| text(headers, name)?.parse::<f64>().ok();
    let after = || text(headers, "retry-after");
    seconds(number("retry-after-ms").map(|ms| ms / 1_000.0))
        .or_else(|| seconds(number("retry-after")))
        .or_else(|| httpdate::parse_http_date(after()?).ok()?.duration_since(now).ok())
        .or_else(|| used_up(headers, now))
}

/// What is left of each limit, and when it is renewed: OpenAI's headers, which most others send too, then Anthropic's.
const LIMITS: [(&str, &str); 6] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
];

/// The wait until the limits that this reply used up are renewed; nothing when there is room. Some servers count below zero.
pub(crate) fn used_up(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let waits = LIMITS.iter().filter_map(|(remaining, renewed)| {
        let remaining: f64 = text(headers, remaining)?.parse().ok()?;
        if remaining > 0.0 { None } else { reset(text(headers, renewed)?, now) }
    });
    waits.max()
}

/// Whether the server says that trying again is pointless.
pub(crate) fn pointless(headers: &HeaderMap) -> bool {
    text(headers, "x-should-retry") == Some("false")
}

/// `6m0s`, `1.5s`, `20ms`, a number of seconds, or a point in time: seconds since 1970, or as RFC 3339 writes it.
fn reset(text: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(point) = text.parse::<jiff::Timestamp>() {
        return SystemTime::from(point).duration_since(now).ok().filter(|wait| !wait.is_zero());
    }
    if let Ok(number) = text.parse::<f64>() {
        let since = now.duration_since(UNIX_EPOCH).ok()?.as_secs_f64();
        return seconds(Some(if number >= EPOCH_LIKE { number - since } else { number }));
    }
    let (mut total, mut rest) = (0.0, text);
    while !rest.is_empty() {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let letters = rest[digits..].find(|sign: char| sign.is_ascii_digit()).map_or(rest.len(), |length| digits + length);
        total += number
            * match &rest[digits..letters] {
                "h" => 3_600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                _ => return None,
            };
        rest = &rest[letters..];
    }
    seconds(Some(total))
}

fn seconds(number: Option<f64>) -> Option<Duration> {
    Duration::try_from_secs_f64(number.filter(|number| *number > 0.0)?).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn seconds_milliseconds_and_dates_are_read() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_770);
        for (pairs, ms) in [
            (&[("retry-after", "1.5")][..], Some(1_500)),
            (&[("retry-after-ms", "20"), ("retry-after", "9")], Some(20)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(7_000)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")], None),
            (&[("retry-after", "-3")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "soon")], None),
        ] {
            assert_eq!(asked(&headers(pairs), now), ms.map(Duration::from_millis), "{pairs:?}");
        }
    }

    #[test]
    fn a_used_up_limit_is_waited_for_and_one_with_room_is_not() {
        let now = UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let read = |remaining: &str, reset: &str| {
            let pairs = [("x-ratelimit-remaining-tokens", remaining), ("x-ratelimit-reset-tokens", reset)];
            used_up(&headers(&pairs), now).map(|wait| wait.as_millis())
        };
        assert_eq!(read("0", "6m0s"), Some(360_000));
        assert_eq!(read("-4", "20ms"), Some(20));
        assert_eq!(read("0", "1h2m1.5s"), Some(3_721_500));
        assert_eq!(read("0", "2000000007"), Some(7_000));
        assert_eq!((read("1", "6m0s"), read("0", "1x"), read("0", "m"), read("0", "")), (None, None, None, None));
    }

    #[test]
    fn anthropics_limits_are_read_like_the_others_and_the_latest_counts() {
        let now = UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let limits = |requests: &str, output: &str| {
            let pairs = [
                ("anthropic-ratelimit-requests-remaining", requests),
                ("anthropic-ratelimit-requests-reset", "2026-11-18T11:06:47Z"),
                ("anthropic-ratelimit-output-tokens-remaining", output),
                ("anthropic-ratelimit-output-tokens-reset", "2026-11-18T12:06:52.5+01:00"),
                ("anthropic-ratelimit-input-tokens-remaining", "0"),
                ("anthropic-ratelimit-input-tokens-reset", "2026-11-18T11:06:39Z"),
                ("anthropic-ratelimit-tokens-remaining", "0"),
                ("anthropic-ratelimit-tokens-reset", "soon"),
            ];
            used_up(&headers(&pairs), now).map(|wait| wait.as_millis())
        };
        assert_eq!(limits("0", "7"), Some(7_000));
        assert_eq!(limits("0", "0"), Some(12_500));
        assert_eq!(limits("49", "8000"), None, "what is over already is not waited for");
    }
}
