//! Options: a byte that says whether there is a value, then the value. `Option<NonZero*>` is its integer
//! alone, in which 0 means `None`.

#![allow(unsafe_code)]

use super::field::{Field, Optional, SharedState, Single, Zeroed};
use super::mode::{Capacity, Inline, Nested};
use super::padded::padded;
use super::plain::{Plain, image};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};

image! {
    /// An option: 0 or 1, and the value, which means nothing after 0.
    OptionImage [I] [] { tag: [u8; 1], value: I, }
}

// SAFETY: (1) by `Optional`; (2) `AS_IS` is false.
unsafe impl<T: Optional<M>, M: Nested> Plain<M> for Option<T> {
    type Image = T::Image;
    type Cell = T::Cell;
    const SHAPE: &'static Shape = T::SHAPE;

    #[inline]
    fn encode(&self, image: &mut T::Image) -> Result<(), CapacityExceeded> {
        T::encode_option(self, image)
    }

    #[inline]
    fn decode(image: &T::Image) -> Result<Self, Corrupt> {
        T::decode_option(image)
    }

    #[inline]
    fn decode_into(image: &T::Image, out: &mut Self) -> Result<(), Corrupt> {
        T::decode_option_into(image, out)
    }
}

impl<T: Optional<M>, M: Nested> Field<M> for Option<T> {
    type Slot<A: Access> = T::Slot<A>;
}

impl<T: Optional<Inline>> Single for Option<T> {}
padded!([T: Optional<Capacity<N, M>>, M: 'static, const N: usize] Capacity<N, M>, Option<T>);
impl<T: Optional<Inline>> SharedState for Option<T> {
    type Slots = T::Slot<Write>;
}
impl<T> Zeroed for Option<T> {}

/// An option with a byte of its own, for every type but `NonZero*`.
macro_rules! tagged {
    ([$($params:tt)*] $mode:ty, $ty:ty) => {
        // SAFETY: the image is made of images.
        unsafe impl<$($params)*> $crate::slot::field::Optional<$mode> for $ty {
            type Slot<A: $crate::Access> = $crate::slot::locked::Locked<Option<$ty>, A, $mode>;
            type Image = $crate::slot::option::OptionImage<
                <$ty as $crate::slot::plain::Plain<$mode>>::Image,
            >;
            type Cell = <<$ty as $crate::slot::plain::Plain<$mode>>::Cell as
                $crate::slot::plain::Recell>::Of<Self::Image>;
            const SHAPE: &'static $crate::format::shape::Shape =
                &$crate::format::shape::Shape::option(
                    <$ty as $crate::slot::plain::Plain<$mode>>::SHAPE,
                );

            #[inline]
            fn encode_option(
                value: &Option<$ty>,
                image: &mut Self::Image,
            ) -> Result<(), $crate::CapacityExceeded> {
                $crate::slot::option::encode::<$ty, $mode>(value.as_ref(), image)
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<$ty>, $crate::Corrupt> {
                $crate::slot::option::decode::<$ty, $mode>(image)
            }

            #[inline]
            fn decode_option_into(
                image: &Self::Image,
                out: &mut Option<$ty>,
            ) -> Result<(), $crate::Corrupt> {
                $crate::slot::option::decode_into::<$ty, $mode>(image, out)
            }
        }
    };
}
pub(super) use tagged;

tagged!([T: Single] Inline, T);

#[inline]
pub(super) fn encode<T: Plain<M>, M>(
    option: Option<&T>,
    image: &mut OptionImage<T::Image>,
) -> Result<(), CapacityExceeded> {
    image.tag = [option.is_some().into()];
    match option {
        Some(value) => value.encode(&mut image.value),
        None => Ok(()),
    }
}

#[inline]
pub(super) fn decode<T: Plain<M>, M>(image: &OptionImage<T::Image>) -> Result<Option<T>, Corrupt> {
    if value::is_some(image.tag[0])? {
        T::decode(&image.value).map(Some)
    } else {
        Ok(None)
    }
}

#[inline]
pub(super) fn decode_into<T: Plain<M>, M>(
    image: &OptionImage<T::Image>,
    out: &mut Option<T>,
) -> Result<(), Corrupt> {
    match out {
        Some(out) if image.tag == [1] => T::decode_into(&image.value, out),
        _ => {
            *out = decode(image)?;
            Ok(())
        }
    }
}
