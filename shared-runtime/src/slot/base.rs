//! What every slot is and can do.

#![allow(unsafe_code)]

use core::fmt;

use super::fail::ErrorSite;
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::region::Region;
use crate::sys::owner;
use crate::walk::{self, Bytes, Part, ShownPart};

/// The live form of one value: a leaf such as [`Atomic`](super::Atomic), an array of slots, or the slots struct of
/// a derived state.
///
/// Import it (it is in the prelude) to call [`snapshot`](Slot::snapshot) on an array of slots or in generic code, where
/// the other slots have inherent methods of the same names; and [`restore`](Slot::restore) on any slot.
///
/// # Safety
///
/// 1. Any bytes are a valid value of the slot type, and reading them is checked.
/// 2. Every access to its bytes through `&self` is atomic; nothing in it is a pointer, and nothing in
///    it needs to be dropped.
/// 3. [`SHAPE`](Slot::SHAPE) describes where its bytes lie, and `SHAPE.size() <= size_of::<Self>()`.
/// 4. Safe code writes through `&self` only if [`Access`](Slot::Access) is [`Write`](crate::access::Write):
///    an implementation of `put` passes its [`Writing`] to the slots within this one only.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a slot",
    note = "slots are made by `#[derive(SharedState)]`"
)]
pub unsafe trait Slot: Sized + Send + Sync + 'static {
    /// The plain value that the slot holds.
    type Value: 'static;

    /// Whether the slot can be written. A slot in a mapping that cannot be written has [`Read`](crate::access::Read).
    type Access: Access;

    /// What the slot looks like in the field table.
    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// Reads the value, each leaf whole, one after the other.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if a leaf holds bytes that are not a value of its type; it names the field.
    fn try_snapshot(&self) -> Result<Self::Value, Corrupt>;

    /// Reads the value into `out`, field by field, without a copy of the whole on the stack.
    ///
    /// # Errors
    ///
    /// As [`try_snapshot`](Slot::try_snapshot); the fields read before are then replaced in `out`.
    fn try_snapshot_into(&self, out: &mut Self::Value) -> Result<(), Corrupt> {
        *out = self.try_snapshot()?;
        Ok(())
    }

    /// Fails if a text or list in the value does not fit its capacity. The default is for slots without any.
    #[doc(hidden)]
    fn fits(_: &Self::Value) -> Result<(), CapacityExceeded> {
        Ok(())
    }

    /// Stores the value, each leaf whole, one after the other. It must fit.
    #[doc(hidden)]
    fn put(&self, value: Self::Value, writing: Writing);

    /// Reads the value, each leaf whole, one after the other.
    ///
    /// # Panics
    ///
    /// If a leaf holds bytes that are not a value of its type.
    #[track_caller]
    fn snapshot(&self) -> Self::Value {
        read_or_panic(self, self.try_snapshot())
    }

    /// Writes the value: each leaf whole, one after the other (not all at one instant), an array or struct field by
    /// field.
    ///
    /// ```
    /// use shmstate::prelude::*;
    ///
    /// #[derive(SharedState, Default)]
    /// struct Job {
    ///     limits: [u32; 3],
    ///     #[shared(capacity = 8)]
    ///     names: [String; 2],
    /// }
    ///
    /// let job = Shared::new(Job::default())?;
    /// job.limits.restore([1, 2, 3])?;
    /// assert_eq!(job.limits.snapshot(), [1, 2, 3]);
    ///
    /// let names = ["short".to_owned(), "far too long".to_owned()];
    /// let error = job.names.restore(names).unwrap_err();
    /// assert_eq!(error.field, "names[1]"); // and nothing has been written
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CapacityExceeded`] if a text or list in it does not fit; nothing was written then.
    ///
    /// # Panics
    ///
    /// As [`Locked::set`](crate::Locked::set), if there are lock-guarded slots; nothing was written then.
    #[track_caller]
    fn restore(&self, value: Self::Value) -> Result<(), CapacityExceeded>
    where
        Self: Slot<Access = Write>,
    {
        if let Err(exceeded) = Self::fits(&value) {
            return Err(error_site(self).named(exceeded));
        }
        // Before the first store: afterwards a part of the value would have been written.
        let identified = if Self::SHAPE.has_lock() {
            owner::check()
        } else {
            Ok(())
        };
        if let Err(error) = identified {
            error_site(self)
                .panic_with(&format_args!("could not tell who this thread is: {error}"));
        }
        self.put(value, Writing(()));
        Ok(())
    }
}

/// The right to write to a slot whatever its [`Access`](Slot::Access). Only [`Slot::restore`] and the creation of a
/// segment give it out, because they know that the slot is writable.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Writing(());

/// The slot as its errors need it.
#[inline]
pub(super) fn error_site<S: Slot>(slot: &S) -> ErrorSite {
    ErrorSite {
        address: (&raw const *slot).addr(),
        shape: S::SHAPE,
    }
}

/// The result of a read; panics in place of an error.
#[inline]
#[track_caller]
pub(crate) fn read_or_panic<R>(slot: &impl Slot, read: Result<R, Corrupt>) -> R {
    match read {
        Ok(read) => read,
        Err(corrupt) => error_site(slot).panic_corrupt(corrupt),
    }
}

/// The value if it satisfies `pred`, or an error if the bytes are not a value.
#[inline]
pub(crate) fn satisfies<S: Slot>(
    slot: &S,
    pred: impl FnOnce(&S::Value) -> bool,
) -> Option<Result<S::Value, Corrupt>> {
    match slot.try_snapshot() {
        Ok(value) => pred(&value).then_some(Ok(value)),
        // It changes too fast to be read: try again.
        Err(corrupt) if corrupt.is_unsettled() => None,
        Err(corrupt) => Some(Err(corrupt)),
    }
}

/// Stores a value in a slot, if it fits. The error has the path from the slot on.
pub(crate) fn fill<S: Slot<Access = Write>>(
    slot: &S,
    value: S::Value,
) -> Result<(), CapacityExceeded> {
    S::fits(&value)?;
    slot.put(value, Writing(()));
    Ok(())
}

/// Reads one field; an error names it.
#[doc(hidden)]
pub fn read<S: Slot>(name: &str, slot: &S) -> Result<S::Value, Corrupt> {
    slot.try_snapshot()
        .map_err(|corrupt| corrupt.in_field(name))
}

/// Reads one field in place; an error names it.
#[doc(hidden)]
pub fn read_into<S: Slot>(name: &str, slot: &S, out: &mut S::Value) -> Result<(), Corrupt> {
    slot.try_snapshot_into(out)
        .map_err(|corrupt| corrupt.in_field(name))
}

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
