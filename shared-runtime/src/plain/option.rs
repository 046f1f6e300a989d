//! Options: a byte that says whether there is a value, then the value. `Option<NonZero*>` is its integer
//! alone, in which 0 means `None`.

#![allow(unsafe_code)]

use super::{OptionImage, Plain, Recell};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::value::is_some;
use crate::format::{CapacityExceeded, Corrupt};
use crate::slot::field::{Field, SharedState, Single, Zeroed, padded};
use crate::slot::mode::{Capacity, Inline, Nested};
use crate::slot::{Locked, Slot};

/// What may stand in an `Option`. `Option<T>` has one impl of `Field` and one of `Plain`, which ask `T`,
/// because impls for `Option<NonZeroU8>` and for `Option<T>` would overlap.
///
/// # Safety
///
/// `Image` has the alignment 1.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`Option<{Self}>` has no slot",
    label = "what is in this option has no form in shared memory",
    note = "it can be whatever a field can be; text or a list needs `#[shared(capacity = N)]` on the field",
    note = "if `{Self}` is your own struct or fieldless enum, add `#[derive(SharedState)]` to it; if it is a type parameter, bound it with `SharedState`"
)]
pub unsafe trait Optional<M>: Sized + 'static {
    type Slot<A: Access>: Slot<Value = Option<Self>, Access = A>;
    type Image: bytemuck::Pod;
    type Cell: Recell<Image = Self::Image>;
    const SHAPE: &'static Shape;

    fn put_option(value: Option<Self>, slot: &Self::Slot<Write>);
    fn option_fits(value: &Option<Self>) -> Result<(), CapacityExceeded>;
    fn encode_option(value: &Option<Self>, image: &mut Self::Image)
    -> Result<(), CapacityExceeded>;
    fn decode_option(image: &Self::Image) -> Result<Option<Self>, Corrupt>;
    fn decode_option_into(image: &Self::Image, out: &mut Option<Self>) -> Result<(), Corrupt>;
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

    fn put(self, slot: &Self::Slot<Write>) {
        T::put_option(self, slot);
    }

    fn fits(&self) -> Result<(), CapacityExceeded> {
        T::option_fits(self)
    }
}

impl<T: Optional<Inline>> Single for Option<T> {}
padded!([T: Optional<Capacity<N>>, const N: usize] Capacity<N>, Option<T>);
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
            type Cell = <<$ty as Plain<$mode>>::Cell as Recell>::Of<Self::Image>;
            const SHAPE: &'static Shape = &Shape::option(<$ty as Plain<$mode>>::SHAPE);

            fn put_option(value: Option<$ty>, slot: &Self::Slot<Write>) {
                slot.set(value);
            }

            fn option_fits(value: &Option<$ty>) -> Result<(), CapacityExceeded> {
                super::fits::<Option<$ty>, $mode>(value)
            }

            #[inline]
            fn encode_option(
                value: &Option<$ty>,
                image: &mut Self::Image,
            ) -> Result<(), CapacityExceeded> {
                image.tag = [value.is_some().into()];
                match value {
                    Some(value) => <$ty as Plain<$mode>>::encode(value, &mut image.value),
                    None => Ok(()),
                }
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<$ty>, Corrupt> {
                if is_some(image.tag[0])? {
                    <$ty as Plain<$mode>>::decode(&image.value).map(Some)
                } else {
                    Ok(None)
                }
            }

            #[inline]
            fn decode_option_into(
                image: &Self::Image,
                out: &mut Option<$ty>,
            ) -> Result<(), Corrupt> {
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

tagged!([T: Single] Inline, T);
tagged!([const N: usize] Capacity<N>, String);
tagged!([T: Plain, const N: usize] Capacity<N>, Vec<T>);
tagged!([T: Plain<M>, M: Nested, const N: usize] M, [T; N]);

/// The option of a type that has no zero: an integer of which 0 is `None`.
macro_rules! niche {
    ($ty:ty) => {
        // SAFETY: the image is that of the type itself.
        unsafe impl $crate::plain::Optional<$crate::slot::mode::Inline> for $ty {
            type Slot<A: $crate::Access> = $crate::slot::Atomic<Option<$ty>, A>;
            type Image = <Self as $crate::plain::Plain>::Image;
            type Cell = <Self as $crate::plain::Plain>::Cell;
            const SHAPE: &'static $crate::format::shape::Shape =
                <Option<$ty> as $crate::slot::Scalar>::SHAPE;

            fn put_option(value: Option<$ty>, slot: &Self::Slot<$crate::access::Write>) {
                slot.set(value);
            }

            fn option_fits(_: &Option<$ty>) -> Result<(), $crate::CapacityExceeded> {
                Ok(())
            }

            #[inline]
            fn encode_option(
                value: &Option<$ty>,
                image: &mut Self::Image,
            ) -> Result<(), $crate::CapacityExceeded> {
                *image = $crate::plain::to_image(value);
                Ok(())
            }

            #[inline]
            fn decode_option(image: &Self::Image) -> Result<Option<$ty>, $crate::Corrupt> {
                $crate::plain::of_image(image)
            }

            #[inline]
            fn decode_option_into(
                image: &Self::Image,
                out: &mut Option<$ty>,
            ) -> Result<(), $crate::Corrupt> {
                *out = $crate::plain::of_image(image)?;
                Ok(())
            }
        }
    };
}
pub(crate) use niche;
