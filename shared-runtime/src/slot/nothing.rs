//! Types without bytes.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;

use super::base::{Slot, Writing};
use super::field::{Field, SharedState, Single, Zeroed};
use super::mode::Inline;
use super::plain::Plain;
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Packed;

/// The slot of a `PhantomData` or `()` field: no bytes, and no row in the field table.
#[doc(hidden)]
pub struct Nothing<T, A: Access = Write>(PhantomData<fn() -> (T, A)>);

macro_rules! nothing {
    ($([$($param:tt)*] $ty:ty = $value:expr;)*) => {$(
        // SAFETY: there are no bytes.
        unsafe impl<A: Access, $($param)*> Slot for Nothing<$ty, A> {
            type Value = $ty;
            type Access = A;
            const SHAPE: &'static Shape = &Shape::NOTHING;
            fn try_snapshot(&self) -> Result<$ty, Corrupt> {
                Ok($value)
            }
            fn put(&self, _: $ty, _: Writing) {}
        }
        impl<$($param)*> Field<Inline> for $ty {
            type Slot<A: Access> = Nothing<$ty, A>;
        }
        impl<$($param)*> Single for $ty {}
        impl<$($param)*> SharedState for $ty {
            type Slots = Nothing<$ty>;
        }
        impl<$($param)*> Zeroed for $ty {}
        // SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
        unsafe impl<$($param)*> Plain<Inline> for $ty {
            type Image = [u8; 0];
            type Cell = Packed<[u8; 0]>;
            const SHAPE: &'static Shape = &Shape::NOTHING;

            fn encode(&self, _: &mut [u8; 0]) -> Result<(), CapacityExceeded> {
                Ok(())
            }

            fn decode(_: &[u8; 0]) -> Result<Self, Corrupt> {
                Ok($value)
            }
        }
    )*};
}

nothing! {
    [] () = ();
    [T: ?Sized + 'static] PhantomData<T> = PhantomData;
}

impl<T, A: Access> fmt::Debug for Nothing<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("()")
    }
}
