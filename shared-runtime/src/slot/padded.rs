//! A slot on a cache line of its own.

#![allow(unsafe_code)]

use core::fmt;
use core::ops::Deref;

use super::base::{Slot, Writing};
use super::field::{Optional, Single};
use super::mode::{Capacity, Inline, Lock, Pod, Watch};
use super::plain::Plain;
use super::scalar::Scalar;
use crate::format::shape::{SLOTS_ALIGN, Shape};
use crate::format::{CapacityExceeded, Corrupt};

/// The slot of a `#[shared(cache_padded)]` field or array element; dereferences to the slot in it.
///
/// It starts at a multiple of 64 bytes and nothing else shares its cache lines, so that processes
/// that write to neighbouring elements do not slow each other.
#[repr(C, align(64))]
pub struct Padded<S>(S);

const _: () = assert!(align_of::<Padded<u8>>() == SLOTS_ALIGN);

impl<S> Deref for Padded<S> {
    type Target = S;

    #[inline]
    fn deref(&self) -> &S {
        &self.0
    }
}

/// `Slot` and `Debug` of a struct of one slot.
macro_rules! within {
    ([$($params:tt)*] $outer:ty, $slot:ty) => {
        // SAFETY: (1), (2) the only field is a slot, and padding is never read; (3) it lies at the start; (4) that slot
        // is the only one that is written to.
        unsafe impl<$($params)*> Slot for $outer {
            type Value = <$slot as Slot>::Value;
            type Access = <$slot as Slot>::Access;
            const SHAPE: &'static Shape = <$slot as Slot>::SHAPE;

            fn try_snapshot(&self) -> Result<Self::Value, Corrupt> {
                self.0.try_snapshot()
            }

            fn try_snapshot_into(&self, out: &mut Self::Value) -> Result<(), Corrupt> {
                self.0.try_snapshot_into(out)
            }

            fn fits(value: &Self::Value) -> Result<(), CapacityExceeded> {
                <$slot as Slot>::fits(value)
            }

            #[track_caller]
            fn put(&self, value: Self::Value, writing: Writing) {
                self.0.put(value, writing);
            }
        }

        impl<$($params)*> fmt::Debug for $outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $crate::slot::debug(self, f)
            }
        }
    };
}

within!([S: Slot] Padded<S>, S);

/// The slot of a type on cache lines of its own.
macro_rules! padded {
    ([$($params:tt)*] $mode:ty, $ty:ty) => {
        impl<$($params)*> $crate::slot::field::Field<$crate::slot::mode::CachePadded<$mode>> for $ty {
            type Slot<A: $crate::Access> =
                $crate::slot::padded::Padded<<$ty as $crate::slot::field::Field<$mode>>::Slot<A>>;
        }
    };
}
pub(super) use {padded, within};

padded!([T: Single] Inline, T);
padded!([T: Single] Lock<Inline>, T);
padded!([T: Scalar] Watch, T);
padded!([T: bytemuck::Pod] Pod, T);
padded!([const N: usize] Capacity<N>, String);
padded!([T: Plain<M>, M: 'static, const N: usize] Capacity<N, M>, Vec<T>);
padded!([T: Optional<Capacity<N, M>>, M: 'static, const N: usize] Capacity<N, M>, Option<T>);
