//! The primitive types: numbers, `bool` and `char`; and `NonZero*`, whose `Option` is the integer alone, in which 0
//! means `None`.

#![allow(unsafe_code)] // of the macros
#![allow(clippy::useless_conversion)] // of integers into the integers as which they are stored

use core::num::NonZero;
use core::ops::{Add, Sub};

use super::atomic::{Atomic, atomic_field};
use super::field::{Optional, Single, Zeroed};
use super::locked::locked;
use super::mode::{Inline, Lock};
use super::padded::padded;
use super::plain::Plain;
use super::scalar::{BitOps, Bits, Number, Scalar, of_image, scalar, to_image};
use crate::access::{Access, Write};
use crate::format::shape::{Kind, Shape, Zero};
use crate::format::{CapacityExceeded, Corrupt};
use crate::sync::Ordering::SeqCst;
use crate::sync::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32,
    AtomicU64, AtomicUsize, RawAtomic,
};

/// Operations that the `std` atomic has itself on the integer as which the type is stored. Sequentially consistent, as all
/// read-modify-writes here: see `RawAtomic`.
macro_rules! by_instruction {
    ($trait:ident for $ty:ident: $raw:ident $bits:ident, $($name:ident $fetch:ident),*) => {
        impl $trait for $ty {
            $(#[inline]
            fn $name(raw: &$raw, v: $ty) -> $bits {
                raw.$fetch(v.into(), SeqCst)
            })*
        }
    };
}

macro_rules! integers {
    ($($int:ident $raw:ident $kind:ident;)*) => {$(
        scalar!($int, $raw, Shape::scalar(Kind::$kind, Zero::Number), |value| value, |bits| Some(bits));
        by_instruction!(Number for $int: $raw $int, add fetch_add, sub fetch_sub, max fetch_max, min fetch_min);
        by_instruction!(BitOps for $int: $raw $int, and fetch_and, or fetch_or, xor fetch_xor);
        impl Zeroed for $int {}

        scalar!(
            NonZero<$int>, $raw, Shape::scalar(Kind::$kind, Zero::Invalid),
            |value| value.get(), |bits| NonZero::new(bits)
        );
        scalar!(
            Option<NonZero<$int>>, $raw, Shape::scalar(Kind::$kind, Zero::Absent),
            |value| value.map_or(0, NonZero::get), |bits| Some(NonZero::new(bits))
        );

        // SAFETY: the image is that of the type itself.
        unsafe impl Optional<Inline> for NonZero<$int> {
            type Slot<A: Access> = Atomic<Option<NonZero<$int>>, A>;
            type Image = <Self as Plain>::Image;
            type Cell = <Self as Plain>::Cell;
            const SHAPE: &'static Shape = <Option<NonZero<$int>> as Scalar>::SHAPE;

            #[inline]
            fn encode_option(
                option: &Option<NonZero<$int>>,
                image: &mut Self::Image,
            ) -> Result<(), CapacityExceeded> {
                *image = to_image(option);
                Ok(())
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<NonZero<$int>>, Corrupt> {
                of_image(image)
            }
        }

        padded!([] Inline, NonZero<$int>);
        padded!([] Lock<Inline>, NonZero<$int>);
        locked!([] Lock<Inline>, Inline, NonZero<$int>);

        atomic_field!($int, NonZero<$int>);
        impl Single for $int {}
    )*};
}

integers! {
    u8 AtomicU8 U8;
    u16 AtomicU16 U16;
    u32 AtomicU32 U32;
    u64 AtomicU64 U64;
    usize AtomicUsize U64;
    i8 AtomicI8 I8;
    i16 AtomicI16 I16;
    i32 AtomicI32 I32;
    i64 AtomicI64 I64;
    isize AtomicIsize I64;
}

/// Operations of floats, for which there is no instruction.
macro_rules! by_exchange {
    ($float:ident $raw:ident, $($name:ident)*) => {
        impl Number for $float {
            $(#[inline]
            fn $name(raw: &$raw, v: $float) -> Bits<Self> {
                exchange(raw, |bits| $float::from_bits(bits).$name(v).to_bits())
            })*
        }
    };
}

macro_rules! floats {
    ($($float:ident $raw:ident $kind:ident;)*) => {$(
        scalar!(
            $float, $raw, Shape::scalar(Kind::$kind, Zero::Number),
            |value| $float::to_bits(value), |bits| Some($float::from_bits(bits))
        );
        by_exchange!($float $raw, add sub max min);
        impl Zeroed for $float {}
        atomic_field!($float);
        impl Single for $float {}
    )*};
}

floats! {
    f32 AtomicU32 F32;
    f64 AtomicU64 F64;
}

/// Compares and exchanges until no other write came in between.
#[inline]
fn exchange<R: RawAtomic>(raw: &R, mut f: impl FnMut(R::Bits) -> R::Bits) -> R::Bits {
    let mut old = raw.load_as::<Write>();
    loop {
        match raw.exchange_weak(old, f(old)) {
            Ok(previous) => return previous,
            Err(now) => old = now,
        }
    }
}

// Stored as a byte that is checked: in an `AtomicBool`, a byte 2 of another process would be undefined behaviour. (A
// `match` on 0 and 1 compiles to more than the compare and the branch that it takes.)
scalar!(
    bool,
    AtomicU8,
    Shape::scalar(Kind::Bool, Zero::Number),
    |value| u8::from(value),
    |bits| if bits <= 1 { Some(bits != 0) } else { None }
);
by_instruction!(BitOps for bool: AtomicU8 u8, and fetch_and, or fetch_or, xor fetch_xor);
scalar!(
    char,
    AtomicU32,
    Shape::scalar(Kind::Char, Zero::Number),
    |value| u32::from(value),
    |bits| char::from_u32(bits)
);

atomic_field!(bool, char);
impl Single for bool {}
impl Single for char {}
impl Zeroed for bool {}
impl Zeroed for char {}
