//! Points in time: of the calendar, and of the clock that counts from the start of the machine.

use core::fmt;
use core::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::fixed::{text_as_displayed, time_of_bytes, time_to_bytes};
use crate::format::fixed::{Fixed, Timestamp};
use crate::sys;

const NANOSECONDS: u32 = 1_000_000_000;

/// Whole seconds since 1970, which may be negative, in 64 bits; then the nanoseconds after that second, in 32. Zero
/// bytes are [`UNIX_EPOCH`].
impl Fixed for SystemTime {
    type Bytes = [u8; 12];
    const CALLED: &'static str = "a time";
    const EXAMPLE: &'static str = "2026-11-27T05:34:11.25Z";
    const MAY_BE_INVALID: bool = true;

    fn to_bytes(&self) -> [u8; 12] {
        let (seconds, nanoseconds) = since_1970(*self);
        time_to_bytes(seconds.to_le_bytes(), nanoseconds)
    }

    fn of_bytes(bytes: &[u8; 12]) -> Option<Self> {
        let (seconds, nanoseconds) = time_of_bytes(*bytes);
        after_1970(i64::from_le_bytes(seconds), nanoseconds)
    }

    /// As RFC 3339 writes it, in UTC. Years with more than four digits, or before the year 0, have a sign.
    fn text(&self) -> String {
        let (seconds, nanoseconds) = since_1970(*self);
        let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = civil(day);
        let year = if (0..=9999).contains(&year) {
            format!("{year:04}")
        } else {
            format!("{year:+}")
        };
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let mut fraction = format!(".{nanoseconds:09}");
        fraction.truncate(fraction.trim_end_matches(['0', '.']).len());
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    fn of_text(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let (rest, day) = date.rsplit_once('-')?;
        let (year, month) = rest.rsplit_once('-')?;
        let year: i64 = year.parse().ok()?;
        let (month, day) = (two_digits(month)?, two_digits(day)?);
        let (time, nanoseconds) = with_fraction(time)?;
        let mut parts = time.split(':').map(two_digits);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = days(year, month, day)?;
        if civil(days) != (year, month, day) {
            return None; // the 30th of February
        }
        // The earliest day begins before the earliest second that 64 bits can express.
        let second =
            i128::from(days) * i128::from(DAY) + i128::from(hour * 3600 + minute * 60 + second);
        after_1970(i64::try_from(second).ok()?, nanoseconds)
    }
}

/// Seconds, rounded down, and the nanoseconds after that second.
fn since_1970(time: SystemTime) -> (i64, u32) {
    // The clock of the system has 64 bits of seconds.
    let seconds = |since: Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => (seconds(since), since.subsec_nanos()),
        Err(before) => match (before.duration(), before.duration().subsec_nanos()) {
            (before, 0) => (0_i64.saturating_sub_unsigned(before.as_secs()), 0),
            (before, more) => (-1 - seconds(before), NANOSECONDS - more),
        },
    }
}

/// `None` if the nanoseconds make a second, or if the clock of the system cannot express the time.
fn after_1970(seconds: i64, nanoseconds: u32) -> Option<SystemTime> {
    if nanoseconds >= NANOSECONDS {
        return None;
    }
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let second = if seconds < 0 {
        UNIX_EPOCH.checked_sub(whole)
    } else {
        UNIX_EPOCH.checked_add(whole)
    };
    second?.checked_add(Duration::from_nanos(nanoseconds.into()))
}

const DAY: i64 = 86_400;

/// Days in 400 years, after which the calendar repeats itself.
const ERA: i64 = 146_097;

/// The year, month and day that many days after the first of January 1970. It counts from the first of March of the
/// year 0, so that a leap day is the last day of a year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let year = year + era * 400 + i64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, date)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    // More years than 64 bits of seconds can express, and few enough not to overflow here or in `civil`.
    const MOST_YEARS: u64 = 300_000_000_000;
    if !(1..=12).contains(&month) || year.unsigned_abs() > MOST_YEARS {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day = year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1;
    Some(era * ERA + day - 719_468)
}

fn two_digits(text: &str) -> Option<i64> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The text before the point, and the nanoseconds behind it.
fn with_fraction(text: &str) -> Option<(&str, u32)> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return Some((text, 0));
    };
    let digits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
    let nanoseconds = digits.then(|| format!("{fraction:0<9}").parse().ok());
    Some((whole, nanoseconds??))
}

impl Timestamp {
    /// The present. Costs some 20 ns.
    #[must_use]
    pub fn now() -> Timestamp {
        Timestamp(sys::boot_nanoseconds())
    }

    /// How long ago it was: zero if it lies in the future.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        Timestamp::now().since(self)
    }

    /// How much later it is than `earlier`: zero if it is not.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// The moment that many nanoseconds after the start of the machine.
    #[must_use]
    pub const fn from_nanos(nanoseconds: u64) -> Timestamp {
        Timestamp(nanoseconds)
    }

    /// The nanoseconds since the start of the machine.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }
}

/// Seconds since the start of the machine, with nine decimals.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = u64::from(NANOSECONDS);
        write!(f, "{}.{:09}", self.0 / nanoseconds, self.0 % nanoseconds)
    }
}

/// As displayed, which is also how a handle shows it.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Seconds, and up to nine decimals.
impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        let parse = || {
            let (seconds, nanoseconds) = with_fraction(text)?;
            let seconds: u64 = seconds.parse().ok()?;
            let nanoseconds = u64::from(nanoseconds);
            let whole = seconds.checked_mul(NANOSECONDS.into())?;
            Some(Timestamp(whole.checked_add(nanoseconds)?))
        };
        parse().ok_or(ParseTimestampError(()))
    }
}

/// The text is not a [`Timestamp`].
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("a timestamp is a number of seconds with up to nine decimals, such as `12.000000034`")]
pub struct ParseTimestampError(());

impl Fixed for Timestamp {
    type Bytes = [u8; 8];
    const CALLED: &'static str = "a timestamp";
    const EXAMPLE: &'static str = "12.000000034";
    const MAY_BE_INVALID: bool = false;

    #[inline]
    fn to_bytes(&self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    #[inline]
    fn of_bytes(bytes: &[u8; 8]) -> Option<Self> {
        Some(Timestamp(u64::from_le_bytes(*bytes)))
    }

    text_as_displayed!();
}
