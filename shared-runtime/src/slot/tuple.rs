//! Tuples: the images of their parts, one after the other.

#![allow(unsafe_code)]
#![allow(non_snake_case)] // a part is named as its type

use super::field::{Optional, Zeroed};
use super::locked::{Locked, locked, whole};
use super::mode::{Elementwise, Inline, Nested};
use super::option::{OptionImage, tagged};
use super::padded::padded;
use super::plain::{CellOf, Plain, decode, decode_into, encode, image};
use crate::access::Access;
use crate::format::shape::{FieldShape, Shape};
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::Line;

/// `Plain` of a tuple in the mode `$mode`, whose parts have the modes `$part_mode`.
macro_rules! plain {
    ([$($params:tt)*] $mode:ty, $image:ident, $($part:ident $part_mode:ty, $index:tt;)*) => {
        // SAFETY: (1) the image is made of images; (2) `AS_IS` is false.
        unsafe impl<$($params)*> Plain<$mode> for ($($part,)*) {
            type Image = $image<$(<$part as Plain<$part_mode>>::Image),*>;
            type Cell = Line<Self::Image>;
            const SHAPE: &'static Shape = &Shape::image(
                "",
                size_of::<Self::Image>(),
                align_of::<Self::Image>(),
                &[$(FieldShape::new(
                    stringify!($index),
                    core::mem::offset_of!(Self::Image, $part),
                    <$part as Plain<$part_mode>>::SHAPE,
                )),*],
            );

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
                $(encode::<$part, $part_mode>(
                    stringify!($index),
                    &self.$index,
                    &mut image.$part,
                )?;)*
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, Corrupt> {
                Ok(($(decode::<$part, $part_mode>(stringify!($index), &image.$part)?,)*))
            }

            #[inline]
            fn decode_into(image: &Self::Image, out: &mut Self) -> Result<(), Corrupt> {
                $(decode_into::<$part, $part_mode>(
                    stringify!($index),
                    &image.$part,
                    &mut out.$index,
                )?;)*
                Ok(())
            }
        }
    };
}

macro_rules! tuple {
    ($image:ident $($part:ident $mode:ident $index:tt)*) => {
        image! { $image [$($part),*] [] { $($part: $part,)* } }

        plain!([$($part: Plain),*] Inline, $image, $($part Inline, $index;)*);
        whole!([$($part: Plain),*] ($($part,)*));

        // With capacities in it: the mode of a tuple is a tuple of the modes of its parts.
        impl<$($mode: 'static),*> Elementwise for ($($mode,)*) {}
        impl<$($mode: 'static),*> Nested for ($($mode,)*) {}
        plain!([$($part: Plain<$mode>, $mode: 'static),*] ($($mode,)*), $image, $($part $mode, $index;)*);
        locked!([$($part: Plain<$mode>, $mode: 'static),*] ($($mode,)*), ($($mode,)*), ($($part,)*));
        padded!([$($part: Plain<$mode>, $mode: 'static),*] ($($mode,)*), ($($part,)*));
        tagged!([$($part: Plain<$mode>, $mode: 'static),*] ($($mode,)*), ($($part,)*));
        padded!([T: Optional<($($mode,)*)>, $($mode: 'static),*] ($($mode,)*), Option<T>);

        impl<$($part: Zeroed),*> Zeroed for ($($part,)*) {}
    };
}

tuple!(Image1 T0 M0 0);
tuple!(Image2 T0 M0 0 T1 M1 1);
tuple!(Image3 T0 M0 0 T1 M1 1 T2 M2 2);
tuple!(Image4 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3);
tuple!(Image5 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4);
tuple!(Image6 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5);
tuple!(Image7 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6);
tuple!(Image8 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6 T7 M7 7);
tuple!(Image9 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6 T7 M7 7 T8 M8 8);
tuple!(Image10 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6 T7 M7 7 T8 M8 8 T9 M9 9);
tuple!(Image11 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6 T7 M7 7 T8 M8 8 T9 M9 9 T10 M10 10);
tuple!(Image12 T0 M0 0 T1 M1 1 T2 M2 2 T3 M3 3 T4 M4 4 T5 M5 5 T6 M6 6 T7 M7 7 T8 M8 8 T9 M9 9 T10 M10 10 T11 M11 11);
