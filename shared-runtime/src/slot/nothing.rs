//! Slots without bytes.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;

use super::Slot;
use crate::access::{Access, Write};
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::slot::field::{Field, SharedState, Single, Zeroed};
use crate::slot::mode::{Inline, Refused};

/// The slot of a `PhantomData` or `()` field: no bytes, and no row in the field table.
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
        }
        impl<$($param)*> Field<Inline> for $ty {
            type Slot<A: Access> = Nothing<$ty, A>;
            fn put(self, _: &Nothing<$ty>) {}
        }
        impl<$($param)*> Single for $ty {}
        impl<$($param)*> SharedState for $ty {
            type Slots = Nothing<$ty>;
        }
        impl<$($param)*> Zeroed for $ty {}
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

/// The slot of a field that the derive has refused. The program that has one does not compile.
#[doc(hidden)]
#[derive(Debug)]
pub struct RefusedSlot<T, A: Access>(PhantomData<fn() -> (T, A)>);

// SAFETY: there are no bytes.
unsafe impl<T: 'static, A: Access> Slot for RefusedSlot<T, A> {
    type Value = T;
    type Access = A;
    const SHAPE: &'static Shape = &Shape::NOTHING;
    fn try_snapshot(&self) -> Result<T, Corrupt> {
        unreachable!("a refused field is a compile error")
    }
}

impl<T: 'static> Field<Refused> for T {
    type Slot<A: Access> = RefusedSlot<T, A>;
    fn put(self, _: &RefusedSlot<T, Write>) {}
}
