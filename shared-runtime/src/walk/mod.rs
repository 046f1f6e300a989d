//! Reading a slot by its shape, without its type: what `Debug` shows, and whether it is valid.

#![allow(unsafe_code)]

mod bytes;
mod check;
mod scalar;
mod show;

use core::fmt;

use crate::format::Corrupt;
use crate::region::Region;
use crate::slot::Slot;
pub(crate) use bytes::Bytes;
use show::Value;

/// Fails at the first field whose bytes are no value.
pub(crate) fn check<S: Slot>(slot: &S) -> Result<(), Corrupt> {
    check::check(region(slot), S::SHAPE)
}

/// Shows a slot by its shape: every field, with no bound on its type. Never panics; bytes that are no
/// value are shown as such.
#[doc(hidden)]
pub fn debug<S: Slot>(slot: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fmt::Debug::fmt(&Value::new(region(slot), S::SHAPE), f)
}

fn region<S: Slot>(slot: &S) -> Bytes<'_> {
    // SAFETY: the bytes of a slot are accessed atomically, and live as long as the borrow.
    Bytes::Shared(unsafe { Region::new((&raw const *slot).cast(), size_of::<S>()) })
}
