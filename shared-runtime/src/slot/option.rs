//! Options: a byte that says whether there is a value, then the value. `Option<NonZero*>` is its integer
//! alone, in which 0 means `None`.

#![allow(unsafe_code)]

use super::field::{Field, Optional, SharedState, Single, Zeroed};
use super::locked::Locked;
use super::mode::{Capacity, Inline, Nested};
use super::plain::{CellOf, Plain, image};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};

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
impl<T: Optional<Inline>> SharedState for Option<T> {
    type Slots = T::Slot<Write>;
}
impl<T> Zeroed for Option<T> {}

/// An option with a byte of its own, for every type but `NonZero*`.
macro_rules! tagged {
    ([$($params:tt)*] $mode:ty, $ty:ty) => {
        // SAFETY: the image is made of images.
        unsafe impl<$($params)*> Optional<$mode> for $ty {
            type Slot<A: Access> = Locked<Option<$ty>, A, $mode>;
            type Image = OptionImage<<$ty as Plain<$mode>>::Image>;
            type Cell = <<$ty as Plain<$mode>>::Cell as CellOf>::Cell<Self::Image>;
            const SHAPE: &'static Shape = &Shape::option(<$ty as Plain<$mode>>::SHAPE);

            #[inline]
            fn encode_option(
                option: &Option<$ty>,
                image: &mut Self::Image,
            ) -> Result<(), CapacityExceeded> {
                image.tag = [option.is_some().into()];
                match option {
                    Some(value) => <$ty as Plain<$mode>>::encode(value, &mut image.value),
                    None => Ok(()),
                }
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<$ty>, Corrupt> {
                if value::is_some(image.tag[0])? {
                    <$ty as Plain<$mode>>::decode(&image.value).map(Some)
                } else {
                    Ok(None)
                }
            }

            #[inline]
            fn decode_option_into(image: &Self::Image, out: &mut Option<$ty>) -> Result<(), Corrupt> {
                match out {
                    Some(out) if image.tag == [1] => {
                        <$ty as Plain<$mode>>::decode_into(&image.value, out)
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
tagged!([T: Plain<M>, M: Nested, const N: usize] M, [T; N]);
tagged!([const N: usize] Capacity<N>, String);
tagged!([T: Plain<M>, M: 'static, const N: usize] Capacity<N, M>, Vec<T>);
