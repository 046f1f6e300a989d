//! The values of an [`Atomic`](super::Atomic): how each is stored as an integer.

#![allow(unsafe_code)] // of `scalar` and `niche`

use core::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroUsize,
};

use super::Atomic;
use crate::access::{Access, Write};
use crate::format::shape::{Kind, Shape, Zero};
use crate::plain::{niche, scalar};
use crate::slot::field::{Field, SharedState, Single, Zeroed, locked, padded};
use crate::slot::mode::{Inline, Lock};
use crate::sync::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32,
    AtomicU64, AtomicUsize, Ordering, RawAtomic, Word,
};

/// A value that fits a lock-free atomic. Implemented for the primitive types, `NonZero*`,
/// `Option<NonZero*>`, and fieldless enums with the derive.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit an atomic",
    label = "this is no number, `bool`, `char`, `NonZero*` or fieldless enum with the derive",
    note = "`#[shared(watch)]` is for what fits an atomic; of a struct, put it on the fields that are to be waited for; all else has `wait_until` under `#[shared(lock)]`",
    note = "if `{Self}` is a type parameter, bound it with `shmstate::slot::Scalar`"
)]
pub trait Scalar: Sized + 'static {
    /// The `std` atomic in which it is stored.
    type Raw: RawAtomic;

    #[doc(hidden)]
    const SHAPE: &'static Shape;

    #[doc(hidden)]
    fn to_bits(&self) -> <Self::Raw as Word>::Bits;

    #[doc(hidden)]
    #[inline]
    fn into_bits(self) -> <Self::Raw as Word>::Bits {
        self.to_bits()
    }

    /// `None` if the bits are no value of the type.
    #[doc(hidden)]
    fn from_bits(bits: <Self::Raw as Word>::Bits) -> Option<Self>;
}

/// Numbers: what [`Atomic::fetch_add`] and its kin work on. Integers wrap around.
pub trait Number: Scalar {
    #[doc(hidden)]
    fn add(raw: &Self::Raw, v: Self) -> <Self::Raw as Word>::Bits;
    #[doc(hidden)]
    fn sub(raw: &Self::Raw, v: Self) -> <Self::Raw as Word>::Bits;
    #[doc(hidden)]
    fn max(raw: &Self::Raw, v: Self) -> <Self::Raw as Word>::Bits;
    #[doc(hidden)]
    fn min(raw: &Self::Raw, v: Self) -> <Self::Raw as Word>::Bits;
}

/// Integers and `bool`: what [`Atomic::fetch_and`] and its kin work on.
pub trait BitOps: Scalar {}

/// The trivial impls of a scalar type: its slot is an `Atomic`.
macro_rules! atomic_field {
    ($($ty:ty),*) => {$(
        impl Field<Inline> for $ty {
            type Slot<A: Access> = Atomic<$ty, A>;
            fn put(self, slot: &Atomic<$ty, Write>) {
                slot.set(self);
            }
        }
        scalar!($ty);
        impl SharedState for $ty {
            type Slots = Atomic<$ty>;
        }
    )*};
}

macro_rules! single {
    ($($ty:ty),*) => {$(
        impl Single for $ty {}
    )*};
}

macro_rules! integers {
    ($($int:ident $raw:ident $kind:ident $nonzero:ident;)*) => {$(
        impl Scalar for $int {
            type Raw = $raw;
            const SHAPE: &'static Shape = &Shape::scalar(Kind::$kind, Zero::Number);
            #[inline]
            fn to_bits(&self) -> $int {
                *self
            }
            #[inline]
            fn from_bits(bits: $int) -> Option<$int> {
                Some(bits)
            }
        }
        impl Number for $int {
            #[inline]
            fn add(raw: &$raw, v: $int) -> $int {
                raw.fetch_add(v, Ordering::SeqCst)
            }
            #[inline]
            fn sub(raw: &$raw, v: $int) -> $int {
                raw.fetch_sub(v, Ordering::SeqCst)
            }
            #[inline]
            fn max(raw: &$raw, v: $int) -> $int {
                raw.fetch_max(v, Ordering::SeqCst)
            }
            #[inline]
            fn min(raw: &$raw, v: $int) -> $int {
                raw.fetch_min(v, Ordering::SeqCst)
            }
        }
        impl BitOps for $int {}
        impl Zeroed for $int {}

        impl Scalar for $nonzero {
            type Raw = $raw;
            const SHAPE: &'static Shape = &Shape::scalar(Kind::$kind, Zero::Invalid);
            #[inline]
            fn to_bits(&self) -> $int {
                self.get()
            }
            #[inline]
            fn from_bits(bits: $int) -> Option<$nonzero> {
                $nonzero::new(bits)
            }
        }

        impl Scalar for Option<$nonzero> {
            type Raw = $raw;
            const SHAPE: &'static Shape = &Shape::scalar(Kind::$kind, Zero::Absent);
            #[inline]
            fn to_bits(&self) -> $int {
                self.map_or(0, $nonzero::get)
            }
            #[inline]
            fn from_bits(bits: $int) -> Option<Option<$nonzero>> {
                Some($nonzero::new(bits))
            }
        }
        niche!($nonzero);
        padded!([] Inline, $nonzero);
        padded!([] Lock<Inline>, $nonzero);
        locked!([] Lock<Inline>, Inline, $nonzero);

        atomic_field!($int, $nonzero);
        single!($int);
    )*};
}

integers! {
    u8 AtomicU8 U8 NonZeroU8;
    u16 AtomicU16 U16 NonZeroU16;
    u32 AtomicU32 U32 NonZeroU32;
    u64 AtomicU64 U64 NonZeroU64;
    usize AtomicUsize U64 NonZeroUsize;
    i8 AtomicI8 I8 NonZeroI8;
    i16 AtomicI16 I16 NonZeroI16;
    i32 AtomicI32 I32 NonZeroI32;
    i64 AtomicI64 I64 NonZeroI64;
    isize AtomicIsize I64 NonZeroIsize;
}

macro_rules! floats {
    ($($float:ident $raw:ident $kind:ident;)*) => {$(
        impl Scalar for $float {
            type Raw = $raw;
            const SHAPE: &'static Shape = &Shape::scalar(Kind::$kind, Zero::Number);
            #[inline]
            fn to_bits(&self) -> <$raw as Word>::Bits {
                $float::to_bits(*self)
            }
            #[inline]
            fn from_bits(bits: <$raw as Word>::Bits) -> Option<$float> {
                Some($float::from_bits(bits))
            }
        }
        impl Number for $float {
            #[inline]
            fn add(raw: &$raw, v: $float) -> <$raw as Word>::Bits {
                modify(raw, |bits| ($float::from_bits(bits) + v).to_bits())
            }
            #[inline]
            fn sub(raw: &$raw, v: $float) -> <$raw as Word>::Bits {
                modify(raw, |bits| ($float::from_bits(bits) - v).to_bits())
            }
            #[inline]
            fn max(raw: &$raw, v: $float) -> <$raw as Word>::Bits {
                modify(raw, |bits| $float::from_bits(bits).max(v).to_bits())
            }
            #[inline]
            fn min(raw: &$raw, v: $float) -> <$raw as Word>::Bits {
                modify(raw, |bits| $float::from_bits(bits).min(v).to_bits())
            }
        }
        impl Zeroed for $float {}
        atomic_field!($float);
        single!($float);
    )*};
}

floats! {
    f32 AtomicU32 F32;
    f64 AtomicU64 F64;
}

/// There is no instruction for floats: compare and exchange until nobody came in between.
#[inline]
fn modify<R: RawAtomic>(raw: &R, mut f: impl FnMut(R::Bits) -> R::Bits) -> R::Bits {
    let mut old = raw.load_as::<Write>();
    loop {
        match raw.exchange_weak(old, f(old)) {
            Ok(previous) => return previous,
            Err(now) => old = now,
        }
    }
}

// Stored as a byte and decided by hand: a foreign byte 2 in an `AtomicBool` would be undefined
// behaviour.
impl Scalar for bool {
    type Raw = AtomicU8;
    const SHAPE: &'static Shape = &Shape::scalar(Kind::Bool, Zero::Number);
    #[inline]
    fn to_bits(&self) -> u8 {
        u8::from(*self)
    }
    #[inline]
    fn from_bits(bits: u8) -> Option<bool> {
        // A `match` on 0 and 1 compiles to more than the compare and the branch that it takes.
        if bits <= 1 { Some(bits != 0) } else { None }
    }
}
impl BitOps for bool {}
impl Zeroed for bool {}

impl Scalar for char {
    type Raw = AtomicU32;
    const SHAPE: &'static Shape = &Shape::scalar(Kind::Char, Zero::Number);
    #[inline]
    fn to_bits(&self) -> u32 {
        u32::from(*self)
    }
    #[inline]
    fn from_bits(bits: u32) -> Option<char> {
        char::from_u32(bits)
    }
}
impl Zeroed for char {}

atomic_field!(bool, char);
single!(bool, char);
