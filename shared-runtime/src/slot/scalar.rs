//! The values of an [`Atomic`](super::Atomic): how each is stored as an integer.

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

    /// `None` if the bits are not a value of the type.
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

/// `Scalar` for a `Copy` type, by how a value becomes an integer and an integer, perhaps, a value.
macro_rules! scalar {
    ($ty:ty, $raw:ident, $shape:expr, |$value:ident| $to_bits:expr, |$bits:ident| $from_bits:expr) => {
        impl Scalar for $ty {
            type Raw = $raw;
            const SHAPE: &'static Shape = &$shape;

            #[inline]
            fn to_bits(&self) -> Bits<Self> {
                let $value = *self;
                $to_bits
            }

            #[inline]
            fn from_bits($bits: Bits<Self>) -> Option<Self> {
                $from_bits
            }
        }
    };
}
pub(super) use scalar;

/// The value at rest.
#[doc(hidden)]
#[inline]
pub fn to_image<T: Scalar>(value: &T) -> ScalarImage<T> {
    T::Raw::to_bytes(value.to_bits())
}

/// The value that is at rest there.
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
