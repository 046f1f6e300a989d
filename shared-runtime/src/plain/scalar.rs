//! Scalars: the integer of the atomic, little-endian.

use super::Plain;
use crate::error::{CapacityExceeded, Corrupt};
use crate::mode::Inline;
use crate::shape::Shape;
use crate::slot::raw::Packed;
use crate::slot::{Primitive, Scalar};
use crate::sync::RawAtomic;

/// The image of a scalar.
pub(crate) type Bytes<T> = <<T as Scalar>::Raw as RawAtomic>::Bytes;

impl<T: Primitive> Plain<Inline> for T {
    type Image = Bytes<T>;
    type Cell = Packed<Bytes<T>>;
    const SHAPE: &'static Shape = T::SHAPE;

    #[inline]
    fn encode(&self, image: &mut Bytes<T>) -> Result<(), CapacityExceeded> {
        *image = to_image(self);
        Ok(())
    }

    #[inline]
    fn decode(image: &Bytes<T>) -> Result<T, Corrupt> {
        of_image(image)
    }
}

#[inline]
pub(crate) fn to_image<T: Scalar>(value: &T) -> Bytes<T> {
    T::Raw::to_bytes(value.to_bits())
}

#[inline]
pub(crate) fn of_image<T: Scalar>(image: &Bytes<T>) -> Result<T, Corrupt> {
    let bits = T::Raw::of_bytes(*image);
    T::from_bits(bits).ok_or_else(|| corrupt::<T>(bits))
}

#[cold]
fn corrupt<T: Scalar>(bits: <T::Raw as RawAtomic>::Bits) -> Corrupt {
    Corrupt::scalar(T::SHAPE, T::Raw::widen(bits))
}
