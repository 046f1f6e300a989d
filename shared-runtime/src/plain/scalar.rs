//! Scalars: the integer of the atomic, little-endian.

use crate::format::Corrupt;
use crate::slot::Scalar;
use crate::sync::{RawAtomic, Word};

/// The image of a scalar.
#[doc(hidden)]
pub type ScalarImage<T> = <<T as Scalar>::Raw as RawAtomic>::Bytes;

/// `Plain` for a scalar; the derive writes the same for an enum. No blanket impl, because errors would
/// then speak of scalars where any plain type would do.
macro_rules! scalar {
    ($ty:ty) => {
        // SAFETY: (1) the image is bytes; (2) where every integer is a value, the type is an integer or float
        // of the same size, in whose memory a little-endian machine has the bytes in the same order.
        unsafe impl $crate::Plain<$crate::slot::mode::Inline> for $ty {
            type Image = $crate::plain::ScalarImage<Self>;
            type Cell = $crate::lock::Packed<$crate::plain::ScalarImage<Self>>;
            const AS_IS: bool = cfg!(target_endian = "little")
                && !<Self as $crate::slot::Scalar>::SHAPE.may_be_invalid();
            const SHAPE: &'static $crate::format::shape::Shape =
                <Self as $crate::slot::Scalar>::SHAPE;

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), $crate::CapacityExceeded> {
                *image = $crate::plain::to_image(self);
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, $crate::Corrupt> {
                $crate::plain::of_image(image)
            }
        }
    };
}
pub(crate) use scalar;

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

#[cold]
fn corrupt<T: Scalar>(bits: <T::Raw as Word>::Bits) -> Corrupt {
    Corrupt::scalar(T::SHAPE, T::Raw::widen(bits))
}
