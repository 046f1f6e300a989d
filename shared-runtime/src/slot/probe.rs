//! Asking the compiler whether a type has a slot.
//!
//! A field whose type has none would be an error at every place where generated code names its slot.
//! So such a field gets the slot of [`Refused`] everywhere, and one assertion beside it is the error.

#![allow(unsafe_code)]

use core::marker::PhantomData;

use super::base::{Slot, Writing};
use super::field::Field;
use super::mode::Refused;
use super::plain::Plain;
use crate::access::Access;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Packed;

/// `<Probe<T, M>>::HAS_SLOT` is the constant of the inherent impl if `T` has a slot in the mode `M`, because an
/// inherent item takes precedence over a trait's. Otherwise it is that of [`NoSlot`].
#[doc(hidden)]
pub struct Probe<T, M>(PhantomData<(T, M)>);

impl<T: Field<M>, M> Probe<T, M> {
    pub const HAS_SLOT: bool = true;
}

/// See [`Probe`].
#[doc(hidden)]
pub trait NoSlot {
    const HAS_SLOT: bool = false;
}

impl<T, M> NoSlot for Probe<T, M> {}

/// Whether the type has a slot in that mode, as a constant expression. Neither may depend on a type parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! __has_slot {
    ($ty:ty, $mode:ty) => {{
        use $crate::__private::{NoSlot as _, Probe};
        <Probe<$ty, $mode>>::HAS_SLOT
    }};
}

/// Generated code calls it to make a type without a slot an error.
#[doc(hidden)]
pub const fn must_have_slot<T: Field<M>, M>() {}

/// The mode `M` for a type that has a slot in it, and [`Refused`] for any other.
#[doc(hidden)]
pub type If<const HAS_SLOT: bool, M> = <Choice<HAS_SLOT, M> as Choose>::Mode;

/// See [`If`].
pub struct Choice<const HAS_SLOT: bool, M>(PhantomData<M>);

pub trait Choose {
    type Mode;
}

impl<M> Choose for Choice<true, M> {
    type Mode = M;
}

impl<M> Choose for Choice<false, M> {
    type Mode = Refused;
}

/// The slot of a field that the derive has refused. The program that has one does not compile.
#[doc(hidden)]
pub struct RefusedSlot<T, A: Access>(PhantomData<fn() -> (T, A)>);

// SAFETY: there are no bytes.
unsafe impl<T: 'static, A: Access> Slot for RefusedSlot<T, A> {
    type Value = T;
    type Access = A;
    const SHAPE: &'static Shape = &Shape::NOTHING;
    fn try_snapshot(&self) -> Result<T, Corrupt> {
        unreachable!("a refused field is a compile error")
    }
    fn put(&self, _: T, _: Writing) {}
}

impl<T: 'static> Field<Refused> for T {
    type Slot<A: Access> = RefusedSlot<T, A>;
}

// SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
unsafe impl<T: 'static> Plain<Refused> for T {
    type Image = [u8; 0];
    type Cell = Packed<[u8; 0]>;
    const SHAPE: &'static Shape = &Shape::NOTHING;

    fn encode(&self, _: &mut [u8; 0]) -> Result<(), CapacityExceeded> {
        Ok(())
    }

    fn decode(_: &[u8; 0]) -> Result<T, Corrupt> {
        unreachable!("a refused field is a compile error")
    }
}
