//! Options: a byte that says whether there is a value, then the value. `Option<NonZero*>` is its integer
//! alone, in which 0 means `None`.

#![allow(unsafe_code)]

use super::field::{Field, Optional, SharedState, Single, Zeroed};
use super::mode::{Capacity, Inline, Nested};
use super::padded::padded;
use super::plain::{Plain, image};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};

image! {
    /// An option: 0 or 1, then the value, whose bytes mean nothing after 0.
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
                $crate::slot::plain::CellOf>::Cell<Self::Image>;
            const SHAPE: &'static $crate::format::shape::Shape =
                &$crate::format::shape::Shape::option(
                    <$ty as $crate::slot::plain::Plain<$mode>>::SHAPE,
                );

            #[inline]
            fn encode_option(
                option: &Option<$ty>,
                image: &mut Self::Image,
            ) -> Result<(), $crate::CapacityExceeded> {
                image.tag = [option.is_some().into()];
                match option {
                    Some(value) => {
                        <$ty as $crate::slot::plain::Plain<$mode>>::encode(value, &mut image.value)
                    }
                    None => Ok(()),
                }
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<$ty>, $crate::Corrupt> {
                if $crate::format::value::is_some(image.tag[0])? {
                    <$ty as $crate::slot::plain::Plain<$mode>>::decode(&image.value).map(Some)
                } else {
                    Ok(None)
                }
            }

            #[inline]
            fn decode_option_into(
                image: &Self::Image,
                out: &mut Option<$ty>,
            ) -> Result<(), $crate::Corrupt> {
                match out {
                    Some(out) if image.tag == [1] => {
                        <$ty as $crate::slot::plain::Plain<$mode>>::decode_into(&image.value, out)
                    }
                    _ => {
                        *out = Self::decode_option(image)?;
                        Ok(())
                    }
                }
            }
        }
    };
}
pub(super) use tagged;

tagged!([T: Single] Inline, T);
