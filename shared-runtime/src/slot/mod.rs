//! The live fields: what lies in a segment, and how it is read and written.
//!
//! A slot knows nothing of segments, headers or handles.

#![allow(unsafe_code)]

mod array;
mod atomic;
mod debug;
pub(crate) mod field;
pub(crate) mod list;
mod locked;
pub mod mode;
mod nothing;
mod padded;
pub(crate) mod probe;
mod scalar;
mod text;
pub(crate) mod transaction;
mod watched;

pub use atomic::Atomic;
pub(crate) use debug::check;
#[doc(hidden)]
pub use debug::debug;
pub use list::List;
pub use locked::Locked;
pub use nothing::{Nothing, RefusedSlot};
pub use padded::Padded;
pub use scalar::{BitOps, Number, Scalar};
pub use text::Text;
pub use watched::Watched;

use crate::access::Access;
use crate::format::Corrupt;
use crate::format::shape::Shape;

/// The live form of one value: a leaf such as [`Atomic`], an array of slots, or the slots struct of
/// a derived state.
///
/// Import it (it is in the prelude) to call [`snapshot`](Slot::snapshot) on an array of slots or in
/// generic code; the other slots have inherent methods of the same names.
///
/// # Safety
///
/// 1. Any bytes are a valid value of the slot type, and reading them is checked.
/// 2. Every access to its bytes through `&self` is atomic; nothing in it is a pointer, and nothing in
///    it needs to be dropped.
/// 3. [`SHAPE`](Slot::SHAPE) describes where its bytes lie, and `SHAPE.size() <= size_of::<Self>()`.
/// 4. Safe code writes through `&self` only if [`Access`](Slot::Access) is [`Write`](crate::access::Write).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a slot",
    note = "slots are made by `#[derive(SharedState)]`"
)]
pub unsafe trait Slot: Sized + Send + Sync + 'static {
    /// The plain value that the slot holds.
    type Value: 'static;

    /// What may be done with the slot. A slot in a mapping that cannot be written has [`Read`](crate::access::Read).
    type Access: Access;

    /// What the slot looks like in the field table.
    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// Reads the value, each leaf whole, one after the other.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if a leaf holds bytes that are no value of its type; it names the field.
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

    /// Reads the value, each leaf whole, one after the other.
    ///
    /// # Panics
    ///
    /// If a leaf holds bytes that are no value of its type.
    fn snapshot(&self) -> Self::Value {
        match self.try_snapshot() {
            Ok(value) => value,
            Err(corrupt) => corrupt.raise(),
        }
    }
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
