//! The values of an [`Atomic`](super::Atomic): how each is stored as an integer.

#![allow(unsafe_code)] // of `scalar`

use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::sync::{RawAtomic, Word};

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
    fn to_bits(&self) -> Bits<Self>;

    #[doc(hidden)]
    #[inline]
    fn into_bits(self) -> Bits<Self> {
        self.to_bits()
    }

    /// `None` if the bits are no value of the type.
    #[doc(hidden)]
    fn from_bits(bits: Bits<Self>) -> Option<Self>;
}

/// The integer as which a scalar is stored.
pub(super) type Bits<T> = <<T as Scalar>::Raw as Word>::Bits;

/// Numbers: what [`Atomic::fetch_add`](super::Atomic::fetch_add) and its kin work on. Integers wrap around.
#[doc(hidden)]
pub trait Number: Scalar {
    fn add(raw: &Self::Raw, v: Self) -> Bits<Self>;
    fn sub(raw: &Self::Raw, v: Self) -> Bits<Self>;
    fn max(raw: &Self::Raw, v: Self) -> Bits<Self>;
    fn min(raw: &Self::Raw, v: Self) -> Bits<Self>;
}

/// Integers and `bool`: what [`Atomic::fetch_and`](super::Atomic::fetch_and) and its kin work on.
#[doc(hidden)]
pub trait BitOps: Scalar {
    fn and(raw: &Self::Raw, v: Self) -> Bits<Self>;
    fn or(raw: &Self::Raw, v: Self) -> Bits<Self>;
    fn xor(raw: &Self::Raw, v: Self) -> Bits<Self>;
}

/// The image of a scalar.
#[doc(hidden)]
pub type ScalarImage<T> = <<T as Scalar>::Raw as RawAtomic>::Bytes;

/// `Plain` for a scalar; the derive writes the same for an enum. No blanket impl, because errors would
/// then speak of scalars where any plain type would do.
macro_rules! scalar {
    ($ty:ty) => {
        // SAFETY: (1) the image is bytes; (2) where every integer is a value, the type is an integer or float
        // of the same size, in whose memory a little-endian machine has the bytes in the same order.
        unsafe impl $crate::slot::plain::Plain<$crate::slot::mode::Inline> for $ty {
            type Image = $crate::slot::scalar::ScalarImage<Self>;
            type Cell = $crate::lock::Packed<$crate::slot::scalar::ScalarImage<Self>>;
            const AS_IS: bool = cfg!(target_endian = "little")
                && !<Self as $crate::slot::scalar::Scalar>::SHAPE.may_be_invalid();
            const SHAPE: &'static $crate::format::shape::Shape =
                <Self as $crate::slot::scalar::Scalar>::SHAPE;

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), $crate::CapacityExceeded> {
                *image = $crate::slot::scalar::to_image(self);
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, $crate::Corrupt> {
                $crate::slot::scalar::of_image(image)
            }
        }
    };
}
pub(super) use scalar;

#[doc(hidden)]
#[inline]
pub fn to_image<T: Scalar>(value: &T) -> ScalarImage<T> {
    T::Raw::to_bytes(value.to_bits())
}

#[doc(hidden)]
#[inline]
pub fn of_image<T: Scalar>(image: &ScalarImage<T>) -> Result<T, Corrupt> {
    let bits = T::Raw::of_bytes(*image);
    T::from_bits(bits).ok_or_else(|| corrupt::<T>(bits))
}

/// The error that these bits are not a value.
#[cold]
pub(super) fn corrupt<T: Scalar>(bits: Bits<T>) -> Corrupt {
    Corrupt::scalar(T::SHAPE, T::Raw::widen(bits))
}
