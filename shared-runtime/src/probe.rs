//! Asking the compiler whether a type has a slot.
//!
//! A field whose type has none would be an error at every place where generated code names its slot.
//! So such a field gets the slot of [`Refused`] everywhere, and one assertion beside it is the error.

use core::marker::PhantomData;

use crate::access::{Access, Write};
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

/// Does the type have a slot? A constant expression; the type must not depend on a type parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! __has_slot {
    ($ty:ty) => {{
        use $crate::__private::{NoSlot as _, Probe};
        <Probe<$ty>>::HAS_SLOT
    }};
}

/// The mode `M` for a type that has a slot, and [`Refused`] for one that has none.
#[doc(hidden)]
#[derive(Debug)]
pub struct If<const HAS_SLOT: bool, M>(PhantomData<M>);

impl<T: Field<M>, M> Field<If<true, M>> for T {
    type Slot<A: Access> = T::Slot<A>;

    fn put(self, slot: &Self::Slot<Write>) {
        <T as Field<M>>::put(self, slot);
    }
}

impl<T: 'static, M> Field<If<false, M>> for T {
    type Slot<A: Access> = <T as Field<Refused>>::Slot<A>;

    fn put(self, _: &Self::Slot<Write>) {}
}
