//! What the bytes of a value may be: the rules that the typed slots and the walk by a schema share.

use core::time::Duration;

use super::corrupt::Corrupt;
use super::kind::{Kind, Zero};

const NANOSECONDS_PER_SECOND: u32 = 1_000_000_000;

/// Whether these bits, extended, are a value of a scalar that is not an enum.
#[allow(clippy::cast_possible_truncation)] // a char has 32 bits
pub(crate) const fn is_scalar(kind: Kind, zero: Zero, bits: u64) -> bool {
    match kind {
        Kind::Bool => bits <= 1,
        Kind::Char => char::from_u32(bits as u32).is_some(),
        _ => !matches!(zero, Zero::Invalid) || bits != 0,
    }
}

/// The length of a text or list that has room for `capacity`.
#[inline]
pub(crate) fn length(len: u32, capacity: usize) -> Result<usize, Corrupt> {
    let len = len as usize;
    if len <= capacity {
        Ok(len)
    } else {
        Err(Corrupt::length(len, capacity))
    }
}

/// The text that these bytes are.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Corrupt> {
    core::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Corrupt::utf8(at, bytes[at])
    })
}

/// Whether an option with this tag has a value.
#[inline]
pub(crate) fn is_some(tag: u8) -> Result<bool, Corrupt> {
    match tag {
        0 => Ok(false),
        1 => Ok(true),
        tag => Err(Corrupt::option(tag)),
    }
}

#[inline]
pub(crate) fn duration(seconds: u64, nanoseconds: u32) -> Result<Duration, Corrupt> {
    // `Duration::new` would carry, and may overflow.
    if nanoseconds < NANOSECONDS_PER_SECOND {
        Ok(Duration::new(seconds, nanoseconds))
    } else {
        Err(Corrupt::nanoseconds(nanoseconds))
    }
}
