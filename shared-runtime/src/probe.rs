//! Asking the compiler whether a type has a slot, without an error if it has none.
//!
//! The derive knows some types by their names (`Instant`, `Cell`) and has a better message for them
//! than the traits; but a name may as well be a user's own type, which has a slot. So it asks.

use core::marker::PhantomData;

use crate::field::Field;
use crate::mode::{Inline, Refused};

/// `<Probe<T>>::HAS_SLOT` is the constant of this impl if `T` has a slot, since an inherent item goes
/// before a trait's; and else that of [`NoSlot`].
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T: Field<Inline>> Probe<T> {
    pub const HAS_SLOT: bool = true;
}

/// See [`Probe`].
#[doc(hidden)]
pub trait NoSlot {
    const HAS_SLOT: bool = false;
}

impl<T> NoSlot for Probe<T> {}

/// The mode `M`, or [`Refused`] for a type without a slot.
#[doc(hidden)]
#[derive(Debug)]
pub struct Pick<const HAS_SLOT: bool, M>(PhantomData<M>);

/// See [`Pick`].
#[doc(hidden)]
pub trait Choice {
    type Mode;
}

impl<M> Choice for Pick<true, M> {
    type Mode = M;
}

impl<M> Choice for Pick<false, M> {
    type Mode = Refused;
}
