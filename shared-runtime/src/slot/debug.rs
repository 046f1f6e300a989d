//! Any slot by its shape: what `{:?}` shows of it, and whether its bytes are a value.

#![allow(unsafe_code)]

use core::fmt;

use super::base::Slot;
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::region::Region;
use crate::walk::{self, Bytes, Part, ShownPart};

/// Fails at the first field whose bytes are not a value.
pub(crate) fn check<S: Slot>(slot: &S) -> Result<(), Corrupt> {
    walk::check(part(slot))
}

/// Shows every field of a slot, with no bound on its type. Never panics; bytes that are not a value are shown as such.
#[doc(hidden)]
pub fn debug<S: Slot>(slot: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fmt::Debug::fmt(&ShownPart(part(slot)), f)
}

fn part<S: Slot>(slot: &S) -> Part<'_, &'static Shape> {
    // SAFETY: the bytes of a slot are accessed atomically, and live as long as the borrow.
    let region = unsafe { Region::new((&raw const *slot).cast(), size_of::<S>()) };
    Part::new(Bytes::Shared(region), S::SHAPE)
}
